"""Questions about prompts. Who may see what is decided here."""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, column, func, select, table

from app.core.tables import table_of
from app.kit.clock import now
from app.prompts.models import PROMPT, Prompt
from app.threads.queries import works
from app.threads.states import OUT_OF_SIGHT, State

#: What is counted of the claims on a prompt. They belong to a room above, so their table is named
#: by a string here, as foreign keys name tables.
_CLAIM = table("claim", column("prompt_id"), column("expires_at", PROMPT.claimed_until.type))


@cache
def standing_prompts() -> Select[Any]:
    """Prompts that are not out of sight, deleted ones included, with the number of claims on them
    that have not run out.
    """
    return works(table_of(Prompt), _active_claims().label("claims_count")).where(
        PROMPT.state.not_in(OUT_OF_SIGHT)
    )


@cache
def visible_prompts() -> Select[Any]:
    """Prompts that everybody may see, whatever they are rated."""
    return standing_prompts().where(PROMPT.state == State.VISIBLE.value)


def on_board(board_id: int) -> Select[Any]:
    """The visible prompts of a board."""
    return visible_prompts().where(PROMPT.board_id == board_id)


def lean_on_board(board_id: int) -> Select[Any]:
    """As :func:`on_board`, without what only the public shape needs."""
    return select(PROMPT.thread_id).where(PROMPT.board_id == board_id)


def standing_prompt(public_id: str) -> Select[Any]:
    """A prompt that is not out of sight; it may be deleted."""
    return standing_prompts().where(PROMPT.public_id == public_id)


def numbered_prompt(board_id: int, number: int) -> Select[Any]:
    """As :func:`standing_prompt`, by its number on a board."""
    return standing_prompts().where(PROMPT.board_id == board_id, PROMPT.number == number)


def prompt_of_thread(thread_id: int) -> Select[Any]:
    """The prompt at the head of a thread, unless it is out of sight."""
    return standing_prompts().where(PROMPT.thread_id == thread_id)


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


def _active_claims() -> ColumnElement[int]:
    """How many claims on a prompt have not run out when the statement is run. The claims are only
    looked at where the prompt itself says that there are some.
    """
    moment = bindparam("moment", callable_=now, type_=PROMPT.claimed_until.type, unique=True)
    counted = (
        select(func.count())
        .select_from(_CLAIM)
        .where(_CLAIM.c.prompt_id == PROMPT.id, _CLAIM.c.expires_at > moment)
        .correlate(table_of(Prompt))
        .scalar_subquery()
    )
    return case((PROMPT.claimed_until > moment, counted), else_=0)
