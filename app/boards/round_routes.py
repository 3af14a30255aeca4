"""Rounds over HTTP."""

from typing import Any

from fastapi import Request, Response

from app.boards import queries, rounds, views
from app.boards.access import ModeratedBoard, ModeratedRound, VisibleBoard, VisibleRound
from app.boards.lists import NEWEST_ROUND_FIRST
from app.boards.round_schemas import RoundCreate, RoundPage, RoundPublic, RoundUpdate
from app.core.answers import check_if_match, edit_tag, own_answer, public_answer
from app.core.database import Session
from app.core.description import refusals
from app.core.errors import BadCursor, NotFound, PreconditionFailed
from app.core.paging import Address, ThePage, page_answer, read_page
from app.core.parameters import ACCEPTS_ADULT
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.core.site import TheSite
from app.identity.errors import NotModerator
from app.identity.scopes import needs_scope

router = room_router("Boards")


@router.get(
    "/boards/{board}/rounds",
    response_model=RoundPage,
    operation_id="list_rounds",
    dependencies=[ACCEPTS_ADULT],
    summary="List a board's rounds",
    responses=refusals(BadCursor, NotFound),
)
async def list_rounds(
    request: Request,
    board: VisibleBoard,
    session: CurrentSession,
    site: TheSite,
    asked: ThePage,
) -> Response:
    """The rounds of a board, the newest first.

    A round is a numbered stretch of a board's life. Its `phase` says what may be posted.
    """
    page = await read_page(
        session, site, Address.of(request), queries.rounds(board.id), NEWEST_ROUND_FIRST, asked
    )
    items = [views.round_(row) for row in page.rows]
    return page_answer(request, {"items": items, "next": page.next})


@router.post(
    "/boards/{board}/rounds",
    status_code=201,
    response_model=RoundPublic,
    operation_id="add_round",
    summary="Add a round",
    responses=refusals(NotFound, NotModerator),
)
@needs_scope("moderate")
async def add_round(
    sent: RoundCreate, board: ModeratedBoard, session: CurrentSession, site: TheSite
) -> Response:
    """Add a round to a board: one that takes prompts at once, or one that opens on a date.

    One round of a board at most takes prompts. When this one begins to, now or on its date, the one
    that did so becomes `fill_only`: its prompts can still be filled and talked about.

    This needs the token of one of the board's moderators, or of an administrator.
    """
    number = await rounds.add_round(session, board, sent)
    content, edit = await _content(session, board, number)
    location = site.url(f"/boards/{board.slug}/rounds/{number}")
    return own_answer(content, status=201, edit=edit, location=location)


@router.get(
    "/boards/{board}/rounds/{number}",
    response_model=RoundPublic,
    operation_id="read_round",
    dependencies=[ACCEPTS_ADULT],
    summary="Read a round",
    responses=refusals(NotFound),
)
async def read_round(request: Request, board: VisibleBoard, round_: VisibleRound) -> Response:
    """One round of a board, a numbered stretch of its life: which phase it is in, and when that is
    going to change. The phase says what may be posted: prompts, only fills and comments, or
    nothing.
    """
    return public_answer(request, views.round_(round_), edit=_edit(board, round_))


@router.patch(
    "/boards/{board}/rounds/{number}",
    response_model=RoundPublic,
    operation_id="change_round",
    summary="Change a round",
    responses=refusals(NotFound, NotModerator, PreconditionFailed),
)
@needs_scope("moderate")
async def change_round(
    request: Request,
    sent: RoundUpdate,
    board: ModeratedBoard,
    round_: ModeratedRound,
    session: CurrentSession,
) -> Response:
    """Open, close, archive, reschedule or rename a round.

    `prompting` opens it, and the round that took prompts until now becomes `fill_only`. A condition
    that the new `phase` has overtaken is cleared unless it is sent anew: a round that closed on a
    date, or at a number of comments, and is opened again stays open.

    This needs the token of one of the board's moderators, or of an administrator.
    """
    check_if_match(request, _edit(board, round_))
    await rounds.change_round(session, round_, sent)
    content, edit = await _content(session, board, round_.number)
    return own_answer(content, edit=edit)


async def _content(session: Session, board: Any, number: int) -> tuple[dict[str, Any], str]:
    """A round as its keepers get it back, and its version."""
    row = await session.first(queries.numbered_round(board.id, number))
    assert row is not None
    return views.round_(row), _edit(board, row)


def _edit(board: Any, round_: Any) -> str:
    return edit_tag(f"{board.slug}/{round_.number}", round_.edits)
