"""Private feeds over HTTP: making them, and having them end. What is in one is in ``feeds``."""

from fastapi import Request, Response

from app.core.answers import edit_tag, no_content, own_answer, seen_answer
from app.core.description import refusals
from app.core.errors import BadCursor, NotFound
from app.core.paging import Address, ThePage, page_answer, read_page
from app.core.parameters import ACCEPTS_ADULT
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.core.site import TheSite
from app.identity import queries, service, token_views
from app.identity.access import KnownCaller
from app.identity.account_access import OwnFeed
from app.identity.errors import TooManyTokens
from app.identity.lists import NEWEST_FEED_FIRST
from app.identity.token_schemas import (
    FeedTokenCreate,
    FeedTokenPage,
    FeedTokenPublic,
    FeedTokenReceipt,
)

router = room_router("Feeds")


@router.get(
    "/me/feed-tokens",
    response_model=FeedTokenPage,
    operation_id="list_feed_tokens",
    dependencies=[ACCEPTS_ADULT],
    summary="List your private feeds",
    responses=refusals(BadCursor),
)
async def list_feed_tokens(
    request: Request, caller: KnownCaller, session: CurrentSession, site: TheSite, page: ThePage
) -> Response:
    """The private feeds of your mask or account, the newest first. Their addresses are kept
    nowhere, so none is shown.
    """
    mine = queries.feeds_of(caller.mask_id)
    read = await read_page(session, site, Address.of(request), mine, NEWEST_FEED_FIRST, page)
    items = [token_views.feed(row) for row in read.rows]
    return page_answer(request, {"items": items, "next": read.next}, is_public=False)


@router.post(
    "/me/feed-tokens",
    status_code=201,
    response_model=FeedTokenReceipt,
    operation_id="make_feed_token",
    summary="Make a private feed",
    responses=refusals(TooManyTokens),
)
async def make_feed_token(
    sent: FeedTokenCreate, caller: KnownCaller, session: CurrentSession, site: TheSite
) -> Response:
    """Be told when your prompt is filled, without an account and without an e-mail address: the
    answer carries the address of a feed, once, for whatever feed reader you use. Fills of your
    prompts are in it, comments on what you posted, and answers to your comments.

    Whoever has the address reads what others said to you, and so learns which posts are yours; they
    can do nothing else with it. It ends when you revoke it, when the edit token or the session that
    you made it with is revoked or replaced, when the password is changed in another session, and
    with `DELETE /me/posts`. A session that is ended with `DELETE /sessions`, or has run out, leaves
    it as it is.

    API keys make none: the feed of an account tells of what is answered to its bots, too.
    """
    token, public_id = await service.make_feed(session, caller, adult=sent.adult)
    row = await session.first(queries.feed_of(caller.mask_id, public_id))
    content = {**token_views.feed(row), "url": token_views.feed_url(site, token)}
    where = site.url(f"/me/feed-tokens/{public_id}")
    return own_answer(content, status=201, edit=edit_tag(public_id, 0), location=where)


@router.get(
    "/me/feed-tokens/{feed}",
    response_model=FeedTokenPublic,
    operation_id="read_feed_token",
    dependencies=[ACCEPTS_ADULT],
    summary="Read about one of your private feeds",
    responses=refusals(NotFound),
)
async def read_feed_token(request: Request, feed: OwnFeed) -> Response:
    """When a private feed was made, and whether it tells of what is adult. Its address is not shown
    again: whoever has lost it makes another feed and revokes this one.
    """
    return seen_answer(request, token_views.feed(feed), is_public=False)


@router.delete(
    "/me/feed-tokens/{feed}",
    status_code=204,
    operation_id="revoke_feed_token",
    summary="Revoke one of your private feeds",
    responses=refusals(NotFound),
)
async def revoke_feed_token(feed: OwnFeed, session: CurrentSession) -> Response:
    """Have a private feed end, at once and for good: its address leads nowhere any more. Your other
    feeds and your tokens go on.
    """
    await service.end_feed(session, feed.id)
    return no_content()
