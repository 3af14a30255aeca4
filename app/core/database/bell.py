"""Who waits for something to be committed, and is woken up when it is."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


class Bell:
    """Wakes up those who wait for news of a topic, which is a number, or of any.

    It says that something may have happened, not what: whoever is woken up looks for themselves. So
    a ring too many is harmless, and what makes up for one that is lost is to look now and then.
    """

    def __init__(self) -> None:
        self._waiting: dict[int | None, set[asyncio.Event]] = {}
        #: Set when the service stops: whoever waits goes home.
        self.is_closing = False

    @property
    def topics(self) -> list[int]:
        """The topics that anybody waits for."""
        return [topic for topic in self._waiting if topic is not None]

    @contextmanager
    def listening(self, topic: int | None) -> Iterator[asyncio.Event]:
        """An event that is set whenever there is news of a topic, or of any (``None``). Whoever
        waits for it clears it first, and then looks.
        """
        heard = asyncio.Event()
        waiting = self._waiting.setdefault(topic, set())
        waiting.add(heard)
        try:
            yield heard
        finally:
            waiting.discard(heard)
            if not waiting:
                self._waiting.pop(topic, None)

    def ring(self, topics: Iterable[int]) -> None:
        """There may be news of some topics."""
        for topic in (*topics, None):
            for heard in self._waiting.get(topic, ()):
                heard.set()

    def ring_all(self) -> None:
        """There may be news of anything."""
        self.ring(self.topics)

    def close(self) -> None:
        """Send home whoever waits."""
        self.is_closing = True
        self.ring_all()
