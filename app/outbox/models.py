"""The tables of the outbox."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlmodel import Field, SQLModel

from app.core.tables import BIG_INTEGER, columns_of, reference
from app.kit.clock import now
from app.kit.ids import LENGTH, new_id


class EventType(StrEnum):
    """What can happen. What stands before the dot is the kind of thing it happens to."""

    PROMPT_CREATED = "prompt.created"
    PROMPT_UPDATED = "prompt.updated"
    PROMPT_WITHDRAWN = "prompt.withdrawn"
    PROMPT_RESTORED = "prompt.restored"
    PROMPT_DELETED = "prompt.deleted"
    FILL_CREATED = "fill.created"
    FILL_UPDATED = "fill.updated"
    FILL_WITHDRAWN = "fill.withdrawn"
    FILL_RESTORED = "fill.restored"
    FILL_DELETED = "fill.deleted"
    FILL_PART_ADDED = "fill.part_added"
    FILL_PART_UPDATED = "fill.part_updated"
    FILL_COMPLETED = "fill.completed"
    FILL_REVEALED = "fill.revealed"
    COMMENT_CREATED = "comment.created"
    COMMENT_UPDATED = "comment.updated"
    COMMENT_WITHDRAWN = "comment.withdrawn"
    COMMENT_RESTORED = "comment.restored"
    COMMENT_DELETED = "comment.deleted"
    COMMENT_MOVED = "comment.moved"
    DISCUSSION_CREATED = "discussion.created"
    DISCUSSION_UPDATED = "discussion.updated"
    DISCUSSION_WITHDRAWN = "discussion.withdrawn"
    DISCUSSION_RESTORED = "discussion.restored"
    DISCUSSION_DELETED = "discussion.deleted"
    ROUND_PHASE_CHANGED = "round.phase_changed"
    BOARD_UPDATED = "board.updated"
    BOARD_SWEPT = "board.swept"

    @property
    def kind(self) -> str:
        """The kind of thing that it happens to."""
        return self.value.partition(".")[0]


class Event(SQLModel, table=True):
    """That something happened. What it happened to is shown as it is when the event is read.

    ``number`` is its place in the one order of the board's events: 1, 2, 3 ... without gaps, in the
    order in which they were committed. ``subject`` is the public id of the thing, of a round its
    number, and ``part`` that of the part of a fill that was added or changed. Who did it stands
    nowhere.
    """

    __table_args__: ClassVar[Any] = ({"sqlite_with_rowid": False},)

    board_id: int = reference("board.id", primary_key=True)
    number: int = Field(primary_key=True, sa_type=BIG_INTEGER)
    public_id: str = Field(default_factory=new_id, max_length=LENGTH)
    type: str = Field(max_length=32)
    subject: str = Field(max_length=LENGTH)
    part: str | None = Field(default=None, max_length=LENGTH)
    created_at: datetime = Field(default_factory=now, index=True)


class Outbox(SQLModel, table=True):
    """How far the events of a board have come: ``latest`` is the number of the last one, and
    ``forgotten`` of the last that is kept no longer. A board on which nothing has happened has
    none.
    """

    board_id: int = reference("board.id", primary_key=True)
    latest: int = Field(sa_type=BIG_INTEGER)
    forgotten: int = Field(default=0, sa_type=BIG_INTEGER)


EVENT = columns_of(Event)

OUTBOX = columns_of(Outbox)
