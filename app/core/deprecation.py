"""Routes that go away: said once, below the route, and told everywhere.

A client that nobody looks after any more learns it from the headers of each answer: since when a
route is deprecated (``Deprecation``, RFC 9745), from when on it may be gone (``Sunset``, RFC 8594),
and in ``Link`` where that is explained. People read it in the description.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import format_datetime
from typing import Any, TypeVar

from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.site import Site

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

#: The page that says what becomes of what is deprecated.
GUIDE = "/docs/guides/changes"


@dataclass(frozen=True)
class Deprecation:
    """Since when something is deprecated, from when on it may be gone, and what to use."""

    since: date
    sunset: date | None
    instead: str

    @property
    def headers(self) -> dict[str, str]:
        """What each answer says, but for the link, which depends on where the service is."""
        told = {"Deprecation": f"@{int(_midnight(self.since).timestamp())}"}
        if self.sunset is not None:
            told["Sunset"] = format_datetime(_midnight(self.sunset), usegmt=True)
        return told

    @property
    def sentence(self) -> str:
        """The same for people."""
        end = f", and gone from {self.sunset} on" if self.sunset else ""
        return f"**Deprecated** since {self.since}{end}: use `{self.instead}`."


def deprecated(
    *, since: date, sunset: date | None = None, instead: str
) -> Callable[[Endpoint], Endpoint]:
    """Declare that a route goes away.

    It stands below ``@router.get(...)``::

        @deprecated(since=date(2031, 3, 1), sunset=date(2032, 3, 1), instead="GET /v1/lanterns")
        async def list_lights(...

    :param since: the day on which it was, or will be, deprecated, from its beginning in UTC.
    :param sunset: the day from which on it may be gone, where that is known.
    :param instead: the operation to use.
    :raises ValueError: if it would be gone before it was deprecated.
    """
    if sunset is not None and sunset < since:
        raise ValueError("The sunset lies before the deprecation.")

    def note(endpoint: Endpoint) -> Endpoint:
        _DECLARED[endpoint] = Deprecation(since, sunset, instead)
        return endpoint

    return note


_DECLARED: dict[Callable[..., Any], Deprecation] = {}


def deprecation_of(route: BaseRoute) -> Deprecation | None:
    """What was declared of a route."""
    return _DECLARED.get(route.endpoint) if isinstance(route, APIRoute) else None


class Deprecations:
    """Adds the headers to every answer of what is deprecated, whoever gives it: refusals that never
    reached the route, because of a limit or a large body, tell it, too.
    """

    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute]) -> None:
        self._app = app
        all_routes = [each for each in routes if isinstance(each, Route)]
        paths = {route.path for route in all_routes if deprecation_of(route)}
        # Others can be meant by an address first, so all are asked. Mostly there are none to ask.
        self._routes = all_routes if paths else []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._find(scope) if self._routes and scope["type"] == "http" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        site: Site = scope["app"].state.site
        link = f'<{site.public_url}{GUIDE}>; rel="deprecation"; type="text/html"'
        told = [
            (name.lower().encode(), value.encode())
            for name, value in {**found.headers, "Link": link}.items()
        ]

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *told]
            await send(message)

        await self._app(scope, receive, tell)

    def _find(self, scope: Scope) -> Deprecation | None:
        method = {"HEAD": "GET"}.get(scope["method"], scope["method"])
        for route in self._routes:
            if method in (route.methods or ()) and route.path_regex.match(scope["path"]):
                return deprecation_of(route)
        return None


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
