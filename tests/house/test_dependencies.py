"""Nothing that a request waits for is sent to a thread without need."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import isasyncgenfunction, iscoroutinefunction
from typing import Annotated, Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from app.core.fields import Limit
from app.core.parameters import asked
from app.main import create_app
from tests.conftest import settings_for


def below(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    """All that is called for a route, itself included."""
    assert dependant.call is not None
    yield dependant.call
    for each in dependant.dependencies:
        yield from below(each)


def is_async(call: Callable[..., Any]) -> bool:
    # A class is called in a thread even where its instances are async callables.
    way_in = call if hasattr(call, "__code__") else getattr(call, "__call__", None)  # noqa: B004
    return iscoroutinefunction(way_in) or isasyncgenfunction(way_in)


def test_nothing_that_a_route_needs_runs_in_a_thread() -> None:
    """FastAPI sends what is not async to a thread: 50 µs of hops for each request, and a place
    less among forty threads. A dataclass of parameters is declared with ``asked``.
    """
    app = create_app(settings_for("sqlite:///never-opened.db"))
    routes = [each for each in app.routes if isinstance(each, APIRoute)]
    assert len(routes) > 20
    slow = {
        f"{route.path}: {getattr(call, '__qualname__', call)}"
        for route in routes
        for call in below(route.dependant)
        if isinstance(call, type) or not is_async(call)
    }
    assert slow == set()


@dataclass
class _Asked:
    limit: Limit = 7


@pytest.mark.anyio
async def test_a_dataclass_of_parameters_is_made_of_the_query() -> None:
    app = FastAPI()

    @app.get("/")
    async def show(query: Annotated[_Asked, asked(_Asked)]) -> int:
        assert isinstance(query, _Asked)
        return query.limit

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://board.test") as client:
        assert (await client.get("/")).json() == 7
        assert (await client.get("/?limit=9")).json() == 9
        assert (await client.get("/?limit=0")).status_code == 422
