"""What a board's keepers do otherwise than by an action of moderation, on record all the same.

Boards know nothing of moderation, which stands above them and writes the log. So the front desk
(``app/api.py``) hands in who does.
"""

from collections.abc import Awaitable, Callable
from typing import Literal

from app.core.database import Session
from app.identity.people import Caller

#: ``pause`` and ``resume`` posting on a board; ``close`` and ``open`` a discussion.
Kept = Literal["pause", "resume", "close", "open"]
#: Given a board, who does what, and to what (type and public id), if it is not the board itself.
RECORDS: list[Callable[[Session, int, Caller, Kept, tuple[str, str] | None], Awaitable[None]]] = []


async def record(
    session: Session,
    board_id: int,
    keeper: Caller,
    action: Kept,
    target: tuple[str, str] | None = None,
) -> None:
    """Have what a keeper does stand in the board's log."""
    for write in RECORDS:
        await write(session, board_id, keeper, action, target)
