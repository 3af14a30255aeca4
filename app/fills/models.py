"""The tables of fills, of their parts, and of what those said before."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.tables import columns_of, json_list, public_id, reference, row_id
from app.identity.models import AuthoredMixin, index_of_named
from app.kit.clock import now
from app.labels.models import LabelsMixin, shelf
from app.threads.states import State, index_of_screened


class Fill(LabelsMixin, AuthoredMixin, table=True):
    """A work that answers a prompt.

    ``parts_expected`` null means that nobody knows yet ("3/?"). ``filled_at`` is when it was posted
    (or released, if it waited for a moderator) or, later, marked complete. ``was_visible`` says
    that everybody could see it once. ``is_title_made`` says that the title comes from the words of
    the first part, so that it changes with them. ``edits`` counts the author's edits of all but the
    story text.
    """

    __table_args__: ClassVar[Any] = (
        Index(None, "prompt_id", "shelf", "thread_id"),
        Index(None, "prompt_id", "mask_id"),
        Index(None, "board_id", "shelf", "thread_id"),
        Index(None, "board_id", "shelf", "last_activity_at", "thread_id"),
        Index(None, "board_id", "shelf", "filled_at", "thread_id"),
        Index(None, "board_id", "shelf", "status", "thread_id"),
        Index(None, "round_id", "shelf", "thread_id"),
        index_of_screened("fill", "board_id"),
        index_of_named("account_id", "board_id", "shelf", "thread_id"),
    )

    id: int = row_id()
    public_id: str = public_id()
    board_id: int = reference("board.id")
    round_id: int = reference("round.id")
    prompt_id: int = reference("prompt.id")
    thread_id: int = reference("thread.id", unique=True)
    title: str
    is_title_made: bool = False
    summary: str | None = None
    medium: str = Field(max_length=16)
    status: str = Field(max_length=16)
    state: str = Field(default=State.VISIBLE.value, max_length=16)
    shelf: int = shelf()
    was_visible: bool = True
    is_frozen: bool = False
    external_url: str | None = Field(default=None, max_length=2048)
    parts_count: int = 0
    parts_expected: int | None = None
    words_count: int = 0
    filled_at: datetime = Field(default_factory=now)
    last_activity_at: datetime = Field(default_factory=now)
    created_at: datetime = Field(default_factory=now)
    updated_at: datetime = Field(default_factory=now)
    edits: int = 0


class Part(SQLModel, table=True):
    """One instalment of a fill. ``number`` is its place, from 1 without gaps."""

    __table_args__: ClassVar[Any] = (UniqueConstraint("fill_id", "number"),)

    id: int = row_id()
    public_id: str = public_id()
    fill_id: int = reference("fill.id")
    number: int
    title: str | None = None
    body: str
    body_html: str
    content_notes: list[str] = json_list()
    words_count: int
    posted_at: datetime = Field(default_factory=now)
    edited_at: datetime | None = None
    edits: int = 0


class PartVersion(SQLModel, table=True):
    """What a part said before its author changed it, kept for a while for them alone.

    ``written_at`` is when it came to say so, ``replaced_at`` when it ceased to. Whose it is, its
    fill says: where that has no author any more, nobody reads it.
    """

    __tablename__: ClassVar[Any] = "part_version"
    __table_args__: ClassVar[Any] = (
        Index(None, "part_id", "id"),
        Index(None, "replaced_at"),
    )

    id: int = row_id()
    public_id: str = public_id()
    part_id: int = reference("part.id")
    title: str | None = None
    body: str
    body_html: str
    content_notes: list[str] = json_list()
    words_count: int
    written_at: datetime
    replaced_at: datetime


FILL = columns_of(Fill)

PART = columns_of(Part)

PART_VERSION = columns_of(PartVersion)
