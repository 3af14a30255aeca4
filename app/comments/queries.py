"""Questions about comments."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Exists,
    Row,
    ScalarSelect,
    Select,
    and_,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
)

from app.accounts.models import ACCOUNT, Account
from app.comments.models import COMMENT, Comment
from app.core.database import Prepared, parameter, prepared_rows
from app.core.tables import table_of
from app.fills.models import FILL, PART, Part
from app.identity.models import MASK, Mask
from app.identity.people import Caller
from app.kit.paths import END
from app.prompts.models import PROMPT
from app.threads.models import THREAD, Thread, ThreadKind
from app.threads.queries import may_see
from app.threads.states import State

_PARENT = table_of(Comment).alias("parent")
_SIBLING = table_of(Comment).alias("sibling")


@cache
def comments() -> Select[Any]:
    """Comments with what their public shape needs of parent, part and author. Of which thread, and
    what state, is for the caller to say.
    """
    return (
        select(
            *COMMENT,
            _PARENT.c.public_id.label("parent_public_id"),
            PART.number.label("part_number"),
            MASK.public_id.label("mask"),
            MASK.bot_of,
            ACCOUNT.name.label("account_name"),
            _wrote_a_fill().label("is_filler"),
        )
        .join(table_of(Thread), THREAD.id == COMMENT.thread_id)
        .outerjoin(_PARENT, _PARENT.c.id == COMMENT.parent_id)
        .outerjoin(table_of(Part), PART.id == COMMENT.part_id)
        .outerjoin(table_of(Mask), MASK.id == COMMENT.mask_id)
        .outerjoin(table_of(Account), ACCOUNT.id == COMMENT.account_id)
    )


@cache
def shown_rows() -> Select[Any]:
    """The comments that lists show, of all threads, in the columns that ``pages.py`` reads. Who
    wrote a fill is asked once for a whole page there.
    """
    return (
        select(
            COMMENT.public_id,
            COMMENT.seq,
            _PARENT.c.public_id,
            COMMENT.depth,
            COMMENT.body,
            COMMENT.body_html,
            PART.number,
            COMMENT.state,
            COMMENT.is_frozen,
            COMMENT.replies_count,
            COMMENT.created_at,
            COMMENT.edited_at,
            COMMENT.moved_to,
            COMMENT.moved_to_kind,
            COMMENT.mask_id,
            COMMENT.account_id,
            COMMENT.is_moderator,
            MASK.public_id,
            MASK.bot_of,
            ACCOUNT.name,
            COMMENT.said_in,
            COMMENT.path,
            COMMENT.parent_id,
        )
        .select_from(table_of(Comment))
        .outerjoin(_PARENT, _PARENT.c.id == COMMENT.parent_id)
        .outerjoin(table_of(Part), PART.id == COMMENT.part_id)
        .outerjoin(table_of(Mask), MASK.id == COMMENT.mask_id)
        .outerjoin(table_of(Account), ACCOUNT.id == COMMENT.account_id)
        .where(COMMENT.is_shown)
    )


def rows_above(parent_id: Any, above: Any) -> Select[Any]:
    """As :func:`ancestors`, in the columns of :func:`shown_rows`."""
    line = _line_upward(parent_id, above)
    return shown_rows().where(COMMENT.id.in_(line)).order_by(COMMENT.depth, COMMENT.id)


def _wrote_a_fill() -> Exists:
    """Whether a comment's author wrote a fill in its conversation, seen there as the same."""
    root = table_of(Thread).alias("root")
    return (
        exists()
        .where(
            root.c.conversation == THREAD.conversation,
            root.c.kind == ThreadKind.PROMPT.value,
            PROMPT.thread_id == root.c.id,
            FILL.prompt_id == PROMPT.id,
            or_(
                and_(
                    FILL.mask_id == COMMENT.mask_id,
                    FILL.account_id.is_(None),
                    COMMENT.account_id.is_(None),
                ),
                FILL.account_id == COMMENT.account_id,
            ),
            FILL.state == State.VISIBLE.value,
        )
        .correlate(table_of(Thread), table_of(Comment))
    )


def shown_comments(thread_id: int) -> Select[Any]:
    """The comments of a thread that lists show, tombstones included."""
    return comments().where(COMMENT.thread_id == thread_id, COMMENT.is_shown)


def is_at_the_top() -> ColumnElement[bool]:
    """Whether a comment answers no other. Written out, so that a database sees that the index of
    the top level holds it.
    """
    return COMMENT.depth == literal_column("0")


def comment(public_id: str | BindParameter[str]) -> Select[Any]:
    """One comment, whatever its state, with the ``kind`` and the ``board_id`` of its thread."""
    more = (THREAD.kind, THREAD.board_id)
    return comments().add_columns(*more).where(COMMENT.public_id == public_id)


def some_comments(public_ids: Iterable[str]) -> Select[Any]:
    """As :func:`comment`, for some of them."""
    more = (THREAD.kind, THREAD.board_id)
    return comments().add_columns(*more).where(COMMENT.public_id.in_(list(public_ids)))


#: As :func:`comment`, prepared.
COMMENT_BY_ID = prepared_rows(comment(parameter("public_id")))


def by_id(comment_id: int) -> Select[Any]:
    """One comment by the number of its row, whatever its state."""
    return select(*COMMENT).where(COMMENT.id == comment_id)


def seen_comment(public_id: str, caller: Caller | None) -> Select[Any]:
    """As :func:`comment`, if a caller may see it; it may be deleted."""
    return comment(public_id).where(_seen_by(caller))


