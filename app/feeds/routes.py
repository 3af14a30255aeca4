"""Feeds over HTTP."""

from fastapi import Request, Response

from app.boards.access import ListedBoard
from app.comments.access import DiscussionThread, FillThread, PromptThread
from app.core.answers import seen_bytes
from app.core.description import refusals
from app.core.errors import Gone, NotFound
from app.core.paging import Address
from app.core.parameters import ACCEPTS_ADULT
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.core.site import TheSite
from app.discussions.access import DiscussionAbove
from app.feeds import lists
from app.feeds.access import FillToldOf, TheSubscriber
from app.feeds.atom import MEDIA_TYPE, Feed, write
from app.feeds.schemas import (
    COMMENTS_ANSWER,
    FILLS_ANSWER,
    PARTS_ANSWER,
    PROMPTS_ANSWER,
    REPLIES_ANSWER,
    AtomFeed,
)
from app.fills.access import FillAbove
from app.fills.lists import TheFillsAsked
from app.labels.access import AdultAsked
from app.labels.errors import AdultContent
from app.prompts.access import PromptAbove
from app.prompts.lists import ThePromptsAsked

router = room_router("Feeds")

#: What keeps the address of a private feed from whoever is linked to in it, and out of what
#: anybody can look up.
_DISCREET = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


@router.get(
    "/boards/{board}/prompts.atom",
    response_class=AtomFeed,
    operation_id="feed_prompts",
    summary="Follow a board's prompts",
    responses={**refusals(NotFound), **PROMPTS_ANSWER},
)
async def feed_prompts(
    request: Request,
    board: ListedBoard,
    session: CurrentSession,
    site: TheSite,
    asked: ThePromptsAsked,
) -> Response:
    """What people ask for on a board, for a feed reader: the 25 prompts with which the list
    (`/v1/boards/{board}/prompts`) begins, under the same filters and in the same order. So there is
    a feed of a fandom (`?fandom=…`), of what nobody has filled yet (`?status=open`), without what
    you don't want to meet (`?not_content_note=…`).

    Rating, content notes and what the asker does not want stand before the text of each entry; tags
    are its categories. Adult prompts are left out unless you ask with `adult=true`. Saved filters
    are not applied: nobody's token is looked at.
    """
    address = Address.of(request)
    return _answer(request, await lists.of_prompts(session, site, address, board, asked))


@router.get(
    "/boards/{board}/fills.atom",
    response_class=AtomFeed,
    operation_id="feed_board_fills",
    summary="Follow a board's fills",
    responses={**refusals(NotFound), **FILLS_ANSWER},
)
async def feed_board_fills(
    request: Request,
    board: ListedBoard,
    session: CurrentSession,
    site: TheSite,
    asked: TheFillsAsked,
) -> Response:
    """The stories and other works with which people answer prompts, for a feed reader: the 25 fills
    with which the list (`/v1/boards/{board}/fills`) begins, under the same filters and in the same
    order.

    An entry says what a fill is, which prompt it answers (also as `thr:in-reply-to`, RFC 4685), how
    long it is and where it is read; its text is in the feed of its parts. `updated` moves when the
    author adds a part or changes something, not when others comment. Adult fills are left out
    unless you ask with `adult=true`.
    """
    address = Address.of(request)
    return _answer(request, await lists.of_fills(session, site, address, board, asked))


@router.get(
    "/fills/{fill}/parts.atom",
    response_class=AtomFeed,
    operation_id="feed_parts",
    summary="Follow a fill, part by part",
    responses={**refusals(AdultContent, NotFound, Gone), **PARTS_ANSWER},
)
async def feed_parts(
    request: Request,
    fill: FillToldOf,
    session: CurrentSession,
    site: TheSite,
    adult: AdultAsked = False,
) -> Response:
    """A story that is told in parts over weeks, for a feed reader: its newest 25 parts with their
    texts, the one that was posted last first, and before each text what it warns about.

    Of very long parts the newest have their texts, up to a million characters together, and the
    others say where they are read.
    """
    feed = await lists.of_parts(session, site, Address.of(request), fill, adult=adult)
    return _answer(request, feed)


@router.get(
    "/prompts/{prompt}/comments.atom",
    response_class=AtomFeed,
    operation_id="feed_prompt_comments",
    summary="Follow the comments on a prompt",
    responses={**refusals(AdultContent, NotFound), **COMMENTS_ANSWER},
)
async def feed_prompt_comments(
    request: Request,
    thread: PromptThread,
    prompt: PromptAbove,
    session: CurrentSession,
    site: TheSite,
) -> Response:
    """What people say below a prompt, for a feed reader: the newest 25 comments, each with what it
    answers as `thr:in-reply-to` (RFC 4685): another comment, or the prompt. What was taken away is
    not there.
    """
    address = Address.of(request)
    return _answer(request, await lists.of_thread(session, site, address, thread, prompt))


@router.get(
    "/fills/{fill}/comments.atom",
    response_class=AtomFeed,
    operation_id="feed_fill_comments",
    summary="Follow the comments on a fill",
    responses={**refusals(AdultContent, NotFound), **COMMENTS_ANSWER},
)
async def feed_fill_comments(
    request: Request, thread: FillThread, fill: FillAbove, session: CurrentSession, site: TheSite
) -> Response:
    """What people say below a fill, a work that answers a prompt, for a feed reader: the newest 25
    comments, in the same form as of a prompt (`feed_prompt_comments`).
    """
    address = Address.of(request)
    return _answer(request, await lists.of_thread(session, site, address, thread, fill))


@router.get(
    "/discussions/{discussion}/comments.atom",
    response_class=AtomFeed,
    operation_id="feed_discussion_comments",
    summary="Follow a discussion",
    responses={**refusals(NotFound), **COMMENTS_ANSWER},
)
async def feed_discussion_comments(
    request: Request,
    thread: DiscussionThread,
    discussion: DiscussionAbove,
    session: CurrentSession,
    site: TheSite,
) -> Response:
    """What people say in a discussion, a thread that belongs to no prompt, for a feed reader: the
    newest 25 comments, in the same form as of a prompt (`feed_prompt_comments`).
    """
    address = Address.of(request)
    return _answer(request, await lists.of_thread(session, site, address, thread, discussion))


@router.get(
    "/feeds/{feed_token}.atom",
    response_class=AtomFeed,
    operation_id="read_private_feed",
    dependencies=[ACCEPTS_ADULT],
    summary="Read a private feed",
    responses={**refusals(NotFound), **REPLIES_ANSWER},
)
async def read_private_feed(
    request: Request, subscriber: TheSubscriber, session: CurrentSession, site: TheSite
) -> Response:
    """What others said to you, for a feed reader: the newest 25 fills of your prompts, comments on
    what you posted, and answers to your comments, as far as everybody sees them. Your own words are
    not in it, nor is what answers something that you have deleted.

    The address comes from `POST /v1/me/feed-tokens`, and takes no other token. What is adult is in
    it if it was made so. Once it was revoked there is nothing here.
    """
    feed = await lists.of_replies(session, site, subscriber)
    return seen_bytes(request, write(feed), MEDIA_TYPE, is_public=False, headers=_DISCREET)


def _answer(request: Request, feed: Feed) -> Response:
    return seen_bytes(request, write(feed), MEDIA_TYPE, is_public=True)
