"""How a request obtains a thread or a comment."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Path, Request
from sqlalchemy import Select

from app.boards.access import check_editing
from app.boards.rounds import check_takes_posts
from app.comments import queries
from app.comments.heads import MAKE, Head, discussion_head, fill_head, prompt_head
from app.core.database import Session
from app.core.errors import Gone, NotFound
from app.core.parameters import AdultTaken
from app.core.sessions import CurrentSession, held
from app.core.site import Site, TheSite
from app.core.sources import TheSource
from app.core.tables import table_of
from app.discussions.access import DiscussionAbove, OpenDiscussion, discussion_above
from app.discussions.queries import discussion_of_thread
from app.fills.access import FillAbove, OpenFill, fill_above
from app.fills.queries import fill_of_thread
from app.identity.access import KnownCaller, MaybeCaller, check_owner
from app.identity.people import Caller
from app.kit.ids import PATTERN
from app.labels.access import AdultAsked
from app.prompts.access import PromptAbove, TalkedAboutPrompt, prompt_above
from app.prompts.queries import prompt_of_thread
from app.threads.models import Thread, ThreadKind
from app.threads.states import State

CommentId = Annotated[str, Path(pattern=PATTERN, description="The comment's `id`.")]


async def prompt_thread(site: TheSite, prompt: PromptAbove, adult: AdultAsked = False) -> Head:
    """The thread of a prompt, to be read."""
    return prompt_head(site, prompt, adult=adult)


async def fill_thread(site: TheSite, fill: FillAbove, adult: AdultAsked = False) -> Head:
    """The thread of a fill, to be read."""
    return fill_head(site, fill, adult=adult)


async def discussion_thread(
    site: TheSite, discussion: DiscussionAbove, adult: AdultTaken = False
) -> Head:
    """The thread of a discussion, to be read."""
    return discussion_head(site, discussion, adult=adult)


async def open_prompt_thread(site: TheSite, prompt: TalkedAboutPrompt) -> Head:
    """The thread of a prompt, to be posted in. Anybody may post there without having asked for
    adult material, so what they get back does not show an adult prompt's title.
    """
    return prompt_head(site, prompt, adult=False)


async def open_fill_thread(site: TheSite, fill: OpenFill) -> Head:
    """The thread of a fill, to be posted in."""
    return fill_head(site, fill, adult=False)


async def open_discussion_thread(site: TheSite, discussion: OpenDiscussion) -> Head:
    """The thread of a discussion, to be posted in."""
    return discussion_head(site, discussion, adult=True)


PromptThread = Annotated[Head, Depends(prompt_thread)]
FillThread = Annotated[Head, Depends(fill_thread)]
DiscussionThread = Annotated[Head, Depends(discussion_thread)]
OpenPromptThread = Annotated[Head, Depends(open_prompt_thread)]
OpenFillThread = Annotated[Head, Depends(open_fill_thread)]
OpenDiscussionThread = Annotated[Head, Depends(open_discussion_thread)]


@dataclass(frozen=True)
class Placed:
    """A comment with the head of its thread."""

    row: Any
    head: Head


async def readable_comment(
    session: CurrentSession,
    site: TheSite,
    caller: MaybeCaller,
    comment: CommentId,
    adult: AdultAsked = False,
) -> Placed:
    """A comment to be read.

    :raises AdultContent: what it is about is adult, and that was not asked for.
    :raises Gone: its author deleted it.
    """
    row = await session.first(queries.seen_comment(comment, caller))
    if row is None:
        raise NotFound
    head = await _readable_head(session, site, row, caller, adult=adult)
    _refuse_deleted(row)
    return Placed(row, head)


ReadableComment = Annotated[Placed, Depends(readable_comment)]


async def comment_above(
    session: CurrentSession, site: TheSite, comment: CommentId, adult: AdultAsked = False
) -> Placed:
    """A comment whose replies are being read. They stay when it is taken away.

    :raises AdultContent: what it is about is adult, and that was not asked for.
    :raises Gone: its author deleted it, and it has no replies.
    """
    row = await session.first(queries.shown_comment(comment))
    if row is None:
        return await readable_comment(session, site, None, comment, adult)
    return Placed(row, await _readable_head(session, site, row, None, adult=adult))


CommentAbove = Annotated[Placed, Depends(comment_above)]


async def own_comment(
    request: Request,
    session: CurrentSession,
    site: TheSite,
    caller: KnownCaller,
    comment: CommentId,
) -> Placed:
    """The caller's own comment, its thread held.

    :raises NotAllowed: somebody else wrote it.
    """
    row = await _held_comment(request, session, caller, comment)
    above = await _row_of_head(session, row, caller)
    _refuse_deleted(row)
    check_owner(caller, row)
    return Placed(row, MAKE[row.kind](site, above, adult=False))


async def _held_comment(
    request: Request, session: CurrentSession, caller: KnownCaller, comment: str
) -> Any:
    """A comment whose thread is held. It may be moved to another while this waits for the hold."""
    while True:
        thread = await session.first(held(request, queries.thread_of(comment), table_of(Thread)))
        row = await session.first(queries.seen_comment(comment, caller))
        if row is None:
            raise NotFound
        if thread is not None and thread.id == row.thread_id:
            return row


OwnComment = Annotated[Placed, Depends(own_comment)]


async def editable_comment(
    session: CurrentSession, caller: KnownCaller, comment: OwnComment, source: TheSource
) -> Placed:
    """The caller's own comment, to be edited.

    :raises PostingPaused: its board takes no new words now.
    :raises RoundClosed: the round in which it stands is archived.
    """
    await check_takes_posts(session, comment.head)
    await check_editing(
        session, caller, comment.head.board_id, comment.head.settings, source=source
    )
    return comment


EditableComment = Annotated[Placed, Depends(editable_comment)]


@dataclass(frozen=True)
class _HeadOfKind:
    """How what stands at the head of a kind of thread is found, and gated."""

    find: Callable[[int, Caller | None], Select[Any]]
    gate: Callable[[Any, bool], Awaitable[Any]]


_HEADS = {
    ThreadKind.PROMPT: _HeadOfKind(prompt_of_thread, prompt_above),
    ThreadKind.FILL: _HeadOfKind(fill_of_thread, fill_above),
    ThreadKind.DISCUSSION: _HeadOfKind(discussion_of_thread, discussion_above),
}


async def head_of(session: Session, site: Site, comment: Any, caller: Caller) -> Head:
    """What stands at the head of a comment's thread, for somebody who may look below it whatever
    its state. ``comment`` is a row of :func:`queries.comment`.
    """
    above = await _row_of_head(session, comment, caller)
    return MAKE[comment.kind](site, above, adult=True)


async def _readable_head(
    session: CurrentSession, site: TheSite, comment: Any, caller: Caller | None, *, adult: bool
) -> Head:
    row = await _row_of_head(session, comment, caller)
    await _HEADS[comment.kind].gate(row, adult)
    return MAKE[comment.kind](site, row, adult=adult)


async def _row_of_head(session: Session, comment: Any, caller: Caller | None) -> Any:
    """What is below something out of sight is not found."""
    row = await session.first(_HEADS[comment.kind].find(comment.thread_id, caller))
    if row is None:
        raise NotFound
    return row


def _refuse_deleted(comment: Any) -> None:
    if comment.state == State.DELETED:
        raise Gone
