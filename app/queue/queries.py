"""Questions about what waits."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    Subquery,
    func,
    literal,
    or_,
    select,
    union_all,
)

from app.appeals.models import APPEAL
from app.comments.models import COMMENT, Comment
from app.core.tables import Columns, table_of
from app.discussions.models import DISCUSSION, Discussion
from app.fills.models import FILL, PART, Fill, Part
from app.prompts.models import PROMPT, Prompt
from app.reports.models import REPORT
from app.threads.models import THREAD, Thread
from app.threads.states import State

#: Appeals come behind what is reported as dangerous, and before what is only screened.
APPEALED, SCREENED = 4, 9
#: By kind: its columns and its table.
_THINGS: dict[str, tuple[Columns, Any]] = {
    "prompt": (PROMPT, table_of(Prompt)),
    "fill": (FILL, table_of(Fill)),
    "discussion": (DISCUSSION, table_of(Discussion)),
    "comment": (COMMENT, table_of(Comment)),
}


def waiting(board_id: int, kinds: Iterable[str]) -> Subquery:
    """What waits on a board for some reasons: ``type``, ``thing_id``, the ``urgency`` of the most
    urgent, and ``since`` when, each thing once.
    """
    wanted = list(kinds) or ["screened", "report", "appeal"]
    reasons: list[Select[Any]] = []
    if "screened" in wanted:
        reasons += [_screened(board_id, kind) for kind in _THINGS]
    if "report" in wanted:
        is_open = (REPORT.board_id == board_id, REPORT.status == "open")
        columns = (REPORT.type, REPORT.thing_id, REPORT.urgency, REPORT.created_at)
        reasons.append(_reason(*columns).where(*is_open))
    if "appeal" in wanted:
        is_open = (APPEAL.board_id == board_id, APPEAL.status == "open")
        urgency: ColumnElement[Any] = literal(APPEALED)
        columns = (APPEAL.type, APPEAL.thing_id, urgency, APPEAL.created_at)  # type: ignore[assignment]
        reasons.append(_reason(*columns).where(*is_open))
    every = _all(reasons).subquery("reasons")
    return (
        select(
            every.c.type,
            every.c.thing_id,
            func.min(every.c.urgency).label("urgency"),
            func.min(every.c.since).label("since"),
        )
        .group_by(every.c.type, every.c.thing_id)
        .subquery("waiting")
    )


def _all(reasons: list[Select[Any]]) -> CompoundSelect[Any]:
    return union_all(*reasons)


def _reason(*columns: ColumnElement[Any]) -> Select[Any]:
    names = ("type", "thing_id", "urgency", "since")
    labelled = [each.label(name) for each, name in zip(columns, names, strict=True)]
    return select(*labelled)


def _screened(board_id: int, kind: str) -> Select[Any]:
    things, table = _THINGS[kind]
    named: ColumnElement[Any] = literal(kind)
    urgency: ColumnElement[Any] = literal(SCREENED)
    statement = _reason(named, things.id, urgency, things.created_at).select_from(table)
    is_screened = things.state == State.SCREENED.value
    if kind != "comment":
        return statement.where(things.board_id == board_id, is_screened)
    return statement.join(table_of(Thread), THREAD.id == COMMENT.thread_id).where(
        THREAD.board_id == board_id, is_screened
    )


def things(kind: str, ids: Iterable[int]) -> Select[Any]:
    """Some things of a kind: ``id, public_id, state, body, mask_id, account_id, created_at`` and
    whether everybody could see them once (``was_seen``).
    """
    if kind == "part":
        return (
            select(
                PART.id,
                PART.public_id,
                FILL.state,
                PART.body,
                FILL.mask_id,
                FILL.account_id,
                PART.posted_at.label("created_at"),
                FILL.was_visible.label("was_seen"),
                FILL.public_id.label("fill_public_id"),
                PART.number.label("part_number"),
            )
            .join(table_of(Fill), FILL.id == PART.fill_id)
            .where(PART.id.in_(list(ids)))
        )
    columns, table = _THINGS[kind]
    body: ColumnElement[Any] = columns.body if kind != "fill" else PART.body
    seen: ColumnElement[Any] = (
        columns.seq.is_not(None) if kind == "comment" else columns.was_visible
    )
    statement = select(
        columns.id,
        columns.public_id,
        columns.state,
        body.label("body"),
        columns.mask_id,
        columns.account_id,
        columns.created_at,
        seen.label("was_seen"),
    ).select_from(table)
    if kind == "fill":
        first = (PART.fill_id == FILL.id) & (PART.number == 1)
        statement = statement.outerjoin(table_of(Part), first)
    return statement.where(columns.id.in_(list(ids)))


def open_appeals(things: Iterable[tuple[str, int]]) -> ColumnElement[bool]:
    """That an appeal is open and about one of some things."""
    about = [(APPEAL.type == kind) & (APPEAL.thing_id == number) for kind, number in things]
    return (APPEAL.status == "open") & or_(*about)
