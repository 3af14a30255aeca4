"""Questions about boards, rounds and moderators."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Exists,
    Select,
    and_,
    case,
    exists,
    func,
    select,
)
from sqlmodel.sql.sqltypes import UTCDateTime

from app.accounts.models import ACCOUNT, Account
from app.boards.models import BOARD, MODERATOR, ROUND, Board, Moderator, Round
from app.boards.schedule import NOW, current_round, phase_now
from app.core.tables import table_of


@cache
def boards() -> Select[Any]:
    """All boards with their current round, as it is by now."""
    return (
        select(
            *BOARD,
            ROUND.id.label("round_id"),
            ROUND.number.label("round_number"),
            ROUND.title.label("round_title"),
            phase_now(table_of(Round)).label("round_phase"),
        )
        .select_from(table_of(Board))
        .join(table_of(Round), ROUND.id == current_round())
    )


def board(slug: str) -> Select[Any]:
    """One board."""
    return boards().where(BOARD.slug == slug)


def lean_board(slug: str | BindParameter[str]) -> Select[Any]:
    """One board, without its current round."""
    return select(*BOARD).where(BOARD.slug == slug)


def moderators(board_ids: Iterable[int]) -> Select[Any]:
    """``board_id, name, role`` of who keeps order on some boards, owners first."""
    return (
        select(MODERATOR.board_id, ACCOUNT.name, MODERATOR.role)
        .join(table_of(Account), ACCOUNT.id == MODERATOR.account_id)
        .where(MODERATOR.board_id.in_(list(board_ids)))
        .order_by(MODERATOR.role.desc(), ACCOUNT.name_key)
    )


def moderator(board_id: int, name_key: str) -> Select[Any]:
    """``account_id, name, role`` of the account with a name (in lower case); its role is null
    where it does not keep order on the board.
    """
    is_it = and_(MODERATOR.account_id == ACCOUNT.id, MODERATOR.board_id == board_id)
    return (
        select(ACCOUNT.id.label("account_id"), ACCOUNT.name, MODERATOR.role)
        .select_from(table_of(Account))
        .outerjoin(table_of(Moderator), is_it)
        .where(ACCOUNT.name_key == name_key)
    )


def owners_count(board_id: int) -> Select[Any]:
    """How many owners a board has."""
    return select(func.count()).where(MODERATOR.board_id == board_id, MODERATOR.role == "owner")


def other_moderators(board_id: int, account_id: int) -> Select[Any]:
    """A row for each moderator of a board but one account."""
    others = MODERATOR.account_id != account_id
    return select(MODERATOR.account_id).where(MODERATOR.board_id == board_id, others)


def role(board_id: int, account_id: int) -> Select[Any]:
    """What an account is on a board: ``owner``, ``moderator``, or no row."""
    return select(MODERATOR.role).where(
        MODERATOR.board_id == board_id, MODERATOR.account_id == account_id
    )


def is_kept_by(board_id: ColumnElement[int], account_id: int) -> Exists:
    """Whether an account keeps order on the board of a row of another question."""
    return exists().where(MODERATOR.board_id == board_id, MODERATOR.account_id == account_id)


def accounts_named(names: Iterable[str]) -> Select[Any]:
    """``name_key`` of the accounts that have some names, in whatever case."""
    keys = [name.lower() for name in names]
    return select(ACCOUNT.name_key).where(ACCOUNT.name_key.in_(keys))


def numbered_round(board_id: int, number: int) -> Select[Any]:
    """One round of a board."""
    return rounds(board_id).where(ROUND.number == number)


def rounds(board_id: int) -> Select[Any]:
    """The rounds of a board, as they are by now."""
    phase = phase_now(table_of(Round)).label("phase")
    columns = [phase if column is ROUND.phase else column for column in ROUND]
    return select(*columns).where(ROUND.board_id == board_id)


def overdue_rounds(board_id: int) -> Select[Any]:
    """``id, phase, phase_now`` of the rounds of a board whose rows the clock has overtaken, the one
    that takes prompts from now on last.
    """
    phase: ColumnElement[Any] = phase_now(table_of(Round))
    return (
        select(ROUND.id, ROUND.phase, phase.label("phase_now"))
        .where(ROUND.board_id == board_id, phase != ROUND.phase)
        .order_by(case((phase == "prompting", 1), else_=0))
    )


def next_opening(board_id: int) -> Select[Any]:
    """When a board takes prompts next, by its schedule."""
    return select(func.min(ROUND.opens_at, type_=UTCDateTime())).where(
        ROUND.board_id == board_id, ROUND.phase == "upcoming", ROUND.opens_at > NOW
    )


def last_round_number(board_id: int) -> Select[Any]:
    """The number of the newest round of a board."""
    return select(func.max(ROUND.number)).where(ROUND.board_id == board_id)
