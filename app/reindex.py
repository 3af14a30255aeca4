"""Filing works that stand already.

Those are filed that were there before there were tags and an index, or all of them anew.

A work is filed in one transaction by its words, under its tags and by its mediums, and having words
in the index says that it is (:func:`app.index.queries.is_filed`). So whatever interrupts this, the
next run finds just what is left.
"""

from collections.abc import Callable

from sqlalchemy import select

from app.boards.models import BOARD
from app.core.database import Database
from app.fills import refiling as fills
from app.prompts import refiling as prompts
from app.tags.filing import count_anew

Advance = Callable[[int], None]


async def count_to_file(database: Database, *, is_all: bool = False) -> int:
    """How many works are to be filed: those that never were, or all that stand."""
    async with database.reading() as session:
        return sum([await kind.count_to_file(session, is_all=is_all) for kind in (prompts, fills)])


async def file_works(database: Database, advance: Advance, *, is_all: bool = False) -> int:
    """File works, a few in each transaction, so that others may write in between; return how many.
    ``advance`` is told of each few.
    """
    filed = 0
    for kind in (prompts, fills):
        last, some = 0, -1
        while some:
            async with database.writing() as session:
                last, some = await kind.file_next(session, last, is_all=is_all)
            filed += some
            advance(some)
    if is_all:
        await _count_tags(database)
    return filed


async def _count_tags(database: Database) -> None:
    async with database.reading() as session:
        boards = [row.id for row in await session.all(select(BOARD.id))]
    for board_id in boards:
        async with database.writing() as session:
            await count_anew(session, board_id)
