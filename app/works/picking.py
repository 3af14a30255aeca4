"""Picking a work at random, each as likely as any other."""

from sqlalchemy import func, union_all

from app.core.database import Session
from app.core.errors import NotFound
from app.filters.wishes import Wishes
from app.works.filters import WorksAsked
from app.works.questions import Place, look_up


async def pick_one(session: Session, place: Place, asked: WorksAsked, wishes: Wishes | None) -> int:
    """The thread of one of the works that a list would show.

    All that match are looked at, or the pick would not be even: beside the event loop, so that
    nobody else waits.

    :raises NotFound: there is none.
    """
    question = await look_up(session, place, asked, wishes)
    if question.is_hopeless:
        raise NotFound
    matching = union_all(
        *(
            question.on_shelf(shelf, place.lean).with_only_columns(asked.works.thread_id)
            for shelf in question.shelves()
        )
    ).subquery()
    rows = await session.all_aside(matching.select().order_by(func.random()).limit(1))
    if not rows:
        raise NotFound
    return int(rows[0].thread_id)
