"""Running the service in one process or several on one socket, and the worker that runs apart."""

import asyncio
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any, NoReturn

import uvicorn
from fastapi import FastAPI, Request
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.supervisors import Multiprocess

from app.core.database import open_database
from app.core.errors import MalformedRequest
from app.core.logs import set_up_logs
from app.core.middleware import on_every_answer
from app.core.problems import problem
from app.core.settings import Settings
from app.core.site import Site
from app.main import create_app
from app.webhooks.worker import Worker

#: Connections that wait to be accepted.
_BACKLOG = 2048
#: Seconds that open requests get to finish when the service is stopped.
_GRACE = 10
#: Seconds between two looks whether the parent is still there.
_LOOK = 1.0
#: Seconds after which a serving process describes itself.
_UNTIL_DESCRIBED = 1.0
#: Seconds that each of several processes gets to start.
_PATIENCE = 60


class _Protocol(HttpToolsProtocol):
    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn calls it by this
        """Say that something is no HTTP as everything else is refused. The application never sees
        it, and uvicorn would answer with plain text.
        """
        request_id = secrets.token_hex(8)
        scope = {"type": "http", "app": self.app, "request_id": request_id}
        answer = problem(Request(scope), MalformedRequest())
        headers = (*answer.raw_headers, *on_every_answer(request_id), (b"connection", b"close"))
        head = b"".join(b"%b: %b\r\n" % header for header in headers)
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\n" + head + b"\r\n" + answer.body)
        self.transport.close()


#: How every serving process is run.
_OPTIONS: dict[str, Any] = {
    "http": _Protocol,
    "backlog": _BACKLOG,
    "timeout_graceful_shutdown": _GRACE,
    # The service writes its own log line for each request, without addresses.
    "log_config": None,
    "access_log": False,
    # Nothing here speaks WebSocket, and uvicorn would log the address of whoever tries.
    "ws": "none",
    "server_header": False,
    # The caller can't choose its own address.
    "proxy_headers": False,
    # So long one of several may take to start, or to say that it is there.
    "timeout_worker_healthcheck": _PATIENCE,
}


def serve(
    settings: Settings, host: str, port: int, announce: Callable[[str], None], workers: int = 1
) -> bool:
    """Serve until told to stop, in so many processes; say whether it could start at all.
    ``announce`` is called with the site's URL once it answers.

    :raises OSError: the address can't be bound.
    """
    listening = listen(host, port)
    listen_url = _url_of(listening, host)

    def told() -> None:
        announce(settings.public_url or listen_url)

    # Once everything is closed, uvicorn raises again the signal that stopped it. That it was told
    # to stop is no failure.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    parent = os.getpid() if workers > 1 else None
    application = partial(_application, settings, listen_url, parent)
    config = uvicorn.Config(application, factory=True, workers=workers, **_OPTIONS)
    if workers > 1:
        supervisor = _Workers(config, [listening], told)
        supervisor.run()
        return supervisor.has_started
    server = _Server(config, told)
    try:
        server.run([listening])
    except SystemExit as end:
        # With another code uvicorn says so that the application could not be started.
        return end.code == 0
    return True


def _application(settings: Settings, listen_url: str, parent: int | None) -> FastAPI:
    """The application of one serving process, which is made when that has begun to heed signals."""
    if parent is not None:
        threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()
    set_up_logs(settings.log_level, settings.log_format)
    app = create_app(settings, listen_url)
    # Made aside, a while after the start, or the first who opens the documentation would have
    # everybody wait for it.
    loop = asyncio.get_running_loop()
    loop.call_later(_UNTIL_DESCRIBED, loop.run_in_executor, None, app.openapi)
    for number in (signal.SIGINT, signal.SIGTERM):
        heed = signal.getsignal(number)
        if callable(heed):
            signal.signal(number, partial(_send_streams_home, app, heed))
    return app


def _leave_with(parent: int) -> None:
    """Stop when the process that started this one is gone, killed without a word to anybody: it
    could not be stopped with it, and would hold the address.
    """
    while os.getppid() == parent:
        time.sleep(_LOOK)
    os.kill(os.getpid(), signal.SIGTERM)


def _send_streams_home(
    app: FastAPI,
    heed: Callable[[int, FrameType | None], object],
    number: int,
    frame: FrameType | None,
) -> None:
    """Streams would otherwise be waited for, as requests that are being answered."""
    site = getattr(app.state, "site", None)
    if site is not None:
        site.database.bell.close()
    heed(number, frame)


class _Workers(Multiprocess):
    """Several serving processes, which share one socket: whoever is idle takes the next connection,
    and what waits to be accepted waits for whichever is there. One that dies is replaced. At SIGHUP
    each is replaced in turn: the new one serves before the old one stops taking connections and
    finishes what it has begun.
    """

    def __init__(
        self, config: uvicorn.Config, sockets: list[socket.socket], started: Callable[[], None]
    ) -> None:
        super().__init__(config, sockets)
        self._when_started = started
        self.has_started = False

    def init_processes(self) -> None:
        super().init_processes()
        ready = [each.wait_until_ready(_PATIENCE, self.should_exit) for each in self.processes]
        if all(ready):
            self.has_started = True
            self._when_started()
        else:
            self.should_exit.set()


def work(settings: Settings, public_url: str, announce: Callable[[], None]) -> None:
    """Send webhooks until told to stop. ``announce`` is called when that has begun."""
    asyncio.run(_work(settings, public_url, announce))


async def _work(settings: Settings, public_url: str, announce: Callable[[], None]) -> None:
    database = open_database(settings.database(), is_server=False)
    await database.start()
    site = Site.open(settings, database, public_url)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, database.bell.close)
    hearing = asyncio.create_task(database.listen())
    announce()
    await Worker(site).run()
    hearing.cancel()
    await asyncio.wait([hearing])
    await site.limits.counters.stop()
    await database.stop()


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


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._when_started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._when_started()


def _url_of(listening: socket.socket, host: str) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{listening.getsockname()[1]}"
