"""Which prompts a list shows, and in which order."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Query
from sqlalchemy import Select

from app.boards.models import ROUND
from app.core.fields import SmallNumber
from app.core.paging import Order
from app.prompts.models import PROMPT
from app.prompts.schemas import PromptStatus
from app.tags.access import AdultAsked
from app.tags.schemas import Rating

PromptSort = Literal["newest", "oldest", "active"]


@dataclass
class PromptsAsked:
    """The filters and the order of a list of prompts (a FastAPI dependency)."""

    status: Annotated[
        tuple[PromptStatus, ...],
        Query(description="Only of this status; repeated: of any of them."),
    ] = ()
    round: Annotated[
        tuple[SmallNumber, ...], Query(description="Only of this round; repeated: of any of them.")
    ] = ()
    rating: Annotated[
        tuple[Rating, ...], Query(description="Only of this rating; repeated: of any of them.")
    ] = ()
    sort: Annotated[
        PromptSort, Query(description="`active`: where something was posted last comes first.")
    ] = "newest"
    adult: AdultAsked = False

    def order(self) -> Order:
        """The order that was asked for. Numbers of prompts grow with their creation."""
        if self.sort == "active":
            return Order((PROMPT.last_activity_at, PROMPT.id), descending=True)
        return Order((PROMPT.number,), descending=self.sort == "newest")

    def narrow(self, statement: Select[Any]) -> Select[Any]:
        """The statement under all filters but the adult gate."""
        if self.status:
            statement = statement.where(PROMPT.status.in_(self.status))
        if self.round:
            statement = statement.where(ROUND.number.in_(self.round))
        if self.rating:
            statement = statement.where(PROMPT.rating.in_(self.rating))
        return statement
