"""What can be done with appeals."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.appeals.errors import AlreadyAppealed
from app.appeals.models import APPEAL, Appeal
from app.core.database import Session
from app.core.tables import table_of
from app.kit.clock import now
from app.kit.ids import new_id


async def appeal(
    session: Session, entry: Any, things: Sequence[tuple[str, int]], note: str | None
) -> Appeal:
    """Have an author ask for another look at what was done to some things of theirs; return the
    first of the appeals, by which all of them are known.

    :raises AlreadyAppealed: they have done so before.
    """
    together = new_id()
    made = [
        Appeal(
            entry_id=entry.id,
            board_id=entry.board_id,
            type=kind,
            thing_id=thing_id,
            together=together,
            note=note,
            created_at=now().replace(microsecond=0),
        )
        for kind, thing_id in things
    ]
    try:
        for each in made:
            await session.add(each)
    except IntegrityError as error:
        # They did so in the same moment.
        raise AlreadyAppealed from error
    return made[0]


async def decide(session: Session, row: Any, status: str, answer: str | None) -> None:
    """Say what came of an appeal, and of those that were made together with it."""
    is_it = APPEAL.together == row.together
    changes = {"status": status, "answer": answer, "decided_at": now().replace(microsecond=0)}
    await session.run(
        update(table_of(Appeal)).where(is_it).values(**changes, edits=APPEAL.edits + 1)
    )
