"""The table of threads."""

from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import Index
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


THREAD = columns_of(Thread)
