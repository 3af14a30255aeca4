"""The tables of the log, and of what stands beside it."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field, SQLModel

from app.core.tables import BIG_INTEGER, columns_of, public_id, reference, row_id
from app.kit.ids import LENGTH


class LogEntry(SQLModel, table=True):
    """One thing that was done, for everybody to read. Rows can be neither changed nor deleted: the
    database itself refuses (migration 0013). So nothing stands here that might have to go one day.

    ``target_type`` and ``target_id`` name what it was done to; without them ``count`` says to how
    many it was. ``by`` is the role of whoever did it, never the name. ``created_at`` is a full
    second.
    """

    __tablename__: ClassVar[Any] = "mod_log"
    __table_args__: ClassVar[Any] = (Index(None, "board_id", "id"),)

    id: int = row_id()
    public_id: str = public_id()
    board_id: int = reference("board.id")
    action: str = Field(max_length=16)
    reason: str = Field(max_length=16)
    by: str = Field(max_length=16)
    target_type: str | None = Field(default=None, max_length=16)
    target_id: str | None = Field(default=None, max_length=LENGTH)
    count: int | None = None
    created_at: datetime


class LogMargin(SQLModel, table=True):
    """What stands beside an entry, and can go: the free note, which everybody reads, and the
    account of the moderator, which nobody does, so that another one decides an appeal.
    """

    __tablename__: ClassVar[Any] = "mod_margin"

    entry_id: int = reference("mod_log.id", primary_key=True)
    account_id: int | None = reference("account.id", default=None, index=True)
    note: str | None = None


class LogTarget(SQLModel, table=True):
    """To what an entry's action was done: the type of a thing and the number of its row. Only the
    author of the thing is told.
    """

    __tablename__: ClassVar[Any] = "mod_target"
    __table_args__: ClassVar[Any] = (Index(None, "type", "thing_id", "entry_id"),)

    entry_id: int = reference("mod_log.id", primary_key=True)
    type: str = Field(max_length=16, primary_key=True)
    thing_id: int = Field(sa_type=BIG_INTEGER, primary_key=True)


class Ban(SQLModel, table=True):
    """Somebody who may not post on a board: a mask, the account behind it, or whoever comes from
    the network that a post came from (``source``, hashed at the place of that post, ``post_id``).
    ``reason`` is that of its entry in the log.
    """

    __table_args__: ClassVar[Any] = (Index(None, "board_id", "id"),)

    id: int = row_id()
    public_id: str = public_id()
    board_id: int = reference("board.id")
    entry_id: int = reference("mod_log.id")
    reach: str = Field(max_length=16)
    reason: str = Field(max_length=16)
    mask_id: int | None = reference("mask.id", default=None)
    account_id: int | None = reference("account.id", default=None)
    post_id: str | None = Field(default=None, max_length=LENGTH)
    source: bytes | None = Field(default=None, sa_type=LargeBinary)
    created_at: datetime
    expires_at: datetime | None = None
    lifted_at: datetime | None = None


MOD_LOG = columns_of(LogEntry)

BAN = columns_of(Ban)

MOD_MARGIN = columns_of(LogMargin)

MOD_TARGET = columns_of(LogTarget)
