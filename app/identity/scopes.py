"""What an API key may be allowed to do.

A key can read whatever anybody can, and do nothing else that it was not made for: an operation that
takes keys says so, by the scope that they need, and all others refuse them.
"""

from collections.abc import Callable
from typing import Any, Literal, TypeVar

from typing_extensions import TypeAliasType

Scope = TypeAliasType(
    "Scope",
    Literal[
        "prompts:write",
        "fills:write",
        "comments:write",
        "seconds:write",
        "reports:write",
        "moderate",
        "webhooks",
    ],
)
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

#: By the function behind an operation, the scope that a key needs for it.
SCOPES: dict[Callable[..., Any], Scope] = {}


def needs_scope(scope: Scope) -> Callable[[Endpoint], Endpoint]:
    """Have an operation take API keys that have a scope. It stands below ``@router.post(...)``, so
    that the description tells of it.
    """

    def note(endpoint: Endpoint) -> Endpoint:
        SCOPES[endpoint] = scope
        told = f"An API key needs the scope `{scope}` for this."
        endpoint.__doc__ = f"{(endpoint.__doc__ or '').rstrip()}\n\n    {told}\n    "
        return endpoint

    return note
