"""Questions about fills and parts. Who may see what is decided here."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Select, func, select

from app.accounts.models import ACCOUNT, Account
from app.boards.models import BOARD, ROUND, Board, Round
from app.core.tables import table_of
from app.fills.models import FILL, PART
from app.identity.models import MASK, Mask
from app.prompts.models import PROMPT, Prompt
from app.prompts.queries import OUT_OF_SIGHT, brief_columns
from app.threads.models import THREAD, Thread
from app.threads.states import State


@cache
def standing_fills() -> Select[Any]:
    """Fills that are not out of sight, nor below a prompt that is; deleted ones included. With all
    that their public shape needs of prompt, board, round, thread and author.
    """
    return (
        select(
            *FILL,
            *brief_columns(),
            BOARD.slug,
            BOARD.settings,
            ROUND.number.label("round"),
            ROUND.phase,
            THREAD.conversation,
            THREAD.comments_count,
            THREAD.latest_seq,
            MASK.public_id.label("mask"),
            ACCOUNT.name.label("account_name"),
        )
        .join(table_of(Prompt), PROMPT.id == FILL.prompt_id)
        .join(table_of(Board), BOARD.id == FILL.board_id)
        .join(table_of(Round), ROUND.id == FILL.round_id)
        .join(table_of(Thread), THREAD.id == FILL.thread_id)
        .outerjoin(table_of(Mask), MASK.id == FILL.mask_id)
        .outerjoin(table_of(Account), ACCOUNT.id == MASK.account_id)
        .where(FILL.state.not_in(OUT_OF_SIGHT), PROMPT.state.not_in(OUT_OF_SIGHT))
    )


@cache
def visible_fills() -> Select[Any]:
    """Fills that everybody may see, whatever they are rated."""
    return standing_fills().where(FILL.state == State.VISIBLE.value)


def latest_filled_at(prompt_id: int) -> Select[Any]:
    """When a prompt was last filled, by its visible fills."""
    return select(func.max(FILL.filled_at)).where(
        FILL.prompt_id == prompt_id, FILL.state == State.VISIBLE.value
    )


def parts_listed(fill_ids: Iterable[int]) -> Select[Any]:
    """The parts of some fills in their order, without the text."""
    return (
        select(
            PART.fill_id,
            PART.public_id,
            PART.number,
            PART.title,
            PART.words_count,
            PART.posted_at,
        )
        .where(PART.fill_id.in_(list(fill_ids)))
        .order_by(PART.fill_id, PART.number)
    )


def part(fill_id: int, number: int) -> Select[Any]:
    """One part, whole."""
    return select(*PART).where(PART.fill_id == fill_id, PART.number == number)
