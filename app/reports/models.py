"""The tables of reports, and of what moderators have cleared."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from app.core.tables import BIG_INTEGER, columns_of, public_id, reference, row_id
from app.kit.ids import LENGTH

_IS_OPEN = text("status = 'open'")


class Report(SQLModel, table=True):
    """Somebody says that something is wrong with a thing: its ``type``, its public ``target_id``,
    and the number of its row. A part is reported as itself, and its fill is what is acted upon.

    Whoever made it is known by a mask, or else by the network, hashed at the place of that thing
    (``source``); both only so that nobody counts twice. ``reporter`` is another hash, at the place
    of the board: moderators see by it which reports come from one person there. ``hider`` is one by
    which it is counted how much a network hides at once, on all boards, where the report has hidden
    the thing: no two reports have the same, so that it ties nobody to anybody. All of them mean
    nothing once the keys of their days are gone.
    """

    __table_args__: ClassVar[Any] = (
        Index(None, "board_id", "id"),
        Index(None, "board_id", "created_at", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
        Index(None, "type", "thing_id"),
        Index(None, "hider"),
    )

    id: int = row_id()
    public_id: str = public_id()
    board_id: int = reference("board.id")
    type: str = Field(max_length=16)
    thing_id: int = Field(sa_type=BIG_INTEGER)
    target_id: str = Field(max_length=LENGTH)
    category: str = Field(max_length=16)
    urgency: int
    note: str | None = None
    status: str = Field(default="open", max_length=16)
    has_hidden: bool = False
    receipt: bytes = Field(sa_type=LargeBinary)
    mask_id: int | None = reference("mask.id", default=None)
    source: bytes | None = Field(default=None, sa_type=LargeBinary)
    reporter: bytes = Field(sa_type=LargeBinary)
    hider: bytes | None = Field(default=None, sa_type=LargeBinary)
    assigned_to: int | None = reference("account.id", default=None)
    created_at: datetime
    decided_at: datetime | None = None
    edits: int = 0


class Cleared(SQLModel, table=True):
    """That a moderator has cleared a thing in the ``version`` in which it was then: reports hide it
    no more until somebody edits it.
    """

    __tablename__: ClassVar[Any] = "cleared"

    type: str = Field(primary_key=True, max_length=16)
    thing_id: int = Field(primary_key=True, sa_type=BIG_INTEGER)
    version: str = Field(max_length=64)


REPORT = columns_of(Report)

CLEARED = columns_of(Cleared)
