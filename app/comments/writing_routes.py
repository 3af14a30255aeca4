"""Writing comments over HTTP: posting, editing, deleting."""

from typing import Annotated, Any

from fastapi import Depends, Request, Response

from app.boards.access import byline
from app.boards.errors import AnonymityRequired, Banned, NameRequired, PostingPaused, RoundClosed
from app.comments import queries, service, views
from app.comments.access import (
    EditableComment,
    OpenDiscussionThread,
    OpenFillThread,
    OpenPromptThread,
    OwnComment,
)
from app.comments.errors import ReplyToDeleted
from app.comments.heads import Head
from app.comments.schemas import (
    CommentPublic,
    CommentReceipt,
    CommentUpdate,
    DiscussionCommentCreate,
    FillCommentCreate,
    PromptCommentCreate,
)
from app.comments.service import CommentDraft
from app.core.answers import check_if_match, edit_tag, no_content, own_answer
from app.core.database import Session
from app.core.description import refusals, waiting
from app.core.errors import Gone, NotAllowed, NotFound, PreconditionFailed
from app.core.rendering import Draft, draft
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.core.site import Site, TheSite
from app.discussions.errors import DiscussionClosed
from app.identity.access import KnownCaller, ThePoster, posting_for
from app.identity.errors import NotModerator
from app.identity.people import Poster
from app.identity.scopes import needs_scope
from app.identity.views import receipt
from app.threads.errors import Frozen, LinksWait
from app.threads.screening import check_new_links, state_of_new
from app.threads.views import notices, status_of_new

router = room_router("Comments")

_TO_POSTS = (
    NotFound,
    NotModerator,
    AnonymityRequired,
    NameRequired,
    Gone,
    Frozen,
    ReplyToDeleted,
    Banned,
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


@router.patch(
    "/comments/{comment}",
    response_model=CommentPublic,
    operation_id="edit_comment",
    summary="Edit your comment",
    responses=refusals(
        NotAllowed,
        NotFound,
        Banned,
        PostingPaused,
        Gone,
        LinksWait,
        PreconditionFailed,
        RoundClosed,
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
    await service.edit_comment(session, comment.head, row, draft.sent.body, draft.body_html or "")
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
    assert poster.source is not None
    posted = await service.post_comment(session, head, signed, ready, state, source=poster.source)
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
