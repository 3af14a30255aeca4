"""What can be done with comments.

Whatever changes a thread takes the thread's row first, so that ordinals never collide and counters
never drift.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, update

from app.boards.rounds import settle
from app.boards.schedule import is_due
from app.boards.service import count
from app.comments import queries
from app.comments.errors import ReplyToDeleted
from app.comments.heads import Head
from app.comments.models import COMMENT, Comment
from app.core.database import Session
from app.core.errors import invalid
from app.core.tables import table_of
from app.fills.queries import part_id as part_at
from app.fills.service import note_fill_activity
from app.identity.people import Byline
from app.kit.clock import now
from app.kit.paths import has_room, segment
from app.prompts.service import note_activity
from app.threads.errors import Frozen
from app.threads.models import THREAD, Thread
from app.threads.states import State


@dataclass(frozen=True)
class CommentDraft:
    """A comment about to be posted."""

    body: str
    body_html: str
    parent_id: str | None
    part_number: int | None


async def post_comment(
    session: Session, head: Head, byline: Byline, draft: CommentDraft
) -> Comment:
    """Post a comment in a thread, as a reply or at the top level.

    :raises Invalid: the parent is not in this thread, or the fill has no such part.
    :raises ReplyToDeleted: the parent was taken away.
    :raises Frozen: the parent, or something above it, takes no replies.
    """
    part_id = await _part(session, head, draft.part_number)
    if head.fill_id is not None:
        await note_fill_activity(session, head.fill_id)
    await note_activity(session, head.prompt_id)
    thread = await _take_thread(session, head.thread_id, is_top=draft.parent_id is None)
    parent = await _parent(session, head, draft.parent_id)
    comment = Comment(
        thread_id=head.thread_id,
        seq=thread.latest_seq,
        body=draft.body,
        body_html=draft.body_html,
        part_id=part_id,
        mask_id=byline.mask_id,
        is_named=byline.is_named,
        is_moderator=byline.is_moderator,
        path="",
    )
    if parent is None:
        comment.path = segment(thread.children_count - 1)
    else:
        await _place_below(session, comment, parent)
    await session.add(comment)
    if is_due(head.next_change_at):
        await settle(session, head.board_id)
    await count(session, head.board_id, head.round_id, comments=1)
    return comment


async def edit_comment(session: Session, comment: Row[Any], body: str, body_html: str) -> None:
    """Change the words of a comment."""
    if body == comment.body:
        return
    await session.run(
        update(table_of(Comment))
        .where(COMMENT.id == comment.id)
        .values(body=body, body_html=body_html, edited_at=now(), edits=COMMENT.edits + 1)
    )


async def delete_comment(session: Session, head: Head, comment: Row[Any]) -> None:
    """Take a comment's words away. With replies it stays as a tombstone; without, it disappears,
    and so do tombstones above that held up nothing else.
    """
    await session.run(
        update(table_of(Thread))
        .where(THREAD.id == head.thread_id)
        .values(comments_count=THREAD.comments_count - 1)
    )
    await session.run(
        update(table_of(Comment))
        .where(COMMENT.id == comment.id)
        .values(
            state=State.DELETED.value,
            body=None,
            body_html=None,
            is_shown=comment.replies_count > 0,
            edits=COMMENT.edits + 1,
        )
    )
    if not comment.replies_count:
        await _drop_idle_tombstones(session, comment.parent_id)
    await count(session, head.board_id, head.round_id, comments=-1)


async def _part(session: Session, head: Head, number: int | None) -> int | None:
    """The id of the part that a comment is about: parts move, and their numbers with them."""
    if number is None or head.fill_id is None:
        return None
    found: int | None = await session.scalar(part_at(head.fill_id, number))
    if found is None:
        raise invalid("body", "/part_number", "no_such_part", "The fill has no such part.")
    return found


async def _take_thread(session: Session, thread_id: int, *, is_top: bool) -> Row[Any]:
    row = await session.first(
        update(table_of(Thread))
        .where(THREAD.id == thread_id)
        .values(
            latest_seq=THREAD.latest_seq + 1,
            comments_count=THREAD.comments_count + 1,
            children_count=THREAD.children_count + int(is_top),
        )
        .returning(THREAD.latest_seq, THREAD.children_count)
    )
    assert row is not None
    return row


async def _parent(session: Session, head: Head, parent_id: str | None) -> Row[Any] | None:
    if parent_id is None:
        return None
    parent = await session.first(queries.standing_comment(parent_id))
    if parent is None or parent.thread_id != head.thread_id:
        raise invalid("body", "/parent_id", "no_such_parent", "No such comment in this thread.")
    if parent.state == State.DELETED:
        raise ReplyToDeleted
    if await session.scalar(queries.frozen_above(parent.id)):
        raise Frozen
    return parent


async def _place_below(session: Session, comment: Comment, parent: Row[Any]) -> None:
    """Give a reply its place: below its parent, or, where the parent's path is as long as paths
    get, behind its parent, below the parent's own anchor.
    """
    anchor_id = parent.id if has_room(parent.path) else parent.anchor_id
    anchor = await session.first(
        update(table_of(Comment))
        .where(COMMENT.id == anchor_id)
        .values(children_count=COMMENT.children_count + 1)
        .returning(COMMENT.children_count, COMMENT.path)
    )
    assert anchor is not None
    await session.run(
        update(table_of(Comment))
        .where(COMMENT.id == parent.id)
        .values(replies_count=COMMENT.replies_count + 1)
    )
    comment.parent_id = parent.id
    comment.anchor_id = anchor_id
    comment.depth = parent.depth + 1
    comment.path = anchor.path + segment(anchor.children_count - 1)


async def _drop_idle_tombstones(session: Session, parent_id: int | None) -> None:
    """A reply is no longer shown: tell its parent, and go on upward where the parent was only shown
    for the sake of its replies.
    """
    while parent_id is not None:
        parent = await session.first(
            update(table_of(Comment))
            .where(COMMENT.id == parent_id)
            .values(replies_count=COMMENT.replies_count - 1)
            .returning(COMMENT.replies_count, COMMENT.state, COMMENT.parent_id)
        )
        assert parent is not None
        if parent.replies_count or parent.state == State.VISIBLE:
            return
        await session.run(
            update(table_of(Comment)).where(COMMENT.id == parent_id).values(is_shown=False)
        )
        parent_id = parent.parent_id
