"""Questions about discussions. Who may see what is decided here and in ``threads``."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Select, select

from app.core.tables import table_of
from app.discussions.models import DISCUSSION, Discussion
from app.identity.people import Caller
from app.threads import queries as threads
from app.threads.queries import is_visible, may_look_below, may_see, stands
from app.threads.states import State


@cache
def discussions() -> Select[Any]:
    """All discussions, whatever their state."""
    return threads.discussions(table_of(Discussion))


@cache
def standing_discussions() -> Select[Any]:
    """Discussions that are not out of sight, deleted ones included."""
    return discussions().where(stands(DISCUSSION.state, DISCUSSION.was_visible))


def on_board(board_id: int) -> Select[Any]:
    """The visible discussions of a board."""
    return discussions().where(DISCUSSION.board_id == board_id, is_visible(DISCUSSION.state))


def discussion(public_id: str) -> Select[Any]:
    """One discussion, whatever its state."""
    return discussions().where(DISCUSSION.public_id == public_id)


def some_discussions(public_ids: Iterable[str]) -> Select[Any]:
    """Some discussions, whatever their state."""
    return discussions().where(DISCUSSION.public_id.in_(list(public_ids)))


def discussions_of_threads(thread_ids: Iterable[int]) -> Select[Any]:
    """The discussions at the heads of some threads, whatever their state."""
    return discussions().where(DISCUSSION.thread_id.in_(list(thread_ids)))


def standing_discussion(public_id: str) -> Select[Any]:
    """A discussion that is not out of sight; it may be deleted."""
    return standing_discussions().where(DISCUSSION.public_id == public_id)


def seen_discussion(public_id: str, caller: Caller | None) -> Select[Any]:
    """A discussion that a caller may see: one that stands, their own, and,
    where they moderate, any. It may be deleted.
    """
    board_id, was_visible = DISCUSSION.board_id, DISCUSSION.was_visible
    seen = may_see(caller, DISCUSSION, board_id=board_id, was_visible=was_visible)
    return discussion(public_id).where(seen)


def discussion_of_thread(thread_id: int, caller: Caller | None) -> Select[Any]:
    """The discussion at the head of a thread, unless it is out of sight for a caller."""
    above = may_look_below(caller, DISCUSSION)
    return discussions().where(DISCUSSION.thread_id == thread_id, above)


def visible_by(board_id: int, mask_id: int) -> Select[Any]:
    """A row if there is a visible discussion by a mask on a board."""
    own = (DISCUSSION.board_id == board_id, DISCUSSION.mask_id == mask_id)
    return select(DISCUSSION.id).where(*own, DISCUSSION.state == State.VISIBLE.value).limit(1)
