"""What the parts of a fill said before, kept for their author for a while.

An author who has pasted over a chapter, or thinks better of an edit, gets the words back. Nobody
else ever sees them, whatever their role: what an author takes out of a story, be it a name, is out
of it. For the same reason nothing is kept of what is deleted, a part or a whole fill: that is how
an author takes words back for good.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, select

from app.core.database import Session
from app.core.paging import Order
from app.core.tables import table_of
from app.fills.models import PART, PART_VERSION, PartVersion
from app.kit.clock import now

#: How long an earlier version is kept after it was replaced.
KEPT_DAYS = 30
#: So many of a part are kept at most. A story may be saved every minute, and its disk is finite.
KEPT_OF_A_PART = 20
#: So many, the latest, are kept however soon they followed each other; of those before, one an
#: hour. An editor that saves by itself can't push out what stood there before its last hours.
KEPT_AS_THEY_ARE = 5
THINNED_TO = timedelta(hours=1)

NEWEST_FIRST = Order((PART_VERSION.id,), descending=True)
_FORGOTTEN_AT_ONCE = 100


def since() -> datetime:
    """Only what was replaced after this instant is there, whether or not the rest is deleted."""
    return now() - timedelta(days=KEPT_DAYS)


async def keep_version(session: Session, part: Row[Any], *, replaced_at: datetime) -> None:
    """Keep what a part says until an instant, from which it says something else. Whoever calls this
    holds the fill's row.
    """
    await session.add(
        PartVersion(
            part_id=part.id,
            title=part.title,
            body=part.body,
            body_html=part.body_html,
            content_notes=part.content_notes,
            words_count=part.words_count,
            written_at=part.edited_at or part.posted_at,
            replaced_at=replaced_at,
        )
    )
    kept = await session.all(
        select(PART_VERSION.id, PART_VERSION.replaced_at)
        .where(PART_VERSION.part_id == part.id)
        .order_by(PART_VERSION.id)
    )
    too_many = _too_many(kept)
    if too_many:
        await session.run(delete(table_of(PartVersion)).where(PART_VERSION.id.in_(too_many)))


async def drop_version(session: Session, version: Row[Any]) -> None:
    """Delete one version before its time."""
    await session.run(delete(table_of(PartVersion)).where(PART_VERSION.id == version.id))


async def drop_versions_of_part(session: Session, part_id: int) -> None:
    """Delete all that a part said before."""
    await session.run(delete(table_of(PartVersion)).where(PART_VERSION.part_id == part_id))


async def drop_versions_of_fill(session: Session, fill_id: int) -> None:
    """Delete all that the parts of a fill said before, since it has no author any more who could
    read it.
    """
    parts = select(PART.id).where(PART.fill_id == fill_id)
    await session.run(delete(table_of(PartVersion)).where(PART_VERSION.part_id.in_(parts)))


async def forget_old_versions(session: Session) -> int:
    """Delete some versions whose time is over, and say how many: the texts are long, and writers
    wait meanwhile.
    """
    old = (
        select(PART_VERSION.id)
        .where(PART_VERSION.replaced_at <= since())
        .order_by(PART_VERSION.replaced_at)
        .limit(_FORGOTTEN_AT_ONCE)
        # Another process may do the same: what it holds it deletes.
        .with_for_update(skip_locked=True)
    )
    found = [row.id for row in await session.all(old)]
    if found:
        await session.run(delete(table_of(PartVersion)).where(PART_VERSION.id.in_(found)))
    return len(found)


def _too_many(kept: Sequence[Row[Any]]) -> list[int]:
    """Which of a part's versions, the oldest first, are not kept."""
    older, latest = kept[:-KEPT_AS_THEY_ARE], kept[-KEPT_AS_THEY_ARE:]
    thinned: list[Row[Any]] = []
    for each in older:
        if not thinned or each.replaced_at - thinned[-1].replaced_at >= THINNED_TO:
            thinned.append(each)
    staying = {each.id for each in [*thinned, *latest][-KEPT_OF_A_PART:]}
    return [each.id for each in kept if each.id not in staying]
