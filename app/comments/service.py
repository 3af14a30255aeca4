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
from app.core.database import Prepared, Session, parameter
from app.core.errors import Gone, invalid
from app.core.sources import Source
from app.core.tables import row_of, table_of
from app.discussions.service import note_talk
from app.fills.queries import part_id as part_at
from app.fills.service import note_fill_activity
from app.identity.people import Byline
from app.kit.clock import now
from app.kit.paths import has_room, segment
from app.outbox.models import EventType
from app.outbox.service import tell, tell_gone, tell_shown
from app.prompts.service import note_activity
from app.threads.errors import Frozen
from app.threads.models import THREAD, Thread
from app.threads.queries import out_of_sight_above
from app.threads.service import count_comments, hold_thread
from app.threads.sources import note_source
from app.threads.states import State


@dataclass(frozen=True)
class CommentDraft:
    """A comment about to be posted."""

    body: str
    body_html: str
    parent_id: str | None
    part_number: int | None


@dataclass(frozen=True)
class _Place:
    """Where a comment stands: in time (``seq``) and in the reading order."""

    seq: int
    path: str
    anchor_id: int | None


async def post_comment(
    session: Session,
    head: Head,
    byline: Byline,
    draft: CommentDraft,
    state: State = State.VISIBLE,
    *,
    source: Source | None = None,
) -> dict[str, Any]:
    """Post a comment in a thread, as a reply or at the top level, in sight or ``screened``, and
    note from where; return its columns, but for the number of its row.

    :raises Invalid: the parent is not in this thread, or the fill has no such part.
    :raises ReplyToDeleted: the parent was taken away.
    :raises Frozen: the parent, or something above it, takes no replies.
    :raises NotFound: the head went out of sight in the same moment.
    """
    part_id = await _part(session, head, draft.part_number)
    is_visible = state == State.VISIBLE
    taken = None
    if is_visible:
        await _note_news(session, head)
        taken = await _take_seq(session, head.thread_id, is_top=draft.parent_id is None)
    else:
        await hold_thread(session, head.thread_id)
    parent = await _parent(session, head, draft.parent_id)
    comment = row_of(
        Comment,
        thread_id=head.thread_id,
        parent_id=parent.id if parent else None,
        depth=parent.depth + 1 if parent else 0,
        body=draft.body,
        body_html=draft.body_html,
        part_id=part_id,
        state=state.value,
        is_shown=is_visible,
        mask_id=byline.mask_id,
        account_id=byline.account_id,
        is_moderator=byline.is_moderator,
    )
    if taken is not None:
        place = await _place(session, taken, parent)
        comment |= {"seq": place.seq, "path": place.path, "anchor_id": place.anchor_id}
    await session.insert(Comment, **comment)
    if source is not None:
        # Whatever everybody's posts change, such as the counters of a round, is changed last.
        await note_source(session, comment["public_id"], source)
    if is_visible:
        if is_due(head.next_change_at):
            await settle(session, head.board_id)
        own = (comment["public_id"], comment["parent_id"])
        await _came_into_sight(session, head, *own, was_shown=False, is_counted=True, is_back=False)
    return comment


async def edit_comment(
    session: Session, head: Head, comment: Row[Any], body: str, body_html: str
) -> None:
    """Change the words of a comment."""
    if body == comment.body:
        return
    await session.run(
        update(table_of(Comment))
        .where(COMMENT.id == comment.id)
        .values(body=body, body_html=body_html, edited_at=now(), edits=COMMENT.edits + 1)
    )
    if head.is_in_sight:
        _tell_changed(session, head.board_id, comment)


async def set_author(
    session: Session, comment: Row[Any], *, mask_id: int | None, account_id: int | None
) -> None:
    """Have a comment (a row of :func:`queries.comment`) be signed otherwise. Whoever calls this
    holds its thread.
    """
    await _change(session, comment.id, mask_id=mask_id, account_id=account_id)
    if await session.first(out_of_sight_above(comment.thread_id)) is None:
        _tell_changed(session, comment.board_id, comment)


async def leave_stub(
    session: Session, head: Head, comment: Row[Any], kind: str, public_id: str
) -> None:
    """A comment became something else (``kind``): a stub that says where it is stays in its place,
    with the replies below it. Whoever calls this holds its thread.
    """
    await _change(
        session,
        comment.id,
        state=State.MOVED.value,
        moved_to=public_id,
        moved_to_kind=kind,
        body=None,
        body_html=None,
        part_id=None,
        mask_id=None,
        account_id=None,
        edited_at=None,
    )
    await count_comments(session, head.thread_id, -1)
    if head.is_in_sight:
        await _count_in_round(session, head, -1)
        tell(session, head.board_id, EventType.COMMENT_MOVED, comment.public_id)


