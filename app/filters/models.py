"""The table of saved filters."""

from sqlmodel import Field, SQLModel

from app.core.tables import BYTEWISE, columns_of, reference


class SavedFilter(SQLModel, table=True):
    """A tag that somebody with a name has left out (``hide``) or is warned about (``warn``).
    ``name`` is how it was written.
    """

    __tablename__ = "saved_filter"

    account_id: int = reference("account.id", primary_key=True)
    kind: str = Field(primary_key=True, max_length=16)
    key: str = Field(primary_key=True, sa_type=BYTEWISE)
    name: str
    action: str = Field(max_length=8)


SAVED_FILTER = columns_of(SavedFilter)
