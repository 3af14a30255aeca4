"""How a request obtains a discussion."""

from typing import Annotated, Any

from fastapi import Depends, Path, Request

from app.boards.access import check_editing, moderates
from app.boards.settings import settings_of
from app.core.database import Session
from app.core.errors import Gone, NotFound
from app.core.parameters import AdultTaken
from app.core.sessions import CurrentSession, held
from app.core.sources import Source
from app.core.tables import table_of
from app.discussions import queries
from app.discussions.errors import DiscussionClosed
from app.discussions.models import Closer, Discussion
from app.discussions.schemas import DiscussionCreate, DiscussionUpdate
from app.identity.access import KnownCaller, MaybeCaller, check_owner
from app.identity.errors import NotModerator
from app.identity.people import Caller
from app.kit.ids import PATTERN
from app.threads.errors import Frozen
from app.threads.states import State

DiscussionId = Annotated[str, Path(pattern=PATTERN, description="The discussion's `id`.")]


async def standing_discussion(
    request: Request, session: CurrentSession, discussion: DiscussionId
) -> Any:
    """The row of a discussion that is not out of sight; it may be deleted."""
    statement = queries.standing_discussion(discussion)
    row = await session.first(held(request, statement, table_of(Discussion)))
    if row is None:
        raise NotFound
    return row


StandingDiscussion = Annotated[Any, Depends(standing_discussion)]


async def discussion_above(discussion: StandingDiscussion, _adult: AdultTaken = False) -> Any:
    """A discussion whose comments are being read. They stay when it is deleted. Discussions have
    no rating, so nobody is kept from any.
    """
    return discussion


DiscussionAbove = Annotated[Any, Depends(discussion_above)]


async def open_discussion(discussion: StandingDiscussion) -> Any:
    """A discussion in which something may be said.

    :raises Gone: its author deleted it.
    :raises Frozen: a moderator has frozen it.
    :raises DiscussionClosed: it is closed.
    """
    _refuse_deleted(discussion)
    if discussion.is_frozen:
        raise Frozen
    if discussion.closed_by is not None:
        raise DiscussionClosed
    return discussion


OpenDiscussion = Annotated[Any, Depends(open_discussion)]


async def seen_discussion(
    request: Request, session: CurrentSession, caller: MaybeCaller, discussion: DiscussionId
) -> Any:
    """The row of a discussion that the caller may see (:func:`queries.seen_discussion`).

    :raises Gone: its author deleted it.
    """
    statement = queries.seen_discussion(discussion, caller)
    row = await session.first(held(request, statement, table_of(Discussion)))
    if row is None:
        raise NotFound
    _refuse_deleted(row)
    return row


SeenDiscussion = Annotated[Any, Depends(seen_discussion)]


async def own_discussion(caller: KnownCaller, discussion: SeenDiscussion) -> Any:
    """A discussion that the caller has begun.

    :raises NotAllowed: somebody else has.
    """
    check_owner(caller, discussion)
    return discussion


OwnDiscussion = Annotated[Any, Depends(own_discussion)]


async def check_beginning(
    session: Session, caller: Caller | None, board_id: int, sent: DiscussionCreate
) -> None:
    """Whether somebody may begin a discussion of this kind.

    :raises NotModerator: only moderators of the board announce.
    """
    if sent.kind == "announcement" and not await moderates(session, caller, board_id):
        raise NotModerator


async def check_changes(
    session: Session, caller: Caller, discussion: Any, sent: DiscussionUpdate, source: Source
) -> Closer:
    """Whether a caller may change of a discussion what was sent: its author its words, a moderator
    where it stands, and both whether it is closed; as whom, is returned.

    :raises NotAllowed: somebody else has begun it.
    :raises NotModerator: only moderators of the board pin, and open what one of them has closed.
    :raises PostingPaused: its board takes no new words now.
    """
    keeps_order = await moderates(session, caller, discussion.board_id)
    changed = sent.model_fields_set
    if not keeps_order and "is_pinned" in changed:
        raise NotModerator
    if not keeps_order or changed & {"title", "body"}:
        check_owner(caller, discussion)
    if changed & {"title", "body"}:
        await check_editing(
            session, caller, discussion.board_id, settings_of(discussion), source=source
        )
    if keeps_order:
        return Closer.MODERATOR
    is_opened = "is_closed" in changed and not sent.is_closed
    if is_opened and discussion.closed_by == Closer.MODERATOR:
        raise NotModerator
    return Closer.AUTHOR


def _refuse_deleted(discussion: Any) -> None:
    if discussion.state == State.DELETED:
        raise Gone
