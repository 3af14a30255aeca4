"""What routes and what they depend on say about being sent again."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from fastapi import Request
from fastapi.routing import APIRoute

from app.core.database import Session
from app.core.site import Site

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
#: Refuses a token that is none any more, or was not made for the request.
Check = Callable[[Request, Session, Any], Awaitable[Any]]
CheckT = TypeVar("CheckT", bound=Check)
#: Where a thing is read now, by its public id; ``None`` once it is gone.
Place = Callable[[Session, Site, str], Awaitable[str | None]]

_NEVER: set[Callable[..., Any]] = set()
#: The dependencies that find out who is asking.
CHECKS: set[Callable[..., Any]] = set()
#: By the function behind an operation, where that is read which it made.
PLACES: dict[Callable[..., Any], Place] = {}


def never_replayed(endpoint: Endpoint) -> Endpoint:
    """Have a POST take no Idempotency-Key. It stands below ``@router.post(...)``."""
    _NEVER.add(endpoint)
    return endpoint


def found_again(place: Place) -> Callable[[Endpoint], Endpoint]:
    """Have what an operation made looked for where it is now, where ``Location`` of the first
    answer may lead to something else by then. It stands below ``@router.post(...)``.
    """

    def note(endpoint: Endpoint) -> Endpoint:
        PLACES[endpoint] = place
        return endpoint

    return note


def tells_who_asks(check: CheckT) -> CheckT:
    """Say of a dependency that it finds out who is asking: whoever it refuses gets no answer of an
    earlier request either.
    """
    CHECKS.add(check)
    return check


def takes_key(route: APIRoute) -> bool:
    """Whether a route takes an Idempotency-Key."""
    return "POST" in (route.methods or ()) and route.endpoint not in _NEVER