def shown_comment(public_id: str) -> Select[Any]:
    """As :func:`comment`, if lists show it; it may be a tombstone."""
    return comment(public_id).where(COMMENT.is_shown)


def known_comment(public_id: str | BindParameter[str]) -> Select[Any]:
    """As :func:`comment`, if everybody may know that it is, or was, there."""
    return comment(public_id).where(or_(COMMENT.is_shown, _seen_by(None)))


def _seen_by(caller: Caller | None) -> ColumnElement[bool]:
    return may_see(caller, COMMENT, board_id=THREAD.board_id, was_visible=COMMENT.seq.is_not(None))


def visible_by(board_id: int, mask_id: int) -> Select[Any]:
    """A row if there is a visible comment by a mask on a board."""
    return (
        select(COMMENT.id)
        .join(table_of(Thread), THREAD.id == COMMENT.thread_id)
        .where(
            THREAD.board_id == board_id,
            COMMENT.mask_id == mask_id,
            COMMENT.state == State.VISIBLE.value,
        )
        .limit(1)
    )


def shown_among(ids: Sequence[int]) -> Select[Any]:
    """Those of some comments that lists show."""
    return comments().where(COMMENT.id.in_(ids), COMMENT.is_shown)


def below(statement: Select[Any], comment: Row[Any]) -> Select[Any]:
    """The statement for a comment with all that is below it, where paths tell what is."""
    return statement.where(COMMENT.path >= comment.path, COMMENT.path < comment.path + END)


def below_by_parents(
    statement: Select[Any], comment_id: int, replies: int | None = None
) -> Select[Any]:
    """The statement for a comment with what is below it, where only they know where they belong:
    their paths stand behind its own. ``replies`` is how many of each comment's, if not all.
    """
    own = select(COMMENT.id).where(COMMENT.id == comment_id).cte(recursive=True)
    reply = select(COMMENT.id).where(COMMENT.parent_id == own.c.id)
    if replies is not None:
        last = last_reply(own.c.id, replies)
        # Where there are fewer, all are meant.
        reply = reply.where(COMMENT.seq <= func.coalesce(last, COMMENT.seq) if replies else false())
    own = own.union_all(reply)
    return statement.where(COMMENT.id.in_(select(own.c.id)))


def replies_to(comment_ids: Sequence[int]) -> Select[Any]:
    """``id, parent_id, seq, state`` of the replies to some comments, whatever their state."""
    return select(COMMENT.id, COMMENT.parent_id, COMMENT.seq, COMMENT.state).where(
        COMMENT.parent_id.in_(comment_ids)
    )


def stubs_at(moved_to: str, thread_id: int, parent_id: int | None) -> Select[Any]:
    """``id`` of the shown stubs of a comment in a thread, below one parent or at the top level."""
    return select(COMMENT.id).where(
        COMMENT.moved_to == moved_to,
        COMMENT.thread_id == thread_id,
        COMMENT.parent_id.is_(None) if parent_id is None else COMMENT.parent_id == parent_id,
        COMMENT.is_shown,
    )


def last_reply(parent_id: ColumnElement[int], replies: int) -> ScalarSelect[int]:
    """The ``seq`` of the last of the first so many shown replies to a comment, from 1; null where
    there are fewer.
    """
    return (
        select(_SIBLING.c.seq)
        .where(_SIBLING.c.parent_id == parent_id, _SIBLING.c.is_shown)
        .order_by(_SIBLING.c.seq)
        .limit(1)
        .offset(replies - 1)
        .scalar_subquery()
    )


def ancestors(parent_id: int, *, above: int = -1) -> Select[Any]:
    """A comment's parent and all above it that are deeper than a level, the topmost first."""
    line = _line_upward(parent_id, above)
    return comments().where(COMMENT.id.in_(line)).order_by(COMMENT.depth, COMMENT.id)


def frozen_above(parent_id: int | BindParameter[int]) -> Select[Any]:
    """Whether a comment, or any above it, is frozen."""
    is_above = COMMENT.id.in_(_line_upward(parent_id))
    return select(COMMENT.id).where(is_above, COMMENT.is_frozen).limit(1)


def _line_upward(comment_id: Any, above: Any = -1) -> Select[Any]:
    """The ids of a comment and all above it that are deeper than a level. By ``parent_id`` and not
    by path: paths end where replies are too deep for them.
    """
    line = select(COMMENT.id, COMMENT.parent_id).where(COMMENT.id == comment_id).cte(recursive=True)
    line = line.union_all(
        select(COMMENT.id, COMMENT.parent_id).where(
            COMMENT.id == line.c.parent_id, COMMENT.depth > above
        )
    )
    return select(line.c.id)


#: As :func:`known_comment`, prepared, in the columns that a reply to it needs.
PARENT_BY_ID = prepared_rows(
    known_comment(parameter("public_id")).with_only_columns(
        COMMENT.id,
        COMMENT.thread_id,
        COMMENT.state,
        COMMENT.depth,
        COMMENT.path,
        COMMENT.anchor_id,
        maintain_column_froms=True,
    )
)
#: As :func:`frozen_above`, prepared.
FROZEN_ABOVE = Prepared(frozen_above(parameter("parent_id")))


def thread_of(public_id: str) -> Select[Any]:
    """The thread of a comment, to hold its row."""
    of_comment = select(COMMENT.thread_id).where(COMMENT.public_id == public_id)
    return select(THREAD.id).where(THREAD.id == of_comment.scalar_subquery())
