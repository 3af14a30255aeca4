"""Search and facets over HTTP."""

from fastapi import Request, Response

from app.boards.access import ListedBoard
from app.core.answers import seen_answer
from app.core.description import refusals
from app.core.errors import BadCursor, NotFound
from app.core.paging import Address, ThePage, page_answer
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.core.site import TheSite
from app.filters.access import TheWishes
from app.search.access import SearchedBoard
from app.search.counting import count_facets
from app.search.finding import Search, find
from app.search.lists import TheFacetsAsked, TheSearchAsked
from app.search.schemas import FacetsPublic, FoundPage

router = room_router("Search")


@router.get(
    "/search",
    response_model=FoundPage,
    operation_id="search_works",
    summary="Search prompts and fills",
    responses=refusals(BadCursor, NotFound),
)
async def search_works(
    request: Request,
    board_id: SearchedBoard,
    session: CurrentSession,
    site: TheSite,
    asked: TheSearchAsked,
    page: ThePage,
    wishes: TheWishes,
) -> Response:
    """Find prompts and fills, on all boards or on one, by the words of their titles, texts,
    summaries and tags.

    All words must be there, in whatever part of a work: `storm kettle`. `"the kettle is on"` is a
    phrase, `-storm` and `-"a storm"` leave out, `storm or rain` finds either. Case and accents
    don't matter, and scripts without spaces are found by any of their characters. Any text is a
    valid question; one without a letter or digit finds nothing.

    What was just posted is found at once. The newest 20,000 hits of each kind are looked at.
    """
    found = await find(session, site, Address.of(request), Search.of(asked, board_id, wishes), page)
    return page_answer(request, found, is_public=wishes is None)


@router.get(
    "/boards/{board}/facets",
    response_model=FacetsPublic,
    operation_id="read_facets",
    summary="Count what a list holds",
    responses=refusals(NotFound),
)
async def read_facets(
    request: Request,
    board: ListedBoard,
    session: CurrentSession,
    asked: TheFacetsAsked,
    wishes: TheWishes,
) -> Response:
    """How many prompts (or, with `type=fill`, fills) of a board have each status, rating, medium
    or tag, under the same filters as the list, so that a reader sees what narrowing further would
    leave. Counts stop at 1000.
    """
    content = await count_facets(session, board, asked, wishes)
    return seen_answer(request, content, is_public=wishes is None)
