"""Server-sent events: what happens on a board, sent while it happens.

The format is that of the HTML standard (9.2, server-sent events). The id of an event is the cursor
behind it, so a browser that connects anew says by itself where it was (``Last-Event-ID``).
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from app.core.answers import AnswerCut
from app.core.json import write_json
from app.core.site import Site
from app.core.sources import Source
from app.events.errors import StreamsFull
from app.events.following import Heard, Wanted, cursor_at, hear
from app.identity.people import Caller
from app.identity.service import is_alive

#: Milliseconds after which a browser connects anew.
_RETRY = 3000
#: Seconds without an event after which something is sent all the same, so that proxies keep the
#: connection and whoever has gone away is noticed.
HEARTBEAT = 15.0
#: Seconds between two looks whether the token with which a stream was asked for still is one.
_TOKEN_LOOK = 4.0
#: How many events are read at once.
_AT_ONCE = 50
#: Seconds after which what was read is read anew before it is sent: it may have gone out of sight.
_FRESH = 1.0
#: Seconds for which what one stream has read serves the others that ask for the same: they all wake
#: up at the same news.
_SHARED = 0.1


class Streams:
    """The streams that are open in this process."""

    def __init__(self, *, most: int, most_per_source: int) -> None:
        self._most = most
        self._most_per_source = most_per_source
        self._by_source: Counter[bytes] = Counter()
        self._read: dict[tuple[int, int, Wanted], tuple[float, Heard]] = {}

    @property
    def count(self) -> int:
        """How many are open."""
        return self._by_source.total()

    def check_room(self, source: Source) -> None:
        """:raises StreamsFull: so many are open that no more are taken."""
        if not self._is_room(source, more=1):
            raise StreamsFull

    def is_crowded(self, source: Source) -> bool:
        """Whether there are too many, with those that were opened just now."""
        return not self._is_room(source, more=0)

    def _is_room(self, source: Source, *, more: int) -> bool:
        of_source = self._by_source[_known(source)]
        return self.count + more <= self._most and of_source + more <= self._most_per_source

    @contextmanager
    def open(self, source: Source) -> Iterator[None]:
        """Count a stream while it is open."""
        known = _known(source)
        self._by_source[known] += 1
        try:
            yield
        finally:
            self._by_source[known] -= 1
            self._by_source += Counter()

    async def hear(self, site: Site, board: Any, after: int, wanted: Wanted) -> Heard:
        """As :func:`app.events.following.hear`; many who ask for the same at once read it once."""
        asked, moment = (board.id, after, wanted), time.monotonic()
        known = self._read.get(asked)
        if known is not None and moment < known[0]:
            return known[1]
        async with site.database.reading() as session:
            heard = await hear(session, site, board, after, wanted, _AT_ONCE)
        self._read = {each: value for each, value in self._read.items() if moment < value[0]}
        if heard.items:
            self._read[asked] = (moment + _SHARED, heard)
        return heard


def _known(source: Source) -> bytes:
    return source.hashes("streams")[0]


@dataclass
class Follower:
    """A stream: from where on, what is wanted, and for whom, if a token was sent."""

    site: Site
    streams: Streams
    board: Any
    position: int
    wanted: Wanted
    source: Source
    caller: Caller | None
    _looked_at_token: float = field(default_factory=time.monotonic)

    async def send(self) -> AsyncGenerator[bytes, None]:
        """The bytes of the stream. It ends only with the service, after what there is.

        :raises AnswerCut: the token with which it was asked for was revoked.
        """
        bell = self.site.database.bell
        with self.streams.open(self.source), bell.listening(self.board.id) as heard:
            yield f"retry: {_RETRY}\n{self._id()}\n".encode()
            # Of many that asked at once some may be too many, and hear so when they ask again.
            while not self.streams.is_crowded(self.source):
                heard.clear()
                async for chunk in self._news():
                    yield chunk
                if bell.is_closing:
                    return
                if not await self._is_woken(heard):
                    yield f": still here\n{self._id()}\n".encode()

    async def _news(self) -> AsyncIterator[bytes]:
        is_more = True
        while is_more:
            await self._check_token()
            read = await self.streams.hear(self.site, self.board, self.position, self.wanted)
            stale_at = time.monotonic() + _FRESH
            for number, event in zip(read.numbers, read.items, strict=True):
                self.position = number
                yield self._written(event)
                if time.monotonic() > stale_at:
                    # Whoever reads slowly gets the rest as it is by now.
                    break
            else:
                self.position, is_more = read.position, read.is_more

    async def _is_woken(self, heard: asyncio.Event) -> bool:
        """Wait for news, or until it is time for a sign of life."""
        deadline = time.monotonic() + HEARTBEAT
        while (left := deadline - time.monotonic()) > 0:
            try:
                patience = left if self.caller is None else min(left, _TOKEN_LOOK)
                async with asyncio.timeout(patience):
                    await heard.wait()
            except TimeoutError:
                await self._check_token()
            else:
                return True
        return False

    async def _check_token(self) -> None:
        if self.caller is None or time.monotonic() < self._looked_at_token + _TOKEN_LOOK / 2:
            return
        async with self.site.database.reading() as session:
            if not await is_alive(session, self.caller):
                raise AnswerCut("the token was revoked")
        self._looked_at_token = time.monotonic()

    def _written(self, event: dict[str, Any]) -> bytes:
        head = f"{self._id()}event: {event['type']}\ndata: "
        # JSON holds no line break that is not written as an escape.
        return head.encode() + write_json(event) + b"\n\n"

    def _id(self) -> str:
        return f"id: {cursor_at(self.site, self.board.id, self.position)}\n"
