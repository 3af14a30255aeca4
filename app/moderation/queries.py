"""Questions about the log, and the holds that an action takes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    ScalarSelect,
    Select,
    Table,
    and_,
    column,
    func,
    literal,
    select,
    table,
    union_all,
)

from app.boards.models import BOARD, Board
from app.comments.models import COMMENT, Comment
from app.core.tables import Columns, table_of
from app.discussions.models import DISCUSSION, Discussion
from app.fills.models import FILL, Fill
from app.identity.models import MASK
from app.identity.people import Byline
from app.moderation.models import (
    BAN,
    MOD_LOG,
    MOD_MARGIN,
    MOD_TARGET,
    LogEntry,
    LogMargin,
    LogTarget,
)
from app.prompts.models import PROMPT, Prompt
from app.threads.models import THREAD, Thread

#: An arbitrary number that means "acting as a moderator" among PostgreSQL's advisory locks.
_TURNS = 1_179_403_847


def entries() -> Select[Any]:
    """All entries, with the ``note`` beside them and the ``slug`` of their board."""
    return (
        select(*MOD_LOG, MOD_MARGIN.note, BOARD.slug, _appeal().label("appeal"))
        .join(table_of(Board), BOARD.id == MOD_LOG.board_id)
        .outerjoin(table_of(LogMargin), MOD_MARGIN.entry_id == MOD_LOG.id)
    )


def _appeal() -> ScalarSelect[Any]:
    """What became of the last appeal against an entry that names its target. Appeals stand above
    moderation, so their table is named by a string here, as foreign keys name tables.
    """
    appeal = table("appeal", column("id"), column("entry_id"), column("status"))
    return (
        select(appeal.c.status)
        .where(appeal.c.entry_id == MOD_LOG.id, MOD_LOG.target_id.is_not(None))
        .order_by(appeal.c.id.desc())
        .limit(1)
        .correlate(table_of(LogEntry))
        .scalar_subquery()
    )


def appeal_about(entry_id: int, kind: str, thing_id: int) -> Select[Any]:
    """What became of the appeal of a thing's author against an entry about it."""
    appeal = table(
        "appeal", column("entry_id"), column("status"), column("type"), column("thing_id")
    )
    return select(appeal.c.status).where(
        appeal.c.entry_id == entry_id, appeal.c.type == kind, appeal.c.thing_id == thing_id
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


def posted_by(board_id: int, byline: Byline, since: datetime) -> CompoundSelect[Any]:
    """``type`` and ``public_id`` of what somebody has posted on a board ``since`` then, as far as
    it is signed as ``byline`` is.
    """
    mask_id, account_id = byline.seen_as

    def of(kind: str, columns: Columns, board: ColumnElement[int], table: Any) -> Select[Any]:
        by_mask = and_(columns.mask_id == mask_id, columns.account_id.is_(None))
        signed = by_mask if account_id is None else columns.account_id == account_id
        named: ColumnElement[Any] = literal(kind).label("type")
        return (
            select(named, columns.public_id, columns.created_at)
            .select_from(table)
            .where(board == board_id, signed, columns.created_at > since)
        )

    comments = table_of(Comment).join(table_of(Thread), THREAD.id == COMMENT.thread_id)
    return union_all(
        of("prompt", PROMPT, PROMPT.board_id, table_of(Prompt)),
        of("fill", FILL, FILL.board_id, table_of(Fill)),
        of("discussion", DISCUSSION, DISCUSSION.board_id, table_of(Discussion)),
        of("comment", COMMENT, THREAD.board_id, comments),
    )


def acted_upon(account_id: int, since: datetime) -> Select[Any]:
    """Upon how many things a moderator has acted in bulk ``since`` then."""
    return (
        select(func.count())
        .select_from(table_of(LogMargin))
        .join(table_of(LogEntry), MOD_LOG.id == MOD_MARGIN.entry_id)
        .join(table_of(LogTarget), MOD_TARGET.entry_id == MOD_LOG.id)
        .where(MOD_MARGIN.account_id == account_id, MOD_LOG.created_at > since, MOD_LOG.count > 1)
    )


#: The tables of what moderators act upon, by the names of their kinds.
THINGS: dict[str, Columns] = {
    "prompt": PROMPT,
    "fill": FILL,
    "discussion": DISCUSSION,
    "comment": COMMENT,
}


def targets_of(entry_id: int, kind: str) -> Select[Any]:
    """``id, public_id, mask_id, account_id`` of the things of a kind to which an entry's action was
    done.
    """
    things = THINGS[kind]
    return (
        select(things.id, things.public_id, things.mask_id, things.account_id)
        .join(table_of(LogTarget), MOD_TARGET.thing_id == things.id)
        .where(MOD_TARGET.entry_id == entry_id, MOD_TARGET.type == kind)
    )


def account_behind(mask_id: int) -> Select[Any]:
    """The account whose mask it is, or whose bot's."""
    return select(func.coalesce(MASK.account_id, MASK.bot_of)).where(MASK.id == mask_id)


def bans(board_id: int) -> Select[Any]:
    """The bans of a board, with the ``note`` and the ``log_id`` of their entries."""
    return (
        select(*BAN, MOD_MARGIN.note, MOD_LOG.public_id.label("log_id"))
        .join(table_of(LogEntry), MOD_LOG.id == BAN.entry_id)
        .outerjoin(table_of(LogMargin), MOD_MARGIN.entry_id == BAN.entry_id)
        .where(BAN.board_id == board_id)
    )


def ban(board_id: int, public_id: str) -> Select[Any]:
    """As :func:`bans`, one of them."""
    return bans(board_id).where(BAN.public_id == public_id)


def ban_of(entry_id: int) -> Select[Any]:
    """The ban that an entry of the log tells of."""
    return select(*BAN).where(BAN.entry_id == entry_id)


def thing(kind: str, thing_id: int) -> Select[Any]:
    """``public_id`` of a thing, by its kind and the number of its row."""
    things = THINGS[kind]
    return select(things.public_id).where(things.id == thing_id)


def network_bans_count(board_id: int, moment: datetime) -> Select[Any]:
    """How many bans of networks a board has now."""
    return select(func.count()).where(
        BAN.board_id == board_id,
        BAN.reach == "network",
        BAN.lifted_at.is_(None),
        BAN.expires_at > moment,
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