async def delete_comment(session: Session, head: Head, comment: Row[Any]) -> None:
    """Take a comment's words away. With replies it stays as a tombstone; without, it disappears,
    and so do tombstones above that held up nothing else.
    """
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
    if comment.state == State.VISIBLE:
        await _went_out_of_sight(session, head, comment, State.DELETED, is_counted=head.is_in_sight)


async def set_state(session: Session, head: Head, public_id: str, state: State) -> None:
    """Take a comment out of sight (``screened``, ``hidden``), or bring it into sight (``visible``).
    With replies that are shown it stays as a tombstone meanwhile.

    One that nobody has seen yet becomes the newest of its thread, and the last among its siblings:
    it has no earlier place that a reader might have passed. Any other comes back to where it was.

    It holds what it needs by itself, in the order of all holds, so whoever calls it has held
    nothing but fills, parts and prompts.

    :raises Gone: its author deleted it.
    :raises NotFound: what it is about went out of sight in the same moment.
    """
    first = await session.first(queries.comment(public_id))
    assert first is not None
    if state == State.VISIBLE and first.seq is None and head.is_in_sight:
        await _note_news(session, head)
    await hold_thread(session, head.thread_id)
    comment = await session.first(queries.comment(public_id))
    assert comment is not None
    if comment.state == State.DELETED:
        raise Gone
    if comment.state == state:
        return
    is_counted = await session.first(out_of_sight_above(head.thread_id)) is None
    if state == State.VISIBLE:
        await _bring_back(session, comment)
        await _came_into_sight(
            session,
            head,
            public_id,
            comment.parent_id,
            was_shown=bool(comment.is_shown),
            is_counted=is_counted,
            is_back=comment.seq is not None,
        )
        return
    changes = {"state": state.value, "is_shown": comment.replies_count > 0}
    await _change(session, comment.id, **changes)
    if comment.state == State.VISIBLE:
        await _went_out_of_sight(session, head, comment, state, is_counted=is_counted)


async def set_frozen(session: Session, comment: Row[Any], *, is_frozen: bool) -> None:
    """Have a comment (a row of :func:`queries.comment`), and all below it, take no replies, or take
    them again. Whoever calls this holds the thread.
    """
    await _change(session, comment.id, is_frozen=is_frozen)
    if await session.first(out_of_sight_above(comment.thread_id)) is None:
        _tell_changed(session, comment.board_id, comment)


async def _bring_back(session: Session, comment: Row[Any]) -> None:
    """Let a comment be seen, at its old place if it has one."""
    changes: dict[str, Any] = {"state": State.VISIBLE.value, "is_shown": True}
    if comment.seq is None:
        taken = await _take_seq(session, comment.thread_id, is_top=comment.parent_id is None)
        parent = None
        if comment.parent_id is not None:
            parent = await session.first(queries.by_id(comment.parent_id))
        place = await _place(session, taken, parent)
        changes |= {"seq": place.seq, "path": place.path, "anchor_id": place.anchor_id}
    else:
        await count_comments(session, comment.thread_id, 1)
    await _change(session, comment.id, **changes)


async def _came_into_sight(
    session: Session,
    head: Head,
    public_id: str,
    parent_id: int | None,
    *,
    was_shown: bool,
    is_counted: bool,
    is_back: bool,
) -> None:
    """Everybody may see a comment (a reply to ``parent_id``) from now on, be it for the first time
    or again (``is_back``), unless what it is about is out of sight: then the round does not count
    it (``is_counted``), and nobody is told. ``was_shown`` says that it stood there as a tombstone.
    """
    if not was_shown:
        await raise_tombstones(session, parent_id)
    if is_counted:
        await _count_in_round(session, head, 1)
        tell_shown(session, head.board_id, "comment", public_id, is_back=is_back)


async def _went_out_of_sight(
    session: Session, head: Head, comment: Row[Any], state: State, *, is_counted: bool
) -> None:
    """Nobody may read a comment any more, be it screened, hidden or deleted."""
    await count_comments(session, comment.thread_id, -1)
    if not comment.replies_count:
        await drop_idle_tombstones(session, comment.parent_id)
    if is_counted:
        await _count_in_round(session, head, -1)
        is_deleted = state == State.DELETED
        tell_gone(session, head.board_id, "comment", comment.public_id, is_deleted=is_deleted)


