"""The table of seconds."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.core.tables import columns_of, reference, row_id
from app.kit.clock import now


class Second(SQLModel, table=True):
    """Somebody wants a prompt, too: a mask, or whoever has none, told apart by the network source.

    ``source`` is a keyed hash. It is forgotten after some days, and the second stays, without
    anything that tells whose it was.
    """

    __table_args__: ClassVar[Any] = (
        UniqueConstraint("prompt_id", "mask_id"),
        UniqueConstraint("prompt_id", "source"),
        # To find those whose source is to be forgotten.
        Index(
            None,
            "created_at",
            postgresql_where=text("source IS NOT NULL"),
            sqlite_where=text("source IS NOT NULL"),
        ),
    )

    id: int = row_id()
    prompt_id: int = reference("prompt.id")
    mask_id: int | None = reference("mask.id", default=None, index=True)
    source: bytes | None = Field(default=None, sa_type=LargeBinary)
    created_at: datetime = Field(default_factory=now)


SECOND = columns_of(Second)
