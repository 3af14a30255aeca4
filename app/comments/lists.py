"""Which comments a page shows, and in which order."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Query
from sqlalchemy import Select

from app.comments.models import COMMENT
from app.core.fields import SmallNumber
from app.core.paging import Order
from app.core.parameters import asked


@dataclass
class CommentsAsked:
    """The order and the filters of a page of comments (a FastAPI dependency)."""

    sort: Annotated[
        Literal["thread", "newest"],
        Query(description="`thread`: each comment, then its replies; `newest`: the newest first."),
    ] = "thread"
    since: Annotated[SmallNumber | None, Query(description="Only those with a higher `seq`.")] = (
        None
    )
    depth: Annotated[
        SmallNumber | None,
        Query(description="The deepest level to show; 0 is the top level."),
    ] = None

    def order(self) -> Order:
        """The order that was asked for."""
        if self.sort == "newest":
            return Order((COMMENT.seq,), descending=True)
        return Order((COMMENT.path,), descending=False)

    def narrow(self, statement: Select[Any]) -> Select[Any]:
        """The statement under the filters."""
        if self.since is not None:
            statement = statement.where(COMMENT.seq > self.since)
        if self.depth is not None:
            statement = statement.where(COMMENT.depth <= self.depth)
        return statement


TheCommentsAsked = Annotated[CommentsAsked, asked(CommentsAsked)]
