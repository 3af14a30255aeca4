"""Routes are called with what they depend on as FastAPI would call them."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Header, Path, Query, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from app.api import ROOMS
from app.core.fields import RequestModel
from app.core.problems import install_refusals
from app.core.routing import StrictRoute
from app.core.solving import Solver

pytestmark = pytest.mark.anyio


def test_no_route_of_a_room_is_left_to_the_framework() -> None:
    routes = [each for room in ROOMS for each in room.routes if isinstance(each, APIRoute)]
    assert routes
    left = [each.name for each in routes if Solver.of(each.dependant) is None]
    assert not left


class _Sent(RequestModel):
    body: str = "nothing"


_Number = Annotated[int, Path(ge=1)]


def _app(route_class: type[APIRoute], happened: list[Any]) -> FastAPI:
    """An application with one route, which notes what happens."""

    async def opened() -> AsyncIterator[str]:
        happened.append("opened")
        try:
            yield "open"
        except Exception as error:
            happened.append(f"undone: {type(error).__name__}")
            raise
        happened.append("closed")

    lasting = Depends(opened, scope="function")

    async def shelf(number: _Number, room: Annotated[str, lasting]) -> str:
        happened.append("shelf")
        return f"shelf {number}, {room}"

    async def book(
        on: Annotated[str, Depends(shelf)],
        page: Annotated[int, Query()] = 1,
        reading_glass: Annotated[int | None, Header(ge=2)] = None,
        ticket: Annotated[str | None, Header(alias="Reader-Ticket", max_length=5)] = None,
    ) -> str:
        happened.append("book")
        return f"page {page} on {on}, {reading_glass}, {ticket}"

    router = APIRouter(route_class=route_class)

    @router.post("/shelves/{number}")
    async def write(
        sent: _Sent,
        found: Annotated[str, Depends(book)],
        on: Annotated[str, Depends(shelf)],
        room: Annotated[str, lasting],
    ) -> Response:
        happened.append("write")
        if sent.body == "fire":
            raise ValueError
        return JSONResponse([found, on, room, sent.body])

    app = FastAPI()
    app.router.routes.extend(router.routes)
    install_refusals(app)
    return app


@pytest.mark.parametrize(
    "asked",
    [
        ("/shelves/3", {"body": "words"}),
        ("/shelves/3", {"body": "words"}, {"Reading-Glass": "7", "Reader-Ticket": "lamp"}),
        ("/shelves/3", {"body": "words"}, {"Reading-Glass": "1", "reader-ticket": "lighthouse"}),
        ("/shelves/3?page=7", {}),
        ("/shelves/0", {"body": "words"}),
        ("/shelves/3?page=x", {"body": 1}),
        ("/shelves/3", {"other": 1}),
        ("/shelves/3", None),
        ("/shelves/3", {"body": "fire"}),
    ],
    ids=str,
)
async def test_the_same_happens_and_is_answered(asked: tuple[Any, ...]) -> None:
    path, body, *headers = asked
    seen = []
    for route_class in (StrictRoute, APIRoute):
        happened: list[Any] = []
        transport = httpx.ASGITransport(_app(route_class, happened), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://board.test") as client:
            answer = await client.post(path, json=body, headers=dict(*headers))
        content = answer.json() if answer.status_code != 500 else None
        if isinstance(content, dict):
            content.pop("instance", None)
        seen.append((answer.status_code, content, happened))
    assert seen[0] == seen[1]
