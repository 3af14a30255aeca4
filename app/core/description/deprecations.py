"""Telling of operations that go away."""

from typing import Any

from fastapi.routing import APIRoute

from app.core.deprecation import GUIDE, Deprecation, deprecation_of

_DEPRECATION = {
    "description": "Since when this is deprecated, as `@` and seconds since 1970 (RFC 9745).",
    "required": True,
    "schema": {"type": "string"},
}
_SUNSET = {
    "description": "From when on this may be gone (RFC 8594).",
    "required": True,
    "schema": {"type": "string"},
}
_LINK = 'Where this is explained, with `rel="deprecation"`.'


def tell_deprecation(operation: dict[str, Any], route: APIRoute) -> bool:
    """Mark an operation that is deprecated, and the headers of all its answers; say whether it is.
    They are told of in place then, since answers that operations share have no such headers.
    """
    declared = deprecation_of(route)
    if declared is None:
        return False
    operation["deprecated"] = True
    sentence = f"{declared.sentence} [What that means]({GUIDE})."
    operation["description"] = f"{sentence}\n\n{operation.get('description', '')}".strip()
    for answer in operation["responses"].values():
        answer["headers"] = {**answer.get("headers", {}), **_headers(declared, answer)}
    return True


def _headers(declared: Deprecation, answer: dict[str, Any]) -> dict[str, Any]:
    told = {"Deprecation": _DEPRECATION, "Sunset": _SUNSET}
    next_page = answer.get("headers", {}).get("Link", {}).get("description", "")
    link = {
        "description": f"{next_page} {_LINK}".strip(),
        "required": True,
        "schema": {"type": "string"},
    }
    return {**{name: told[name] for name in declared.headers}, "Link": link}
