"""Picking a work at random, each as likely as any other."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, union_all

from app.core.database import Session
from app.core.errors import NotFound
from app.filters.wishes import Wishes
from app.works.filters import WorksAsked
from app.works.lists import warnings_of
from app.works.questions import Place, look_up


@dataclass(frozen=True)
class Picked:
    """A work, by its thread. ``warnings`` is what its public shape says besides, where its reader
    wanted to be warned about it.
    """

    thread_id: int
    warnings: dict[str, Any] = field(default_factory=dict)


async def pick_one(
    session: Session, place: Place, asked: WorksAsked, wishes: Wishes | None
) -> Picked:
    """One of the works that a list would show.

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
    thread_id = int(rows[0].thread_id)
    warnings = await warnings_of(session, question, rows)
    return Picked(thread_id, {"warned_about": warnings[thread_id]} if warnings else {})
