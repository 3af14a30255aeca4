"""The table of threads."""

from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field, SQLModel

from app.core.tables import columns_of, reference, row_id
from app.kit.ids import LENGTH


class ThreadKind(StrEnum):
    """What stands at the head of a thread. Its table names the thread in ``thread_id``."""

    PROMPT = "prompt"
    FILL = "fill"
    DISCUSSION = "discussion"


class Thread(SQLModel, table=True):
    """One thread of comments.

    ``conversation`` is the id under which faces are derived: a prompt and its fills share one, a
    discussion has its own.
    ``children_count`` is how many ordinals were handed out to top-level comments, ``latest_seq``
    the last sequence number given, ``comments_count`` how many visible comments there are.
    ``version`` moves with whatever a page of comments shows, and is counted by triggers of the
    database (``migrations/versions/0014_thread_versions.py``).

    ``is_in_sight`` says that what stands at its head can be seen, as far as that alone decides:
    below a prompt that can't be seen, a fill can't be, whatever its own thread says.
    """

    __table_args__: ClassVar[Any] = (Index(None, "conversation", "kind"),)

    id: int = row_id()
    board_id: int = reference("board.id", index=True)
    kind: str = Field(max_length=16)
    conversation: str = Field(max_length=LENGTH)
    children_count: int = 0
    latest_seq: int = 0
    comments_count: int = 0
    version: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    is_in_sight: bool = True


class PostSource(SQLModel, table=True):
    """From which network something was posted: a hash that it has in common with no other post,
    under the key of that day, so that no two rows say that they are one person's. A moderator may
    ban whoever comes from there, without learning where that is. Rows are kept for seven days. They
    stand in the order of their ids, which are random.
    """

    __tablename__: ClassVar[Any] = "post_source"
    __table_args__: ClassVar[Any] = ({"sqlite_with_rowid": False},)

    post_id: str = Field(primary_key=True, max_length=LENGTH)
    posted_on: date = Field(index=True)
    source: bytes = Field(sa_type=LargeBinary)


THREAD = columns_of(Thread)

POST_SOURCE = columns_of(PostSource)
