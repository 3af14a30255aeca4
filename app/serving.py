"""Running the service: a socket, one process, and a line that says where it is; and the worker,
where it runs apart.
"""

import asyncio
import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

import uvicorn
from fastapi import FastAPI

from app.core.database import open_database
from app.core.settings import Settings
from app.core.site import Site
from app.main import create_app
from app.webhooks.worker import Worker

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
