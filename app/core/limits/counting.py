"""Counting what happened in a window of time: in this process, or for several of them in Redis.

Windows begin at whole multiples of their length, so that all processes turn them over at once and
nobody needs to ask when one began. Around the turn somebody may have twice as much as the quota, as
is usual for such windows. What is counted is named by keyed hashes alone.
"""

import time
from typing import Any

import structlog
from limits.aio.storage import RedisStorage
from limits.storage import MemoryStorage
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

from app.kit.clock import now

#: Seconds that Redis has to answer, and for which it is left alone after it did not.
_PATIENCE, _REST = 0.25, 5.0

log = structlog.get_logger("fillboard")


class Counters:
    """Counters of what happened in the present window.

    Where Redis is away this process counts by itself: each of several processes then gives the
    whole quota, and nobody is refused because of it.

    :param redis_url: where Redis is, for services of several processes.
    """

    def __init__(self, redis_url: str | None = None) -> None:
        self._memory = MemoryStorage()
        self._pool = None if redis_url is None else _pool(redis_url)
        self._redis = None if self._pool is None else _storage(self._pool)
        self._rests_until = 0.0

    async def add(self, key: str, window: int, amount: int = 1) -> tuple[int, int]:
        """Count something under a key; return how much it is now, and for how many more seconds
        the window (of so many seconds) lasts. A negative amount takes back.
        """
        moment = int(now().timestamp())
        number, gone = divmod(moment, window)
        name = f"{key}:{number}"
        if self._redis is not None and time.monotonic() >= self._rests_until:
            try:
                return await self._redis.incr(name, window, amount), window - gone
            except (RedisError, OSError, TimeoutError) as error:
                self._rests_until = time.monotonic() + _REST
                log.warning("redis_away", error=type(error).__name__)
        return self._memory.incr(name, window, amount), window - gone

    async def stop(self) -> None:
        """Close the connections."""
        if self._pool is not None:
            await self._pool.disconnect()


def _pool(url: str) -> ConnectionPool:
    return ConnectionPool.from_url(
        url.replace("redis+unix:", "unix:"),
        socket_timeout=_PATIENCE,
        socket_connect_timeout=_PATIENCE,
    )


def _storage(pool: ConnectionPool) -> RedisStorage:
    options: dict[str, Any] = {"connection_pool": pool}
    return RedisStorage(
        "async+redis://", implementation="redispy", key_prefix="fillboard-limits", **options
    )
