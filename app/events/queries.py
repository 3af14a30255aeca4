"""Questions about what happened."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Select, select

from app.boards.models import BOARD
from app.boards.schedule import NOW
from app.outbox.models import EVENT, OUTBOX


def outbox(board_id: int) -> Select[Any]:
    """``latest, forgotten`` of a board; no row if nothing has happened there."""
    return select(OUTBOX.latest, OUTBOX.forgotten).where(OUTBOX.board_id == board_id)


def events(board_id: int, after: int, last: int, types: Collection[str]) -> Select[Any]:
    """The events of a board after one number and up to another, of some types or of all, in their
    order.
    """
    found = select(*EVENT).where(
        EVENT.board_id == board_id, EVENT.number > after, EVENT.number <= last
    )
    if types:
        found = found.where(EVENT.type.in_(list(types)))
    return found.order_by(EVENT.number)


def numbered(board_id: int, numbers: Iterable[int]) -> Select[Any]:
    """Some events of a board by their numbers."""
    is_one = EVENT.number.in_(list(numbers))
    return select(*EVENT).where(EVENT.board_id == board_id, is_one).order_by(EVENT.number)


def latest(board_ids: Iterable[int]) -> Select[Any]:
    """``board_id, latest`` of some boards."""
    return select(OUTBOX.board_id, OUTBOX.latest).where(OUTBOX.board_id.in_(list(board_ids)))


def boards_due() -> Select[Any]:
    """``id`` of the boards whose schedule has something to write."""
    return select(BOARD.id).where(BOARD.next_change_at <= NOW)
