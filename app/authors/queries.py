"""Questions about what else stands behind a mask in one conversation."""

from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, literal, null, select, union_all

from app.comments.models import COMMENT
from app.core.tables import Columns, table_of
from app.discussions.models import DISCUSSION, Discussion
from app.fills.models import FILL, Fill
from app.identity.people import Byline
from app.prompts.models import PROMPT, Prompt
from app.threads.models import THREAD, Thread
from app.threads.states import State

#: More of them than these tell nothing new.
MOST = 200


def behind_mask(conversation: str, mask_id: int) -> CompoundSelect[Any]:
    """What everybody may see that was posted under a mask in a conversation and shows no name:
    ``type`` and ``public_id``. A comment that was moved here from elsewhere wears another face.
    """
    heads = (("prompt", PROMPT, Prompt), ("fill", FILL, Fill))
    more = (("discussion", DISCUSSION, Discussion),)
    found = [
        _of(kind, columns)
        .select_from(table_of(table))
        .join(table_of(Thread), THREAD.id == columns.thread_id)
        .where(THREAD.conversation == conversation, columns.mask_id == mask_id)
        for kind, columns, table in (*heads, *more)
    ]
    comments = (
        _of("comment", COMMENT)
        .join(table_of(Thread), THREAD.id == COMMENT.thread_id)
        .where(
            THREAD.conversation == conversation,
            COMMENT.mask_id == mask_id,
            COMMENT.said_in == null(),
        )
    )
    return union_all(*found, comments).limit(MOST)


def fill_seen_as(conversation: str, byline: Byline) -> Select[Any]:
    """A row if a visible fill of a conversation is signed so, as far as readers may know."""
    mask_id, account_id = byline.seen_as
    by_name = FILL.account_id == account_id
    by_mask = and_(FILL.mask_id == mask_id, FILL.account_id.is_(None))
    return (
        select(FILL.id)
        .join(table_of(Thread), THREAD.id == FILL.thread_id)
        .where(
            THREAD.conversation == conversation,
            FILL.state == State.VISIBLE.value,
            by_mask if account_id is None else by_name,
        )
        .limit(1)
    )


def _of(kind: str, columns: Columns) -> Select[Any]:
    named: ColumnElement[Any] = literal(kind).label("type")
    return select(named, columns.public_id).where(
        columns.account_id.is_(None), columns.state == State.VISIBLE.value
    )