def _tell_changed(session: Session, board_id: int, comment: Row[Any]) -> None:
    """A comment is another than it was, for everybody if they see it."""
    if comment.state == State.VISIBLE:
        tell(session, board_id, EventType.COMMENT_UPDATED, comment.public_id)


async def _part(session: Session, head: Head, number: int | None) -> int | None:
    """The id of the part that a comment is about: parts move, and their numbers with them."""
    if number is None or head.fill_id is None:
        return None
    found: int | None = await session.scalar(part_at(head.fill_id, number))
    if found is None:
        raise invalid("body", "/part_number", "no_such_part", "The fill has no such part.")
    return found


async def _note_news(session: Session, head: Head) -> None:
    """Something new is said below a fill and its prompt, or in a discussion, which are held from
    here on.
    """
    if head.fill_id is not None:
        await note_fill_activity(session, head.fill_id)
    if head.prompt_id is not None:
        await note_activity(session, head.prompt_id)
    if head.discussion_id is not None:
        await note_talk(session, head.discussion_id)


_GIVEN = (THREAD.latest_seq, THREAD.children_count)
_TAKE_SEQ = Prepared(
    update(table_of(Thread))
    .where(THREAD.id == parameter("thread_id"))
    .values(
        latest_seq=THREAD.latest_seq + 1,
        comments_count=THREAD.comments_count + 1,
        children_count=THREAD.children_count + parameter("tops", THREAD.children_count.type),
    )
    .returning(*_GIVEN),
    _GIVEN,
)


async def _take_seq(session: Session, thread_id: int, *, is_top: bool) -> Any:
    """Count one more visible comment in a thread, and take the next place in time, and at the top
    level the next ordinal, from it.
    """
    (row,) = await session.rows(_TAKE_SEQ, thread_id=thread_id, tops=int(is_top))
    return row


async def _count_in_round(session: Session, head: Head, by: int) -> None:
    """Move the counter of the round of a thread, if it stands in one."""
    if head.round_id is not None:
        await count(session, head.board_id, head.round_id, comments=by)


async def _change(session: Session, comment_id: int, **changes: Any) -> None:
    await session.run(update(table_of(Comment)).where(COMMENT.id == comment_id).values(**changes))


async def _parent(session: Session, head: Head, parent_id: str | None) -> Any:
    if parent_id is None:
        return None
    found = await session.rows(queries.PARENT_BY_ID, public_id=parent_id)
    if not found or found[0].thread_id != head.thread_id:
        raise invalid("body", "/parent_id", "no_such_parent", "No such comment in this thread.")
    (parent,) = found
    if parent.state != State.VISIBLE:
        raise ReplyToDeleted
    if await session.fetch(queries.FROZEN_ABOVE, parent_id=parent.id):
        raise Frozen
    return parent


_ANCHORING = (COMMENT.children_count, COMMENT.path)
_TAKE_ORDINAL = Prepared(
    update(table_of(Comment))
    .where(COMMENT.id == parameter("anchor_id"))
    .values(children_count=COMMENT.children_count + 1)
    .returning(*_ANCHORING),
    _ANCHORING,
)


async def _place(session: Session, taken: Any, parent: Any) -> _Place:
    """Give a comment its place, the last there is: at the top level, below its parent, or, where
    the parent's path is as long as paths get, behind its parent, below the parent's own anchor.
    """
    if parent is None:
        return _Place(taken.latest_seq, segment(taken.children_count - 1), None)
    anchor_id = parent.id if has_room(parent.path) else parent.anchor_id
    (anchor,) = await session.rows(_TAKE_ORDINAL, anchor_id=anchor_id)
    path = anchor.path + segment(anchor.children_count - 1)
    return _Place(taken.latest_seq, path, anchor_id)


_ANSWERED = (COMMENT.replies_count, COMMENT.state, COMMENT.parent_id)
_COUNT_REPLY = Prepared(
    update(table_of(Comment))
    .where(COMMENT.id == parameter("comment_id"))
    .values(replies_count=COMMENT.replies_count + 1, is_shown=True)
    .returning(*_ANSWERED),
    _ANSWERED,
)


async def raise_tombstones(session: Session, parent_id: int | None) -> None:
    """A reply is shown that was not: tell its parent, and go on upward where the parent is shown
    only for its sake, as a tombstone.
    """
    while parent_id is not None:
        (parent,) = await session.rows(_COUNT_REPLY, comment_id=parent_id)
        if parent.replies_count > 1 or parent.state == State.VISIBLE:
            return
        parent_id = parent.parent_id


async def drop_idle_tombstones(session: Session, parent_id: int | None) -> None:
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
        await _change(session, parent_id, is_shown=False)
        parent_id = parent.parent_id
