"""Questions about the log, and the holds that an action takes."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, Table, func, select

from app.boards.models import BOARD, Board
from app.core.tables import table_of
from app.discussions.models import Discussion
from app.fills.models import Fill
from app.moderation.models import MOD_LOG, MOD_MARGIN, MOD_TARGET, LogMargin, LogTarget
from app.prompts.models import Prompt
from app.threads.models import THREAD, Thread

#: An arbitrary number that means "acting as a moderator" among PostgreSQL's advisory locks.
_TURNS = 1_179_403_847


def entries() -> Select[Any]:
    """All entries, with the ``note`` beside them and the ``slug`` of their board."""
    return (
        select(*MOD_LOG, MOD_MARGIN.note, BOARD.slug)
        .join(table_of(Board), BOARD.id == MOD_LOG.board_id)
        .outerjoin(table_of(LogMargin), MOD_MARGIN.entry_id == MOD_LOG.id)
    )


def on_board(board_id: int) -> Select[Any]:
    """The entries of a board."""
    return entries().where(MOD_LOG.board_id == board_id)


def entry(public_id: str) -> Select[Any]:
    """One entry."""
    return entries().where(MOD_LOG.public_id == public_id)


def last_about(kind: str, thing_id: int) -> Select[Any]:
    """The last entry about a thing."""
    return (
        entries()
        .join(table_of(LogTarget), MOD_TARGET.entry_id == MOD_LOG.id)
        .where(MOD_TARGET.type == kind, MOD_TARGET.thing_id == thing_id)
        .order_by(MOD_TARGET.entry_id.desc())
        .limit(1)
    )


def threads_of(conversation: str) -> Select[Any]:
    """``id`` of the threads of a conversation."""
    return select(THREAD.id).where(THREAD.conversation == conversation)


def turn(board_id: int) -> Select[Any]:
    """Wait until nobody else acts as a moderator of a board, on PostgreSQL, and keep all others
    waiting until the commit. SQLite has one writer.

    Only moderators move comments. So what has to be held for a comment is still that when it is
    held, and all of it can be held in one order.
    """
    return select(func.pg_advisory_xact_lock(_TURNS, board_id % 2**31))


def held_fills(ids: Iterable[int]) -> Select[Any]:
    """Some fills, to hold their rows in one order."""
    return _held(table_of(Fill), ids)


def held_prompts(ids: Iterable[int]) -> Select[Any]:
    """Some prompts, to hold their rows in one order."""
    return _held(table_of(Prompt), ids)


def held_discussions(ids: Iterable[int]) -> Select[Any]:
    """Some discussions, to hold their rows in one order."""
    return _held(table_of(Discussion), ids)


def held_threads(ids: Iterable[int]) -> Select[Any]:
    """Some threads, to hold their rows in one order."""
    return _held(table_of(Thread), ids)


def _held(table: Table, ids: Iterable[int]) -> Select[Any]:
    own = table.c.id
    return select(own).where(own.in_(list(ids))).order_by(own).with_for_update(key_share=True)
