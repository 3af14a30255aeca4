"""One's own things over HTTP."""

from functools import partial

from fastapi import Request, Response

from app.core.answers import own_answer, seen_file
from app.core.description import refusals
from app.core.errors import BadCursor, ScopeRequired, TokenRequired, UnknownToken
from app.core.paging import Address, ThePage, page_answer, read_page
from app.core.parameters import ACCEPTS_ADULT
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.core.site import TheSite
from app.identity.access import KnownCaller
from app.kit.ids import new_id
from app.labels.access import AdultAsked
from app.mine.access import Owner
from app.mine.deleting import delete_all, stop_telling
from app.mine.exporting import archive, everything
from app.mine.gathering import gather
from app.mine.lists import BoardAsked, OwnAsked, TheOwnAsked, TheRepliesAsked
from app.mine.schemas import Deleted, OwnPage, ReplyPage

router = room_router("Yours")


@router.get(
    "/me/posts",
    response_model=OwnPage,
    operation_id="list_own_posts",
    summary="List what you posted",
    responses=refusals(BadCursor),
)
async def list_own_posts(
    request: Request,
    caller: KnownCaller,
    session: CurrentSession,
    site: TheSite,
    asked: TheOwnAsked,
    page: ThePage,
    adult: AdultAsked = False,
) -> Response:
    """All that your token owns, the newest first: of an edit token what was posted behind its mask,
    of an account's also what it signs and what its bots posted, of an API key what that posted.
    What is screened or hidden is there, and what stands below something that nobody sees.

    Your own words are shown whatever they are rated; without `adult=true` the title of somebody
    else's adult prompt is null.
    """
    statement, order = asked.of(caller)
    read = await read_page(session, site, Address.of(request), statement, order, page)
    gathered = await gather(session, site, read.rows, adult=adult)
    items, _ = gathered.items(read.rows, adult=True)
    return page_answer(request, {"items": items, "next": read.next}, is_public=False)


@router.get(
    "/me/replies",
    response_model=ReplyPage,
    operation_id="list_replies_to_you",
    summary="List what others said to you",
    responses=refusals(BadCursor),
)
async def list_replies_to_you(
    request: Request,
    caller: KnownCaller,
    session: CurrentSession,
    site: TheSite,
    asked: TheRepliesAsked,
    page: ThePage,
    adult: AdultAsked = False,
) -> Response:
    """Answers to your comments, comments on your prompts, fills and discussions, and fills of your
    prompts, the newest first, as far as everybody sees them. A page may be shorter than `limit` and
    still lead on: `omitted` says how much of it is adult.
    """
    statement, order = asked.to(caller)
    read = await read_page(session, site, Address.of(request), statement, order, page, aside=True)
    gathered = await gather(session, site, read.rows, adult=adult)
    items, left_out = gathered.items(read.rows, adult=adult)
    content = {
        "items": items,
        "next": read.next,
        "omitted": {"adult": left_out, "filtered": 0},
    }
    return page_answer(request, content, is_public=False)


@router.get(
    "/me/export",
    response_class=Response,
    operation_id="export_own_posts",
    dependencies=[ACCEPTS_ADULT],
    summary="Take a copy of all that is yours",
    responses={
        200: {
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
            "description": "A ZIP; its README.txt says what is in it.",
        },
        **refusals(UnknownToken, TokenRequired),
    },
)
async def export_own_posts(request: Request, owner: Owner, site: TheSite) -> Response:
    """A ZIP of all that your token owns, in full: everything you posted as JSON, each of your fills
    as Markdown, what you seconded, claimed and saved. What moderators hid is in it, too. It is made
    while it is sent, and cut off should your token be revoked meanwhile.
    """
    async with site.database.reading() as session:
        rows = await session.all(everything(OwnAsked().of(owner)[0]))
    return seen_file(
        request,
        # Each copy is one of its own moment.
        [new_id()],
        partial(archive, site, owner, rows),
        media_type="application/zip",
        is_public=False,
        headers={"Content-Disposition": 'attachment; filename="fillboard.zip"'},
    )


@router.delete(
    "/me/posts",
    response_model=Deleted,
    operation_id="delete_own_posts",
    summary="Delete all that you posted",
    responses=refusals(UnknownToken, TokenRequired, ScopeRequired),
)
async def delete_own_posts(owner: Owner, site: TheSite, board: BoardAsked = None) -> Response:
    """Delete everything that your token owns, as if you had deleted one thing after the other: the
    words are gone, what others said below them stays. It can't be undone; take a copy first
    (`/me/export`). Of very much, send it again until `is_done`. Unless you name a `board`, your
    private feeds (`/me/feed-tokens`) end as well, before anything else.
    """
    if board is None:
        await stop_telling(site, owner)
    found, _ = OwnAsked(board=board).of(owner)
    deleted, is_done = await delete_all(site, owner, found)
    return own_answer({"deleted_count": deleted, "is_done": is_done})
