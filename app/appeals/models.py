"""The table of appeals."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.core.tables import BIG_INTEGER, columns_of, public_id, reference, row_id
from app.kit.ids import LENGTH

_IS_OPEN = text("status = 'open'")


class Appeal(SQLModel, table=True):
    """The author of a thing (its ``type`` and the number of its row) asks for another look at what
    an entry of the log says was done to it. Where it was done to several things of theirs, all of
    these have one ``together``, and are decided about together.
    """

    __table_args__: ClassVar[Any] = (
        UniqueConstraint("entry_id", "type", "thing_id"),
        Index(None, "board_id", "created_at", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    )

    id: int = row_id()
    public_id: str = public_id()
    entry_id: int = reference("mod_log.id")
    board_id: int = reference("board.id")
    type: str = Field(max_length=16)
    thing_id: int = Field(sa_type=BIG_INTEGER)
    together: str = Field(max_length=LENGTH, index=True)
    note: str | None = None
    status: str = Field(default="open", max_length=16)
    answer: str | None = None
    created_at: datetime
    decided_at: datetime | None = None
    edits: int = 0


APPEAL = columns_of(Appeal)
