"""Questions about comments."""

from functools import cache
from typing import Any

from sqlalchemy import Select, exists, select

from app.accounts.models import ACCOUNT, Account
from app.comments.models import COMMENT, Comment
from app.core.tables import table_of
from app.fills.models import FILL
from app.identity.models import MASK, Mask
from app.kit.paths import END
from app.prompts.queries import OUT_OF_SIGHT
from app.threads.models import THREAD
from app.threads.states import State

_PARENT = table_of(Comment).alias("parent")


@cache
def comments() -> Select[Any]:
    """Comments with what their public shape needs of parent and author. Of which thread, and what
    state, is for the caller to say.
    """
    wrote_a_fill = exists().where(
        FILL.prompt_id == COMMENT.prompt_id,
        FILL.mask_id == COMMENT.mask_id,
        FILL.is_named == COMMENT.is_named,
        FILL.state == State.VISIBLE.value,
    )
    return (
        select(
            *COMMENT,
            _PARENT.c.public_id.label("parent_public_id"),
            MASK.public_id.label("mask"),
            ACCOUNT.name.label("account_name"),
            wrote_a_fill.label("is_filler"),
        )
        .outerjoin(_PARENT, _PARENT.c.id == COMMENT.parent_id)
        .outerjoin(table_of(Mask), MASK.id == COMMENT.mask_id)
        .outerjoin(table_of(Account), ACCOUNT.id == MASK.account_id)
    )


def shown_comments(thread_id: int) -> Select[Any]:
    """The comments of a thread that lists show, tombstones included."""
    return comments().where(COMMENT.thread_id == thread_id, COMMENT.is_shown)


def standing_comment(public_id: str) -> Select[Any]:
    """A comment that is not out of sight; it may be deleted."""
    return comments().where(COMMENT.public_id == public_id, COMMENT.state.not_in(OUT_OF_SIGHT))


def below(statement: Select[Any], path: str) -> Select[Any]:
    """The statement for a comment with what stands below it in the reading order."""
    return statement.where(COMMENT.path >= path, COMMENT.path < path + END)


def ancestors(parent_id: int) -> Select[Any]:
    """A comment's parent and all above it, the topmost first. By ``parent_id`` and not by path:
    paths end where replies are too deep for them.
    """
    above = select(COMMENT.id, COMMENT.parent_id).where(COMMENT.id == parent_id).cte(recursive=True)
    above = above.union_all(
        select(COMMENT.id, COMMENT.parent_id).where(COMMENT.id == above.c.parent_id)
    )
    return comments().where(COMMENT.id.in_(select(above.c.id))).order_by(COMMENT.depth, COMMENT.id)


def frozen_above(thread_id: int, paths: list[str]) -> Select[Any]:
    """Whether any of the comments at some paths of a thread is frozen."""
    return (
        select(COMMENT.id)
        .where(
            COMMENT.thread_id == thread_id,
            COMMENT.path.in_(paths),
            COMMENT.is_frozen,
        )
        .limit(1)
    )


def thread_of(public_id: str) -> Select[Any]:
    """The thread of a comment, to hold its row."""
    of_comment = select(COMMENT.thread_id).where(COMMENT.public_id == public_id)
    return select(THREAD.id).where(THREAD.id == of_comment.scalar_subquery())
