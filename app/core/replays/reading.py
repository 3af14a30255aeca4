"""What of a first answer is kept, and how the rest is read anew."""

import re
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, get_args
from urllib.parse import urlsplit

import orjson
from fastapi import FastAPI, Request
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.routing import Match
from starlette.types import Message, Scope

from app.core.errors import Gone
from app.core.paging import Page
from app.core.replays.keys import Keyed
from app.core.site import Site, site_of

#: What every answer to a request that was done before carries.
REPLAYED = {"Idempotency-Replayed": "true"}
#: Whether what a request has made is being read again, for its answer.
_is_receipt: ContextVar[bool] = ContextVar("is_receipt", default=False)
#: What lists are asked with.
_WHOLE_PAGE = "limit=100"
_TOKEN = re.compile(r"\bfb[a-z]_[0-9A-Za-z]{49}\b")
#: What the scope of a request says of its route, which is none of the route that reads.
_OF_ROUTE = frozenset(
    ("endpoint", "route", "path_params", "state", "fastapi_inner_astack", "fastapi_function_astack")
)


@dataclass(frozen=True)
class Got:
    """What a GET was answered."""

    status: int
    headers: dict[str, str]
    body: bytes


def is_receipt() -> bool:
    """Whether what is answered is a receipt, read again. Whoever made a thing gets it back whatever
    it is rated, without having asked for adult material; and other things are named in it as they
    are for whoever has not asked.
    """
    return _is_receipt.get()


def first_answer(request: Request, keyed: Keyed) -> dict[str, Any]:
    """What is kept of the answer that a request was given: all of it where nothing else tells, and
    else what the GET of its ``Location`` would not tell.
    """
    answer = keyed.answer
    assert answer is not None
    content: dict[str, Any] = orjson.loads(answer.body or b"{}")
    site = site_of(request)
    location = answer.headers.get("location")
    where = _path_of(site, location or content.get("url"))
    route = None if where is None else _route_read_at(request.app, where)
    model, is_listed = _model_of(route)
    return {
        "sent": keyed.sent,
        "status": answer.status_code,
        "tag": answer.headers.get("etag"),
        "location": location,
        "where": None if model is None else where,
        "is_listed": is_listed,
        "id": content.get("id"),
        "kept": content if model is None else _shown_once(site, content, model),
    }


async def read_now(request: Request, where: str, first: dict[str, Any]) -> Got:
    """GET what a request has made, as whoever made it."""
    kept = first["kept"]
    if "edit_token" in kept:
        got = await _read(request, where, first, f"Bearer {kept['edit_token']}")
        # It may have been revoked since; then the caller is whom everybody sees.
        if got.status != 401:  # noqa: PLR2004 - no token any more
            return got
    return await _read(request, where, first, request.headers.get("authorization"))


async def _read(request: Request, where: str, first: dict[str, Any], shown: str | None) -> Got:
    headers = {"authorization": shown} if shown is not None else {}
    if "receipt_token" in first["kept"]:
        headers["fillboard-receipt"] = first["kept"]["receipt_token"] or ""
    if first["is_listed"]:
        return await _find_in_list(request, where, first, headers)
    return await _get(request, where, "", headers)


async def _find_in_list(
    request: Request, where: str, first: dict[str, Any], headers: dict[str, str]
) -> Got:
    """What has no address of its own is read in its list, page after page.

    :raises Gone: it is not there any more.
    """
    query = _WHOLE_PAGE
    while query:
        got = await _get(request, where, query, headers)
        if got.status != 200:  # noqa: PLR2004 - anything else is a refusal
            return got
        page = orjson.loads(got.body)
        for each in page["items"]:
            if each["id"] == first["id"]:
                return Got(200, {"etag": first["tag"]}, orjson.dumps(each))
        query = urlsplit(page["next"] or "").query
    raise Gone(headers=REPLAYED)


async def _get(request: Request, where: str, query: str, headers: dict[str, str]) -> Got:
    """Have this application answer a GET within the request, unlimited and unlogged."""
    path = f"{request.scope.get('root_path', '')}{where}"
    scope: Scope = {
        **{name: each for name, each in request.scope.items() if name not in _OF_ROUTE},
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.encode(), each.encode("latin-1")) for name, each in headers.items()],
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    before = _is_receipt.set(True)
    try:
        await request.app.router(scope, receive, send)
    finally:
        _is_receipt.reset(before)
    start, *bodies = sent
    told = {name.decode().lower(): each.decode("latin-1") for name, each in start["headers"]}
    told.pop("content-length", None)
    return Got(start["status"], told, b"".join(each.get("body", b"") for each in bodies))


def _path_of(site: Site, url: str | None) -> str | None:
    """The path of an address of this service."""
    if url is None or not url.startswith(f"{site.public_url}/"):
        return None
    return url.removeprefix(site.public_url)


def _route_read_at(app: FastAPI, path: str) -> APIRoute | None:
    """The route that a GET of a path meets."""
    asked = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
    for route in app.router.routes:
        if isinstance(route, APIRoute) and route.matches(asked)[0] is Match.FULL:
            return route
    return None


def _model_of(route: APIRoute | None) -> tuple[type[BaseModel] | None, bool]:
    """The shape of what a route answers; of a list, that of its items, and that it is one."""
    model = None if route is None else route.response_model
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return None, False
    if not issubclass(model, Page):
        return model, False
    (item,) = get_args(model.model_fields["items"].annotation)
    return item, True


def _shown_once(site: Site, content: dict[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    """What a receipt tells and a GET does not: what is no field of what the GET answers, and
    tokens, also where they stand in an address.
    """
    return {
        name: each
        for name, each in content.items()
        if name not in model.model_fields or _holds_token(site, each)
    }


def _holds_token(site: Site, value: Any) -> bool:
    if not isinstance(value, str):
        return False
    found = _TOKEN.search(value)
    return found is not None and (found[0] == value or value.startswith(f"{site.public_url}/"))
