"""Which discussions a list shows, and in which order."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Query
from sqlalchemy import Select

from app.core.paging import Order
from app.core.parameters import asked
from app.discussions.models import DISCUSSION
from app.discussions.schemas import DiscussionKind


@dataclass
class DiscussionsAsked:
    """The order and the filter of a list of discussions (a FastAPI dependency)."""

    kind: Annotated[
        tuple[DiscussionKind, ...],
        Query(description="Only of this kind; repeated: of any of them."),
    ] = ()
    sort: Annotated[
        Literal["newest", "active"],
        Query(
            description="`newest`: the newest first; `active`: where something was said last. "
            "What is pinned stands before all else."
        ),
    ] = "newest"

    def order(self) -> Order:
        """The order that was asked for."""
        if self.sort == "active":
            keys = (DISCUSSION.is_pinned, DISCUSSION.last_activity_at, DISCUSSION.id)
            return Order(keys, descending=True)
        return Order((DISCUSSION.is_pinned, DISCUSSION.id), descending=True)

    def narrow(self, statement: Select[Any]) -> Select[Any]:
        """The statement under the filter."""
        kinds = sorted(set(self.kind))
        if not kinds:
            return statement
        # Of one kind an index holds the list as it is read.
        is_of = DISCUSSION.kind == kinds[0] if len(kinds) == 1 else DISCUSSION.kind.in_(kinds)
        return statement.where(is_of)


TheDiscussionsAsked = Annotated[DiscussionsAsked, asked(DiscussionsAsked)]
