"""Receivers of webhooks: servers on this machine that note what they get."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from standardwebhooks import Webhook

from app.webhooks.worker import Worker

#: Writes an answer, as it should not be written.
Manner = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Held:
    """A manner of answering: with a status, but not before it is ``over``. It says when it was
    asked (``came``).
    """

    def __init__(self, status: int) -> None:
        self.status = status
        self.came, self.over = asyncio.Event(), asyncio.Event()

    async def __call__(self, writer: asyncio.StreamWriter) -> None:
        self.came.set()
        await self.over.wait()
        writer.write(f"HTTP/1.1 {self.status} So\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()


@dataclass
class Hit:
    """One request that a receiver got."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.body)
        return content

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def verify(self, secret: str) -> dict[str, Any]:
        """What it says, if it is signed with a secret, as the library of Standard Webhooks sees."""
        verified: dict[str, Any] = Webhook(secret).verify(self.body, self.headers)
        return verified


@dataclass
class Receiver:
    """A receiver. It answers with what stands first in ``answers``, and 204 when that is used up.
    An answer is a status, or a status with headers, or a manner of answering.
    """

    port: int = 0
    hits: list[Hit] = field(default_factory=list)
    answers: list[int | tuple[int, str] | Manner] = field(default_factory=list)
    _is_hit: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?of=me"

    @property
    def ids(self) -> list[str]:
        return [hit.id for hit in self.hits]

    @property
    def types(self) -> list[str]:
        return [hit.said["type"] for hit in self.hits]

    async def heard(self) -> None:
        """Wait for the next request."""
        self._is_hit.clear()
        await self._is_hit.wait()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            pairs = (line.split(": ", 1) for line in head[1:] if line)
            headers = {name.lower(): value for name, value in pairs}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.hits.append(Hit(head[0].split(" ")[1], headers, body))
            self._is_hit.set()
            answer = self.answers.pop(0) if self.answers else 204
            if callable(answer):
                await answer(writer)
            else:
                status, more = (answer, "") if isinstance(answer, int) else answer
                writer.write(f"HTTP/1.1 {status} So\r\nContent-Length: 0\r\n{more}\r\n".encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def receiving(host: str = "127.0.0.1") -> AsyncIterator[Receiver]:
    """A receiver on a free port."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, host, 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()


async def work(worker: Worker) -> None:
    """Have a worker do all that there is to do now."""
    is_done = False
    while not is_done:
        rest = await worker.round()
        is_done = rest > 0 and not worker.is_busy
        await worker.idle()
