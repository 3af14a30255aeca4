"""Running the service: a socket, one process, and a line that says where it is."""

import secrets
import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

import uvicorn
from fastapi import FastAPI, Request
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.core.errors import MalformedRequest
from app.core.middleware import on_every_answer
from app.core.problems import problem
from app.core.settings import Settings
from app.main import create_app

#: Connections that wait to be accepted.
_BACKLOG = 2048
#: Seconds that open requests get to finish when the service is stopped.
_GRACE = 10


def serve(settings: Settings, host: str, port: int, announce: Callable[[str], None]) -> bool:
    """Serve until told to stop; say whether it could start at all. ``announce`` is called with the
    site's URL once it answers.

    :raises OSError: the address can't be bound.
    """
    listening = listen(host, port)
    listen_url = _url_of(listening, host)
    app = create_app(settings, listen_url)
    config = uvicorn.Config(
        app,
        http=_Protocol,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=_GRACE,
        # The service writes its own log line for each request, without addresses.
        log_config=None,
        access_log=False,
        # Nothing here speaks WebSocket, and uvicorn would log the address of whoever tries.
        ws="none",
        server_header=False,
        # The caller can't choose its own address.
        proxy_headers=False,
    )
    server = _Server(config, lambda: announce(settings.public_url or listen_url), app)
    # Once everything is closed, uvicorn raises again the signal that stopped it. That it was told
    # to stop is no failure.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    try:
        server.run([listening])
    except SystemExit as end:
        # With another code uvicorn says so that the application could not be started.
        return end.code == 0
    return True


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def listen(host: str, port: int) -> socket.socket:
    """Bind a socket to listen on.

    It is made for TCP by name: asyncio sets TCP_NODELAY only then, and without it a kept-alive
    connection waits 40 ms for each answer.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    return listening


class _Protocol(HttpToolsProtocol):
    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn calls it by this
        """Say that something is no HTTP as everything else is refused. The application never sees
        it, and uvicorn would answer with plain text.
        """
        request_id = secrets.token_hex(8)
        scope = {"type": "http", "app": self.config.app, "request_id": request_id}
        answer = problem(Request(scope), MalformedRequest())
        headers = (*answer.raw_headers, *on_every_answer(request_id), (b"connection", b"close"))
        head = b"".join(b"%b: %b\r\n" % header for header in headers)
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\n" + head + b"\r\n" + answer.body)
        self.transport.close()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, started: Callable[[], None], app: FastAPI) -> None:
        super().__init__(config)
        self._when_started = started
        self._served = app

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._when_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Streams would otherwise be waited for, as requests that are being answered.
        self._served.state.site.database.bell.close()
        await super().shutdown(sockets)


def _url_of(listening: socket.socket, host: str) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{listening.getsockname()[1]}"
