"""Making threads."""

from sqlalchemy import select

from app.core.database import Session
from app.kit.ids import new_id
from app.threads.models import THREAD, Thread, ThreadKind


async def open_thread(
    session: Session, board_id: int, kind: ThreadKind, conversation: str | None = None
) -> Thread:
    """Make the thread of something new; without a conversation it begins one of its own."""
    thread = Thread(board_id=board_id, kind=kind, conversation=conversation or new_id())
    await session.add(thread)
    return thread


async def hold_thread(session: Session, thread_id: int) -> None:
    """Hold a thread's row until the commit. Whatever changes comments holds their thread first, so
    that two changes of one thread follow each other.
    """
    held = select(THREAD.id).where(THREAD.id == thread_id).with_for_update(key_share=True)
    await session.execute(held)
