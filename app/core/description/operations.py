"""Completing what FastAPI says of each operation."""

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from app.core.description.deprecations import tell_deprecation
from app.core.description.examples import restore_examples, show_examples
from app.core.description.links import add_links
from app.core.description.refusals import (
    FAULT_SCHEMA,
    PROBLEM_SCHEMA,
    RATE_LIMIT,
    add_refusal,
    refer_to_shared,
    shared_refusals,
)
from app.core.description.webhooks import turn_round
from app.core.errors import (
    BodyTimeout,
    BodyTooLarge,
    Gone,
    InternalError,
    Invalid,
    KeyReused,
    MalformedJson,
    MalformedRequest,
    NotFound,
    RateLimited,
    Refusal,
    ScopeRequired,
    StillRunning,
    StorageUnavailable,
    TokenRequired,
    UnknownToken,
    UnsupportedMediaType,
)
from app.core.paging import Page
from app.core.replays import HEADER, takes_key
from app.core.solving import every_dependant

#: What every operation can answer, and what those can besides that read the body, be it only to see
#: that there is none.
_ALWAYS = (
    *(MalformedRequest, BodyTooLarge, Invalid, RateLimited),
    *(InternalError, StorageUnavailable),
)
_READING_BODY = (MalformedJson, BodyTimeout, UnsupportedMediaType)
#: What those can that may be sent again; and those of them whose answer is read anew.
_REPEATED, _READ_ANEW = (StillRunning, KeyReused), (NotFound, Gone)

_STRING = {"type": "string"}
_ETAG = {
    "description": "The version of what is answered, to be sent as `If-None-Match` or `If-Match`.",
    "required": True,
    "schema": _STRING,
}
_LOCATION = {
    "description": "Where the new thing is read.",
    "required": True,
    "schema": {"type": "string", "format": "uri"},
}
_LINK = {
    "description": 'The next page, as `<URL>; rel="next"` (RFC 8288). Absent at the end.',
    "schema": _STRING,
}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "schema": _STRING,
    "description": "The `ETag` of what you have: the answer is 304 if that is still so.",
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "schema": _STRING,
    "description": "The `ETag` of what you are changing: refused with 412 if its author has "
    "changed it since.",
}
_IDEMPOTENCY_KEY = {
    "name": HEADER,
    "in": "header",
    "required": False,
    # Quotes are optional, and don't count.
    "schema": {
        "type": "string",
        "minLength": 16,
        "maxLength": 257,
        "pattern": '^([ !#-~]{16,255}|"[ !#-~]{16,255}")$',
    },
    "description": "16 to 255 printable characters of your own, such as a random UUID (quotes "
    "around them are optional, and not part of the key), without which a retry may post twice. The "
    "same request with the same key is done once within 24 hours: sent again, it gets the first "
    "status and `Location`, and what was made as it is by now; what was deleted or hidden since is "
    "refused as a GET would. Refusals are not remembered.",
}
_REPLAYED = {
    "description": "`true`: this was done by an earlier request with the same `Idempotency-Key`. "
    "Absent otherwise.",
    "schema": {"type": "string", "enum": ["true"]},
}

#: By one of these a thing is addressed; what a token stands for is read with it.
_NAMES = {"id", "slug", "number", "token"}


def describe(app: FastAPI, **about: Any) -> dict[str, Any]:
    """Make the whole description of an application. ``about`` goes to FastAPI as it is."""
    description = get_openapi(routes=app.routes, webhooks=app.webhooks.routes, **about)
    turn_round(description.get("webhooks", {}))
    description["security"] = [{}, *({name: []} for name in _schemes(description))]
    schemas = description["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"], schemas["Fault"] = PROBLEM_SCHEMA, FAULT_SCHEMA
    description["components"] |= shared_refusals()
    restore_examples(schemas)
    for route in app.routes:
        if isinstance(route, APIRoute) and route.include_in_schema:
            for method in route.methods or ():
                operation = description["paths"][route.path_format][method.lower()]
                _complete(operation, method, route)
                show_examples(operation, schemas)
    add_links(description)
    _drop_unused(description)
    return description


