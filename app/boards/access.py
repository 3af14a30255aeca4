"""How a request obtains a board."""

from typing import Annotated, Any

from fastapi import Depends, Path, Request

from app.accounts.names import is_name
from app.boards import queries
from app.boards.banning import find_ban
from app.boards.errors import NameRequired, NotOwner, PostingPaused
from app.boards.models import SLUG_PATTERN, Board, Round
from app.boards.posting import PostKind, check_anonymity
from app.boards.rounds import settle
from app.boards.schedule import is_due
from app.boards.schemas import SEVERITY
from app.core.database import Session, parameter, prepared_rows
from app.core.errors import NotFound, ScopeRequired
from app.core.fields import NumberInPath
from app.core.sessions import CurrentSession, held
from app.core.sources import Source
from app.core.tables import table_of
from app.identity.access import KnownCaller
from app.identity.errors import NotModerator, RatingAboveKey
from app.identity.people import Byline, Caller, Poster
from app.identity.schemas import BylineSent

BoardSlug = Annotated[
    str, Path(pattern=SLUG_PATTERN, description="The board's `slug`.", examples=["found-family"])
]


async def visible_board(request: Request, session: CurrentSession, board: BoardSlug) -> Any:
    """The row of a board that exists (see :func:`queries.boards`). In a request that writes, its
    row and that of its current round are held, and say what its schedule has come to by now.
    """
    statement = held(request, queries.board(board), table_of(Board), table_of(Round))
    row = await session.first(statement)
    if row is None:
        raise NotFound
    if request.method != "GET" and is_due(row.next_change_at):
        await settle(session, row.id)
        row = await session.first(queries.board(board))
    return row


VisibleBoard = Annotated[Any, Depends(visible_board)]


async def listed_board(session: CurrentSession, board: BoardSlug) -> Any:
    """The row of a board, for what is listed on it: which round it is in takes longer to tell than
    all the rest.
    """
    found = await session.rows(_LEAN, slug=board)
    if not found:
        raise NotFound
    return found[0]


_LEAN = prepared_rows(queries.lean_board(parameter("slug")))
ListedBoard = Annotated[Any, Depends(listed_board)]


async def moderates(session: Session, caller: Caller | None, board_id: int) -> bool:
    """Whether a caller keeps order on a board. Administrators do on every board."""
    if caller is None or caller.account_id is None or not caller.may_moderate(board_id):
        return False
    if caller.is_administrator:
        return True
    return await session.scalar(queries.role(board_id, caller.account_id)) is not None


async def moderated_board(session: CurrentSession, caller: KnownCaller, board: VisibleBoard) -> Any:
    """A board that the caller moderates.

    :raises NotModerator: somebody else does.
    """
    if not await moderates(session, caller, board.id):
        raise NotModerator
    return board


ModeratedBoard = Annotated[Any, Depends(moderated_board)]


NameInPath = Annotated[
    str, Path(max_length=40, description="The account's name.", examples=["harbourmaster"])
]


async def named_account(session: CurrentSession, board: VisibleBoard, name: NameInPath) -> Any:
    """An account by its name, with its role on the board, if it has one
    (:func:`queries.moderator`).
    """
    row = await session.first(queries.moderator(board.id, name.lower())) if is_name(name) else None
    if row is None:
        raise NotFound
    return row


NamedAccount = Annotated[Any, Depends(named_account)]


async def appointing_board(
    session: CurrentSession, caller: KnownCaller, board: VisibleBoard
) -> Any:
    """A board whose keepers the caller chooses.

    :raises NotOwner: somebody else does.
    """
    if not await _owns(session, caller, board.id):
        raise NotOwner
    return board


AppointingBoard = Annotated[Any, Depends(appointing_board)]


async def keeper_who_goes(
    session: CurrentSession, caller: KnownCaller, board: VisibleBoard, somebody: NamedAccount
) -> Any:
    """Somebody who keeps a board and whom the caller may dismiss: themselves, or as its owner.

    :raises NotOwner: somebody else may.
    """
    leaves = caller.account_id == somebody.account_id
    if not leaves and not await _owns(session, caller, board.id):
        raise NotOwner
    if somebody.role is None:
        raise NotFound
    return somebody


