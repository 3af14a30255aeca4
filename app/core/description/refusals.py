"""How the description tells of refusals."""

from typing import Any

from app.core.errors import REFUSALS, Refusal
from app.core.fields import AnswerModel
from app.core.problems import MEDIA_TYPE

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "Why a request was refused (RFC 9457). `type` is a page that explains it.",
    "required": ["type", "title", "status", "detail", "instance", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "A page that explains `code`."},
        "title": {"type": "string", "description": "The same for every problem of this code."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "What it is this time."},
        "instance": {"type": "string", "description": "The id of the request."},
        "code": {"type": "string", "description": "What to program against: it never changes."},
        "errors": {
            "type": "array",
            "description": "With `invalid`: everything that is wrong.",
            "items": {"$ref": "#/components/schemas/Fault"},
        },
    },
    "additionalProperties": True,
}
FAULT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Fault",
    "description": "One value that can't be accepted.",
    "required": ["in", "pointer", "code", "message"],
    "properties": {
        "in": {"type": "string", "description": "`body`, `query` or `header`."},
        "pointer": {"type": "string", "description": "Which value (JSON Pointer, RFC 6901)."},
        "code": {"type": "string", "description": "What is wrong with it."},
        "message": {"type": "string", "description": "The same for people."},
    },
}
_WAITING = (
    "It was made, and waits for a moderator (`state` is `screened`), as the board's setting "
    "`screening` says. Until it is released, only its author and the moderators can read it."
)
#: What answers say of limits, where there are any.
RATE_LIMIT: dict[str, dict[str, Any]] = {
    "RateLimit": {
        "description": 'What is left of each limit, as `"write";r=59;t=60`: so many requests in so '
        "many seconds. Absent where the service limits nobody.",
        "schema": {"type": "string"},
    },
    "RateLimit-Policy": {
        "description": 'The limits, as `"write";q=60;w=60`: so many requests in so many seconds.',
        "schema": {"type": "string"},
    },
}
#: The headers that refusals send, as ``Refusal.sends`` names them.
_HEADERS: dict[str, dict[str, Any]] = {
    "ETag": {
        "description": "The version that there is now, to be sent as `If-Match`.",
        "required": True,
        "schema": {"type": "string"},
    },
    "Retry-After": {
        "description": "After how many seconds to try again.",
        "required": True,
        "schema": {"type": "integer"},
    },
    **RATE_LIMIT,
    "WWW-Authenticate": {
        "description": "`Bearer`: how to show who you are.",
        "required": True,
        "schema": {"type": "string"},
    },
}


def refusals(*classes: type[Refusal]) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route for the refusals of its own. What every route can answer is
    added when the whole is described.
    """
    answers: dict[int | str, dict[str, Any]] = {}
    for each in classes:
        add_refusal(answers, each.status, each)
    return answers


def waiting(receipt: type[AnswerModel]) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route whose posts may wait for a moderator, for the receipt that it
    answers with.
    """
    return {202: {"model": receipt, "description": _WAITING}}


def add_refusal(answers: dict[Any, Any], status: int | str, refusal: type[Refusal]) -> None:
    """Tell of one more refusal among the answers of an operation. Several may share a status."""
    answer = answers.setdefault(
        status,
        {
            "description": "",
            "content": {
                MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}
            },
        },
    )
    line = f"`{refusal.code}`: {refusal.title}."
    if line not in answer["description"]:
        answer["description"] = f"{answer['description']} {line}".strip()
    answer["content"][MEDIA_TYPE]["examples"][refusal.code] = {
        "$ref": f"#/components/examples/{refusal.code}"
    }
    headers = _headers_of([REFUSALS[code] for code in answer["content"][MEDIA_TYPE]["examples"]])
    if headers:
        answer["headers"] = headers


def _headers_of(refusals_of_status: list[type[Refusal]]) -> dict[str, Any]:
    """The headers that answers of a status have. Only what all of its refusals send is promised."""
    headers = {}
    for name in dict.fromkeys(name for each in refusals_of_status for name in each.sends):
        is_promised = all(name in each.sends for each in refusals_of_status)
        header = _HEADERS[name]
        headers[name] = header if is_promised else {**header, "required": False}
    return headers


def shared_refusals() -> dict[str, Any]:
    """The components that operations refer to: an example for each refusal, and an answer for each
    that stands alone at its status.
    """
    answers: dict[Any, Any] = {}
    for code, refusal in sorted(REFUSALS.items()):
        add_refusal(answers, code, refusal)
    examples = {
        code: {"summary": refusal.title, "value": example_of(refusal)}
        for code, refusal in sorted(REFUSALS.items())
    }
    return {"responses": answers, "examples": examples}


def refer_to_shared(answer: dict[str, Any]) -> dict[str, Any]:
    """A reference to the shared answer, where an operation's answer tells of one refusal alone."""
    codes = list(answer.get("content", {}).get(MEDIA_TYPE, {}).get("examples", {}))
    return {"$ref": f"#/components/responses/{codes[0]}"} if len(codes) == 1 else answer


def example_of(refusal: type[Refusal]) -> dict[str, Any]:
    """A problem document as the refusal would send it."""
    return {
        "type": f"http://127.0.0.1:8000/problems/{refusal.code}",
        "title": refusal.title,
        "status": refusal.status,
        "detail": f"{refusal.title}.",
        "instance": "5f0c1a7be2d94638",
        "code": refusal.code,
        **refusal.example,
    }
