"""Questions about prompts. Who may see what is decided here."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from app.core.tables import table_of
from app.prompts.models import PROMPT, Prompt
from app.threads.queries import works
from app.threads.states import OUT_OF_SIGHT, State


@cache
def standing_prompts() -> Select[Any]:
    """Prompts that are not out of sight, deleted ones included."""
    return works(table_of(Prompt)).where(PROMPT.state.not_in(OUT_OF_SIGHT))


@cache
def visible_prompts() -> Select[Any]:
    """Prompts that everybody may see, whatever they are rated."""
    return standing_prompts().where(PROMPT.state == State.VISIBLE.value)


def on_board(board_id: int) -> Select[Any]:
    """The visible prompts of a board."""
    return visible_prompts().where(PROMPT.board_id == board_id)


def standing_prompt(public_id: str) -> Select[Any]:
    """A prompt that is not out of sight; it may be deleted."""
    return standing_prompts().where(PROMPT.public_id == public_id)


def numbered_prompt(board_id: int, number: int) -> Select[Any]:
    """As :func:`standing_prompt`, by its number on a board."""
    return standing_prompts().where(PROMPT.board_id == board_id, PROMPT.number == number)


def nth_latest_of_mask(board_id: int, mask_id: int, nth: int, *, since: datetime) -> Select[Any]:
    """When a mask posted its ``nth`` latest prompt on a board, whatever became of it; no row if it
    has posted fewer ``since`` then.
    """
    return (
        select(PROMPT.created_at)
        .where(PROMPT.board_id == board_id, PROMPT.mask_id == mask_id, PROMPT.created_at > since)
        .order_by(PROMPT.created_at.desc())
        .offset(nth - 1)
        .limit(1)
    )


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
