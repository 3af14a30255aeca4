"""What every request passes through, outermost first: its id and its log line, HEAD, its address,
its size.

Plain ASGI: a middleware that wraps requests in tasks and streams would cost each request 50 µs.
"""

import asyncio
import re
import secrets
import time

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import cors
from app.core.answers import AnswerCut
from app.core.errors import BodyTimeout, BodyTooLarge, InternalError, NotFound
from app.core.logs import frames_of, log_request
from app.core.metrics import Metrics
from app.core.problems import problem

#: The largest body of a request, in bytes.
MAX_BODY = 3 * 1024 * 1024

#: What every answer carries. No browser shall take an answer for another kind of thing than it is.
_HEADERS = tuple(
    (name.lower().encode(), value.encode())
    for name, value in {**cors.HEADERS, "X-Content-Type-Options": "nosniff"}.items()
)
#: No address has one of these; the framework would take a line's end at an address's end for none.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")

log = structlog.get_logger("fillboard.requests")


def on_every_answer(request_id: str) -> tuple[tuple[bytes, bytes], ...]:
    """The headers that every answer carries, whoever makes it."""
    return *_HEADERS, (b"x-request-id", request_id.encode())


class RequestRecord:
    """Gives a request its id, logs one line for it, counts it, and answers what nobody else did.

    The line names the route, not the address: an address may hold what somebody pasted into it.
    It holds no network address and no header.

    What is learnt further in is told through ``scope["record"]``, one dict for all copies of the
    scope: ``route``, the template that matched, and ``error``, the name of a fault that was
    answered for.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = scope["request_id"] = secrets.token_hex(8)
        record: dict[str, str] = {}
        scope["record"] = record
        method = scope["method"]
        started = time.perf_counter()
        status = 0

        async def note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                # Nobody further in sets any of these.
                message["headers"] = [*message.get("headers", ()), *on_every_answer(request_id)]
            await send(message)

        try:
            await self._app(scope, receive, note_status)
        except ClientDisconnect:
            # Nobody is left to be answered, and nothing was changed.
            record["error"] = "client went away"
        except AnswerCut as cut:
            # The server closes the connection before the end is there, and the client knows it.
            record["error"] = str(cut)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is answered and logged
            log.error(  # noqa: TRY400 - the message of the exception may quote what was sent
                "request_failed",
                request_id=request_id,
                route=record.get("route"),
                exception=frames_of(error),
            )
            # An answer that has begun is cut off by the server.
            if not status:
                answer = problem(Request(scope), InternalError())
                await answer(scope, receive, note_status)
        finally:
            seconds = time.perf_counter() - started
            route = record.pop("route", "other")
            self._metrics.observe(method, route, status, seconds)
            log_request(
                request_id=request_id,
                method=method,
                route=route,
                status=status,
                ms=round(seconds * 1000, 2),
                **record,
            )


class HeadAsGet:
    """Answers HEAD as GET without the body (RFC 9110, 9.3.2).

    Further in it is a GET in a copy of the scope: the server reads its own scope again when the
    answer is sent, and with another method there it would wait for a body that never comes.
    ``scope["is_head"]`` tells whoever would make a long body that nobody gets it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET", "is_head": True}, receive, send_head)


class Addresses:
    """Refuses an address that no route can mean, and notes for the log which route was meant."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _CONTROLS.search(scope["path"]):
            await problem(Request(scope), NotFound())(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        finally:
            template = _template(scope)
            if template is not None:
                scope["record"]["route"] = template


def _template(scope: Scope) -> str | None:
    """The template of the route that was chosen. What is no operation, such as a mounted folder, is
    only found by what it leads to.
    """
    chosen = scope.get("route")
    if chosen is None and "endpoint" in scope:
        chosen = next(
            (
                route
                for route in scope["app"].router.routes
                if scope["endpoint"] in (getattr(route, "endpoint", None), _mounted(route))
            ),
            None,
        )
    return getattr(chosen, "path_format", None)


def _mounted(route: BaseRoute) -> object:
    return route.app if isinstance(route, Mount) else None


class BodyLimit:
    """Cuts off a body that is too large, or that trickles in.

    The length that a client declares is checked before anything is read, what arrives is counted,
    and the whole must be there within ``seconds``.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = next(
            (value for name, value in scope["headers"] if name == b"content-length"), b"0"
        )
        if not declared.isdigit() or int(declared) > MAX_BODY:
            answer = problem(Request(scope), BodyTooLarge())
            await answer(scope, receive, send)
            return
        deadline = time.monotonic() + self._seconds
        left = MAX_BODY
        complete = False

        async def receive_bounded() -> Message:
            nonlocal left, complete
            if complete:
                return await receive()
            try:
                async with asyncio.timeout(deadline - time.monotonic()):
                    message = await receive()
            except TimeoutError as error:
                raise BodyTimeout from error
            left -= len(message.get("body", b""))
            if left < 0:
                raise BodyTooLarge
            complete = not message.get("more_body", False)
            return message

        await self._app(scope, receive_bounded, send)
