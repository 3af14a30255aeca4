"""Describing what the service itself sends."""

from typing import Any

_SIGNED: list[dict[str, Any]] = [
    {
        "name": "webhook-id",
        "in": "header",
        "required": True,
        "schema": {"type": "string"},
        "description": "What is told of, the same with every attempt: pass by what you know.",
    },
    {
        "name": "webhook-timestamp",
        "in": "header",
        "required": True,
        "schema": {"type": "string"},
        "description": "When this attempt was made, in seconds since 1970.",
    },
    {
        "name": "webhook-signature",
        "in": "header",
        "required": True,
        "schema": {"type": "string"},
        "description": "One signature or several, separated by spaces, each `v1,` and the "
        "HMAC-SHA256 of id, timestamp and body in base 64.",
    },
]
_ANSWERS = {
    "204": {"description": "You have it. Any 2xx says so."},
    "410": {"description": "You want nothing more: the webhook is disabled."},
    "503": {
        "description": "Not now. It is sent again, not before `Retry-After`; so it is after "
        "anything else that you answer.",
        "headers": {"Retry-After": {"schema": {"type": "string"}}},
    },
}


def turn_round(webhooks: dict[str, Any]) -> None:
    """Make of what is described as the answer of a route what the service sends: shapes of answers
    say what is always there, shapes of requests what may be left out.
    """
    for methods in webhooks.values():
        for operation in methods.values():
            content = operation["responses"]["200"]["content"]
            operation["requestBody"] = {"required": True, "content": content}
            operation["parameters"] = _SIGNED
            operation["responses"] = _ANSWERS
            operation["security"] = []
