"""Whether somebody is banned from a board.

Boards know nothing of moderation, which stands above them. So the front desk (``app/api.py``) hands
in who knows.
"""

from collections.abc import Awaitable, Callable

from app.boards.errors import Banned
from app.core.database import Session
from app.core.sources import Source
from app.identity.people import Caller

#: From a board, who asks, and where from, to how they are told that they are banned there.
BANS: list[Callable[[Session, int, Caller | None, Source | None], Awaitable[Banned | None]]] = []


async def find_ban(
    session: Session, board_id: int, caller: Caller | None, source: Source | None
) -> Banned | None:
    """What keeps somebody from posting on a board, if anything does."""
    for find in BANS:
        banned = await find(session, board_id, caller, source)
        if banned is not None:
            return banned
    return None
