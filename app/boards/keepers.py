"""Who keeps order on a board: appointing, dismissing, handing over.

Whoever calls these holds the board's row, so that of two owners who leave at once one stays.
"""

from typing import Any

from sqlalchemy import delete, update

from app.boards import queries
from app.boards.errors import LastOwner
from app.boards.models import MODERATOR, Moderator
from app.core.database import Session
from app.core.tables import table_of
from app.outbox.models import EventType
from app.outbox.service import tell


async def appoint(session: Session, board_id: int, somebody: Any, role: str) -> None:
    """Have somebody (a row of :func:`queries.moderator`) keep order as ``owner`` or ``moderator``.

    :raises LastOwner: it was the last owner who would be a moderator.
    """
    if somebody.role == role:
        return
    if somebody.role == "owner":
        await _check_not_last(session, board_id)
    tell(session, board_id, EventType.BOARD_UPDATED, "")
    if somebody.role is None:
        await session.add(Moderator(board_id=board_id, account_id=somebody.account_id, role=role))
        return
    await session.run(update(table_of(Moderator)).where(*_it(board_id, somebody)).values(role=role))


async def dismiss(session: Session, board_id: int, somebody: Any) -> None:
    """Have somebody keep order no more.

    :raises LastOwner: it is the last owner.
    """
    if somebody.role == "owner":
        await _check_not_last(session, board_id)
    await session.run(delete(table_of(Moderator)).where(*_it(board_id, somebody)))
    tell(session, board_id, EventType.BOARD_UPDATED, "")


async def _check_not_last(session: Session, board_id: int) -> None:
    if await session.scalar(queries.owners_count(board_id)) == 1:
        raise LastOwner


def _it(board_id: int, somebody: Any) -> tuple[Any, ...]:
    return MODERATOR.board_id == board_id, MODERATOR.account_id == somebody.account_id
