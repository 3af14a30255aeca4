"""Discussions over HTTP."""

from typing import Annotated, Any

from fastapi import Depends, Request, Response

from app.boards.access import ListedBoard, VisibleBoard, byline
from app.boards.errors import AnonymityRequired, Banned, NameRequired, PostingPaused
from app.boards.keeping import Kept, record
from app.boards.settings import settings_of
from app.core.answers import check_if_match, edit_tag, no_content, own_answer, seen_answer
from app.core.database import Session
from app.core.description import refusals, waiting
from app.core.errors import BadCursor, Gone, NotAllowed, NotFound, PreconditionFailed
from app.core.paging import Address, ThePage, page_answer, read_page
from app.core.parameters import ACCEPTS_ADULT
from app.core.rendering import Draft, draft
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.core.site import Site, TheSite
from app.core.sources import TheSource
from app.discussions import queries, service, views
from app.discussions.access import (
    OwnDiscussion,
    SeenDiscussion,
    check_beginning,
    check_changes,
)
from app.discussions.lists import TheDiscussionsAsked
from app.discussions.schemas import (
    DiscussionCreate,
    DiscussionPage,
    DiscussionPublic,
    DiscussionReceipt,
    DiscussionUpdate,
    DiscussionWithOwn,
)
from app.identity.access import KnownCaller, MaybeCaller, ThePoster, posting_for
from app.identity.errors import NotModerator
from app.identity.scopes import needs_scope
from app.identity.views import receipt
from app.threads.decisions import own_decision
from app.threads.errors import LinksWait
from app.threads.screening import check_new_links, state_of_new
from app.threads.sources import note_source
from app.threads.states import stands
from app.threads.views import notices, status_of_new

router = room_router("Discussions")


async def _new(sent: DiscussionCreate) -> Draft[DiscussionCreate]:
    return await draft(sent, sent.body, is_filed=False)


async def _edited(sent: DiscussionUpdate) -> Draft[DiscussionUpdate]:
    body = sent.body if "body" in sent.model_fields_set else None
    return await draft(sent, body, is_filed=False)


@router.get(
    "/boards/{board}/discussions",
    response_model=DiscussionPage,
    operation_id="list_discussions",
    dependencies=[ACCEPTS_ADULT],
    summary="List a board's discussions",
    responses=refusals(BadCursor, NotFound),
)
async def list_discussions(
    request: Request,
    board: ListedBoard,
    session: CurrentSession,
    site: TheSite,
    asked: TheDiscussionsAsked,
    page: ThePage,
) -> Response:
    """The discussions of a board: those that moderators have pinned, then the others, the newest
    first, or with `sort=active` those where something was said last.

    Nothing is left out as adult: discussions are not rated. One that is pinned, or no longer, while
    you read moves to its new place, and with `sort=active` so does one in which somebody speaks.
    """
    listed = asked.narrow(queries.on_board(board.id))
    rows = await read_page(session, site, Address.of(request), listed, asked.order(), page)
    items = [views.discussion(site, row) for row in rows.rows]
    return page_answer(request, {"items": items, "next": rows.next})


@router.post(
    "/boards/{board}/discussions",
    status_code=201,
    response_model=DiscussionReceipt,
    operation_id="begin_discussion",
    summary="Begin a discussion",
    responses={
        **waiting(DiscussionReceipt),
        **refusals(NotFound, NotModerator, AnonymityRequired, NameRequired, Banned, PostingPaused),
    },
)
@needs_scope("comments:write")
async def begin_discussion(
    draft: Annotated[Draft[DiscussionCreate], Depends(_new)],
    board: VisibleBoard,
    poster: ThePoster,
    source: TheSource,
    session: CurrentSession,
    site: TheSite,
) -> Response:
    """Begin a thread that belongs to no prompt: talk, a question to the moderators, a search for
    friends. Anybody may, without an account; only an `announcement` needs a moderator's token.

    Only `body` is needed. Sent without a token, the receipt carries an `edit_token`: with it you
    edit, close and delete the discussion later, and are recognised in it (`author.is_op`). What the
    board has set for comments counts here too: whether they show a name (`anonymity_comments`), and
    whether they wait for a moderator, when the answer is 202. Rounds don't matter: a board may be
    talked about when nothing can be asked for. Discussions are not rated, so keep what is adult
    below prompts and fills that say so.
    """
    settings = settings_of(board)
    poster = await posting_for(session, poster, draft.sent)
    signed = await byline(session, poster, draft.sent, board.id, settings, "comments")
    await check_beginning(session, poster.caller, board.id, draft.sent)
    state = await state_of_new(session, settings, board.id, poster, draft.links)
    discussion = await service.begin_discussion(session, board, signed, draft, state)
    await note_source(session, discussion.public_id, source)
    content, edit = await _content(session, site, discussion.public_id)
    answer = receipt(content, poster, notices(state))
    return own_answer(answer, status=status_of_new(state), edit=edit, location=content["url"])


