"""The table of prompts."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from app.core.tables import columns_of, json_list, public_id, reference, row_id
from app.identity.models import AuthoredMixin, index_of_named
from app.kit.clock import now
from app.labels.models import LabelsMixin, shelf
from app.threads.states import State, index_of_screened


class Prompt(LabelsMixin, AuthoredMixin, table=True):
    """A request. ``status`` follows from its visible fills and is written with them.

    Counters count visible fills: all, by status, and (``own_fills_count``) those by the prompt's
    own author. ``is_title_made`` says that the title comes from the words of the body, so that it
    changes with them. ``was_visible`` says that everybody could see it once: what was deleted
    before that never was, for anybody but its author. ``fillers_version`` moves with whoever counts
    as a filler, as ``Thread.version`` does with all else that comments show. ``mediums_bits`` says
    ``mediums`` once more, as a number that can be asked (:func:`app.labels.reading.medium_bits`).
    ``edits`` counts the author's edits. ``claimed_until`` is when the last of its claims runs out,
    or did; null where there is none.
    """

    __table_args__: ClassVar[Any] = (
        UniqueConstraint("board_id", "number"),
        Index(None, "board_id", "shelf", "thread_id"),
        Index(None, "board_id", "shelf", "last_activity_at", "thread_id"),
        Index(None, "board_id", "shelf", "last_filled_at", "thread_id"),
        Index(None, "board_id", "shelf", "seconds_count", "thread_id"),
        Index(None, "board_id", "shelf", "status", "thread_id"),
        Index(None, "board_id", "shelf", "status", "seconds_count", "thread_id"),
        Index(None, "round_id", "shelf", "thread_id"),
        index_of_screened("prompt", "board_id"),
        index_of_named("account_id", "board_id", "shelf", "thread_id"),
    )

    id: int = row_id()
    public_id: str = public_id()
    board_id: int = reference("board.id")
    round_id: int = reference("round.id")
    thread_id: int = reference("thread.id", unique=True)
    number: int
    title: str
    is_title_made: bool = False
    body: str
    body_html: str
    mediums: list[str] = json_list()
    mediums_bits: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    do_not_want: str | None = None
    status: str = Field(default="open", max_length=16)
    state: str = Field(default=State.VISIBLE.value, max_length=16)
    shelf: int = shelf()
    was_visible: bool = True
    is_frozen: bool = False
    seconds_count: int = 0
    fills_count: int = 0
    wip_fills_count: int = 0
    complete_fills_count: int = 0
    own_fills_count: int = 0
    fillers_version: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    last_activity_at: datetime = Field(default_factory=now)
    last_filled_at: datetime | None = None
    claimed_until: datetime | None = None
    created_at: datetime = Field(default_factory=now)
    edited_at: datetime | None = None
    edits: int = 0


PROMPT = columns_of(Prompt)
