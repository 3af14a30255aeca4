"""Answers that everybody gets alike, kept as long as nothing at all has changed.

Between two writes the same question has the same answer. So what was answered to somebody without a
token, and may be kept by shared caches, is kept here, too, with its stamp: what the database says
of how far it has come (:meth:`app.core.database.Database.stamp`), and the second in which it was
asked, since some answers depend on the time. A question that is asked again under the same stamp
costs one look at it. After a write everything is made anew, once.

The stamp is read before the answer is made. So an answer may be newer than its stamp, and is made
anew then; it is never older.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.answers import Ready
from app.core.routing import PREFIX
from app.core.site import Site
from app.kit.clock import now

#: What makes an answer one's own.
_OWN = (b"authorization", b"fillboard-receipt")
#: What is made while it is sent, or has no end.
_PIECEMEAL = ("/download.", "/events/stream")
#: An answer with a longer body takes the place of too many others.
_LONGEST = 2**20
_OK = 200


class KeptReads:
    """Answers a GET as it was answered before, if nothing has changed since. Whoever asks what is
    being answered just then waits for that answer: after a write many may ask the same at once.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._under_way: dict[Any, asyncio.Future[Ready | None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_for_everybody(scope) or not scope["app"].state.site.reads.keeps:
            await self._app(scope, receive, send)
            return
        site: Site = scope["app"].state.site
        asked = (scope["path"], scope["query_string"])
        try:
            stamp = (await site.database.stamp(), int(now().timestamp()))
        except SQLAlchemyError:
            # The database is away. The whole way knows what to say.
            await self._app(scope, receive, send)
            return
        ready = site.reads.get(asked, stamp)
        under_way = self._under_way.get((asked, stamp))
        if ready is None and under_way is not None:
            ready = await asyncio.shield(under_way)
        if ready is not None:
            scope["record"]["route"] = ready.route
            await ready.send(scope, send)
            return
        made = self._under_way[asked, stamp] = asyncio.get_running_loop().create_future()
        inner = _unconditional(scope)

        def take(answer: Ready) -> None:
            # It is there for others before it is sent: whoever asked first may read slowly.
            template = getattr(inner.get("route"), "path_format", scope["record"].get("route"))
            made.set_result(answer.at(template))
            site.reads.put(asked, stamp, answer.at(template))

        try:
            await self._app(inner, receive, _Taken(scope, send, take).take)
        finally:
            if not made.done():
                made.set_result(None)
            if self._under_way.get((asked, stamp)) is made:
                del self._under_way[asked, stamp]


class _Taken:
    """Takes an answer that comes in one piece, and sends it on, whole or as 304. ``take`` is given
    what may be kept.
    """

    def __init__(self, scope: Scope, send: Send, take: Callable[[Ready], None]) -> None:
        self._scope, self._send, self._take = scope, send, take
        self._start: Message | None = None

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == _OK:
            self._start = message
            return
        start, self._start = self._start, None
        if start is None:
            await self._send(message)
            return
        headers = dict(start["headers"])
        is_whole = not message.get("more_body", False) and b"etag" in headers
        if not is_whole:
            await self._send(start)
            await self._send(message)
            return
        ready = Ready.taken(start["headers"], message.get("body", b""))
        is_short = len(ready.body) <= _LONGEST
        if is_short and headers.get(b"cache-control", b"").startswith(b"public"):
            self._take(ready)
        await ready.send(self._scope, self._send)


def _is_for_everybody(scope: Scope) -> bool:
    """Whether a request asks for what may be kept."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    path: str = scope["path"]
    if not path.startswith(PREFIX) or any(each in path for each in _PIECEMEAL):
        return False
    return not any(name in _OWN for name, _ in scope["headers"])


def _unconditional(scope: Scope) -> Scope:
    """The same request, for whoever makes the answer: whether the reader has it already is found
    out when it is sent. A copy of the scope shares what is learnt of the request with it.
    """
    headers = [each for each in scope["headers"] if each[0] != b"if-none-match"]
    return scope if len(headers) == len(scope["headers"]) else {**scope, "headers": headers}
