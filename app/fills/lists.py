"""Which fills a list shows, and in which order."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Query
from sqlalchemy import Select

from app.boards.models import ROUND
from app.core.fields import SmallNumber
from app.core.paging import Order
from app.fills.models import FILL
from app.fills.schemas import FillStatus
from app.tags.access import AdultAsked
from app.tags.schemas import Medium, Rating

FillSort = Literal["newest", "oldest", "active"]


@dataclass
class FillsAsked:
    """The filters and the order of a list of fills (a FastAPI dependency)."""

    status: Annotated[
        tuple[FillStatus, ...], Query(description="Only of this status; repeated: of any of them.")
    ] = ()
    round: Annotated[
        tuple[SmallNumber, ...], Query(description="Only of this round; repeated: of any of them.")
    ] = ()
    rating: Annotated[
        tuple[Rating, ...], Query(description="Only of this rating; repeated: of any of them.")
    ] = ()
    medium: Annotated[
        tuple[Medium, ...], Query(description="Only of this medium; repeated: of any of them.")
    ] = ()
    sort: Annotated[
        FillSort, Query(description="`active`: where something was posted last comes first.")
    ] = "newest"
    adult: AdultAsked = False

    def order(self) -> Order:
        """The order that was asked for."""
        if self.sort == "active":
            return Order((FILL.last_activity_at, FILL.id), descending=True)
        return Order((FILL.id,), descending=self.sort == "newest")

    def narrow(self, statement: Select[Any]) -> Select[Any]:
        """The statement under all filters but the adult gate."""
        if self.status:
            statement = statement.where(FILL.status.in_(self.status))
        if self.round:
            statement = statement.where(ROUND.number.in_(self.round))
        if self.rating:
            statement = statement.where(FILL.rating.in_(self.rating))
        if self.medium:
            statement = statement.where(FILL.medium.in_(self.medium))
        return statement
