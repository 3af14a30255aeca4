"""What can be done with reports."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, or_, select, update

from app.core.database import Session
from app.core.day_keys import KEPT_DAYS
from app.core.tables import table_of
from app.kit.clock import now
from app.kit.ids import new_id
from app.kit.tokens import TokenKind, hash_of, new_token
from app.reports import queries
from app.reports.categories import URGENCY
from app.reports.models import CLEARED, REPORT, Cleared, Report
from app.reports.things import Reported, Reporter

#: A network hides so much by its reports within a day. What it reports beyond that waits like all
#: else.
HIDES_A_DAY = 5
#: Who hides something has this long to be proven right or wrong by the board's own moderators.
PATIENCE = timedelta(hours=72)


def overdue_since() -> datetime:
    """What was hidden before then goes to the administrators."""
    return now() - PATIENCE


async def make_report(
    session: Session,
    reported: Reported,
    reporter: Reporter,
    category: str,
    note: str | None,
    *,
    hider: bytes | None,
) -> tuple[str, str]:
    """Take a report; return its public id, and the token by which its maker reads what comes of it.
    Whoever calls this has made sure that they have made none about the thing yet. ``hider`` is what
    is noted of who has hidden the thing by it, if it did.
    """
    token, public_id = new_token(TokenKind.RECEIPT), new_id()
    await session.add(
        Report(
            public_id=public_id,
            board_id=reported.board_id,
            type=reported.type,
            thing_id=reported.thing_id,
            target_id=reported.public_id,
            category=category,
            urgency=URGENCY[category],
            note=note,
            has_hidden=hider is not None,
            receipt=hash_of(token),
            mask_id=reporter.mask_id,
            source=None if reporter.mask_id is not None else reporter.at_thing[0],
            reporter=reporter.on_board,
            hider=hider,
            created_at=now().replace(microsecond=0),
        )
    )
    return public_id, token


async def may_hide(session: Session, reported: Reported, reporter: Reporter) -> bytes | None:
    """What is noted of a reporter whose report may hide a thing at once, or nothing: no network
    hides more than some a day, and nothing that a moderator has cleared, and nobody has edited
    since, is hidden again.

    Each of the things that a network has hidden within a day has another of its hashes, and none is
    used twice: a day later the key is another one.
    """
    if await session.scalar(queries.cleared(*reported.key)) == reported.version:
        return None
    if session.dialect == "postgresql":
        await session.execute(queries.turn_of_hider(reporter.turn))
    since = now() - timedelta(days=1)
    every = [known for hashes in reporter.as_hider for known in hashes]
    used = {bytes(row.hider) for row in await session.all(queries.hides(every, since))}
    free = (hashes[0] for hashes in reporter.as_hider if used.isdisjoint(hashes))
    return next(free, None)


async def decide(session: Session, report: Any, status: str) -> None:
    """Say what came of a report."""
    decided_at = None if status == "open" else now().replace(microsecond=0)
    await _change(session, report.id, status=status, decided_at=decided_at)


async def assign(session: Session, report: Any, account_id: int | None) -> None:
    """Have a moderator look after a report, or nobody."""
    await _change(session, report.id, assigned_to=account_id)


async def clear(session: Session, reported: Reported) -> None:
    """Note that a moderator has found nothing wrong with a thing as it is."""
    kind, thing_id = reported.key
    is_it = (CLEARED.type == kind, CLEARED.thing_id == thing_id)
    await session.run(delete(table_of(Cleared)).where(*is_it))
    await session.add(Cleared(type=kind, thing_id=thing_id, version=reported.version))


async def uphold_about(session: Session, kind: str, thing_id: int) -> None:
    """Uphold all open reports about a thing, and about the parts of a fill: a moderator has acted
    upon it.
    """
    changes = {"status": "upheld", "decided_at": now().replace(microsecond=0)}
    about = and_(REPORT.type == kind, REPORT.thing_id == thing_id)
    if kind == "fill":
        about = or_(about, queries.is_about_part_of(thing_id))
    await session.run(
        update(table_of(Report))
        .where(about, REPORT.status == "open")
        .values(**changes, edits=REPORT.edits + 1)
    )


async def forget_reporters(session: Session) -> None:
    """Forget by which networks was reported, once their keys are gone."""
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    is_old = REPORT.created_at < midnight - timedelta(days=KEPT_DAYS - 1)
    is_known = or_(REPORT.source.is_not(None), REPORT.hider.is_not(None))
    forgotten = {"source": None, "hider": None, "reporter": b""}
    await session.run(update(table_of(Report)).where(is_old, is_known).values(**forgotten))


async def hides_by_others(session: Session, report: Any) -> bool:
    """Whether another open report hid the same thing, too."""
    statement = select(REPORT.id).where(
        REPORT.type == report.type,
        REPORT.thing_id == report.thing_id,
        REPORT.status == "open",
        REPORT.has_hidden,
        REPORT.id != report.id,
    )
    return await session.first(statement) is not None


async def _change(session: Session, report_id: int, **changes: Any) -> None:
    is_it = REPORT.id == report_id
    await session.run(
        update(table_of(Report)).where(is_it).values(**changes, edits=REPORT.edits + 1)
    )
