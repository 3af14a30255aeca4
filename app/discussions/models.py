"""The table of discussions."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from app.core.tables import columns_of, public_id, reference, row_id
from app.identity.models import AuthoredMixin, index_of_named
from app.kit.clock import now
from app.threads.states import State


class Closer(StrEnum):
    """Who has closed a discussion."""

    AUTHOR = "author"
    MODERATOR = "moderator"


class Discussion(AuthoredMixin, table=True):
    """A thread of a board that belongs to no prompt.

    ``is_title_made`` says that the title comes from the words of the body, so that it changes with
    them. ``closed_by`` is a :class:`Closer`, or null while it takes comments: what a moderator has
    closed its author does not open again. ``was_visible`` says that everybody could
    see it once. ``edits`` counts the author's edits of its words.
    """

    __table_args__: ClassVar[Any] = (
        Index(None, "board_id", "state", "is_pinned", "id"),
        Index(None, "board_id", "state", "kind", "is_pinned", "id"),
        Index(None, "board_id", "state", "is_pinned", "last_activity_at", "id"),
        index_of_named("account_id"),
    )

    id: int = row_id()
    public_id: str = public_id()
    board_id: int = reference("board.id")
    thread_id: int = reference("thread.id", unique=True)
    kind: str = Field(max_length=16)
    title: str
    is_title_made: bool = False
    body: str
    body_html: str
    is_pinned: bool = False
    closed_by: str | None = Field(default=None, max_length=16)
    state: str = Field(default=State.VISIBLE.value, max_length=16)
    was_visible: bool = True
    is_frozen: bool = False
    last_activity_at: datetime = Field(default_factory=now)
    created_at: datetime = Field(default_factory=now)
    edited_at: datetime | None = None
    edits: int = 0


DISCUSSION = columns_of(Discussion)
