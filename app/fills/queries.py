"""Questions about fills and parts. Who may see what is decided here."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Row, Select, and_, func, or_, select

from app.core.tables import table_of
from app.fills.models import FILL, PART, PART_VERSION, Fill
from app.identity.people import Byline, Caller
from app.prompts.models import PROMPT, Prompt
from app.prompts.queries import brief_columns
from app.threads.queries import is_visible, may_look_below, may_see, stands, works
from app.threads.states import State

#: What lists show of a part.
_LISTED = (
    PART.id,
    PART.fill_id,
    PART.public_id,
    PART.number,
    PART.title,
    PART.words_count,
    PART.posted_at,
)


@cache
def fills() -> Select[Any]:
    """All fills, whatever their state, with what names their prompt."""
    return works(table_of(Fill), *brief_columns()).join(
        table_of(Prompt), PROMPT.id == FILL.prompt_id
    )


@cache
def standing_fills() -> Select[Any]:
    """Fills that are not out of sight, nor below a prompt that is; deleted ones included."""
    return fills().where(
        stands(FILL.state, FILL.was_visible), stands(PROMPT.state, PROMPT.was_visible)
    )


def seen_fills(caller: Caller | None) -> Select[Any]:
    """As :func:`standing_fills`, with what a caller sees besides: their own that wait for a
    moderator, and, where they moderate, all.
    """
    if caller is None:
        return standing_fills()
    seen = may_see(caller, FILL, board_id=FILL.board_id, was_visible=FILL.was_visible)
    return fills().where(seen, may_look_below(caller, PROMPT))


@cache
def visible_fills() -> Select[Any]:
    """Fills that everybody may see, whatever they are rated."""
    return standing_fills().where(is_visible(FILL.state))


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
        .where(stands(PROMPT.state, PROMPT.was_visible))
    )


def standing_fill(public_id: str | BindParameter[str]) -> Select[Any]:
    """A fill that is not out of sight; it may be deleted."""
    return standing_fills().where(FILL.public_id == public_id)


def fill(public_id: str) -> Select[Any]:
    """One fill, whatever its state."""
    return fills().where(FILL.public_id == public_id)


def some_fills(public_ids: Iterable[str]) -> Select[Any]:
    """Some fills, whatever their state."""
    return fills().where(FILL.public_id.in_(list(public_ids)))


def fills_of_threads(thread_ids: Iterable[int]) -> Select[Any]:
    """The fills at the heads of some threads, whatever their state."""
    return fills().where(FILL.thread_id.in_(list(thread_ids)))


def some_parts_listed(public_ids: Iterable[str]) -> Select[Any]:
    """Some parts by their public ids, without the text, with the number of their fill's row."""
    return select(*_LISTED).where(PART.public_id.in_(list(public_ids)))


def filed(fill_id: int) -> Select[Any]:
    """What a fill is filed by, and whether its prompt is in sight: ``prompt_state`` and
    ``prompt_was_visible``.
    """
    prompt = (PROMPT.state.label("prompt_state"), PROMPT.was_visible.label("prompt_was_visible"))
    return (
        select(*FILL, *prompt)
        .join(table_of(Prompt), PROMPT.id == FILL.prompt_id)
        .where(FILL.id == fill_id)
    )


def seen_fill(public_id: str, caller: Caller | None) -> Select[Any]:
    """A fill that a caller may see; it may be deleted."""
    return seen_fills(caller).where(FILL.public_id == public_id)


def fill_of_thread(thread_id: int, caller: Caller | None) -> Select[Any]:
    """The fill at the head of a thread, unless it is out of sight for a caller."""
    above = (may_look_below(caller, FILL), may_look_below(caller, PROMPT))
    return fills().where(FILL.thread_id == thread_id, *above)


def visible_by(board_id: int, mask_id: int) -> Select[Any]:
    """A row if there is a visible fill by a mask on a board."""
    own = (FILL.board_id == board_id, FILL.mask_id == mask_id)
    return select(FILL.id).where(*own, FILL.state == State.VISIBLE.value).limit(1)


