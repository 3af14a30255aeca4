"""Writing the log of moderation."""

from app.boards.service import hold_board
from app.core.database import Session
from app.kit.clock import now
from app.moderation.models import LogEntry, LogMargin


async def write_entry(
    session: Session,
    board_id: int,
    *,
    action: str,
    reason: str,
    by: str,
    account_id: int | None = None,
    note: str | None = None,
    target: tuple[str, str] | None = None,
    count: int | None = None,
) -> LogEntry:
    """Write one row of the log of a board, and the note and the moderator beside it. ``target`` is
    a type and a public id; without it ``count`` says how many they were.

    The board is held, so entries are numbered in the order in which they are committed, and readers
    of the log miss none.
    """
    await hold_board(session, board_id)
    kind, public_id = target or (None, None)
    entry = LogEntry(
        board_id=board_id,
        action=action,
        reason=reason,
        by=by,
        target_type=kind,
        target_id=public_id,
        count=None if target else count,
        created_at=now().replace(microsecond=0),
    )
    await session.add(entry)
    await session.add(LogMargin(entry_id=entry.id, account_id=account_id, note=note))
    return entry
