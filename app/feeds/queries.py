"""Questions for what is new. Who may see what is decided in the rooms below."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, func, select

from app.comments.models import COMMENT
from app.comments.queries import comments
from app.fills.models import PART
from app.identity.people import Caller
from app.mine.queries import replies
from app.threads.states import State

#: So many entries a feed has at most.
ENTRIES = 25


def newest_parts(fill_id: int) -> Select[Any]:
    """The newest parts of a fill without their text, with the ``length`` of that."""
    return (
        select(
            PART.id,
            PART.public_id,
            PART.number,
            PART.title,
            PART.content_notes,
            PART.words_count,
            PART.posted_at,
            PART.edited_at,
            func.length(PART.body_html).label("length"),
        )
        .where(PART.fill_id == fill_id)
        .order_by(PART.posted_at.desc(), PART.id.desc())
        .limit(ENTRIES)
    )


def texts(part_ids: Iterable[int]) -> Select[Any]:
    """The texts of some parts."""
    return select(PART.id, PART.body_html).where(PART.id.in_(list(part_ids)))


def newest_comments(thread_id: int) -> Select[Any]:
    """The newest comments of a thread whose words everybody sees: no tombstones."""
    visible = (COMMENT.thread_id == thread_id, COMMENT.state == State.VISIBLE.value)
    # A comment that has come into sight has a number, and the index of numbers is walked.
    seen = (*visible, COMMENT.seq.is_not(None))
    return comments().where(*seen).order_by(COMMENT.seq.desc()).limit(ENTRIES)


def newest_replies(caller: Caller, *, adult: bool) -> Select[Any]:
    """``type`` and ``public_id`` of what others said last to somebody. What answers something that
    they have deleted is no part of it: whoever has the address of their feed shall not learn from
    it what that was.
    """
    found = replies(caller, adult=adult, to_gone=False)
    columns = found.c
    newest_first = (columns.created_at.desc(), columns.type.desc(), columns.public_id.desc())
    return select(columns.type, columns.public_id).order_by(*newest_first).limit(ENTRIES)