KeeperWhoGoes = Annotated[Any, Depends(keeper_who_goes)]


async def _owns(session: Session, caller: Caller, board_id: int) -> bool:
    if caller.account_id is None or caller.kind == "key":
        return False
    if caller.is_administrator:
        return True
    role = await session.scalar(queries.role(board_id, caller.account_id))
    return bool(role == "owner")


async def visible_round(session: CurrentSession, board: VisibleBoard, number: NumberInPath) -> Any:
    """The row of a round of a board."""
    row = await session.first(queries.numbered_round(board.id, number))
    if row is None:
        raise NotFound
    return row


VisibleRound = Annotated[Any, Depends(visible_round)]


async def moderated_round(
    request: Request, session: CurrentSession, board: ModeratedBoard, number: NumberInPath
) -> Any:
    """A round of a board that the caller moderates."""
    statement = queries.numbered_round(board.id, number)
    row = await session.first(held(request, statement, table_of(Round)))
    if row is None:
        raise NotFound
    return row


ModeratedRound = Annotated[Any, Depends(moderated_round)]


async def byline(
    session: Session,
    poster: Poster,
    sent: BylineSent,
    board_id: int,
    settings: dict[str, Any],
    kind: PostKind,
) -> Byline:
    """What a post on a board shows of its poster, where the board takes it from them now.

    :raises NotModerator: it asks for the badge, and the poster does not moderate this board.
    :raises AnonymityRequired: the board wants such posts without a name.
    :raises NameRequired: the board wants such posts under a name.
    :raises PostingPaused: the board takes no posts now.
    """
    if sent.as_moderator and not await moderates(session, poster.caller, board_id):
        raise NotModerator
    is_named = poster.caller is not None and not (sent.anonymous or sent.new_mask)
    account_id = poster.caller.account_id if poster.caller and is_named else None
    signed = Byline(poster.mask_id, account_id, sent.as_moderator)
    check_anonymity(settings, kind, signed)
    await check_posting(
        session, poster.caller, board_id, settings, is_named=signed.is_named, source=poster.source
    )
    return signed


async def check_posting(
    session: Session,
    caller: Caller | None,
    board_id: int,
    settings: dict[str, Any],
    *,
    is_named: bool,
    source: Source | None,
) -> None:
    """Whether a board takes anything at all from somebody now. ``is_named`` says whether an
    account's name stands behind it; what shows no author has one where the caller has one.

    :raises NameRequired: for the time being it takes only what is posted under a name.
    :raises PostingPaused: it takes no posts now.
    """
    if settings["posting"] == "named" and not is_named:
        raise NameRequired
    await check_editing(session, caller, board_id, settings, source=source)


async def check_editing(
    session: Session,
    caller: Caller | None,
    board_id: int,
    settings: dict[str, Any],
    *,
    source: Source | None,
) -> None:
    """Whether somebody may put new words on a board. Only its moderators may while it is paused,
    for whoever floods a board with posts can flood it with edits. What is deleted brings none.

    :raises Banned: the moderators have banned them, or whoever comes from where they come.
    :raises ScopeRequired: an API key was made for another board.
    :raises PostingPaused: the board is paused, and somebody else moderates it.
    """
    if caller is not None and not caller.may_write_on(board_id):
        raise ScopeRequired("The key was made for another board.")
    banned = await find_ban(session, board_id, caller, source)
    if banned is None and settings["posting"] != "paused":
        return
    if await moderates(session, caller, board_id):
        return
    if banned is not None:
        raise banned
    until = settings["posting_until"]
    when = f"until {until}" if until else "until a moderator opens it again"
    raise PostingPaused(f"Posting is paused {when}.", until=until)


def check_rating(caller: Caller | None, rating: str) -> None:
    """:raises RatingAboveKey: an API key may not post what is rated so high."""
    highest = caller.max_rating if caller else None
    if highest is not None and SEVERITY[rating] > SEVERITY[highest]:
        raise RatingAboveKey
