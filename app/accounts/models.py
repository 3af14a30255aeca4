"""The table of accounts."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.core.tables import columns_of, public_id, row_id
from app.kit.clock import now

#: A name has 2 to 40 letters, digits, hyphens or underscores, and begins with a letter or digit.
NAME_PATTERN = r"[A-Za-z0-9][A-Za-z0-9_-]{1,39}"


class Account(SQLModel, table=True):
    """Somebody with a name. ``name_key`` is the name in lower case: two names that differ only in
    case would be taken for one another. ``skeleton`` is how it reads at a glance
    (:func:`app.accounts.names.skeleton`). ``password_hash`` says itself how it was made; whoever
    has none signs in by tokens alone.
    """

    id: int = row_id()
    public_id: str = public_id()
    name: str = Field(max_length=40)
    name_key: str = Field(max_length=40, unique=True)
    skeleton: str | None = Field(default=None, max_length=40, index=True)
    password_hash: str | None = None
    is_administrator: bool = False
    created_at: datetime = Field(default_factory=now)


ACCOUNT = columns_of(Account)
