"""Routes that are strict about what they are sent."""

import types
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from functools import partial
from typing import Any, TypeVar, Union, get_args, get_origin

from fastapi import APIRouter, Request, Response, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute
from sqlalchemy.exc import SQLAlchemyError
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.answers import Ready
from app.core.errors import Invalid, UnsupportedMediaType, fault, invalid
from app.core.json import read_json
from app.core.replays import HEADER, Replays, takes_key
from app.core.solving import NO_BODY, Solver

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

#: Below it stands every route that takes part in the contract.
PREFIX = "/v1"
#: How often a parameter may stand that may be repeated, whatever it is.
MAX_REPEATED = 100


#: Answers a request before the framework looks at it, or leaves it (``None``) to the framework.
#: It is given the site, the path, the query, and by name the parameters of the path.
Early = Callable[..., Awaitable[Ready | None]]


def answered_early(early: Early) -> Callable[[Endpoint], Endpoint]:
    """Have a route's plainest requests answered without the framework, which takes several times as
    long to find out what to call as a hot read takes.

    It stands below ``@router.get(...)``::

        @answered_early(prompt_page)
        async def list_prompt_comments(...

    The route stays what is documented, and answers whatever ``early`` leaves to it, in the same
    way.
    """

    def note(endpoint: Endpoint) -> Endpoint:
        _EARLY[endpoint] = early
        return endpoint

    return note


_EARLY: dict[Callable[..., Any], Early] = {}


class EarlyAnswers:
    """Answers what can be answered early (:func:`answered_early`), and passes on the rest."""

    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute]) -> None:
        self._app = app
        self._early = [
            (route.path_regex, route.path_format, _EARLY[route.endpoint])
            for route in routes
            if isinstance(route, APIRoute) and route.endpoint in _EARLY
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET":
            ready = await self._answer(scope)
            if ready is not None:
                await ready.send(scope, send)
                return
        await self._app(scope, receive, send)

    async def _answer(self, scope: Scope) -> Ready | None:
        for pattern, template, early in self._early:
            found = pattern.fullmatch(scope["path"])
            if found is None:
                continue
            try:
                ready = await early(
                    scope["app"].state.site,
                    scope["path"],
                    scope["query_string"],
                    **found.groupdict(),
                )
            except SQLAlchemyError:
                # The database is away. The whole way knows what to say.
                return None
            if ready is not None:
                scope["record"]["route"] = template
            return ready
        return None


class StrictRoute(APIRoute):
    """A route that refuses what FastAPI overlooks: query parameters that it does not know, that
    stand twice or that hold a NUL, bodies that are not JSON, JSON that readers disagree about, and
    bodies where none is taken.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        repeatable = {
            each.alias: _is_list(each.field_info.annotation)
            for each in get_flat_params(self.dependant)
            if isinstance(each.field_info, params.Query)
        }
        takes_body = self.body_field is not None
        refuses_body = not takes_body and "GET" not in (self.methods or ())
        solver = Solver.of(self.dependant)
        replays = Replays(self) if takes_key(self) else None

        async def strict(request: Request) -> Response:
            body = NO_BODY
            if request.scope["query_string"]:
                _check_parameters(request, repeatable)
            if takes_body:
                request = await _StrictRequest.read(request)
                body = request.parsed
            elif refuses_body:
                await _check_bodiless(request)
            if replays is not None and HEADER in request.headers:
                work = (
                    partial(handle, request) if solver is None else partial(solver, request, body)
                )
                return await replays.answer(request, body, work)
            return await (handle(request) if solver is None else solver(request, body))

        return strict


def room_router(tag: str) -> APIRouter:
    """The router of a room; ``tag`` is the heading under which the documentation lists it."""
    return APIRouter(prefix=PREFIX, tags=[tag], route_class=StrictRoute)


class _StrictRequest(Request):
    """A request whose body was read strictly already."""

    parsed: Any = NO_BODY

    @classmethod
    async def read(cls, request: Request) -> "_StrictRequest":
        strict = cls(request.scope, request.receive)
        raw = await strict.body()
        if raw:
            _check_media_type(strict.headers.get("content-type", ""))
            strict.parsed = read_json(raw)
        return strict

    async def json(self) -> Any:
        return self.parsed


async def _check_bodiless(request: Request) -> None:
    """An empty object says as little as no body. Anything else was meant to do something that this
    operation doesn't.
    """
    strict = await _StrictRequest.read(request)
    if await strict.body() and strict.parsed != {}:
        raise invalid("body", "", "unexpected_body", "This takes no body.")


def _check_media_type(content_type: str) -> None:
    essence = content_type.split(";", maxsplit=1)[0].strip().lower()
    if essence != "application/json":
        raise UnsupportedMediaType


def _check_parameters(request: Request, repeatable: dict[str, bool]) -> None:
    errors = []
    for name, values in _grouped(request).items():
        if name not in repeatable:
            errors.append(fault("query", f"/{name}", "unknown", "No such parameter here."))
        elif values > 1 and not repeatable[name]:
            errors.append(fault("query", f"/{name}", "repeated", "This parameter may stand once."))
        elif values > MAX_REPEATED:
            message = f"This parameter may stand {MAX_REPEATED} times."
            errors.append(fault("query", f"/{name}", "repeated", message))
    if errors:
        raise Invalid("A query parameter is unknown or repeated.", errors=errors)
    # No text of a board holds one, and PostgreSQL takes none, whatever it is compared with.
    for name, value in request.query_params.multi_items():
        # A cursor holds none either, and says so itself.
        if "\0" in value and name != "cursor":
            raise invalid("query", f"/{name}", "text_unacceptable", "The text holds a NUL.")


def _grouped(request: Request) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name, _value in request.query_params.multi_items():
        counts[name] = counts.get(name, 0) + 1
    return counts


def _is_list(annotation: Any) -> bool:
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        return any(_is_list(each) for each in get_args(annotation))
    return origin in (list, set, tuple)
