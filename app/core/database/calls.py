"""What processes that share one PostgreSQL call out to each other: what there is news of.

They call after the commit, on a connection of their own, all that has gathered in one call: a
NOTIFY inside the transactions would have these wait for one another, database-wide, while they
commit. A call may be lost that way, if a process dies in between; whoever waits for news looks now
and then all the same.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress

import psycopg
import structlog
from sqlalchemy.engine import URL

from app.core.database.bell import Bell
from app.core.logs import frames_of

log = structlog.get_logger("fillboard.database")

_CHANNEL = "fillboard_news"
#: Seconds before a lost connection is made anew.
_PAUSE = 1.0
#: PostgreSQL takes 8,000 bytes in a call; beyond so many topics all are called.
_MANY = 300


class Calls:
    """The calls of one process, and those that it hears."""

    def __init__(self, url: URL, bell: Bell) -> None:
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._bell = bell
        self._uncalled: set[int] = set()
        self._calling: asyncio.Task[None] | None = None
        self._line: psycopg.AsyncConnection | None = None

    def call(self, topics: Iterable[int]) -> None:
        """Have the others know that there is news of some topics. Nobody waits for that."""
        self._uncalled.update(topics)
        if self._calling is None or self._calling.done():
            self._calling = asyncio.create_task(self._call_out())

    async def listen(self) -> None:
        """Ring for what the others call, until this is cancelled."""
        while True:
            try:
                await self._hear()
            except psycopg.Error as error:
                log.warning("news_line_lost", exception=frames_of(error))
            await asyncio.sleep(_PAUSE)

    async def stop(self) -> None:
        """Call what is still to be called, and hang up."""
        if self._calling is not None:
            await asyncio.wait([self._calling])
        if self._line is not None:
            await self._line.close()

    async def _hear(self) -> None:
        async with await psycopg.AsyncConnection.connect(self._address, autocommit=True) as line:
            await line.execute(f"LISTEN {_CHANNEL}".encode())
            # What was called before nobody here has heard.
            self._bell.ring_all()
            async for called in line.notifies():
                if called.payload:
                    self._bell.ring(map(int, called.payload.split(",")))
                else:
                    self._bell.ring_all()

    async def _call_out(self) -> None:
        while self._uncalled:
            topics, self._uncalled = self._uncalled, set()
            payload = ",".join(map(str, topics)) if len(topics) <= _MANY else ""
            try:
                await self._say(payload)
            except psycopg.Error as error:
                log.warning("news_not_called", exception=frames_of(error))
                await self._hang_up()

    async def _say(self, payload: str) -> None:
        if self._line is None:
            self._line = await psycopg.AsyncConnection.connect(self._address, autocommit=True)
        await self._line.execute(b"SELECT pg_notify(%s, %s)", (_CHANNEL, payload))

    async def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            with suppress(psycopg.Error):
                await line.close()
