"""Who keeps a board, over HTTP."""

from typing import Any

from fastapi import Request, Response

from app.boards import keepers, queries
from app.boards.access import (
    AppointingBoard,
    KeeperWhoGoes,
    ListedBoard,
    NamedAccount,
    VisibleBoard,
)
from app.boards.errors import LastOwner, NotOwner
from app.boards.schemas import ModeratorPage, ModeratorPublic, ModeratorSent
from app.core.answers import edit_tag, no_content, own_answer
from app.core.description import refusals
from app.core.errors import NotFound
from app.core.paging import page_answer
from app.core.parameters import ACCEPTS_ADULT
from app.core.routing import room_router
from app.core.sessions import CurrentSession

router = room_router("Boards")


@router.get(
    "/boards/{board}/moderators",
    response_model=ModeratorPage,
    operation_id="list_moderators",
    dependencies=[ACCEPTS_ADULT],
    summary="List who keeps a board",
    responses=refusals(NotFound),
)
async def list_moderators(
    request: Request, board: ListedBoard, session: CurrentSession
) -> Response:
    """Who keeps order on a board, owners first. Moderators act upon posts; owners appoint and
    dismiss them. Administrators moderate every board, and are not listed.
    """
    rows = await session.all(queries.moderators([board.id]))
    items = [_shown(row.name, row.role) for row in rows]
    return page_answer(request, {"items": items, "next": None})


@router.put(
    "/boards/{board}/moderators/{name}",
    response_model=ModeratorPublic,
    operation_id="appoint_moderator",
    summary="Appoint a moderator",
    responses=refusals(NotFound, NotOwner, LastOwner),
)
async def appoint_moderator(
    sent: ModeratorSent, board: AppointingBoard, somebody: NamedAccount, session: CurrentSession
) -> Response:
    """Have the account of that name keep order on your board, or keep it in another role. To hand
    the board over, make somebody its owner, and then leave.

    This needs the token of one of the board's owners, or of an administrator.
    """
    await keepers.appoint(session, board.id, somebody, sent.role)
    edit = edit_tag(f"{board.slug}/{somebody.name}/{sent.role}", 0)
    return own_answer(_shown(somebody.name, sent.role), edit=edit)


@router.delete(
    "/boards/{board}/moderators/{name}",
    status_code=204,
    operation_id="dismiss_moderator",
    summary="Dismiss a moderator, or leave",
    responses=refusals(NotFound, NotOwner, LastOwner),
)
async def dismiss_moderator(
    board: VisibleBoard, somebody: KeeperWhoGoes, session: CurrentSession
) -> Response:
    """Have somebody keep order no more, from this moment on. Owners and administrators dismiss
    others; every moderator may leave. One owner at least stays.
    """
    await keepers.dismiss(session, board.id, somebody)
    return no_content()


def _shown(name: str, role: str) -> dict[str, Any]:
    return {"name": name, "role": role}
