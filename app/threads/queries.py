"""Where a work stands: what prompts and fills both need of board, round, thread and author."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Table, select

from app.accounts.models import ACCOUNT, Account
from app.boards.models import BOARD, ROUND, Board, Round
from app.core.tables import table_of
from app.identity.models import MASK, Mask
from app.threads.models import THREAD, Thread


def works(table: Table, *more: ColumnElement[Any]) -> Select[Any]:
    """All works of a table, whatever their state, with all that their public shape needs of board,
    round, thread and author, and ``more`` columns.
    """
    own = table.columns
    return (
        select(
            *own,
            *more,
            BOARD.slug,
            BOARD.settings,
            BOARD.next_change_at,
            ROUND.number.label("round"),
            ROUND.phase,
            THREAD.conversation,
            THREAD.comments_count,
            THREAD.latest_seq,
            MASK.public_id.label("mask"),
            ACCOUNT.name.label("account_name"),
        )
        .select_from(table)
        .join(table_of(Board), BOARD.id == own.board_id)
        .join(table_of(Round), ROUND.id == own.round_id)
        .join(table_of(Thread), THREAD.id == own.thread_id)
        .outerjoin(table_of(Mask), MASK.id == own.mask_id)
        .outerjoin(table_of(Account), ACCOUNT.id == MASK.account_id)
    )
