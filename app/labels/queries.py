"""The adult gate in lists."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select

from app.core.database import Session
from app.labels.reading import ADULT_RATINGS

#: Counts of what was left out stop here.
MAX_COUNTED = 1000


def without_adult(statement: Select[Any], rating: ColumnElement[str]) -> Select[Any]:
    """The statement without what is adult."""
    return statement.where(rating.not_in(ADULT_RATINGS))


async def count_adult(session: Session, statement: Select[Any], rating: ColumnElement[str]) -> int:
    """How much of a list is adult, counted up to :data:`MAX_COUNTED`."""
    adult = statement.where(rating.in_(ADULT_RATINGS)).with_only_columns(literal(1))
    counted = select(func.count()).select_from(adult.limit(MAX_COUNTED).subquery())
    return int(await session.scalar(counted))
