"""Which fills a list shows, and in which order."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import Select

from app.core.paging import Order
from app.core.parameters import asked
from app.fills.models import FILL, PART
from app.fills.schemas import FillStatus
from app.labels.schemas import Medium
from app.prompts.lists import WorksAsked

BY_PLACE = Order((PART.number,), descending=False)


@dataclass
class FillsAsked(WorksAsked):
    """The filters and the order of a list of fills (a FastAPI dependency)."""

    works = FILL
    age = FILL.id

    status: Annotated[
        tuple[FillStatus, ...], Query(description="Only of this status; repeated: of any of them.")
    ] = ()
    medium: Annotated[
        tuple[Medium, ...], Query(description="Only of this medium; repeated: of any of them.")
    ] = ()

    def narrow(self, statement: Select[Any]) -> Select[Any]:
        if self.status:
            statement = statement.where(FILL.status.in_(self.status))
        if self.medium:
            statement = statement.where(FILL.medium.in_(self.medium))
        return super().narrow(statement)


TheFillsAsked = Annotated[FillsAsked, asked(FillsAsked)]
