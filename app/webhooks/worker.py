"""The worker: has deliveries made of what happens, and sends them, many at once.

It looks whenever there is news (``database.bell``), when something is due, and every few seconds
all the same. How much is sent at once is bounded in all, for each webhook, and most for one that
did not take what was sent last: a receiver that is slow holds up nobody else. It is also bounded
for all webhooks of an account, wherever they are, and of a board: nobody holds up others by having
many receivers that are slow.
"""

import asyncio
import time
from collections import Counter
from contextlib import suppress
from datetime import datetime
from typing import Any

import structlog

from app.core.logs import frames_of
from app.core.outgoing import Outgoing
from app.core.site import Site
from app.kit.clock import now
from app.webhooks import queries
from app.webhooks.models import Disabled
from app.webhooks.planning import plan
from app.webhooks.sending import Taken, send, take_up
from app.webhooks.service import disable

log = structlog.get_logger("fillboard.webhooks")

#: How many deliveries are sent at once, to one webhook, and to one that did not take the last.
_AT_ONCE, _TO_ONE, _TO_A_FAILING_ONE = 32, 4, 1
#: How many to all webhooks of one account, and of one board, so that on a board, too, nobody takes
#: all that there is.
_OF_ACCOUNT, _OF_BOARD = _AT_ONCE // 4, _AT_ONCE // 2
#: Seconds between two looks without news, and after something went wrong.
_PATIENCE = 2.0
#: Seconds between two rounds at the least.
_BREATH = 0.05
#: Seconds that what is being sent gets to arrive when the worker is told to stop. What does not is
#: sent again by whoever works next.
_GRACE = 8.0

#: What there is a bound for, by name and number: an account, a board, a webhook.
_Places = tuple[tuple[str, int], ...]


class Worker:
    """Sends what is to be sent, until it is cancelled or the service stops."""

    def __init__(self, site: Site, outgoing: Outgoing | None = None) -> None:
        """Tests hand in how to reach receivers."""
        self._site = site
        self._outgoing = outgoing or Outgoing(allow_local=site.allows_local_webhooks)
        self._sending: set[asyncio.Task[None]] = set()
        self._busy: Counter[tuple[str, int]] = Counter()
        self._failing: set[int] = set()
        self._is_news = asyncio.Event()

    async def run(self) -> None:
        """Work. Whatever goes wrong is logged, and tried again."""
        bell = self._site.database.bell
        try:
            with bell.listening(None) as self._is_news:
                while not bell.is_closing:
                    self._is_news.clear()
                    await self._rest(await self._careful_round())
                    # Where much happens, much of it is dealt with in one round.
                    await asyncio.sleep(_BREATH)
        finally:
            await self._finish()

    async def round(self) -> float:
        """Make deliveries, and begin to send what is due. Return for how many seconds there will be
        nothing else to do, if there is no news meanwhile.
        """
        await self._stop_revoked()
        is_more = await plan(self._site)
        first_due = await self._begin_to_send()
        if is_more:
            return 0
        if first_due is None:
            return _PATIENCE
        return min(_PATIENCE, max(0.0, (first_due - now()).total_seconds()))

    @property
    def is_busy(self) -> bool:
        """Whether anything is being sent."""
        return bool(self._sending)

    async def idle(self) -> None:
        """Wait until nothing is being sent."""
        while self._sending:
            await asyncio.wait(self._sending)

    async def _careful_round(self) -> float:
        try:
            return await self.round()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
            log.error("worker_failed", exception=frames_of(error))  # noqa: TRY400 - no messages
            return _PATIENCE

    async def _rest(self, seconds: float) -> None:
        """Wait for news, for some seconds at most."""
        if seconds > 0:
            # Before Python 3.12 ``wait_for`` takes no notice of being cancelled in the moment in
            # which there is news.
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._is_news.wait()

    async def _stop_revoked(self) -> None:
        """Disable the webhooks whose API keys were revoked. Nothing is sent to them as it is; this
        says so, and lets go of what was to be sent.
        """
        async with self._site.database.reading() as session:
            revoked = await session.all(queries.revoked())
        for row in revoked:
            async with self._site.database.writing() as session:
                if await session.first(queries.numbered(row.id)) is not None:
                    await disable(session, row.id, Disabled.REVOKED)

    async def _begin_to_send(self) -> datetime | None:
        """Take up what is due, as far as there is room; return when the next thing will be."""
        async with self._site.database.reading() as session:
            waiting = await session.all(queries.waiting())
        moment = now()
        due = [row for row in waiting if row.due <= moment]
        # Whoever has least under way goes first: those that are slow get no more than is left.
        for row in sorted(due, key=self._under_way):
            room = self._room_for(row)
            if room > 0:
                async with self._site.database.writing() as session:
                    taken = await take_up(session, row.id, room)
                for each in taken:
                    self._begin(each, _places(row))
        later: datetime | None = next((row.due for row in waiting if row.due > moment), None)
        return later

    def _under_way(self, webhook: Any) -> list[int]:
        return [self._busy[place] for place in _places(webhook)]

    def _room_for(self, webhook: Any) -> int:
        most = _TO_A_FAILING_ONE if webhook.id in self._failing else _TO_ONE
        bounds = (_OF_ACCOUNT, _OF_BOARD, most)
        left = zip(bounds, self._under_way(webhook), strict=True)
        return min(_AT_ONCE - len(self._sending), *(bound - busy for bound, busy in left))

    def _begin(self, taken: Taken, places: _Places) -> None:
        self._busy.update(places)
        task = asyncio.create_task(self._send(taken, places))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _send(self, taken: Taken, places: _Places) -> None:
        webhook_id = taken.row.webhook_id
        try:
            if await send(self._site, self._outgoing, taken):
                self._failing.discard(webhook_id)
            else:
                self._failing.add(webhook_id)
        except Exception as error:  # noqa: BLE001 - somebody takes it up again
            log.error("sending_failed", exception=frames_of(error))  # noqa: TRY400 - as above
        finally:
            self._busy.subtract(places)
            self._busy += Counter()
            # There is room again.
            self._is_news.set()

    async def _finish(self) -> None:
        """Let what is being sent arrive, though not for long. Whoever has told the worker to stop
        may say so once more meanwhile.
        """
        until = time.monotonic() + _GRACE
        while self._sending and (left := until - time.monotonic()) > 0:
            with suppress(asyncio.CancelledError):
                await asyncio.wait(self._sending, timeout=left)
        for task in self._sending:
            task.cancel()
        if self._sending:
            await asyncio.wait(self._sending)
        self._outgoing.stop()


def _places(webhook: Any) -> _Places:
    """What is bounded where something is sent to a webhook (a row of :func:`queries.waiting`)."""
    return ("account", webhook.account_id), ("board", webhook.board_id), ("webhook", webhook.id)
