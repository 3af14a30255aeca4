"""Which prompts a list shows, and in which order; and what lists of fills share with them."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from fastapi import Query
from sqlalchemy import Column, Select
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from app.boards.models import ROUND
from app.core.database import Session
from app.core.fields import SmallNumber
from app.core.paging import Address, Order, PageAsked, Rows, read_page
from app.core.parameters import asked
from app.core.site import Site
from app.labels.access import AdultAsked
from app.labels.queries import count_adult, without_adult
from app.labels.schemas import Rating
from app.prompts.models import PROMPT
from app.prompts.schemas import PromptStatus

WorkSort = Literal["newest", "oldest", "active"]


@dataclass
class WorksAsked:
    """The filters and orders that lists of prompts and lists of fills share.

    ``works`` are the columns of what is listed, ``age`` the one that grows with their creation.
    """

    works: ClassVar[ReadOnlyColumnCollection[str, Column[Any]]]
    age: ClassVar[Column[Any]]

    round: Annotated[
        tuple[SmallNumber, ...], Query(description="Only of this round; repeated: of any of them.")
    ] = ()
    rating: Annotated[
        tuple[Rating, ...], Query(description="Only of this rating; repeated: of any of them.")
    ] = ()
    sort: Annotated[
        WorkSort,
        Query(
            description="`newest` and `oldest` by creation; `active`: where something was posted "
            "last comes first (what moves while you page may be missed)."
        ),
    ] = "newest"
    adult: AdultAsked = False

    def order(self) -> Order:
        """The order that was asked for."""
        if self.sort == "active":
            return Order((self.works.last_activity_at, self.works.id), descending=True)
        return Order((self.age,), descending=self.sort == "newest")

    def narrow(self, statement: Select[Any]) -> Select[Any]:
        """The statement under all filters but the adult gate."""
        if self.round:
            statement = statement.where(ROUND.number.in_(self.round))
        if self.rating:
            statement = statement.where(self.works.rating.in_(self.rating))
        return statement


@dataclass
class PromptsAsked(WorksAsked):
    """The filters and the order of a list of prompts (a FastAPI dependency)."""

    works = PROMPT
    age = PROMPT.number

    status: Annotated[
        tuple[PromptStatus, ...],
        Query(description="Only of this status; repeated: of any of them."),
    ] = ()

    def narrow(self, statement: Select[Any]) -> Select[Any]:
        if self.status:
            statement = statement.where(PROMPT.status.in_(self.status))
        return super().narrow(statement)


ThePromptsAsked = Annotated[PromptsAsked, asked(PromptsAsked)]


@dataclass(frozen=True)
class ListedWorks:
    """The rows of a page of works, and how many adult ones were left out of the list."""

    page: Rows
    omitted_adult: int

    def around(self, items: list[dict[str, Any]]) -> dict[str, Any]:
        """The page with the public shapes of its rows."""
        omitted = {"adult": self.omitted_adult, "filtered": 0}
        return {"items": items, "next": self.page.next, "omitted": omitted}


async def read_works(
    session: Session,
    site: Site,
    address: Address,
    statement: Select[Any],
    asked: WorksAsked,
    page: PageAsked,
) -> ListedWorks:
    """Read a page of works under what was asked, without adult ones unless they were asked for."""
    every = asked.narrow(statement)
    rating = asked.works.rating
    shown = every if asked.adult else without_adult(every, rating)
    rows = await read_page(session, site, address, shown, asked.order(), page)
    omitted = 0 if asked.adult else await count_adult(session, every, rating)
    return ListedWorks(rows, omitted)
