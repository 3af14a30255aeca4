"""What goes on in the background so that those who follow a board hear of it in time."""

import asyncio

from app.boards.rounds import settle
from app.core.site import Site
from app.events import queries

#: Seconds between two looks for what the schedules of rounds have to write.
SECONDS_BETWEEN_SETTLINGS = 5.0
#: Seconds between two looks for news that no bell rang for: a call that got lost, or what the
#: command line writes beside the server.
SECONDS_BETWEEN_LOOKS_FOR_NEWS = 2.0


class Watch:
    """Looks for news of the boards that somebody follows."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._known: dict[int, int] = {}

    async def look(self) -> None:
        """Ring for what has come since the last look."""
        bell = self._site.database.bell
        topics = bell.topics
        if not topics:
            self._known = {}
            return
        async with self._site.database.reading() as session:
            rows = await session.all(queries.latest(topics))
        latest = {row.board_id: row.latest for row in rows}
        bell.ring(board for board, number in latest.items() if self._known.get(board) != number)
        self._known = latest


async def settle_what_is_due(site: Site) -> None:
    """Write what the schedules of boards have come to by now: whoever follows a board hears of a
    round that opens when it does, and not when somebody next posts.
    """
    async with site.database.reading() as session:
        due = await session.all(queries.boards_due())
    for row in due:
        async with site.database.writing() as session:
            await settle(session, row.id)
        await asyncio.sleep(0)
