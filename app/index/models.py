"""The tables of the index.

``search_terms`` is two things of one name. On PostgreSQL it is the table below, with its GIN index;
on SQLite it is an FTS5 table, whose columns are in :data:`FTS5`, and which has a hidden column of
its own name to be matched. Both number their rows as ``search_chunk`` does, and lose them with it.
"""

from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import Index, column, table
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, SQLModel

from app.core.tables import BIG_INTEGER, columns_of, reference

#: Bits of a chunk's id below those of its thread: so the newest works have the highest ids, and the
#: chunks of a work stand together. The upper ones say which part it is of, in the order in which
#: they were filed first; 0 is what is no part.
THREAD_SHIFT = 24
SLOT_SHIFT = 14
SLOTS = 1 << (THREAD_SHIFT - SLOT_SHIFT)


class SearchChunk(SQLModel, table=True):
    """A stretch of a work that is found as one. ``start`` and ``stop`` say where it stands in the
    body, or the part's; they are equal where it holds nothing of a body.
    """

    __tablename__ = "search_chunk"

    id: int = Field(
        primary_key=True, sa_type=BIG_INTEGER, sa_column_kwargs={"autoincrement": False}
    )
    thread_id: int = reference("thread.id", index=True, ondelete="CASCADE")
    part_id: int | None = reference("part.id", index=True, ondelete="CASCADE", default=None)
    start: int
    stop: int


class SearchTerms(SQLModel, table=True):
    """The terms of a chunk, on PostgreSQL: title with weight A, head with B, body with D."""

    __tablename__ = "search_terms"
    # What was filed last waits in a list that every search reads through: it is kept short.
    __table_args__: ClassVar[Any] = (
        Index(
            None,
            "search_terms",
            postgresql_using="gin",
            postgresql_with={"gin_pending_list_limit": 64},
        ),
    )

    rowid: int = reference(
        "search_chunk.id",
        primary_key=True,
        ondelete="CASCADE",
        sa_column_kwargs={"autoincrement": False},
    )
    search_terms: Any = Field(sa_type=TSVECTOR)


SEARCH_CHUNK = columns_of(SearchChunk)

SEARCH_TERMS = columns_of(SearchTerms)

#: The same table on SQLite.
FTS5 = table("search_terms", *map(column, ("rowid", "title", "head", "body", "scope")))


class Look(StrEnum):
    """Where words are looked for. The head is tags, summary and what is not wanted."""

    TITLE = "title"
    HEAD = "head"
    BODY = "body"
    EVERYWHERE = "everywhere"


class Scope(StrEnum):
    """What every chunk says of its work, so that the index narrows by it. No word of a text looks
    like this.
    """

    #: All of its work stands in this chunk.
    WHOLE = "·whole"
    #: Its work has other chunks, or may have.
    PIECE = "·piece"


def board_scope(board_id: int) -> str:
    """What chunks of a board's works say."""
    return f"·b{board_id}"


def kind_scope(kind: str) -> str:
    """What chunks of prompts say, or of fills."""
    return f"·k{kind}"
