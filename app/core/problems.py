"""The one place where refusals become problem documents (RFC 9457), and their pages.

The framework's own refusals come through here too: an unknown address, a wrong method, a body that
does not validate, a fault of ours.
"""

import html
import re
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.routing import Route

from app.core.errors import (
    REFUSALS,
    InternalError,
    Invalid,
    MalformedJson,
    MethodNotAllowed,
    NotFound,
    Refusal,
    StorageUnavailable,
    fault,
)
from app.core.json import write_json
from app.core.pages import page
from app.core.site import site_of

router = APIRouter(include_in_schema=False)

MEDIA_TYPE = "application/problem+json"

_BY_STATUS: dict[int, type[Refusal]] = {404: NotFound, 405: MethodNotAllowed, 400: MalformedJson}


def install_refusals(app: FastAPI) -> None:
    """Make every refusal, whoever raises it, leave as a problem document."""
    app.add_exception_handler(Refusal, _refuse)
    app.add_exception_handler(RequestValidationError, _refuse_invalid)
    app.add_exception_handler(HTTPException, _refuse_framework)
    for storage_error in (OperationalError, InterfaceError, PoolTimeoutError):
        app.add_exception_handler(storage_error, _refuse_storage)


def problem(request: Request, refusal: Refusal) -> Response:
    """The answer for a refusal."""
    content = {
        "type": f"{site_of(request).public_url}/problems/{refusal.code}",
        "title": refusal.title,
        "status": refusal.status,
        "detail": refusal.detail,
        "instance": request.scope.get("request_id"),
        "code": refusal.code,
        **refusal.members,
    }
    headers = {"Cache-Control": "no-store", **refusal.headers}
    return Response(write_json(content), refusal.status, headers, MEDIA_TYPE)


@router.get("/problems")
async def list_problems() -> HTMLResponse:
    """List every problem code with a line that says what it means."""
    rows = "".join(
        f'<tr><td>{each.status}</td><td><a href="/problems/{code}">{code}</a></td>'
        f"<td>{html.escape(each.title)}</td></tr>"
        for code, each in sorted(REFUSALS.items(), key=lambda entry: (entry[1].status, entry[0]))
    )
    return page("Problems", f"<table><tr><th>Status<th>Code<th>Meaning</tr>{rows}</table>")


@router.get("/problems/{code}")
async def explain_problem(code: str) -> HTMLResponse:
    """Explain one problem code: when it happens and what to do."""
    refusal = REFUSALS.get(code)
    if refusal is None:
        raise NotFound
    explanation = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(refusal.explanation))
    return page(
        refusal.title,
        f"<p><code>{refusal.code}</code>, status {refusal.status}</p><p>{explanation}</p>"
        '<p><a href="/problems">All problems</a> · <a href="/docs">Documentation</a></p>',
    )


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return problem(request, error)


async def _refuse_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # What two dependencies of a route read is looked at twice.
    faults = list({str(each): each for each in map(_fault_of, error.errors())}.values())
    if any(each["in"] == "path" for each in faults):
        return problem(request, NotFound())
    detail = f"{len(faults)} values are not acceptable." if len(faults) > 1 else None
    return problem(request, Invalid(detail or faults[0]["message"], errors=faults))


async def _refuse_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    refusal = _BY_STATUS.get(error.status_code, InternalError)()
    if isinstance(refusal, MethodNotAllowed):
        refusal.headers["Allow"] = ", ".join(_allowed(request, error))
    return problem(request, refusal)


async def _refuse_storage(request: Request, error: Exception) -> Response:
    """A database that is away or overloaded is no fault in the code."""
    request.scope["record"]["error"] = type(getattr(error, "orig", error)).__name__
    return problem(request, StorageUnavailable())


#: Plainer words than the validator's for what goes wrong most often, by its code.
_WORDS = {
    "bool_type": "Must be true or false.",
    "dict_type": "Must be a JSON object.",
    "extra_forbidden": "No such field here.",
    "int_type": "Must be a whole number.",
    "list_type": "Must be a list.",
    "missing": "This field is required.",
    "model_attributes_type": "Must be a JSON object.",
    "model_type": "Must be a JSON object.",
    "string_type": "Must be a string.",
    "tuple_type": "Must be a list.",
}


def _fault_of(error: dict[str, Any]) -> dict[str, str]:
    where, *path = error["loc"]
    code = str(error["type"])
    message = _WORDS.get(code) or str(error["msg"]).removeprefix("Value error, ")
    if code == "missing" and not path:
        message = "A JSON object is required as the body."
    return fault(str(where), _pointer(path), code, message)


def _pointer(path: Sequence[str | int]) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def _allowed(request: Request, error: HTTPException) -> list[str]:
    """Every method of an address. Several routes may share it, and the framework names one's; what
    is mounted, such as the files of the documentation, names its own.
    """
    named = (error.headers or {}).get("Allow", "")
    methods = {each.strip() for each in named.split(",")} - {""}
    for route in request.app.router.routes:
        if isinstance(route, Route) and route.path_regex.match(request.url.path):
            methods |= set(route.methods or ())
    if "GET" in methods:
        methods.add("HEAD")
    return sorted(methods)
