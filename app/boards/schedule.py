"""What the clock makes of rounds.

Nothing ticks here. A round keeps the phase that was last written, and its dates; which phase that
comes to by now is worked out wherever somebody looks. Whoever writes what depends on it first
brings the rows up to date (:func:`app.boards.rounds.settle`). So what is due happens at its instant
for everybody, and no process has to be awake for it.
"""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Alias,
    ColumnElement,
    FromClause,
    ScalarSelect,
    Table,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    tuple_,
)
from sqlmodel.sql.sqltypes import UTCDateTime

from app.boards.models import BOARD, Board, Round
from app.core.fields import MAX_INTEGER
from app.core.tables import table_of
from app.kit import clock


def _present() -> datetime:
    return clock.now()


#: The instant at which a statement is run, however long ago it was built.
NOW = bindparam("now", callable_=_present, type_=UTCDateTime())


def is_due(next_change_at: datetime | None) -> bool:
    """Whether the schedule has anything to write, from ``next_change_at`` of a board."""
    return next_change_at is not None and next_change_at <= clock.now()


@cache
def phase_now(rounds: Table | Alias) -> ColumnElement[str]:
    """The phase of a row of rounds by now.

    An upcoming round whose ``opens_at`` has come is prompting, and the one that was prompting is
    ``fill_only`` from then on. Either is closed once its ``closes_at`` has come.
    """
    its = rounds.c
    is_to_open = or_(its.opens_at.is_(None), its.opens_at > NOW)
    return case(
        (or_(its.phase == "closed", its.phase == "archived"), its.phase),
        (and_(its.phase == "upcoming", is_to_open), "upcoming"),
        (its.closes_at <= NOW, "closed"),
        (its.phase == "fill_only", "fill_only"),
        (_is_followed(rounds), "fill_only"),
        else_="prompting",
    )


def current_round() -> ScalarSelect[int]:
    """The row of a board's current round: the one that takes prompts, else the newest that has
    begun, else the first of all.
    """
    rounds = table_of(Round).alias("candidate")
    number = rounds.c.number
    # The phase stands in it once only, because long statements cost SQLAlchemy more than the
    # database.
    rank = case(
        {"prompting": MAX_INTEGER, "upcoming": -number}, value=phase_now(rounds), else_=number
    )
    return (
        select(rounds.c.id)
        .where(rounds.c.board_id == BOARD.id)
        .order_by(rank.desc())
        .limit(1)
        .correlate(table_of(Board))
        .scalar_subquery()
    )


def next_change() -> ScalarSelect[datetime]:
    """The instant at which the schedule will next have something to write on a board."""
    rounds = table_of(Round).alias("scheduled")
    at = case(
        (rounds.c.phase == "upcoming", rounds.c.opens_at),
        (rounds.c.phase.in_(("prompting", "fill_only")), rounds.c.closes_at),
    )
    return (
        select(func.min(at, type_=UTCDateTime()))
        .where(rounds.c.board_id == BOARD.id)
        .correlate(table_of(Board))
        .scalar_subquery()
    )


def _is_followed(rounds: FromClause) -> ColumnElement[bool]:
    """Whether a later round has opened by the schedule since this one did. What was opened by hand
    was opened before all that is still waiting to be written.
    """
    its: Any = rounds.c
    later = table_of(Round).alias(f"after_{rounds.description}")
    is_later = or_(
        its.phase == "prompting",
        tuple_(later.c.opens_at, later.c.number) > tuple_(its.opens_at, its.number),
    )
    return (
        select(later.c.id)
        .where(
            later.c.board_id == its.board_id, later.c.phase == "upcoming", later.c.opens_at <= NOW
        )
        .where(later.c.id != its.id, is_later)
        .correlate(rounds)
        .exists()
    )
