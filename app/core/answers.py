"""Answers: JSON bytes with a version tag, and the conditions that requests put on versions.

An ETag here is ``"<edit>-<content>"`` for a single resource and ``"<content>"`` for a list.
``content`` is a hash of the answer's own bytes: it moves when what everybody sees has changed, and
at no other time. ``edit`` stands for the author's version alone, and ``If-Match`` compares only
that: other people's comments and seconds never stop an author.
"""

import hashlib
import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from starlette.types import Scope, Send

from app.core.errors import PreconditionFailed, PreconditionRequired
from app.core.json import write_json

#: What stands between quotes in ``If-None-Match``.
_TAG = re.compile(r'(?:W/)?"([^"]*)"')
_NO_CONTENT = 204
#: What everybody sees alike is kept by shared caches and asked after each time. nginx would keep
#: nothing that says so, unless it was told before in its own words until when: until long ago.
_PUBLIC = {"X-Accel-Expires": "@1", "Cache-Control": "public, no-cache"}
_PRIVATE = {"Cache-Control": "private, no-store"}


def edit_tag(public_id: str, edits: int) -> str:
    """The part of an ETag that stands for a thing and how often its author has edited it.

    It needs no secret key: whoever guesses the number of edits from it learns what everybody may
    see who looks twice, and ``edited_at`` is public. Who edits is checked by the token alone.
    """
    return hashlib.sha256(f"{public_id}/{edits}".encode()).hexdigest()[:12]


