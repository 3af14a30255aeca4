"""The queue over HTTP."""

from fastapi import Request, Response

from app.boards.access import ModeratedBoard
from app.core.description import refusals
from app.core.errors import BadCursor, NotFound
from app.core.paging import Address, ThePage, page_answer, read_page
from app.core.parameters import ACCEPTS_ADULT
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.core.site import TheSite
from app.identity.errors import NotModerator
from app.queue.gathering import gather
from app.queue.lists import TheQueueAsked
from app.queue.schemas import QueuePage

router = room_router("Moderation")


@router.get(
    "/boards/{board}/queue",
    response_model=QueuePage,
    operation_id="list_queue",
    dependencies=[ACCEPTS_ADULT],
    summary="What waits for you as a moderator",
    responses=refusals(BadCursor, NotFound, NotModerator),
)
async def list_queue(
    request: Request,
    board: ModeratedBoard,
    session: CurrentSession,
    site: TheSite,
    asked: TheQueueAsked,
    page: ThePage,
) -> Response:
    """What waits for a moderator of the board: what is screened, reported, or appealed. Each thing
    stands there once, the most urgent first: what endangers minors and what outs somebody, then
    threats and harassment, appeals, and what is screened, each the longest waiting first.

    What is decided is gone from it at once. This needs the token of one of the board's moderators,
    of an administrator, or an API key with the scope `moderate`.
    """
    statement, order = asked.on_board(board.id)
    read = await read_page(session, site, Address.of(request), statement, order, page)
    items = await gather(session, site, board.id, read.rows)
    return page_answer(request, {"items": items, "next": read.next}, is_public=False)
