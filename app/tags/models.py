"""The tables of the vocabulary."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.tables import BYTEWISE, columns_of, public_id, reference, row_id
from app.kit.clock import now


class Tag(SQLModel, table=True):
    """A tag, whatever board it was first used on. ``key`` is its name folded
    (:func:`app.labels.names.fold`): two names with one key are one tag. ``name`` is how the
    first work that everybody could see spelt it; empty until there is one.
    """

    __table_args__: ClassVar[Any] = (
        UniqueConstraint("key", "kind"),
        Index(None, "kind", "key"),
    )

    id: int = row_id()
    kind: str = Field(max_length=16)
    key: str = Field(sa_type=BYTEWISE)
    name: str


class Tagging(SQLModel, table=True):
    """That a work, given by its thread, was tagged.

    ``is_shown`` says that everybody may see the work: only then is it counted. ``typed_id`` is what
    was typed. ``tag_id`` is what it is filed under on its board: the same, or
    the tag that the board has it stand for; null where another of the work's tags is filed there
    already. ``kind`` is that of the thread: ``prompt`` or ``fill``.
    """

    __table_args__: ClassVar[Any] = (
        UniqueConstraint("thread_id", "tag_id"),
        Index(None, "board_id", "kind", "tag_id", "is_adult", "thread_id"),
    )

    typed_id: int = reference("tag.id", primary_key=True)
    thread_id: int = reference("thread.id", primary_key=True)
    tag_id: int | None = reference("tag.id", default=None)
    board_id: int = reference("board.id")
    kind: str = Field(max_length=16)
    is_adult: bool
    is_shown: bool


class TagCount(SQLModel, table=True):
    """How many works of a board are filed under a tag: those that everybody is shown, and those
    that are shown to whoever asks for adult ones. ``kind`` and ``key`` are the tag's.
    """

    __tablename__: ClassVar[Any] = "tag_count"
    __table_args__: ClassVar[Any] = (
        Index(None, "board_id", "kind", "key"),
        Index(None, "board_id", "key", "kind"),
    )

    tag_id: int = reference("tag.id", primary_key=True)
    board_id: int = reference("board.id", primary_key=True)
    kind: str = Field(max_length=16)
    key: str = Field(sa_type=BYTEWISE)
    count: int = 0
    adult_count: int = 0


class TagAlias(SQLModel, table=True):
    """That a board files one tag under another of its kind, which is no alias itself."""

    __tablename__: ClassVar[Any] = "tag_alias"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("board_id", "alias_id"),
        Index(None, "board_id", "canonical_id"),
    )

    id: int = row_id()
    public_id: str = public_id()
    board_id: int = reference("board.id")
    alias_id: int = reference("tag.id")
    canonical_id: int = reference("tag.id")
    created_at: datetime = Field(default_factory=now)


class TagParent(SQLModel, table=True):
    """That a tag belongs to a fandom, as a board's moderators say."""

    __tablename__: ClassVar[Any] = "tag_parent"
    __table_args__: ClassVar[Any] = (UniqueConstraint("board_id", "tag_id", "fandom_id"),)

    id: int = row_id()
    public_id: str = public_id()
    board_id: int = reference("board.id")
    tag_id: int = reference("tag.id")
    fandom_id: int = reference("tag.id")
    created_at: datetime = Field(default_factory=now)


TAG = columns_of(Tag)

TAGGING = columns_of(Tagging)

TAG_COUNT = columns_of(TagCount)

TAG_ALIAS = columns_of(TagAlias)

TAG_PARENT = columns_of(TagParent)