@router.get(
    "/discussions/{discussion}",
    response_model=DiscussionWithOwn,
    operation_id="read_discussion",
    dependencies=[ACCEPTS_ADULT],
    summary="Read a discussion",
    responses=refusals(NotFound, Gone),
)
async def read_discussion(
    request: Request,
    discussion: SeenDiscussion,
    caller: MaybeCaller,
    session: CurrentSession,
    site: TheSite,
) -> Response:
    """One discussion: a thread of the board that belongs to no prompt, with the text that began it.
    What others say in it is read under `/discussions/{discussion}/comments`.
    """
    own = await own_decision(session, caller, "discussion", discussion)
    content = {**views.discussion(site, discussion), **own}
    is_public = not own and stands(discussion.state, was_visible=discussion.was_visible)
    edit = edit_tag(discussion.public_id, discussion.edits)
    return seen_answer(request, content, is_public=is_public, edit=edit)


@router.patch(
    "/discussions/{discussion}",
    response_model=DiscussionPublic,
    operation_id="change_discussion",
    summary="Edit, pin or close a discussion",
    responses=refusals(
        NotAllowed,
        NotModerator,
        NotFound,
        Banned,
        PostingPaused,
        Gone,
        LinksWait,
        PreconditionFailed,
    ),
)
@needs_scope("comments:write")
async def change_discussion(
    request: Request,
    draft: Annotated[Draft[DiscussionUpdate], Depends(_edited)],
    caller: KnownCaller,
    discussion: SeenDiscussion,
    source: TheSource,
    session: CurrentSession,
    site: TheSite,
) -> Response:
    """Change a discussion. What is left out stays as it is.

    Whoever began it changes `title` and `body`, with the edit token from its receipt or the token
    of the account that posted it. Moderators of the board set `is_pinned`. Both set `is_closed`,
    but what a moderator has closed only a moderator opens again. A closed discussion can be read,
    and takes no comments, moderators' included; that a moderator closed or opened one stands in the
    board's log (`close`, `open`). Pinning and closing are no edits: they leave
    `edited_at` and the version that `If-Match` is compared with.
    """
    closer = await check_changes(session, caller, discussion, draft.sent, source)
    check_if_match(request, edit_tag(discussion.public_id, discussion.edits))
    standing = (discussion.title, discussion.body)
    settings = settings_of(discussion)
    await check_new_links(session, discussion, settings, caller, draft.links, standing)
    await service.change_discussion(session, discussion, draft, closer)
    is_closed = draft.sent.is_closed if "is_closed" in draft.sent.model_fields_set else None
    if closer == "moderator" and is_closed not in (None, discussion.closed_by is not None):
        about = ("discussion", discussion.public_id)
        seen = about if discussion.was_visible else None
        action: Kept = "close" if is_closed else "open"
        await record(session, discussion.board_id, caller, action, seen)
    content, edit = await _content(session, site, discussion.public_id)
    return own_answer(content, edit=edit)


@router.delete(
    "/discussions/{discussion}",
    status_code=204,
    operation_id="delete_discussion",
    summary="Delete your discussion",
    responses=refusals(NotAllowed, NotFound, Gone, PreconditionFailed),
)
@needs_scope("comments:write")
async def delete_discussion(
    request: Request, discussion: OwnDiscussion, session: CurrentSession
) -> Response:
    """Take the words with which you began a discussion away for good. It leaves the list and takes
    no more comments; those that others have posted in it stay where they are, and name it without
    its title.
    """
    check_if_match(request, edit_tag(discussion.public_id, discussion.edits))
    await service.delete_discussion(session, discussion)
    return no_content()


async def _content(session: Session, site: Site, public_id: str) -> tuple[dict[str, Any], str]:
    """A discussion as its author gets it back, and its version."""
    row = await session.first(queries.discussion(public_id))
    assert row is not None
    return views.discussion(site, row), edit_tag(public_id, row.edits)
