"""Questions about boards, rounds and moderators."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, select

from app.accounts.models import ACCOUNT, Account
from app.boards.models import BOARD, MODERATOR, ROUND, Round
from app.core.tables import table_of


@cache
def boards() -> Select[Any]:
    """All boards with the title and phase of their current round."""
    current = and_(ROUND.board_id == BOARD.id, ROUND.number == BOARD.current_round)
    return select(
        *BOARD,
        ROUND.id.label("round_id"),
        ROUND.title.label("round_title"),
        ROUND.phase.label("round_phase"),
        ROUND.opens_at.label("round_opens_at"),
    ).join(table_of(Round), current)


def board(slug: str) -> Select[Any]:
    """One board."""
    return boards().where(BOARD.slug == slug)


def moderators(board_ids: Iterable[int]) -> Select[Any]:
    """``board_id, name, role`` of who keeps order on some boards, owners first."""
    return (
        select(MODERATOR.board_id, ACCOUNT.name, MODERATOR.role)
        .join(table_of(Account), ACCOUNT.id == MODERATOR.account_id)
        .where(MODERATOR.board_id.in_(list(board_ids)))
        .order_by(MODERATOR.role.desc(), ACCOUNT.name_key)
    )


def role(board_id: int, account_id: int) -> Select[Any]:
    """What an account is on a board: ``owner``, ``moderator``, or no row."""
    return select(MODERATOR.role).where(
        MODERATOR.board_id == board_id, MODERATOR.account_id == account_id
    )


def accounts_named(names: Iterable[str]) -> Select[Any]:
    """``name_key`` of the accounts that have some names, in whatever case."""
    keys = [name.lower() for name in names]
    return select(ACCOUNT.name_key).where(ACCOUNT.name_key.in_(keys))


def numbered_round(board_id: int, number: int) -> Select[Any]:
    """One round of a board."""
    return rounds(board_id).where(ROUND.number == number)


def rounds(board_id: int) -> Select[Any]:
    """The rounds of a board."""
    return select(*ROUND).where(ROUND.board_id == board_id)
