"""Whoever reads a stream slowly gets each event as it is when it is sent."""

import pytest
from fastapi import FastAPI, Request

from app.boards.queries import lean_board
from app.events import streams
from app.events.following import Wanted
from app.events.streams import Follower
from tests.backstage import set_state
from tests.people import Town

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("patience", [-1.0, 1000.0])
async def test_what_is_hidden_while_a_reader_dawdles_is_not_sent_to_them(
    town: Town, service: FastAPI, monkeypatch: pytest.MonkeyPatch, patience: float
) -> None:
    monkeypatch.setattr(streams, "_FRESH", patience)
    monkeypatch.setattr(streams, "_SHARED", -1.0)
    prompts = [await town.prompt(body=f"Lantern {number}.") for number in range(3)]
    site = service.state.site
    async with site.database.reading() as session:
        board = await session.first(lean_board(town.slug))
    request = Request({"type": "http", "client": ("127.0.0.1", 4711), "headers": []})
    source = site.sources.of(request)
    follower = Follower(site, service.state.streams, board, 0, Wanted(), source, None)
    sent = follower.send()
    await anext(sent)
    assert b"Lantern 0." in await anext(sent)
    await set_state(service, prompts[2], "hidden")
    assert b"Lantern 1." in await anext(sent)
    third = await anext(sent)
    # With endless patience, the test shows that it could fail.
    assert (b"Lantern 2." in third) == (patience > 0)
    await sent.aclose()
    assert service.state.streams.count == 0
