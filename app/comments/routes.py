"""Comments over HTTP."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request, Response

from app.boards.access import byline
from app.boards.errors import AnonymityRequired, NameRequired, PostingPaused, RoundClosed
from app.comments import queries, service, views
from app.comments.access import (
    CommentAbove,
    DiscussionThread,
    EditableComment,
    FillThread,
    OpenDiscussionThread,
    OpenFillThread,
    OpenPromptThread,
    OwnComment,
    PromptThread,
    ReadableComment,
)
from app.comments.errors import ReplyToDeleted
from app.comments.heads import Head
from app.comments.lists import (
    MAX_ANCESTORS,
    CommentsAsked,
    Place,
    TheCommentsAsked,
    read_comments,
)
from app.comments.pages import fill_page, prompt_page
from app.comments.schemas import (
    CommentPage,
    CommentPublic,
    CommentReceipt,
    CommentThread,
    CommentUpdate,
    CommentWithAncestors,
    DiscussionCommentCreate,
    FillCommentCreate,
    PromptCommentCreate,
)
from app.comments.service import CommentDraft
from app.core.answers import check_if_match, edit_tag, no_content, own_answer, seen_answer
from app.core.database import Session
from app.core.description import refusals, waiting
from app.core.errors import BadCursor, Gone, NotAllowed, NotFound, PreconditionFailed
from app.core.paging import Address, PageAsked, Rows, ThePage, page_answer
from app.core.rendering import Draft, draft
from app.core.routing import answered_early, room_router
from app.core.sessions import CurrentSession
from app.core.site import Site, TheSite
from app.discussions.errors import DiscussionClosed
from app.identity.access import KnownCaller, MaybeCaller, ThePoster, posting_for
from app.identity.errors import NotModerator
from app.identity.people import Poster
from app.identity.scopes import needs_scope
from app.identity.views import receipt
from app.labels.errors import AdultContent
from app.threads.decisions import own_decision
from app.threads.errors import Frozen, LinksWait
from app.threads.screening import check_new_links, state_of_new
from app.threads.states import stands
from app.threads.views import notices, status_of_new

router = room_router("Comments")

EmbedsAsked = Annotated[
    tuple[Literal["ancestors"], ...],
    Query(description="`ancestors` brings the comments along that it stands below."),
]


#: How new comments are refused, whatever they are about.
_TO_POSTS = (
    NotFound,
    NotModerator,
    AnonymityRequired,
    NameRequired,
    Gone,
    Frozen,
    ReplyToDeleted,
    PostingPaused,
)


async def _on_prompt(sent: PromptCommentCreate) -> Draft[PromptCommentCreate]:
    return await draft(sent, sent.body, is_filed=False)


async def _on_fill(sent: FillCommentCreate) -> Draft[FillCommentCreate]:
    return await draft(sent, sent.body, is_filed=False)


async def _in_discussion(sent: DiscussionCommentCreate) -> Draft[DiscussionCommentCreate]:
    return await draft(sent, sent.body, is_filed=False)


async def _edited(sent: CommentUpdate) -> Draft[CommentUpdate]:
    return await draft(sent, sent.body, is_filed=False)


@router.get(
    "/prompts/{prompt}/comments",
    response_model=CommentPage,
    operation_id="list_prompt_comments",
    summary="Read the comments on a prompt",
    responses=refusals(AdultContent, BadCursor, NotFound),
)
@answered_early(prompt_page)
async def list_prompt_comments(
    request: Request,
    thread: PromptThread,
    session: CurrentSession,
    site: TheSite,
    asked: TheCommentsAsked,
    page: ThePage,
) -> Response:
    """What people say below a prompt, as a flat list in reading order.

    Each comment is followed by its replies; `depth` says how far to indent and `parent_id` what it
    answers. Comments that were taken away but have replies stand there as tombstones. Pages neither
    repeat nor skip a comment while others reply. A page that goes on in the middle brings along, as
    `ancestors`, what its first comment stands below.

    A long thread need not be read whole: `depth` cuts below a level, `replies` shows the first
    replies of each comment and what is below them, and `more_url` of a comment leads to what was
    left out. Where very much is passed over, a page may be shorter than `limit`, and still lead on.
    """
    return await _page(request, session, site, thread, asked, page)


@router.get(
    "/fills/{fill}/comments",
    response_model=CommentPage,
    operation_id="list_fill_comments",
    summary="Read the comments on a fill",
    responses=refusals(AdultContent, BadCursor, NotFound),
)
@answered_early(fill_page)
async def list_fill_comments(
    request: Request,
    thread: FillThread,
    session: CurrentSession,
    site: TheSite,
    asked: TheCommentsAsked,
    page: ThePage,
) -> Response:
    """What people say below a fill, in the same form as below a prompt."""
    return await _page(request, session, site, thread, asked, page)


@router.get(
    "/discussions/{discussion}/comments",
    response_model=CommentPage,
    operation_id="list_discussion_comments",
    summary="Read the comments in a discussion",
    responses=refusals(BadCursor, NotFound),
)
async def list_discussion_comments(
    request: Request,
    thread: DiscussionThread,
    session: CurrentSession,
    site: TheSite,
    asked: TheCommentsAsked,
    page: ThePage,
) -> Response:
    """What people say in a discussion, in the same form as below a prompt."""
    return await _page(request, session, site, thread, asked, page)


@router.post(
    "/prompts/{prompt}/comments",
    status_code=201,
    response_model=CommentReceipt,
    operation_id="comment_on_prompt",
    summary="Comment on a prompt",
    responses={**waiting(CommentReceipt), **refusals(*_TO_POSTS, RoundClosed)},
)
@needs_scope("comments:write")
async def comment_on_prompt(
    draft: Annotated[Draft[PromptCommentCreate], Depends(_on_prompt)],
    thread: OpenPromptThread,
    poster: ThePoster,
    session: CurrentSession,
    site: TheSite,
) -> Response:
    """Say something below a prompt, or reply to somebody with `parent_id`.

    Send the edit token of an earlier post, and you are recognised in this conversation: by your
    `face`, as the prompt's author (`is_op`), as the author of a fill (`is_filler`). Sent without a
    token, the receipt carries a new one. On boards that have some posts wait for a moderator the
    answer may be 202.
    """
    sent = draft.sent
    ready = CommentDraft(sent.body, draft.body_html or "", sent.parent_id, None)
    return await _post(session, site, thread, poster, draft, ready)


@router.post(
    "/fills/{fill}/comments",
    status_code=201,
    response_model=CommentReceipt,
    operation_id="comment_on_fill",
    summary="Comment on a fill",
    responses={**waiting(CommentReceipt), **refusals(*_TO_POSTS, RoundClosed)},
)
@needs_scope("comments:write")
async def comment_on_fill(
    draft: Annotated[Draft[FillCommentCreate], Depends(_on_fill)],
    thread: OpenFillThread,
    poster: ThePoster,
    session: CurrentSession,
    site: TheSite,
) -> Response:
    """Say something below a fill, about a part of it (`part_number`) or the whole, or reply to
    somebody with `parent_id`.
    """
    sent = draft.sent
    ready = CommentDraft(sent.body, draft.body_html or "", sent.parent_id, sent.part_number)
    return await _post(session, site, thread, poster, draft, ready)


@router.post(
    "/discussions/{discussion}/comments",
    status_code=201,
    response_model=CommentReceipt,
    operation_id="comment_in_discussion",
    summary="Comment in a discussion",
    responses={**waiting(CommentReceipt), **refusals(*_TO_POSTS, DiscussionClosed)},
)
@needs_scope("comments:write")
async def comment_in_discussion(
    draft: Annotated[Draft[DiscussionCommentCreate], Depends(_in_discussion)],
    thread: OpenDiscussionThread,
    poster: ThePoster,
    session: CurrentSession,
    site: TheSite,
) -> Response:
    """Say something in a discussion, or reply to somebody with `parent_id`. `is_op` is whoever
    began it, and a face is worn in this discussion alone. A closed one takes no comments.
    """
    sent = draft.sent
    ready = CommentDraft(sent.body, draft.body_html or "", sent.parent_id, None)
    return await _post(session, site, thread, poster, draft, ready)


@router.get(
    "/comments/{comment}",
    response_model=CommentWithAncestors,
    operation_id="read_comment",
    summary="Read a comment",
    responses=refusals(AdultContent, NotFound, Gone),
)
async def read_comment(
    request: Request,
    comment: ReadableComment,
    caller: MaybeCaller,
    session: CurrentSession,
    site: TheSite,
    embed: EmbedsAsked = (),
) -> Response:
    """One comment (a permalink), with `embed=ancestors` what it stands below. Where a moderator has
    moved it, it is read at its new place under the same address.
    """
    row, head = comment.row, comment.head
    own = await own_decision(session, caller, "comment", row)
    content = {**views.seen_comment(site, head, row), **own}
    if embed:
        content["ancestors"] = await _ancestors(session, site, head, row)
    is_known = stands(row.state, was_visible=row.seq is not None)
    is_public = not own and head.is_in_sight and is_known
    edit = edit_tag(row.public_id, row.edits)
    return seen_answer(request, content, is_public=is_public, edit=edit)


@router.get(
    "/comments/{comment}/thread",
    response_model=CommentThread,
    operation_id="read_comment_thread",
    summary="Read a comment and its replies",
    responses=refusals(AdultContent, BadCursor, NotFound, Gone),
)
async def read_comment_thread(
    request: Request,
    comment: CommentAbove,
    session: CurrentSession,
    site: TheSite,
    asked: TheCommentsAsked,
    page: ThePage,
) -> Response:
    """A comment and all that is below it, in reading order, with the comments that it stands below
    itself in `ancestors`. It works for a tombstone too: a comment that was taken away but has
    replies.
    """
    row, head = comment.row, comment.head
    place = Place(head, row)
    rows = await read_comments(session, site, Address.of(request), place, asked, page)
    if page.cursor is not None and asked.is_in_reading_order:
        ancestors = await _above_first(session, site, head, rows.rows)
    else:
        ancestors = await _ancestors(session, site, head, row)
    content = {**_listed(site, head, asked, rows), "ancestors": ancestors}
    return page_answer(request, content)


@router.patch(
    "/comments/{comment}",
    response_model=CommentPublic,
    operation_id="edit_comment",
    summary="Edit your comment",
    responses=refusals(
        NotAllowed, NotFound, PostingPaused, Gone, LinksWait, PreconditionFailed, RoundClosed
    ),
)
@needs_scope("comments:write")
async def edit_comment(
    request: Request,
    draft: Annotated[Draft[CommentUpdate], Depends(_edited)],
    comment: EditableComment,
    caller: KnownCaller,
    session: CurrentSession,
    site: TheSite,
) -> Response:
    """Change the words of your own comment. Send the edit token from its receipt."""
    row, settings = comment.row, comment.head.settings
    check_if_match(request, edit_tag(row.public_id, row.edits))
    await check_new_links(session, row, settings, caller, draft.links, (row.body,))
    await service.edit_comment(session, row, draft.sent.body, draft.body_html or "")
    content, edit = await _content(session, site, comment.head, row.public_id)
    return own_answer(content, edit=edit)


@router.delete(
    "/comments/{comment}",
    status_code=204,
    operation_id="delete_comment",
    summary="Delete your comment",
    responses=refusals(NotAllowed, NotFound, Gone, PreconditionFailed),
)
@needs_scope("comments:write")
async def delete_comment(
    request: Request, comment: OwnComment, session: CurrentSession
) -> Response:
    """Take the words of your own comment away for good. With replies it stays in the thread as a
    tombstone; without, it disappears.
    """
    check_if_match(request, edit_tag(comment.row.public_id, comment.row.edits))
    await service.delete_comment(session, comment.head, comment.row)
    return no_content()


async def _page(
    request: Request,
    session: Session,
    site: Site,
    head: Head,
    asked: CommentsAsked,
    page: PageAsked,
) -> Response:
    rows = await read_comments(session, site, Address.of(request), Place(head), asked, page)
    ancestors: list[dict[str, Any]] = []
    if page.cursor is not None and asked.is_in_reading_order:
        ancestors = await _above_first(session, site, head, rows.rows)
    content = {**_listed(site, head, asked, rows), "ancestors": ancestors}
    return page_answer(request, content)


def _listed(site: Site, head: Head, asked: CommentsAsked, rows: Rows) -> dict[str, Any]:
    items = [views.comment(site, head, row, has_more=asked.has_more(row)) for row in rows.rows]
    return {"items": items, "next": rows.next}


async def _post(
    session: Session,
    site: Site,
    head: Head,
    poster: Poster,
    draft: Draft[Any],
    ready: CommentDraft,
) -> Response:
    poster = await posting_for(session, poster, draft.sent)
    signed = await byline(session, poster, draft.sent, head.board_id, head.settings, "comments")
    state = await state_of_new(session, head.settings, head.board_id, poster, draft.links)
    posted = await service.post_comment(session, head, signed, ready, state)
    public_id, edit = posted["public_id"], edit_tag(posted["public_id"], posted["edits"])
    if poster.new_mask is None:
        content, _ = await _content(session, site, head, public_id)
    else:
        content = views.strangers_comment(site, head, posted, ready, poster.new_mask)
    answer = receipt(content, poster, notices(state))
    return own_answer(answer, status=status_of_new(state), edit=edit, location=content["url"])


async def _content(
    session: Session, site: Site, head: Head, public_id: str
) -> tuple[dict[str, Any], str]:
    """A comment as its author gets it back, and its version."""
    (row,) = await session.rows(queries.COMMENT_BY_ID, public_id=public_id)
    return views.seen_comment(site, head, row), edit_tag(public_id, row.edits)


async def _above_first(
    session: Session, site: Site, head: Head, rows: Sequence[Any]
) -> list[dict[str, Any]]:
    """What the first comment of a page stands below, as far as a page has room."""
    if not rows:
        return []
    first = rows[0]
    return await _ancestors(session, site, head, first, above=first.depth - 1 - MAX_ANCESTORS)


async def _ancestors(
    session: Session, site: Site, head: Head, row: Any, *, above: int = -1
) -> list[dict[str, Any]]:
    if row.parent_id is None:
        return []
    rows = await session.all(queries.ancestors(row.parent_id, above=above))
    return [views.comment(site, head, each) for each in rows]
