"""The tables of boards, their rounds and their moderators."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.tables import columns_of, json_list, json_object, reference, row_id
from app.kit.clock import now

#: A board's address: 1 to 40 small letters, digits, hyphens or underscores.
SLUG_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,39}$"


class Board(SQLModel, table=True):
    """A board. ``settings`` holds a whole :class:`~app.boards.schemas.BoardSettings`.

    ``last_number`` is the number of its newest prompt, ``current_round`` that of the round which
    takes prompts, or else of the newest. ``edits`` counts changes by its keepers.
    """

    id: int = row_id()
    slug: str = Field(max_length=40, unique=True)
    name: str
    description: str = ""
    rules: list[str] = json_list()
    settings: dict[str, Any] = json_object()
    last_number: int = 0
    current_round: int = 1
    prompts_count: int = 0
    fills_count: int = 0
    edits: int = 0
    created_at: datetime = Field(default_factory=now)


class Round(SQLModel, table=True):
    """A stretch of a board."""

    __table_args__ = (UniqueConstraint("board_id", "number"),)

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
    created_at: datetime = Field(default_factory=now)


class Moderator(SQLModel, table=True):
    """An account that keeps order on a board, as ``owner`` or ``moderator``."""

    board_id: int = reference("board.id", primary_key=True)
    account_id: int = reference("account.id", primary_key=True, index=True)
    role: str = Field(max_length=16)


BOARD = columns_of(Board)

ROUND = columns_of(Round)

MODERATOR = columns_of(Moderator)
