"""What may be asked of a search, and of the counts of a list."""

from dataclasses import dataclass, fields
from typing import Annotated, Any, Literal

from fastapi import Query
from sqlalchemy import ColumnElement
from typing_extensions import TypeAliasType

from app.core.errors import invalid
from app.core.fields import Limit
from app.core.parameters import asked
from app.fills.lists import FillsAsked
from app.fills.models import FILL
from app.labels.access import AdultAsked
from app.labels.reading import medium_bits
from app.prompts.lists import PromptsAsked
from app.prompts.models import PROMPT
from app.search.schemas import FacetName, WorkType
from app.threads.models import ThreadKind
from app.works.filters import WORDS, LabelsAsked, WorksAsked, one_or_any

SearchSort = TypeAliasType("SearchSort", Literal["relevance", "newest"])
AnyStatus = TypeAliasType(
    "AnyStatus", Literal["open", "in_progress", "filled", "wip", "complete", "abandoned"]
)
_STATUSES = {
    "prompt": ("open", "in_progress", "filled"),
    "fill": ("wip", "complete", "abandoned"),
}


@dataclass(kw_only=True)
class SearchAsked(LabelsAsked):
    """What is looked for on all boards (a FastAPI dependency)."""

    q: Annotated[str, WORDS]
    board: Annotated[str | None, Query(description="Only on this board, by its slug.")] = None
    type: Annotated[
        tuple[WorkType, ...], Query(description="Only prompts, or only fills; left out: both.")
    ] = ()
    sort: Annotated[
        SearchSort,
        Query(
            description="`relevance`: found in the title, then in tags or summary, then in the "
            "text, the newest of equals first; or `newest`."
        ),
    ] = "relevance"
    adult: AdultAsked = False

    def kinds(self) -> list[ThreadKind]:
        """At the head of which threads stands what is looked for."""
        return [kind for kind in _KINDS if not self.type or kind.value in self.type]

    def conditions(self, kind: ThreadKind) -> list[ColumnElement[bool]]:
        """The conditions on a row of prompts or of fills, all but those about tags and words."""
        if kind == ThreadKind.FILL:
            return [*self.label_conditions(FILL), *one_or_any(FILL.medium, self.medium)]
        found = self.label_conditions(PROMPT)
        if self.medium:
            found.append(PROMPT.mediums_bits.bitwise_and(medium_bits(self.medium)) != 0)
        return found


_KINDS = (ThreadKind.PROMPT, ThreadKind.FILL)

TheSearchAsked = Annotated[SearchAsked, asked(SearchAsked)]


@dataclass(kw_only=True)
class FacetsAsked(WorksAsked):
    """Which facets of which list (a FastAPI dependency)."""

    type: Annotated[
        WorkType, Query(description="Of which list: the board's prompts, or its fills.")
    ] = "prompt"
    status: Annotated[
        tuple[AnyStatus, ...],
        Query(description="As in the list that is counted; repeated: of any of them."),
    ] = ()
    of: Annotated[
        tuple[FacetName, ...], Query(description="Which facets; left out: all of them.")
    ] = ()
    limit: Annotated[Limit, Query(description="How many values a facet has at most.")] = 25

    def listed(self) -> PromptsAsked | FillsAsked:
        """The same question to the list.

        :raises Invalid: the list knows no such status.
        """
        if not set(self.status) <= set(_STATUSES[self.type]):
            message = f"The status of a {self.type} is one of {', '.join(_STATUSES[self.type])}."
            raise invalid("query", "/status", "other_type", message)
        own = {"type", "of", "limit"}
        shared: dict[str, Any] = {
            each.name: getattr(self, each.name) for each in fields(self) if each.name not in own
        }
        return PromptsAsked(**shared) if self.type == "prompt" else FillsAsked(**shared)


TheFacetsAsked = Annotated[FacetsAsked, asked(FacetsAsked)]
