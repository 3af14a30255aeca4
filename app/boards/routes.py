"""Boards over HTTP. Their rounds are in ``round_routes.py``."""

from fastapi import Request, Response

from app.boards import queries, service, views
from app.boards.access import ModeratedBoard, VisibleBoard
from app.boards.errors import SlugTaken
from app.boards.lists import BY_FOUNDING
from app.boards.schemas import (
    BoardCreate,
    BoardPage,
    BoardPublic,
    BoardUpdate,
)
from app.core.answers import check_if_match, edit_tag, own_answer, public_answer
from app.core.description import refusals
from app.core.errors import BadCursor, NotFound, PreconditionFailed
from app.core.paging import Address, ThePage, page_answer, read_page
from app.core.parameters import ACCEPTS_ADULT
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.core.site import TheSite
from app.identity.access import Administrator, KnownCaller
from app.identity.errors import NotAdministrator, NotModerator
from app.identity.scopes import needs_scope

router = room_router("Boards")


@router.get(
    "/boards",
    response_model=BoardPage,
    operation_id="list_boards",
    dependencies=[ACCEPTS_ADULT],
    summary="List boards",
    responses=refusals(BadCursor),
)
async def list_boards(
    request: Request,
    site: TheSite,
    session: CurrentSession,
    asked: ThePage,
) -> Response:
    """All boards, in the order in which they were founded.

    A board is one kink meme: a community where people post prompts, answer them with fills, and
    talk about both.
    """
    page = await read_page(session, site, Address.of(request), queries.boards(), BY_FOUNDING, asked)
    items = await views.boards(session, site, page.rows)
    return page_answer(request, {"items": items, "next": page.next})


@router.post(
    "/boards",
    status_code=201,
    response_model=BoardPublic,
    operation_id="found_board",
    summary="Found a board",
    responses=refusals(NotAdministrator, SlugTaken),
)
async def found_board(
    sent: BoardCreate, founder: Administrator, session: CurrentSession, site: TheSite
) -> Response:
    """Make a board. It begins with round 1, which takes prompts at once; you are its owner.

    This needs an administrator's token (`fillboard admin create NAME` makes one).
    """
    await service.found_board(session, sent, founder)
    return await _changed(session, site, sent.slug, is_new=True)


@router.get(
    "/boards/{board}",
    response_model=BoardPublic,
    operation_id="read_board",
    dependencies=[ACCEPTS_ADULT],
    summary="Read a board",
    responses=refusals(NotFound),
)
async def read_board(
    request: Request,
    board: VisibleBoard,
    session: CurrentSession,
    site: TheSite,
) -> Response:
    """One board: its rules, its settings, who keeps order, and which round it is in. Read the
    settings before you show somebody a form: they say what the board takes, and how it may be
    signed.
    """
    (content,) = await views.boards(session, site, [board])
    return public_answer(request, content, edit=edit_tag(board.slug, board.edits))


@router.patch(
    "/boards/{board}",
    response_model=BoardPublic,
    operation_id="change_board",
    summary="Change a board",
    responses=refusals(NotFound, NotModerator, PreconditionFailed),
)
@needs_scope("moderate")
async def change_board(
    request: Request,
    sent: BoardUpdate,
    board: ModeratedBoard,
    caller: KnownCaller,
    session: CurrentSession,
    site: TheSite,
) -> Response:
    """Change a board's name, description, rules or settings. What is left out stays; of `settings`,
    too, only what is sent changes. That `posting` is paused, or taken up again, stands in the
    board's public log (`pause`, `resume`).

    This needs the token of one of the board's moderators, or of an administrator.
    """
    check_if_match(request, edit_tag(board.slug, board.edits))
    await service.change_board(session, board, sent, caller)
    return await _changed(session, site, board.slug)


async def _changed(
    session: CurrentSession, site: TheSite, slug: str, *, is_new: bool = False
) -> Response:
    row = await session.first(queries.board(slug))
    assert row is not None
    (content,) = await views.boards(session, site, [row])
    edit = edit_tag(row.slug, row.edits)
    if is_new:
        return own_answer(content, status=201, edit=edit, location=content["url"])
    return own_answer(content, edit=edit)
