"""A room to come may answer a POST with nothing at all."""

import httpx
import pytest
from fastapi import FastAPI, Response

from app.core.answers import no_content
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.identity.service import mint_mask
from tests.core.replays.sending import is_replayed, sizes, twice
from tests.people import Person

pytestmark = pytest.mark.anyio


async def test_an_answer_without_a_body_is_given_again(own_service: FastAPI) -> None:
    router = room_router("Bells")

    @router.post("/bells", status_code=204)
    async def ring(session: CurrentSession) -> Response:
        await mint_mask(session)
        return no_content()

    own_service.router.routes.extend(router.routes)
    transport = httpx.ASGITransport(own_service)
    async with httpx.AsyncClient(transport=transport, base_url="http://board.test") as client:
        first, second = await twice(Person(client), "/bells", {})
    assert (first.status_code, first.content) == (204, b"")
    assert (second.status_code, second.content) == (204, b"")
    assert (is_replayed(first), is_replayed(second)) == (False, True)
    assert (await sizes(own_service))["mask"] == 1
