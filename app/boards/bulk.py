"""A board's past: rounds that it had before anybody was there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app.boards.models import BOARD, ROUND, Board, Round
from app.core.database import Session
from app.core.tables import row_of, table_of


async def found_long_ago(session: Session, board_id: int, rounds_began: Sequence[datetime]) -> None:
    """Have a board that was founded just now be as old as its first round, and have had more of
    them since: the last takes prompts, the one before it fills, and the others are closed.
    """
    first, *later = rounds_began
    is_it = BOARD.id == board_id
    await session.run(update(table_of(Board)).where(is_it).values(created_at=first))
    phases = _phases(len(rounds_began))
    await session.run(
        update(table_of(Round))
        .where(ROUND.board_id == board_id, ROUND.number == 1)
        .values(phase=phases[0], created_at=first)
    )
    rows = [
        row_of(
            Round,
            board_id=board_id,
            number=number,
            title=f"Round {number}",
            phase=phases[number - 1],
            created_at=began,
        )
        for number, began in enumerate(later, 2)
    ]
    await session.put(table_of(Round), rows)


async def round_ids(session: Session, board_id: int) -> list[int]:
    """The rounds of a board that have begun, the first of them first."""
    begun: Any = (ROUND.board_id == board_id, ROUND.phase != "upcoming")
    rows = await session.all(select(ROUND.id).where(*begun).order_by(ROUND.number))
    return [row.id for row in rows]


def _phases(rounds: int) -> list[str]:
    return [*["closed"] * (rounds - 2), *["fill_only"] * (rounds > 1), "prompting"]
