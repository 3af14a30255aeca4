"""The tables of boards, their rounds and their moderators."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.core.tables import columns_of, json_list, json_object, reference, row_id
from app.kit.clock import now
from app.kit.ids import LENGTH, new_id

#: A board's address: 1 to 40 small letters, digits, hyphens or underscores.
SLUG_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,39}$"

#: What is said of one round of a board at most.
_IS_PROMPTING = text("phase = 'prompting'")


class Board(SQLModel, table=True):
    """A board. ``settings`` holds a whole :class:`~app.boards.schemas.BoardSettings`.

    ``last_number`` is the number of its newest prompt. ``next_change_at`` is when the schedule of
    its rounds has something to do next; it may be too early, never too late. ``edits`` counts
    changes by its keepers.
    """

    id: int = row_id()
    slug: str = Field(max_length=40, unique=True)
    name: str
    description: str = ""
    rules: list[str] = json_list()
    settings: dict[str, Any] = json_object()
    last_number: int = 0
    prompts_count: int = 0
    fills_count: int = 0
    next_change_at: datetime | None = None
    edits: int = 0
    created_at: datetime = Field(default_factory=now)


class Round(SQLModel, table=True):
    """A stretch of a board. Its ``phase`` is what was last written: what the clock makes of it is
    asked of ``schedule.py``. ``edits`` counts changes by the board's keepers.
    """

    __table_args__: ClassVar[Any] = (
        UniqueConstraint("board_id", "number"),
        Index(
            None,
            "board_id",
            unique=True,
            sqlite_where=_IS_PROMPTING,
            postgresql_where=_IS_PROMPTING,
        ),
    )

    id: int = row_id()
    board_id: int = reference("board.id")
    number: int
    title: str
    phase: str = Field(default="prompting", max_length=16)
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    closes_at_comments: int | None = None
    prompts_count: int = 0
    fills_count: int = 0
    comments_count: int = 0
    edits: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    created_at: datetime = Field(default_factory=now)


class Moderator(SQLModel, table=True):
    """An account that keeps order on a board, as ``owner`` or ``moderator``."""

    board_id: int = reference("board.id", primary_key=True)
    account_id: int = reference("account.id", primary_key=True, index=True)
    role: str = Field(max_length=16)


class SourceMark(SQLModel, table=True):
    """That a network source has done something on a board, such as having posted a ``prompt``
    (``what``). ``source`` is its hash under the key of that day, ``created_at`` the hour. The ids
    are random, and SQLite keeps the rows in their order: no row says which post it came with.
    """

    __tablename__: ClassVar[Any] = "source_mark"
    __table_args__: ClassVar[Any] = (
        Index(None, "board_id", "what", "source", "created_at"),
        {"sqlite_with_rowid": False},
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=LENGTH)
    board_id: int = reference("board.id")
    what: str = Field(max_length=16)
    source: bytes = Field(sa_type=LargeBinary)
    created_at: datetime


BOARD = columns_of(Board)

ROUND = columns_of(Round)

MODERATOR = columns_of(Moderator)

SOURCE_MARK = columns_of(SourceMark)