def latest_filled_at(prompt_id: int) -> Select[Any]:
    """When a prompt was last filled, by its visible fills."""
    return select(func.max(FILL.filled_at)).where(
        FILL.prompt_id == prompt_id, FILL.state == State.VISIBLE.value
    )


def own_fills_count(prompt_id: int) -> Select[Any]:
    """How many visible fills of a prompt its own author is seen to have written."""
    same_name = FILL.account_id == PROMPT.account_id
    same_mask = and_(
        FILL.mask_id == PROMPT.mask_id, FILL.account_id.is_(None), PROMPT.account_id.is_(None)
    )
    return (
        select(func.count())
        .select_from(table_of(Fill))
        .join(table_of(Prompt), PROMPT.id == FILL.prompt_id)
        .where(
            FILL.prompt_id == prompt_id,
            FILL.state == State.VISIBLE.value,
            or_(same_name, same_mask),
        )
    )


def parts_listed(fill_ids: Iterable[int]) -> Select[Any]:
    """The parts of some fills in their order, without the text."""
    return (
        select(*_LISTED).where(PART.fill_id.in_(list(fill_ids))).order_by(PART.fill_id, PART.number)
    )


def parts_of(fill_id: int | BindParameter[int]) -> Select[Any]:
    """As :func:`parts_listed`, of one fill."""
    return select(*_LISTED).where(PART.fill_id == fill_id).order_by(PART.number)


def places_of_parts(fill_id: int | BindParameter[int]) -> Select[Any]:
    """Which parts a fill has, in their order: the numbers of their rows, and their places."""
    return select(PART.id, PART.number).where(PART.fill_id == fill_id).order_by(PART.number)


def notes_of_parts(fill_id: int) -> Select[Any]:
    """What the parts of a fill warn about."""
    return select(PART.content_notes).where(PART.fill_id == fill_id)


def part_id(fill_id: int, number: int) -> Select[Any]:
    """The id of a part by its place."""
    return select(PART.id).where(PART.fill_id == fill_id, PART.number == number)


def part(fill_id: int | BindParameter[int], number: int | BindParameter[int]) -> Select[Any]:
    """One part, whole."""
    return select(*PART).where(PART.fill_id == fill_id, PART.number == number)


def part_of_any(public_id: str) -> Select[Any]:
    """One part, whole, by its public id, with the ``board_id``, the ``state`` and the
    ``fill_public_id`` of its fill.
    """
    return (
        select(
            *PART,
            FILL.public_id.label("fill_public_id"),
            FILL.board_id,
            FILL.state,
            FILL.is_frozen,
        )
        .join(table_of(Fill), FILL.id == PART.fill_id)
        .where(PART.public_id == public_id)
    )


def part_by_id(part_id: int) -> Select[Any]:
    """One part, whole, by the number of its row."""
    return select(*PART).where(PART.id == part_id)


def versions_listed(part_id: int, *, since: datetime) -> Select[Any]:
    """What a part said before, as far as it was replaced ``since`` then, without the text."""
    return select(
        PART_VERSION.id,
        PART_VERSION.public_id,
        PART_VERSION.title,
        PART_VERSION.words_count,
        PART_VERSION.written_at,
        PART_VERSION.replaced_at,
    ).where(PART_VERSION.part_id == part_id, PART_VERSION.replaced_at > since)


def version(part_id: int, public_id: str, *, since: datetime) -> Select[Any]:
    """One version of a part, whole, if it was replaced ``since`` then."""
    return select(*PART_VERSION).where(
        PART_VERSION.part_id == part_id,
        PART_VERSION.public_id == public_id,
        PART_VERSION.replaced_at > since,
    )


def is_by_op(fill: Row[Any]) -> bool:
    """Whether readers may know that a fill (a row of :func:`standing_fills`) is by the
    author of its prompt.
    """
    own = Byline(fill.mask_id, fill.account_id)
    return own.is_seen_as(Byline(fill.prompt_mask_id, fill.prompt_account_id))
