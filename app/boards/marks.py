"""Marks that sources leave on a board: that somebody without a token has done something there.

A mark ties nobody to a post. It has no name and no order, and of the time it keeps the hour; the
source in it can't be traced once the key of its day is gone.
"""

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, select

from app.boards.models import SOURCE_MARK, SourceMark
from app.core.database import Session
from app.core.day_keys import KEPT_DAYS
from app.core.sources import Source
from app.core.tables import table_of
from app.kit.clock import now

#: What a mark is left for.
What = Literal["prompt"]


async def leave_mark(session: Session, board_id: int, what: What, source: Source) -> None:
    """Leave a mark. Whoever calls this holds the board's row."""
    hour = now().replace(minute=0, second=0, microsecond=0)
    today = source.hashes(_place(board_id, what))[0]
    await session.add(SourceMark(board_id=board_id, what=what, source=today, created_at=hour))


async def nth_latest_mark(
    session: Session, board_id: int, what: What, source: Source, nth: int, *, since: datetime
) -> datetime | None:
    """When a source left its ``nth`` latest mark; ``None`` if it has left fewer ``since`` then."""
    found: datetime | None = await session.scalar(
        select(SOURCE_MARK.created_at)
        .where(
            SOURCE_MARK.board_id == board_id,
            SOURCE_MARK.what == what,
            SOURCE_MARK.source.in_(source.hashes(_place(board_id, what))),
            SOURCE_MARK.created_at > since,
        )
        .order_by(SOURCE_MARK.created_at.desc())
        .offset(nth - 1)
        .limit(1)
    )
    return found


async def forget_marks(session: Session, board_id: int, what: What, *, before: datetime) -> None:
    """Delete the marks of a kind that were left on a board before an instant, since nobody needs
    them any more. Whoever calls this holds the board's row.
    """
    of_kind = (SOURCE_MARK.board_id == board_id, SOURCE_MARK.what == what)
    old = SOURCE_MARK.created_at <= before
    await session.run(delete(table_of(SourceMark)).where(*of_kind, old))


async def forget_old_marks(session: Session) -> None:
    """Delete the marks of all boards whose keys are gone."""
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    old = SOURCE_MARK.created_at < midnight - timedelta(days=KEPT_DAYS - 1)
    # Another process may do the same: what it holds it deletes.
    free = select(SOURCE_MARK.id).where(old).with_for_update(skip_locked=True)
    await session.run(delete(table_of(SourceMark)).where(SOURCE_MARK.id.in_(free)))


def _place(board_id: int, what: What) -> str:
    return f"{what}/{board_id}"
