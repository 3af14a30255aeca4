"""Where a work stands, and who may see what of all that people post."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Table, and_, false, or_, select, true
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from app.accounts.models import ACCOUNT, Account
from app.boards.models import BOARD, ROUND, Board, Round
from app.boards.queries import is_kept_by
from app.core.hints import written_out
from app.core.tables import table_of
from app.identity.models import MASK, Mask
from app.identity.people import Caller
from app.threads.models import THREAD, Thread, ThreadKind
from app.threads.states import OUT_OF_SIGHT, State


def works(table: Table, *more: ColumnElement[Any]) -> Select[Any]:
    """All works of a table, whatever their state, with all that their public shape needs of board,
    round, thread and author, and ``more`` columns.
    """
    in_round = table.join(table_of(Round), ROUND.id == table.columns.round_id)
    of_round = (BOARD.next_change_at, ROUND.number.label("round"), ROUND.phase)
    return _heads(table, in_round, *more, *of_round)


def discussions(table: Table) -> Select[Any]:
    """As :func:`works`, for what stands in no round."""
    return _heads(table, table)


def _heads(table: Table, joined: FromClause, *more: ColumnElement[Any]) -> Select[Any]:
    """What stands at the head of a thread, with its board, its thread and its author."""
    own = table.columns
    return (
        select(
            *own,
            *more,
            BOARD.slug,
            BOARD.settings,
            THREAD.conversation,
            THREAD.comments_count,
            THREAD.latest_seq,
            MASK.public_id.label("mask"),
            MASK.bot_of,
            ACCOUNT.name.label("account_name"),
        )
        .select_from(joined)
        .join(table_of(Board), BOARD.id == own.board_id)
        .join(table_of(Thread), THREAD.id == own.thread_id)
        .outerjoin(table_of(Mask), MASK.id == own.mask_id)
        .outerjoin(table_of(Account), ACCOUNT.id == own.account_id)
    )


def stands(state: ColumnElement[str], was_visible: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether everybody may know that something is, or was, there (see
    :func:`app.threads.states.stands`).
    """
    return and_(state.not_in([written_out(each) for each in OUT_OF_SIGHT]), was_visible)


def is_visible(state: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether everybody may see something."""
    return state == written_out(State.VISIBLE.value)


def may_look_below(
    caller: Caller | None, work: ReadOnlyColumnCollection[str, Any]
) -> ColumnElement[bool]:
    """Whether a caller may look for something below a work: where it stands, or where they
    moderate.
    """
    kept = and_(moderates(caller, work.board_id), work.state != State.HELD.value)
    if caller is not None and caller.is_administrator:
        kept = true()
    return or_(stands(work.state, work.was_visible), kept)


def may_see(
    caller: Caller | None,
    posts: ReadOnlyColumnCollection[str, Any],
    *,
    board_id: ColumnElement[int],
    was_visible: ColumnElement[bool],
) -> ColumnElement[bool]:
    """Whether a caller may know of a post: all do once it stands, its author and the moderators of
    its board do always.
    """
    everybody = stands(posts.state, was_visible)
    if caller is None:
        return everybody
    theirs = or_(owns(caller, posts), moderates(caller, board_id))
    if caller.is_administrator:
        return or_(everybody, theirs)
    # What is withheld by law is so from its author and the moderators, too.
    return or_(everybody, and_(theirs, posts.state != State.HELD.value))


def owns(caller: Caller, posts: ReadOnlyColumnCollection[str, Any]) -> ColumnElement[bool]:
    """Whether a post is a caller's (:meth:`app.identity.people.Caller.owns`)."""
    under_mask: ColumnElement[bool] = posts.mask_id.in_(caller.masks)
    if caller.owner_id is None:
        return under_mask
    return or_(under_mask, posts.account_id == caller.owner_id)


def moderates(caller: Caller | None, board_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a caller keeps order on the board of a row. Administrators do on every board."""
    if caller is None or caller.account_id is None:
        return false()
    if caller.is_administrator:
        return true()
    if caller.scopes is not None and "moderate" not in caller.scopes:
        return false()
    kept = is_kept_by(board_id, caller.account_id)
    return kept if caller.board_id is None else and_(board_id == caller.board_id, kept)


def out_of_sight_above(thread_id: int) -> Select[Any]:
    """A row if the head of a thread is out of sight, by itself or with the prompt above it."""
    prompts = table_of(Thread).alias("prompts")
    is_above = or_(prompts.c.id == THREAD.id, prompts.c.kind == ThreadKind.PROMPT.value)
    return (
        select(THREAD.id)
        .join(prompts, and_(prompts.c.conversation == THREAD.conversation, is_above))
        .where(THREAD.id == thread_id, prompts.c.is_in_sight.is_(False))
    )
