"""Questions about what somebody owns, and what others said to them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Exists,
    Select,
    Subquery,
    and_,
    exists,
    literal,
    or_,
    select,
    union_all,
)

from app.boards.models import BOARD, Board
from app.claims.models import CLAIM, Claim
from app.comments.models import COMMENT, Comment
from app.comments.queries import is_at_the_top
from app.core.tables import Columns, table_of
from app.discussions.models import DISCUSSION, Discussion
from app.fills.models import FILL, PART, Fill
from app.identity.people import Caller
from app.labels.reading import ADULT_RATINGS
from app.prompts.models import PROMPT, Prompt
from app.seconds.models import SECOND, Second
from app.threads.models import THREAD, Thread, ThreadKind
from app.threads.queries import owns, stands
from app.threads.states import State

#: What its author is not shown: it is gone, it is no post, or the law withholds it.
_GONE = (State.DELETED.value, State.MOVED.value, State.HELD.value)
#: Kinds of posts, each with its columns, its table, and the board it stands on.
KINDS: dict[str, tuple[Columns, Any, ColumnElement[Any]]] = {
    "prompt": (PROMPT, table_of(Prompt), PROMPT.board_id),
    "fill": (FILL, table_of(Fill), FILL.board_id),
    "discussion": (DISCUSSION, table_of(Discussion), DISCUSSION.board_id),
    "comment": (
        COMMENT,
        table_of(Comment).join(table_of(Thread), THREAD.id == COMMENT.thread_id),
        THREAD.board_id,
    ),
}


def owned(
    caller: Caller, kinds: Iterable[str] = (), board: str | None = None, states: Iterable[str] = ()
) -> Subquery:
    """``type``, ``public_id`` and ``created_at`` of what somebody owns, of some kinds, on a board,
    in some states.
    """
    return union_all(
        *(_owned(caller, kind, board, list(states)) for kind in (tuple(kinds) or KINDS))
    ).subquery("owned")


def _owned(caller: Caller, kind: str, board: str | None, states: list[str]) -> Select[Any]:
    columns, table, board_id = KINDS[kind]
    named: ColumnElement[Any] = literal(kind).label("type")
    statement = (
        select(named, columns.public_id, columns.created_at)
        .select_from(table)
        .where(owns(caller, columns), columns.state.not_in(_GONE))
    )
    if states:
        statement = statement.where(columns.state.in_(states))
    if board is not None:
        slug = select(BOARD.id).where(BOARD.slug == board).scalar_subquery()
        statement = statement.where(board_id == slug)
    return statement


def replies(caller: Caller, *, adult: bool = True, to_gone: bool = True) -> Subquery:
    """``type``, ``public_id`` and ``created_at`` of what others said to somebody, as far as
    everybody sees it: answers to their comments, comments on what they posted, fills of their
    prompts. ``adult`` says whether what is adult, or below something adult, is among it, and
    ``to_gone`` whether what answers something is that they have deleted since.
    """

    def theirs(columns: Columns) -> ColumnElement[bool]:
        own = owns(caller, columns)
        return own if to_gone else and_(own, columns.state.not_in(_GONE))

    in_sight = (
        COMMENT.state == State.VISIBLE.value,
        THREAD.is_in_sight,
        ~_is_below_hidden_prompt(),
        _by_others(caller, COMMENT),
    )
    said = select(_named("comment"), COMMENT.public_id, COMMENT.created_at).where(*in_sight)
    # Each begins with what is theirs, by an index, and not with all that was ever said.
    parent = table_of(Comment).alias("own_comment")
    own_words = parent.join(table_of(Comment), COMMENT.parent_id == parent.c.id)
    answers = said.select_from(
        own_words.join(table_of(Thread), THREAD.id == COMMENT.thread_id)
    ).where(theirs(parent.columns))
    works = (PROMPT, FILL, DISCUSSION)
    heads = union_all(
        *(select(columns.thread_id).where(theirs(columns)) for columns in works)
    ).subquery("own_heads")
    remarks = said.select_from(
        heads.join(table_of(Thread), THREAD.id == heads.c.thread_id).join(
            table_of(Comment), COMMENT.thread_id == THREAD.id
        )
    ).where(is_at_the_top())
    filled = (
        select(_named("fill"), FILL.public_id, FILL.created_at)
        .join(table_of(Prompt), PROMPT.id == FILL.prompt_id)
        .where(
            theirs(PROMPT),
            stands(PROMPT.state, PROMPT.was_visible),
            FILL.state == State.VISIBLE.value,
            _by_others(caller, FILL),
        )
    )
    if not adult:
        answers, remarks = (each.where(~_is_below_adult()) for each in (answers, remarks))
        filled = filled.where(FILL.rating.not_in(ADULT_RATINGS))
    return union_all(answers, remarks, filled).subquery("replies")


def _is_below_hidden_prompt() -> Exists:
    """Whether the prompt of a thread's conversation is out of sight."""
    root = table_of(Thread).alias("root")
    return exists().where(
        root.c.conversation == THREAD.conversation,
        root.c.kind == ThreadKind.PROMPT.value,
        root.c.is_in_sight.is_(False),
    )


def _is_below_adult() -> ColumnElement[bool]:
    """Whether what stands at the head of a thread is adult."""
    return or_(
        *(
            exists().where(works.thread_id == THREAD.id, works.rating.in_(ADULT_RATINGS))
            for works in (PROMPT, FILL)
        )
    )


def _named(kind: str) -> ColumnElement[Any]:
    return literal(kind).label("type")


def _by_others(caller: Caller, columns: Columns) -> ColumnElement[bool]:
    """What nobody owns is by somebody else, too."""
    unowned = and_(columns.mask_id.is_(None), columns.account_id.is_(None))
    other_mask = or_(columns.mask_id.is_(None), columns.mask_id.not_in(caller.masks))
    if caller.owner_id is None:
        return or_(unowned, other_mask)
    other_name = or_(columns.account_id.is_(None), columns.account_id != caller.owner_id)
    return or_(unowned, and_(other_mask, other_name))


def parts(fill_id: int) -> Select[Any]:
    """The parts of a fill, by the numbers of their rows."""
    return select(PART.id).where(PART.fill_id == fill_id).order_by(PART.number)


def part(part_id: int) -> Select[Any]:
    """One part, whole."""
    return select(*PART).where(PART.id == part_id)


def seconded(caller: Caller) -> Select[Any]:
    """The prompts that somebody has seconded: ``public_id``, ``number`` and the ``slug`` of their
    board.
    """
    return (
        select(PROMPT.public_id, PROMPT.number, BOARD.slug)
        .select_from(table_of(Second))
        .join(table_of(Prompt), PROMPT.id == SECOND.prompt_id)
        .join(table_of(Board), BOARD.id == PROMPT.board_id)
        .where(SECOND.mask_id.in_(caller.masks), PROMPT.state == State.VISIBLE.value)
        .order_by(PROMPT.id)
    )


def claimed(caller: Caller) -> Select[Any]:
    """The prompts that somebody has claimed, as :func:`seconded`, and until when."""
    return (
        select(PROMPT.public_id, PROMPT.number, BOARD.slug, CLAIM.expires_at)
        .select_from(table_of(Claim))
        .join(table_of(Prompt), PROMPT.id == CLAIM.prompt_id)
        .join(table_of(Board), BOARD.id == PROMPT.board_id)
        .where(CLAIM.mask_id.in_(caller.masks), PROMPT.state == State.VISIBLE.value)
        .order_by(PROMPT.id)
    )
