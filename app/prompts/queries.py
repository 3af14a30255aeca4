"""Questions about prompts. Who may see what is decided here and in ``threads``."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    column,
    false,
    func,
    select,
    table,
)

from app.boards.models import BOARD, ROUND
from app.core.tables import table_of
from app.identity.people import Byline, Caller
from app.identity.queries import masks_of
from app.kit.clock import now
from app.prompts.models import PROMPT, Prompt
from app.threads.models import THREAD
from app.threads.queries import is_visible, may_look_below, may_see, stands, works
from app.threads.states import State

#: What is counted of the claims on a prompt. They belong to a room above, so their table is named
#: by a string here, as foreign keys name tables.
_CLAIM = table("claim", column("prompt_id"), column("expires_at", PROMPT.claimed_until.type))


@cache
def prompts() -> Select[Any]:
    """All prompts, whatever their state, with the number of claims on them that have not run
    out.
    """
    return works(table_of(Prompt), _active_claims().label("claims_count"))


@cache
def standing_prompts() -> Select[Any]:
    """Prompts that are not out of sight, deleted ones included."""
    return prompts().where(stands(PROMPT.state, PROMPT.was_visible))


def seen_prompts(caller: Caller | None) -> Select[Any]:
    """As :func:`standing_prompts`, with what a caller sees besides: their own that wait for a
    moderator, and, where they moderate, all.
    """
    if caller is None:
        return standing_prompts()
    seen = may_see(caller, PROMPT, board_id=PROMPT.board_id, was_visible=PROMPT.was_visible)
    return prompts().where(seen)


@cache
def visible_prompts() -> Select[Any]:
    """Prompts that everybody may see, whatever they are rated."""
    return standing_prompts().where(is_visible(PROMPT.state))


def on_board(board_id: int) -> Select[Any]:
    """The visible prompts of a board."""
    return visible_prompts().where(PROMPT.board_id == board_id)


def lean_on_board(board_id: int) -> Select[Any]:
    """As :func:`on_board`, without what only the public shape needs."""
    return select(PROMPT.thread_id).where(PROMPT.board_id == board_id)


def prompt(public_id: str) -> Select[Any]:
    """One prompt, whatever its state."""
    return prompts().where(PROMPT.public_id == public_id)


def some_prompts(public_ids: Iterable[str]) -> Select[Any]:
    """Some prompts, whatever their state."""
    return prompts().where(PROMPT.public_id.in_(list(public_ids)))


def prompts_of_threads(thread_ids: Iterable[int]) -> Select[Any]:
    """The prompts at the heads of some threads, whatever their state."""
    return prompts().where(PROMPT.thread_id.in_(list(thread_ids)))


def standing_prompt(public_id: str | BindParameter[str]) -> Select[Any]:
    """A prompt that is not out of sight; it may be deleted."""
    return standing_prompts().where(PROMPT.public_id == public_id)


def talked_about_prompt(public_id: str | BindParameter[str]) -> Select[Any]:
    """As :func:`standing_prompt`, in the columns that comments need of it: whether they may be
    posted there, and what they show of their thread.
    """
    return standing_prompt(public_id).with_only_columns(
        PROMPT.id,
        PROMPT.public_id,
        PROMPT.board_id,
        PROMPT.round_id,
        PROMPT.thread_id,
        PROMPT.mask_id,
        PROMPT.account_id,
        PROMPT.title,
        PROMPT.rating,
        PROMPT.state,
        PROMPT.was_visible,
        PROMPT.is_frozen,
        BOARD.next_change_at,
        BOARD.slug,
        BOARD.settings,
        ROUND.number.label("round"),
        ROUND.phase,
        THREAD.conversation,
        THREAD.latest_seq,
        maintain_column_froms=True,
    )


def seen_prompt(public_id: str, caller: Caller | None) -> Select[Any]:
    """A prompt that a caller may see; it may be deleted."""
    return seen_prompts(caller).where(PROMPT.public_id == public_id)


def numbered_prompt(board_id: int, number: int, caller: Caller | None) -> Select[Any]:
    """As :func:`seen_prompt`, by its number on a board."""
    return seen_prompts(caller).where(PROMPT.board_id == board_id, PROMPT.number == number)


def prompt_of_thread(thread_id: int, caller: Caller | None) -> Select[Any]:
    """The prompt at the head of a thread, unless it is out of sight for a caller."""
    return prompts().where(PROMPT.thread_id == thread_id, may_look_below(caller, PROMPT))


def visible_prompt_of_thread(thread_id: int) -> Select[Any]:
    """The prompt at the head of a thread, if everybody may see it."""
    return visible_prompts().where(PROMPT.thread_id == thread_id)


def visible_by(board_id: int, mask_id: int) -> Select[Any]:
    """A row if there is a visible prompt by a mask on a board."""
    own = (PROMPT.board_id == board_id, PROMPT.mask_id == mask_id)
    return select(PROMPT.id).where(*own, PROMPT.state == State.VISIBLE.value).limit(1)


def nth_latest_of(
    board_id: int, mask_id: int, account_id: int | None, nth: int, *, since: datetime
) -> Select[Any]:
    """When a mask, or an account under its own mask or through any of its bots, posted its ``nth``
    latest prompt on a board, whatever became of it; no row if it has posted fewer ``since`` then.
    """
    is_theirs = PROMPT.mask_id == mask_id
    if account_id is not None:
        is_theirs = PROMPT.mask_id.in_(masks_of(account_id))
    return (
        select(PROMPT.created_at)
        .where(PROMPT.board_id == board_id, is_theirs, PROMPT.created_at > since)
        .order_by(PROMPT.created_at.desc())
        .offset(nth - 1)
        .limit(1)
    )


def is_seen_as_op(byline: Byline) -> ColumnElement[bool]:
    """Whether readers may know that whoever signs so wrote the prompt of a row
    (:meth:`app.identity.people.Byline.is_seen_as`).
    """
    if byline.account_id is not None:
        return PROMPT.account_id == byline.account_id
    if byline.mask_id is None:
        return false()
    return and_(PROMPT.mask_id == byline.mask_id, PROMPT.account_id.is_(None))


def brief_columns() -> list[ColumnElement[Any]]:
    """What other rooms' questions take of a prompt, to name it (with ``slug`` of its board)."""
    return [
        PROMPT.public_id.label("prompt_public_id"),
        PROMPT.number.label("prompt_number"),
        PROMPT.title.label("prompt_title"),
        PROMPT.state.label("prompt_state"),
        PROMPT.was_visible.label("prompt_was_visible"),
        PROMPT.rating.label("prompt_rating"),
        PROMPT.is_frozen.label("prompt_is_frozen"),
        PROMPT.mask_id.label("prompt_mask_id"),
        PROMPT.account_id.label("prompt_account_id"),
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
