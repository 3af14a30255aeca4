"""A prompt at random: each as likely as any other."""

from collections import Counter

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.boards.models import BOARD
from app.prompts import lists, routes
from app.prompts.lists import PromptsAsked
from app.works.picking import Picked, pick_one
from tests.backstage import set_state
from tests.people import Person, Town

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

PICKS = 3000
#: Chi-square with 11 degrees of freedom is above this once in 10⁹ times.
BOUND = 66.0


@pytest.mark.parametrize("tags", [(), ("banter",)])
async def test_each_prompt_is_as_likely_as_any_other(
    town: Town, service: FastAPI, tags: tuple[str, ...]
) -> None:
    for place in range(12):
        rating = "mature" if place % 3 == 0 else "general"
        await town.prompt(rating=rating, tags=["banter", "rescue"][: 1 + place % 2])
    await town.prompt(rating="teen", tags=["banter"], language="pt")
    asked = PromptsAsked(adult=True, tag=tags, rating=("general", "mature"))
    async with service.state.site.database.reading() as session:
        board = await session.first(select(*BOARD).where(BOARD.slug == town.slug))
        shelf = lists.on_board(board)
        picked = Counter(
            [(await pick_one(session, shelf, asked, None)).thread_id for _ in range(PICKS)]
        )
    assert len(picked) == 12
    expected = PICKS / 12
    assert sum((count - expected) ** 2 / expected for count in picked.values()) < BOUND


async def test_a_prompt_that_is_hidden_in_the_moment_of_the_pick_is_not_shown(
    town: Town, service: FastAPI, stranger: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompt = await town.prompt()
    path = f"/boards/{town.slug}/prompts/random"
    assert (await stranger.read(path))["id"] == prompt["id"]

    async def pick(session: object, *asked: object) -> Picked:
        picked = await pick_one(session, *asked)  # type: ignore[arg-type]
        await set_state(service, prompt, "hidden")
        return picked

    monkeypatch.setattr(routes, "pick_one", pick)
    response = await stranger.get(path)
    assert response.status_code == 404


async def test_random_picks_are_nobodys_to_keep(town: Town, stranger: Person) -> None:
    await town.prompt()
    response = await stranger.get(f"/boards/{town.slug}/prompts/random")
    assert response.headers["cache-control"] == "private, no-store"
