"""What can be done with the rounds of a board.

Whatever changes a phase holds the board's row first, so that two changes of one board follow each
other. The one exception is the comment that fills a round up: it is counted on the round's row, and
closes it in the same statement.
"""

from typing import Any

from sqlalchemy import Row, Update, and_, select, update

from app.boards import queries
from app.boards.errors import RoundClosed
from app.boards.models import BOARD, ROUND, Board, Round
from app.boards.plans import UNCLOSED, changed_plan, new_plan
from app.boards.round_schemas import RoundCreate, RoundUpdate
from app.boards.schedule import is_due, next_change
from app.boards.settings import settings_of
from app.core.database import Session
from app.core.tables import is_unchanged, table_of
from app.kit import clock
from app.kit.clock import rfc3339, rfc3339_or_none
from app.outbox.models import EventType
from app.outbox.service import tell

_WHY = {
    "upcoming": "has not opened yet",
    "fill_only": "takes fills and comments, but no more prompts",
    "closed": "is closed",
    "archived": "is archived",
}


async def add_round(session: Session, board: Row[Any], sent: RoundCreate) -> int:
    """Add a round to a board whose row is held; return its number.

    :raises Invalid: its phase, dates and number don't go together.
    """
    plan = new_plan(sent, settings_of(board)["close_round_at_comments"], clock.now())
    number: int = await session.scalar(queries.last_round_number(board.id)) + 1
    if plan["phase"] == "prompting":
        await _end_prompting(session, board.id)
    title = sent.title or f"Round {number}"
    await session.add(Round(board_id=board.id, number=number, title=title, **plan))
    _tell(session, board.id, number)
    await _note_next_change(session, board.id)
    return number


async def change_round(session: Session, round_: Row[Any], sent: RoundUpdate) -> None:
    """Change what was sent of a round; its board's row and its own are held.

    :raises Invalid: what was sent does not go together, or not with what stays.
    """
    changes = changed_plan(round_, sent, clock.now())
    if is_unchanged(round_, changes):
        return
    is_moved = changes.get("phase", round_.phase) != round_.phase
    if is_moved and changes["phase"] == "prompting":
        await _end_prompting(session, round_.board_id)
    await session.run(
        update(table_of(Round))
        .where(ROUND.id == round_.id)
        .values(**changes, edits=ROUND.edits + 1)
    )
    if is_moved:
        _tell(session, round_.board_id, round_.number)
    await _note_next_change(session, round_.board_id)


async def settle(session: Session, board_id: int) -> None:
    """Write what the schedule of a board has come to by now. Its row is held from here on.

    Call it where :func:`is_due` says so, before anything is written that depends on a phase.
    """
    held = select(BOARD.next_change_at).where(BOARD.id == board_id)
    if not is_due(await session.scalar(held.with_for_update(key_share=True))):
        # Somebody else has done it in the meantime.
        return
    for round_ in await session.all(queries.overdue_rounds(board_id)):
        # A comment may have closed it a moment ago.
        as_read = and_(ROUND.id == round_.id, ROUND.phase == round_.phase)
        moved = update(table_of(Round)).where(as_read).values(phase=round_.phase_now)
        await _move(session, board_id, moved)
    await _note_next_change(session, board_id)


async def follow_setting(session: Session, board_id: int, old: int | None, new: int | None) -> None:
    """A board that is held closes its rounds at another number of comments: rounds that had the old
    one and still are to close have the new one.
    """
    await session.run(
        update(table_of(Round))
        .where(ROUND.board_id == board_id, ROUND.phase.in_(UNCLOSED))
        .where(ROUND.closes_at_comments.is_not_distinct_from(old))
        .values(closes_at_comments=new)
    )
    is_full = and_(ROUND.phase == "prompting", ROUND.comments_count >= ROUND.closes_at_comments)
    full = update(table_of(Round)).where(ROUND.board_id == board_id, is_full)
    await _move(session, board_id, full.values(phase="closed"))


async def close_round(session: Session, board_id: int, round_id: int) -> None:
    """Close a round whose row is held: so many comments were to close it."""
    is_it = ROUND.id == round_id
    await _move(session, board_id, update(table_of(Round)).where(is_it).values(phase="closed"))


async def taking_prompts(session: Session, board: Row[Any]) -> Row[Any]:
    """The row of a board, if its current round takes prompts.

    :raises RoundClosed: it does not.
    """
    if board.round_phase == "prompting":
        return board
    # Another round may have been opened while the board's row was waited for. Now that it is held,
    # what is read stays true.
    row = await session.first(queries.board(board.slug))
    assert row is not None
    if row.round_phase == "prompting":
        return row
    opens_at = await session.scalar(queries.next_opening(row.id))
    known = (
        f"Prompts are taken from {rfc3339(opens_at)} on."
        if opens_at
        else "When prompts are taken next is not known yet."
    )
    raise RoundClosed(
        f"Round {row.round_number} {_WHY[row.round_phase]}. {known}",
        phase=row.round_phase,
        opens_at=rfc3339_or_none(opens_at),
    )


async def check_takes_posts(session: Session, work: Any) -> None:
    """Whether the round of a work takes fills, parts, comments and edits: it does until it is
    archived, which no schedule does. ``work`` has ``board_id``, ``round`` (its number) and
    ``phase``, as rows of ``threads.queries.works`` do.

    :raises RoundClosed: the round is archived.
    """
    if work.phase == "archived":
        opens_at = await session.scalar(queries.next_opening(work.board_id))
        raise RoundClosed(
            f"Round {work.round} is archived. It can be read, but takes nothing any more.",
            phase=work.phase,
            opens_at=rfc3339_or_none(opens_at),
        )


async def _end_prompting(session: Session, board_id: int) -> None:
    """Another round is about to take prompts."""
    prompting = and_(ROUND.board_id == board_id, ROUND.phase == "prompting")
    ended = update(table_of(Round)).where(prompting).values(phase="fill_only")
    await _move(session, board_id, ended)


async def _move(session: Session, board_id: int, moved: Update) -> None:
    """Run a statement that brings rounds into another phase, and tell of each that it finds."""
    for round_ in await session.all(moved.returning(ROUND.number)):
        _tell(session, board_id, round_.number)


def _tell(session: Session, board_id: int, number: int) -> None:
    tell(session, board_id, EventType.ROUND_PHASE_CHANGED, str(number))


async def _note_next_change(session: Session, board_id: int) -> None:
    is_it = BOARD.id == board_id
    await session.run(update(table_of(Board)).where(is_it).values(next_change_at=next_change()))
