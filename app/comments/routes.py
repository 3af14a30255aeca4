"""Reading comments over HTTP. Writing them is in ``writing_routes.py``."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response

from app.comments import queries, views
from app.comments.access import (
    CommentAbove,
    DiscussionThread,
    FillThread,
    PromptThread,
    ReadableComment,
)
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
    CommentThread,
    CommentWithAncestors,
)
from app.core.answers import edit_tag, seen_answer
from app.core.database import Session
from app.core.description import refusals
from app.core.errors import BadCursor, Gone, NotFound
from app.core.paging import Address, PageAsked, Rows, ThePage, page_answer
from app.core.routing import answered_early, room_router
from app.core.sessions import CurrentSession
from app.core.site import Site, TheSite
from app.identity.access import MaybeCaller
from app.labels.errors import AdultContent
from app.threads.decisions import own_decision
from app.threads.states import stands

router = room_router("Comments")

EmbedsAsked = Annotated[
    tuple[Literal["ancestors"], ...],
    Query(description="`ancestors` brings the comments along that it stands below."),
]


#: How new comments are refused, whatever they are about.
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
    """What people say below a fill, a work that answers a prompt: in the same form as below a
    prompt (`list_prompt_comments`). `part_number` says which part of a story a comment is about,
    where it is about one.
    """
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
    """What people say in a discussion, a thread of the board that belongs to no prompt: in the same
    form as below a prompt (`list_prompt_comments`).
    """
    return await _page(request, session, site, thread, asked, page)


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
