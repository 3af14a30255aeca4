"""The table of requests that were sent with an Idempotency-Key."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from app.core.tables import columns_of


class Replay(SQLModel, table=True):
    """That a request was done. ``name`` is a keyed hash of its Idempotency-Key and of who sent it
    where; ``sealed`` is how it was answered, for whoever shows the same key again.
    """

    name: bytes = Field(primary_key=True, sa_type=LargeBinary)
    sealed: bytes = Field(sa_type=LargeBinary)
    created_at: datetime = Field(index=True)


REPLAY = columns_of(Replay)
