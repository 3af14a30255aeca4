"""What can be done with discussions."""

from typing import Any

from sqlalchemy import Row, update

from app.core.database import Session
from app.core.errors import Gone, NotFound
from app.core.rendering import Draft
from app.core.tables import is_unchanged, table_of
from app.discussions.models import DISCUSSION, Closer, Discussion
from app.discussions.schemas import DiscussionCreate, DiscussionUpdate
from app.identity.people import Byline
from app.kit.clock import now
from app.kit.text import title_from
from app.outbox.models import EventType
from app.outbox.service import tell, tell_gone, tell_shown
from app.threads.models import ThreadKind
from app.threads.service import open_thread, show_thread
from app.threads.states import State, stands


async def begin_discussion(
    session: Session,
    board: Row[Any],
    byline: Byline,
    draft: Draft[DiscussionCreate],
    state: State = State.VISIBLE,
) -> Discussion:
    """Begin a discussion on a board, in sight or ``screened``. The board's row is held, so
    discussions are numbered in the order in which they are committed, and readers of the list miss
    none.
    """
    sent = draft.sent
    is_visible = state == State.VISIBLE
    thread = await open_thread(session, board.id, ThreadKind.DISCUSSION, is_in_sight=is_visible)
    discussion = Discussion(
        board_id=board.id,
        thread_id=thread.id,
        kind=sent.kind,
        title=sent.title or title_from(sent.body),
        is_title_made=sent.title is None,
        body=sent.body,
        body_html=draft.body_html or "",
        state=state.value,
        was_visible=is_visible,
        mask_id=byline.mask_id,
        account_id=byline.account_id,
        is_moderator=byline.is_moderator,
    )
    await session.add(discussion)
    if is_visible:
        tell_shown(session, board.id, "discussion", discussion.public_id, is_back=False)
    return discussion


async def change_discussion(
    session: Session, discussion: Row[Any], draft: Draft[DiscussionUpdate], closer: Closer
) -> None:
    """Change what was sent of a discussion. ``closer`` says as whom the caller closes it, if they
    do.
    """
    changes = draft.sent.model_dump(exclude_unset=True)
    words: dict[str, Any] = {
        name: changes.pop(name) for name in ("title", "body") if name in changes
    }
    is_edited = await _edit(session, discussion, words, draft.body_html)
    if "is_closed" in changes:
        changes["closed_by"] = _closed_by(discussion, closer, is_closed=changes.pop("is_closed"))
    if not is_unchanged(discussion, changes):
        await _change(session, discussion.id, **changes)
        is_edited = True
    if is_edited:
        _tell_changed(session, discussion)


async def delete_discussion(session: Session, discussion: Row[Any]) -> None:
    """Take a discussion's words away. What others said in it stays, in sight if it was."""
    await _change(
        session,
        discussion.id,
        state=State.DELETED.value,
        was_visible=stands(discussion.state, was_visible=discussion.was_visible),
        title="",
        body="",
        body_html="",
        edits=DISCUSSION.edits + 1,
    )
    await _follow(session, discussion, State.DELETED)


async def set_state(session: Session, discussion: Row[Any], state: State) -> None:
    """Take a discussion out of sight (``screened``, ``hidden``), with its comments, or bring it
    into sight (``visible``). Whoever calls this holds the discussion's row
    (:func:`app.discussions.queries.discussion`), and nothing that is held after it.

    :raises Gone: its author deleted it.
    """
    if discussion.state == State.DELETED:
        raise Gone
    if discussion.state == state:
        return
    changes: dict[str, Any] = {"state": state.value}
    if state == State.VISIBLE:
        changes["was_visible"] = True
        if not discussion.was_visible:
            changes["last_activity_at"] = now()
    await _change(session, discussion.id, **changes)
    await _follow(session, discussion, state)


async def set_frozen(session: Session, discussion: Row[Any], *, is_frozen: bool) -> None:
    """Have a discussion take no comments, or take them again. Whoever calls this holds its row."""
    if discussion.is_frozen != is_frozen:
        await _change(session, discussion.id, is_frozen=is_frozen)
        _tell_changed(session, discussion)


async def set_author(
    session: Session, discussion: Row[Any], *, mask_id: int | None, account_id: int | None
) -> None:
    """Have a discussion be signed otherwise. Whoever calls this holds its row."""
    await _change(session, discussion.id, mask_id=mask_id, account_id=account_id)
    _tell_changed(session, discussion)


async def note_talk(session: Session, discussion_id: int) -> None:
    """Something is said in a discussion just now. Its row is held from here on.

    :raises NotFound: it went out of sight in the same moment.
    """
    found = await session.first(
        update(table_of(Discussion))
        .where(DISCUSSION.id == discussion_id)
        .values(last_activity_at=now())
        .returning(DISCUSSION.state, DISCUSSION.was_visible)
    )
    if found is None or not stands(found.state, was_visible=found.was_visible):
        raise NotFound


async def _edit(
    session: Session, discussion: Row[Any], words: dict[str, Any], body_html: str | None
) -> bool:
    """Change the words of a discussion; say whether that changed any. A title that was made from
    the body follows it.
    """
    if "title" in words:
        words["is_title_made"] = words["title"] is None
    if words.get("is_title_made", discussion.is_title_made):
        words["title"] = title_from(words.get("body", discussion.body))
    if body_html is not None:
        words["body_html"] = body_html
    if is_unchanged(discussion, words):
        return False
    await _change(session, discussion.id, **words, edited_at=now(), edits=DISCUSSION.edits + 1)
    return True


def _closed_by(discussion: Row[Any], closer: Closer, *, is_closed: bool) -> str | None:
    if not is_closed:
        return None
    is_settled = discussion.closed_by == Closer.MODERATOR
    return Closer.MODERATOR.value if is_settled else closer.value


async def _follow(session: Session, discussion: Row[Any], state: State) -> None:
    """A discussion was brought from the state that its row tells of into another: its comments come
    and go with it. No board and no round counts either.
    """
    stood = stands(discussion.state, was_visible=discussion.was_visible)
    was_visible = stood if state == State.DELETED else discussion.was_visible
    is_standing = stands(state, was_visible=was_visible or state == State.VISIBLE)
    if is_standing != stood:
        await show_thread(session, discussion.thread_id, is_in_sight=is_standing)
    about = (discussion.board_id, "discussion", discussion.public_id)
    if discussion.state == State.VISIBLE:
        tell_gone(session, *about, is_deleted=state == State.DELETED)
    if state == State.VISIBLE:
        tell_shown(session, *about, is_back=discussion.was_visible)


def _tell_changed(session: Session, discussion: Row[Any]) -> None:
    """A discussion is another than it was, for everybody if they see it."""
    if discussion.state == State.VISIBLE:
        tell(session, discussion.board_id, EventType.DISCUSSION_UPDATED, discussion.public_id)


async def _change(session: Session, discussion_id: int, **changes: Any) -> None:
    is_it = DISCUSSION.id == discussion_id
    await session.run(update(table_of(Discussion)).where(is_it).values(**changes))
