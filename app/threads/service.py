"""Making threads, and what a thread knows of its head."""

from collections.abc import Sequence

from sqlalchemy import or_, select, update

from app.core.database import Session
from app.core.tables import row_of, table_of
from app.kit.ids import new_id
from app.threads.models import THREAD, Thread, ThreadKind


async def open_thread(
    session: Session,
    board_id: int,
    kind: ThreadKind,
    conversation: str | None = None,
    *,
    is_in_sight: bool = True,
) -> Thread:
    """Make the thread of something new; without a conversation it begins one of its own."""
    thread = Thread(
        board_id=board_id,
        kind=kind,
        conversation=conversation or new_id(),
        is_in_sight=is_in_sight,
    )
    await session.add(thread)
    return thread


async def open_threads(
    session: Session, board_id: int, heads: Sequence[tuple[ThreadKind, str]]
) -> list[int]:
    """Make the threads of many new things at once, each with its kind and its conversation; return
    their numbers.
    """
    rows = [
        row_of(Thread, board_id=board_id, kind=kind.value, conversation=conversation)
        for kind, conversation in heads
    ]
    return await session.put_numbered(table_of(Thread), rows)


async def hold_thread(session: Session, thread_id: int) -> None:
    """Hold a thread's row until the commit. Whatever changes comments holds their thread first, so
    that two changes of one thread follow each other.
    """
    held = select(THREAD.id).where(THREAD.id == thread_id).with_for_update(key_share=True)
    await session.execute(held)


async def count_comments(session: Session, thread_id: int, by: int) -> None:
    """Move the counter of the visible comments of a thread."""
    await session.run(
        update(table_of(Thread))
        .where(THREAD.id == thread_id)
        .values(comments_count=THREAD.comments_count + by)
    )


async def show_thread(session: Session, thread_id: int, *, is_in_sight: bool) -> int:
    """Note whether the head of a thread is in sight; return how many visible comments go with it.
    The thread is held from here on.
    """
    comments = await session.scalar(
        update(table_of(Thread))
        .where(THREAD.id == thread_id)
        .values(is_in_sight=is_in_sight)
        .returning(THREAD.comments_count)
    )
    assert isinstance(comments, int)
    return comments


async def show_conversation(
    session: Session, prompt_thread_id: int, conversation: str, *, is_in_sight: bool
) -> int:
    """As :func:`show_thread`, for a prompt with all that is below it: the comments on its fills
    count too, on those that are not out of sight by themselves.
    """
    counted = or_(THREAD.is_in_sight, THREAD.id == prompt_thread_id)
    threads = await session.all(
        select(THREAD.comments_count)
        .where(THREAD.conversation == conversation, counted)
        .order_by(THREAD.id)
        .with_for_update(key_share=True)
    )
    await show_thread(session, prompt_thread_id, is_in_sight=is_in_sight)
    return sum(each.comments_count for each in threads)