def public_answer(
    request: Request,
    content: Any,
    *,
    edit: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer a read with what everybody may see: 200, or 304 where the reader has it already.

    Shared caches may keep it but must ask each time: what is hidden is gone from them at once.
    Where a token was looked at, somebody else may be answered otherwise, and ``Vary`` says so.
    """
    return seen_answer(request, content, is_public=True, edit=edit, headers=headers)


def seen_answer(
    request: Request,
    content: Any,
    *,
    is_public: bool,
    edit: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """As :func:`public_answer`, for what may be there for the caller alone: unless it
    ``is_public``, nobody keeps it.
    """
    body = write_json(content)
    return seen_bytes(
        request, body, "application/json", is_public=is_public, edit=edit, headers=headers
    )


def seen_bytes(
    request: Request,
    body: bytes,
    media_type: str,
    *,
    is_public: bool,
    edit: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """As :func:`seen_answer`, for bytes of any kind."""
    tag = _etag(body, edit)
    kept = _PUBLIC if is_public else _PRIVATE
    all_headers = {"ETag": tag, **kept, **_varying(request), **(headers or {})}
    if _names(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=all_headers)
    return Response(body, media_type=media_type, headers=all_headers)


class AnswerCut(Exception):  # noqa: N818 - nothing has gone wrong that could be mended
    """An answer that has begun can't be ended truthfully, so it is cut off, and whoever reads it
    knows that it is not whole. The message is for the log, and quotes nobody.
    """


def seen_file(
    request: Request,
    version: Any,
    chunks: Callable[[], AsyncIterator[bytes]],
    *,
    media_type: str,
    is_public: bool,
    headers: Mapping[str, str],
) -> Response:
    """As :func:`seen_answer`, for a file that is made while it is sent. ``version`` is JSON of all
    that decides what is in it: the ETag comes from that, so ``chunks`` is only called where the
    file is wanted, not for a 304 and not for HEAD.
    """
    tag = _etag(write_json(version), None)
    kept = _PUBLIC if is_public else _PRIVATE
    all_headers = {**headers, "ETag": tag, **kept, **_varying(request)}
    if _names(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=all_headers)
    body = nothing if request.scope.get("is_head") else chunks
    return StreamingResponse(body(), media_type=media_type, headers=all_headers)


async def nothing() -> AsyncIterator[bytes]:
    """The body that HEAD gets. Its length is not told: that of the file is not known before."""
    none: tuple[bytes, ...] = ()
    for chunk in none:
        yield chunk


@dataclass(frozen=True)
class Ready:
    """A public answer that is ready to be sent, whole or as 304, to everybody who asks the same."""

    body: bytes
    tag: str
    headers: tuple[tuple[bytes, bytes], ...]
    length: tuple[tuple[bytes, bytes], ...]
    #: The template of the route that made it, for the log.
    route: str = "other"

    @classmethod
    def of(cls, content: Any, headers: Mapping[str, str]) -> "Ready":
        """The answer that :func:`public_answer` would make, where no token was looked at."""
        body = write_json(content)
        tag = _etag(body, None)
        named = {"ETag": tag, **_PUBLIC, **headers}
        return cls(
            body,
            tag,
            tuple((name.lower().encode(), value.encode()) for name, value in named.items()),
            (
                (b"content-length", str(len(body)).encode()),
                (b"content-type", b"application/json"),
            ),
        )

    @classmethod
    def taken(cls, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> "Ready":
        """An answer that was made, by its headers."""
        of_body = (b"content-length", b"content-type")
        headers = tuple(headers)
        return cls(
            body,
            dict(headers)[b"etag"].decode("latin-1"),
            tuple(each for each in headers if each[0] not in of_body),
            tuple(each for each in headers if each[0] in of_body),
        )

    def at(self, route: str | None) -> "Ready":
        """The same, known to come from a route."""
        return self if route is None else replace(self, route=route)

    async def send(self, scope: Scope, send: Send) -> None:
        """Send it, or 304 where the reader has it already."""
        condition = None
        for name, value in scope["headers"]:
            if name == b"if-none-match":
                condition = value.decode("latin-1")
                break
        if _names(condition, self.tag):
            status, headers, body = 304, [*self.headers], b""
        else:
            status, headers, body = 200, [*self.headers, *self.length], self.body
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def note_token(request: Request) -> None:
    """Remember that what is answered may depend on the token of the request, or on its absence."""
    request.state.looked_at_token = True


def own_answer(
    content: Any, *, status: int = 200, edit: str | None = None, location: str | None = None
) -> Response:
    """Answer a write. It may hold what only the caller may see, so nobody keeps it. Its ETag can
    be sent as ``If-Match`` with the next edit.
    """
    body = write_json(content)
    headers = {**_PRIVATE}
    if edit is not None:
        headers["ETag"] = _etag(body, edit)
    if location is not None:
        headers["Location"] = location
    return Response(body, status_code=status, media_type="application/json", headers=headers)


def made_answer(content: Any, status: int, tag: str | None, location: str | None) -> Response:
    """As :func:`own_answer`, for what was made by an earlier request, with the tag that it has by
    now.
    """
    named = {**_PRIVATE, "ETag": tag, "Location": location}
    headers = {name: each for name, each in named.items() if each is not None}
    if status == _NO_CONTENT:
        return Response(None, status, headers)
    return Response(write_json(content), status, headers, "application/json")


def no_content() -> Response:
    """Answer a deletion."""
    return Response(status_code=_NO_CONTENT, headers=_PRIVATE)


def check_if_match(request: Request, edit: str, *, required: bool = False) -> None:
    """Compare ``If-Match``, where it is sent, with the version that is about to be changed.

    :raises PreconditionFailed: it names another version.
    :raises PreconditionRequired: it is required and absent.
    """
    condition = request.headers.get("if-match")
    if condition is None:
        if required:
            raise PreconditionRequired
        return
    if condition.strip() == "*":
        return
    if edit not in {_edit_of(each) for each in condition.split(",")}:
        raise PreconditionFailed(headers={"ETag": f'"{edit}"'})


def _varying(request: Request) -> dict[str, str]:
    looked = getattr(request.state, "looked_at_token", False)
    return {"Vary": "Authorization"} if looked else {}


def _etag(body: bytes, edit: str | None) -> str:
    content = hashlib.sha256(body).hexdigest()[:20]
    return f'"{edit}-{content}"' if edit else f'"{content}"'


def _edit_of(tag: str) -> str:
    """The author's version in one tag of ``If-Match``. Quotes that were left out are forgiven: the
    version itself says clearly enough what is meant.
    """
    return tag.strip().removeprefix("W/").strip('"').split("-")[0]


def _names(condition: str | None, tag: str) -> bool:
    """Whether ``If-None-Match`` names a tag, compared weakly (RFC 9110, 13.1.2), since proxies that
    compress answers weaken tags. Only ``content`` counts: whoever has the same bytes already needs
    no others, even if the author has saved them once more.
    """
    if condition is None:
        return False
    return condition.strip() == "*" or _content_of(tag.strip('"')) in {
        _content_of(each) for each in _TAG.findall(condition)
    }


def _content_of(tag: str) -> str:
    return tag.rpartition("-")[2]
