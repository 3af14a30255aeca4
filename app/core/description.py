"""The OpenAPI description: what FastAPI makes of the routes, mended and completed.

FastAPI describes bodies and parameters. Added here, in one place for all operations: the problems
that any of them can answer, examples taken from the schemas, and which operations need a token.
"""

import copy
from collections.abc import Callable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from app.core.errors import (
    BodyTimeout,
    BodyTooLarge,
    InternalError,
    Invalid,
    MalformedJson,
    Refusal,
    StorageUnavailable,
    TokenRequired,
    UnknownToken,
    UnsupportedMediaType,
)
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
        "code": {"type": "string"},
        "message": {"type": "string"},
    },
}

#: What every operation can answer, and what those with a body can besides.
_ALWAYS = (InternalError, StorageUnavailable)
_WITH_BODY = (MalformedJson, BodyTimeout, BodyTooLarge, UnsupportedMediaType, Invalid)


def refusals(*classes: type[Refusal]) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route for the refusals of its own. What every route can answer is
    added by :func:`describe`.
    """
    by_status: dict[int | str, dict[str, Any]] = {}
    for each in classes:
        _add_refusal(by_status, each.status, each)
    return by_status


def describe(app: FastAPI, **about: Any) -> dict[str, Any]:
    """Make the whole description of an application. ``about`` goes to FastAPI as it is."""
    description = get_openapi(routes=app.routes, **about)
    schemas = description["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"], schemas["Fault"] = PROBLEM_SCHEMA, FAULT_SCHEMA
    for route in app.routes:
        if isinstance(route, APIRoute) and route.include_in_schema:
            for method in route.methods or ():
                operation = description["paths"][route.path_format][method.lower()]
                _complete(operation, route, schemas)
    return description


def _complete(operation: dict[str, Any], route: APIRoute, schemas: dict[str, Any]) -> None:
    answers = operation["responses"]
    answers.pop("422", None)
    common: list[type[Refusal]] = [*_ALWAYS]
    if operation.get("requestBody"):
        common += _WITH_BODY
    elif any(each["in"] == "query" for each in operation.get("parameters", [])):
        common.append(Invalid)
    calls = {_name(each) for each in _flat(route.dependant)}
    if "find_caller" in calls:
        common.append(UnknownToken)
        if "require_caller" in calls:
            common.append(TokenRequired)
        else:
            operation["security"] = [{}, *operation["security"]]
    for refusal in common:
        _add_refusal(answers, str(refusal.status), refusal)
    operation["responses"] = dict(sorted(answers.items(), key=lambda entry: str(entry[0])))
    for content in _json_contents(operation):
        _take_example(content, schemas)


def _add_refusal(answers: dict[Any, Any], key: int | str, refusal: type[Refusal]) -> None:
    answer = answers.setdefault(
        key,
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
    answer["content"][MEDIA_TYPE]["examples"][refusal.code] = {"value": example_of(refusal)}


def example_of(refusal: type[Refusal]) -> dict[str, Any]:
    """A problem document as the refusal would send it."""
    example: dict[str, Any] = {
        "type": f"http://127.0.0.1:8000/problems/{refusal.code}",
        "title": refusal.title,
        "status": refusal.status,
        "detail": f"{refusal.title}.",
        "instance": "5f0c1a7be2d94638",
        "code": refusal.code,
    }
    if refusal is Invalid:
        fault = {
            "in": "body",
            "pointer": "/body",
            "code": "missing",
            "message": "Field required",
        }
        return {**example, "detail": "Field required", "errors": [fault]}
    return example


def _json_contents(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for holder in (operation.get("requestBody", {}), *operation["responses"].values()):
        content = holder.get("content", {}).get("application/json")
        if content is not None:
            yield content


def _take_example(content: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Put the example of a schema where documentation and mock servers look for it."""
    reference = content["schema"].get("$ref", "")
    schema = schemas.get(reference.rpartition("/")[2], {})
    example = _example(schema, schemas)
    if example is not None:
        content["example"] = example


def _example(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """The schema's own example; a page has one item of its kind."""
    if schema.get("examples"):
        return copy.deepcopy(schema["examples"][0])
    items = schema.get("properties", {}).get("items", {}).get("items", {})
    inner = schemas.get(items.get("$ref", "").rpartition("/")[2])
    if not inner or not inner.get("examples"):
        return None
    page: dict[str, Any] = {"items": [copy.deepcopy(inner["examples"][0])], "next": None}
    if "omitted" in schema["properties"]:
        page["omitted"] = {"adult": 0, "filtered": 0}
    return page


def _flat(dependant: Dependant) -> Iterator[Callable[..., Any] | None]:
    yield dependant.call
    for below in dependant.dependencies:
        yield from _flat(below)


def _name(call: Callable[..., Any] | None) -> str:
    return getattr(call, "__name__", "")
