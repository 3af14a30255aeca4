"""Questions about fills and parts. Who may see what is decided here."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, func, select

from app.core.tables import table_of
from app.fills.models import FILL, PART, Fill
from app.identity.people import Byline
from app.prompts.models import PROMPT, Prompt
from app.prompts.queries import brief_columns
from app.threads.queries import works
from app.threads.states import OUT_OF_SIGHT, State


@cache
def standing_fills() -> Select[Any]:
    """Fills that are not out of sight, nor below a prompt that is; deleted ones included. With what
    names their prompt.
    """
    return (
        works(table_of(Fill), *brief_columns())
        .join(table_of(Prompt), PROMPT.id == FILL.prompt_id)
        .where(FILL.state.not_in(OUT_OF_SIGHT), PROMPT.state.not_in(OUT_OF_SIGHT))
    )


@cache
def visible_fills() -> Select[Any]:
    """Fills that everybody may see, whatever they are rated."""
    return standing_fills().where(FILL.state == State.VISIBLE.value)


def of_prompt(prompt_id: int) -> Select[Any]:
    """The visible fills of a prompt."""
    return visible_fills().where(FILL.prompt_id == prompt_id)


def on_board(board_id: int) -> Select[Any]:
    """The visible fills of a board."""
    return visible_fills().where(FILL.board_id == board_id)


@cache
def lean_fills() -> Select[Any]:
    """Fills that are not below a prompt out of sight, without what only the public shape needs."""
    return (
        select(FILL.thread_id)
        .join(table_of(Prompt), PROMPT.id == FILL.prompt_id)
        .where(PROMPT.state.not_in(OUT_OF_SIGHT))
    )


def standing_fill(public_id: str) -> Select[Any]:
    """A fill that is not out of sight; it may be deleted."""
    return standing_fills().where(FILL.public_id == public_id)


def fill_of_thread(thread_id: int) -> Select[Any]:
    """The fill at the head of a thread, unless it is out of sight."""
    return standing_fills().where(FILL.thread_id == thread_id)


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


def parts_of(fill_id: int) -> Select[Any]:
    """The parts of one fill, without order and text, to be paged."""
    return parts_listed([fill_id]).order_by(None)


def notes_of_parts(fill_id: int) -> Select[Any]:
    """What the parts of a fill warn about."""
    return select(PART.content_notes).where(PART.fill_id == fill_id)


def part_id(fill_id: int, number: int) -> Select[Any]:
    """The id of a part by its place."""
    return select(PART.id).where(PART.fill_id == fill_id, PART.number == number)


def part(fill_id: int, number: int) -> Select[Any]:
    """One part, whole."""
    return select(*PART).where(PART.fill_id == fill_id, PART.number == number)


def is_by_op(fill: Row[Any]) -> bool:
    """Whether readers may know that a fill (a row of :func:`standing_fills`) is by the
    author of its prompt.
    """
    own = Byline(fill.mask_id, bool(fill.is_named))
    return own.is_seen_as(Byline(fill.prompt_mask_id, bool(fill.prompt_is_named)))
