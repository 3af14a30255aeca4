"""Making threads."""

from app.core.database import Session
from app.kit.ids import new_id
from app.threads.models import Thread, ThreadKind


async def open_thread(
    session: Session, board_id: int, kind: ThreadKind, conversation: str | None = None
) -> Thread:
    """Make the thread of something new; without a conversation it begins one of its own."""
    thread = Thread(board_id=board_id, kind=kind, conversation=conversation or new_id())
    await session.add(thread)
    return thread