def _schemes(description: dict[str, Any]) -> Iterable[str]:
    schemes: dict[str, Any] = description["components"]["securitySchemes"]
    return schemes


def _drop_unused(description: dict[str, Any]) -> None:
    """Leave out shared answers and examples that no operation refers to."""
    components = description["components"]
    for kind in ("responses", "examples"):
        # Answers refer to examples, so they are sifted first.
        used = set(re.findall(rf"#/components/{kind}/([\w-]+)", json.dumps(description)))
        components[kind] = {name: each for name, each in components[kind].items() if name in used}


def _complete(operation: dict[str, Any], method: str, route: APIRoute) -> None:
    answers = operation["responses"]
    if "application/json" in answers.get("422", {}).get("content", {}):
        # That is how the framework would say it.
        del answers["422"]
    for refusal in _common_refusals(operation, method, route):
        add_refusal(answers, str(refusal.status), refusal)
    _tell_conditions(operation, method, route)
    _tell_replays(operation, route)
    if method != "GET":
        for status in answers:
            if status[0] == "2":
                answers[status].setdefault("headers", {}).update(RATE_LIMIT)
    if _is_list(route):
        for status in ("200", "304"):
            answers[status]["headers"]["Link"] = _LINK
    success = str(route.status_code or 200)
    answers[success]["description"] = _SUCCESSES[success]
    has_own_headers = tell_deprecation(operation, route)
    operation["responses"] = {
        status: answer if has_own_headers else refer_to_shared(answer)
        for status, answer in sorted(answers.items())
    }


_SUCCESSES = {
    "200": "Here it is.",
    "201": "It was made.",
    "202": "It will be done soon.",
    "204": "It is gone.",
}


def _is_list(route: APIRoute) -> bool:
    model = route.response_model
    return isinstance(model, type) and issubclass(model, Page)


def _common_refusals(
    operation: dict[str, Any], method: str, route: APIRoute
) -> list[type[Refusal]]:
    common: list[type[Refusal]] = [*_ALWAYS]
    if method != "GET":
        common += _READING_BODY
    if takes_key(route):
        common += [*_REPEATED, *(_READ_ANEW if _is_read(route) else ())]
    calls = {_name(each.call) for each in every_dependant(route.dependant)}
    if method != "GET" and "find_caller" in calls:
        common.append(ScopeRequired)
    if "require_caller" in calls:
        common += [UnknownToken, TokenRequired]
    elif "find_caller" in calls:
        common.append(UnknownToken)
        # Whoever sends no token is served too, as the description says for all operations at once.
        operation.pop("security")
    return common


def _tell_conditions(operation: dict[str, Any], method: str, route: APIRoute) -> None:
    answers = operation["responses"]
    parameters = operation.setdefault("parameters", [])
    # What has no end is no version of anything.
    is_stream = "text/event-stream" in answers.get("200", {}).get("content", {})
    if method == "GET" and not is_stream:
        parameters.append(_IF_NONE_MATCH)
        answers["200"].setdefault("headers", {})["ETag"] = _ETAG
        answers["304"] = {"description": "You have it already.", "headers": {"ETag": _ETAG}}
    if "412" in answers:
        parameters.append({**_IF_MATCH, "required": "428" in answers})
    is_made = "201" in answers and _is_read(route)
    if is_made:
        for made in answers.keys() & {"201", "202"}:
            answers[made]["headers"] = {"ETag": _ETAG, "Location": _LOCATION}
    if "200" in answers and (is_made or method in ("PATCH", "PUT")):
        answers["200"]["headers"] = {"ETag": _ETAG}


def _tell_replays(operation: dict[str, Any], route: APIRoute) -> None:
    if not takes_key(route):
        return
    operation["parameters"].append(_IDEMPOTENCY_KEY)
    for status, answer in operation["responses"].items():
        if status[0] == "2":
            answer.setdefault("headers", {})["Idempotency-Replayed"] = _REPLAYED


def _is_read(route: APIRoute) -> bool:
    """Whether what an operation answers with can be read again. What has no name of its own, such
    as a mask, is nowhere.
    """
    return bool(_NAMES & set(route.response_model.model_fields))


def _name(call: Callable[..., Any] | None) -> str:
    return getattr(call, "__name__", "")
