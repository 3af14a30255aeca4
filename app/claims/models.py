"""The table of claims."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.tables import columns_of, public_id, reference, row_id
from app.kit.clock import now


class Claim(SQLModel, table=True):
    """Somebody is writing for a prompt. It stands until it is withdrawn or kept, and is active
    until ``expires_at``. ``renewals`` counts how often it was renewed.
    """

    __table_args__: ClassVar[Any] = (
        UniqueConstraint("prompt_id", "mask_id"),
        # To list them, and to count those that have not run out.
        Index(None, "prompt_id", "id"),
        Index(None, "prompt_id", "expires_at"),
    )

    id: int = row_id()
    public_id: str = public_id()
    prompt_id: int = reference("prompt.id")
    mask_id: int = reference("mask.id", index=True)
    created_at: datetime = Field(default_factory=now)
    expires_at: datetime
    renewals: int = 0


CLAIM = columns_of(Claim)
