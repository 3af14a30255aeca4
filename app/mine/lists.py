"""Which of one's own things are listed, and in which order."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import Select, Subquery, select

from app.boards.models import SLUG_PATTERN
from app.core.fields import InstantSent
from app.core.paging import Order
from app.core.parameters import asked
from app.identity.people import Caller
from app.mine import queries
from app.mine.schemas import OwnState, OwnType

BoardAsked = Annotated[
    str | None, Query(pattern=SLUG_PATTERN, description="Only on this board (its `slug`).")
]


@dataclass
class OwnAsked:
    """The filters of one's own posts (a FastAPI dependency)."""

    type: Annotated[
        tuple[OwnType, ...], Query(description="Only this kind; repeated: any of them.")
    ] = ()
    state: Annotated[
        tuple[OwnState, ...], Query(description="Only in this state; repeated: any of them.")
    ] = ()
    board: BoardAsked = None

    def of(self, caller: Caller) -> tuple[Select[Any], Order]:
        """What was asked for of what somebody owns, the newest first."""
        return _newest_first(queries.owned(caller, self.type, self.board, self.state))


@dataclass
class RepliesAsked:
    """Which replies to oneself are listed (a FastAPI dependency)."""

    since: Annotated[
        InstantSent | None, Query(description="Only what was said at this instant or later.")
    ] = None

    def to(self, caller: Caller) -> tuple[Select[Any], Order]:
        """What was asked for of what others said to somebody, the newest first."""
        found = queries.replies(caller)
        statement, order = _newest_first(found)
        if self.since is not None:
            statement = statement.where(found.c.created_at >= self.since)
        return statement, order


def _newest_first(found: Subquery) -> tuple[Select[Any], Order]:
    columns = found.c
    order = Order((columns.created_at, columns.type, columns.public_id), descending=True)
    return select(*columns), order


TheOwnAsked = Annotated[OwnAsked, asked(OwnAsked)]
TheRepliesAsked = Annotated[RepliesAsked, asked(RepliesAsked)]
