"""Picking a work at random, each as likely as any other."""

from sqlalchemy import func, union_all

from app.core.database import Session
from app.core.errors import NotFound
from app.filters.wishes import Wishes
from app.works.asked import WorksAsked
from app.works.lists import Place, look_up


async def pick_one(session: Session, place: Place, asked: WorksAsked, wishes: Wishes | None) -> int:
    """The thread of one of the works that a list would show.

    All that match are looked at, or the pick would not be even: beside the event loop, so that
    nobody else waits.

    :raises NotFound: there is none.
    """
    found = await look_up(session, place, asked, wishes)
    if found.is_empty:
        raise NotFound
    matching = union_all(
        *(
            found.on_shelf(shelf, place.lean).with_only_columns(asked.works.thread_id)
            for shelf in found.shelves()
        )
    ).subquery()
    rows = await session.all_aside(matching.select().order_by(func.random()).limit(1))
    if not rows:
        raise NotFound
    return int(rows[0].thread_id)
