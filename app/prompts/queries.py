"""Questions about prompts. Who may see what is decided here."""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from app.accounts.models import ACCOUNT, Account
from app.boards.models import BOARD, ROUND, Board, Round
from app.core.tables import table_of
from app.identity.models import MASK, Mask
from app.prompts.models import PROMPT
from app.threads.models import THREAD, Thread
from app.threads.states import State

#: Out of everybody's sight but the moderators': as if they did not exist.
OUT_OF_SIGHT = (State.SCREENED.value, State.HIDDEN.value)


@cache
def standing_prompts() -> Select[Any]:
    """Prompts that are not out of sight, deleted ones included, with all that their public shape
    needs of board, round, thread and author.
    """
    return (
        select(
            *PROMPT,
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
        .join(table_of(Board), BOARD.id == PROMPT.board_id)
        .join(table_of(Round), ROUND.id == PROMPT.round_id)
        .join(table_of(Thread), THREAD.id == PROMPT.thread_id)
        .outerjoin(table_of(Mask), MASK.id == PROMPT.mask_id)
        .outerjoin(table_of(Account), ACCOUNT.id == MASK.account_id)
        .where(PROMPT.state.not_in(OUT_OF_SIGHT))
    )


@cache
def visible_prompts() -> Select[Any]:
    """Prompts that everybody may see, whatever they are rated."""
    return standing_prompts().where(PROMPT.state == State.VISIBLE.value)


def brief_columns() -> list[ColumnElement[Any]]:
    """What other rooms' questions take of a prompt, to name it (with ``slug`` of its board)."""
    return [
        PROMPT.public_id.label("prompt_public_id"),
        PROMPT.number.label("prompt_number"),
        PROMPT.title.label("prompt_title"),
        PROMPT.state.label("prompt_state"),
        PROMPT.rating.label("prompt_rating"),
        PROMPT.is_frozen.label("prompt_is_frozen"),
        PROMPT.mask_id.label("prompt_mask_id"),
        PROMPT.is_named.label("prompt_is_named"),
    ]
