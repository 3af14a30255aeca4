"""The table of comments."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from app.core.tables import BYTEWISE, columns_of, public_id, reference, row_id
from app.identity.models import AuthoredMixin, index_of_named
from app.kit.clock import now
from app.kit.ids import LENGTH
from app.threads.states import State, index_of_screened

_AT_THE_TOP: dict[str, Any] = {
    "postgresql_where": text("depth = 0"),
    "sqlite_where": text("depth = 0"),
}
#: What keeps the place of a comment that was moved away.
_IS_STUB = text("moved_to IS NOT NULL")


class Comment(AuthoredMixin, table=True):
    """One comment.

    ``parent_id`` is the truth about what it answers; ``path`` (see ``kit/paths.py``) is its place
    in the reading order. They agree but for replies deeper than a path can be: those stand behind
    their parent, below ``anchor_id``, the deepest comment whose path had room.

    ``seq`` and ``path``, its places in time and in the reading order, are given when it comes into
    sight for the first time, and kept whatever happens to it then. Until that it has none, and so
    leaves no gap: neither in the numbers nor on a page that somebody has read.

    ``part_id`` is the part of a fill that it is about, wherever that part moves, and null once the
    part is gone. ``is_shown`` says that lists show it: it is visible, or a tombstone that holds up
    replies which are shown. ``replies_count`` counts the shown direct replies, ``children_count``
    the ordinals handed out to what stands directly below its path.

    ``said_in`` is the conversation in which it was said, where a moderator has moved it to another:
    its author wears the face of that one still. With a new one everybody who had seen the old would
    know whose posts in both conversations are one person's.

    A row whose state is ``moved`` is no comment: it keeps the place of one that was moved away,
    whose public id is ``moved_to``, or that became the fill of that id (``moved_to_kind``). It
    takes no replies.
    """

    __table_args__: ClassVar[Any] = (
        UniqueConstraint("thread_id", "path"),
        UniqueConstraint("thread_id", "seq"),
        # To know which are the first shown replies of a comment.
        Index(None, "parent_id", "is_shown", "seq"),
        # To read the top level by itself, however much hangs below it.
        Index("ix_comment_top", "thread_id", "seq", **_AT_THE_TOP),
        Index(None, "moved_to", sqlite_where=_IS_STUB, postgresql_where=_IS_STUB),
        index_of_screened("comment", "thread_id"),
        index_of_named("account_id"),
    )

    id: int = row_id()
    public_id: str = public_id()
    thread_id: int = reference("thread.id")
    parent_id: int | None = reference("comment.id", default=None)
    anchor_id: int | None = reference("comment.id", default=None)
    path: str | None = Field(default=None, sa_type=BYTEWISE)
    depth: int = 0
    seq: int | None = None
    children_count: int = 0
    replies_count: int = 0
    is_shown: bool = True
    body: str | None = None
    body_html: str | None = None
    part_id: int | None = reference("part.id", default=None, index=True, ondelete="SET NULL")
    state: str = Field(default=State.VISIBLE.value, max_length=16)
    is_frozen: bool = False
    moved_to: str | None = Field(default=None, max_length=LENGTH)
    moved_to_kind: str | None = Field(default=None, max_length=16)
    said_in: str | None = Field(default=None, max_length=LENGTH)
    created_at: datetime = Field(default_factory=now)
    edited_at: datetime | None = None
    edits: int = 0


COMMENT = columns_of(Comment)
