"""Which tags a list shows, and in which order."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query
from pydantic import BeforeValidator
from sqlalchemy import Select

from app.core.fields import Line
from app.core.paging import Order
from app.core.parameters import asked
from app.labels.access import AdultAsked
from app.labels.names import fold
from app.labels.schemas import MAX_NAME, TagName
from app.tags import queries
from app.tags.models import TAG, TAG_ALIAS, TAG_COUNT, TAG_PARENT
from app.tags.schemas import TagKind

BY_NAME = Order((TAG.key, TAG.kind), descending=False)
#: On a board names and kinds are read from its counts, whose index they are in.
BY_NAME_ON_BOARD = Order((TAG_COUNT.key, TAG_COUNT.kind), descending=False)
NEWEST_ALIAS_FIRST = Order((TAG_ALIAS.id,), descending=True)
NEWEST_PARENT_FIRST = Order((TAG_PARENT.id,), descending=True)

#: As much of a name as somebody has typed, be it nothing but a space.
Prefix = Annotated[str, Line(MAX_NAME, at_least=0), BeforeValidator(str.strip)]

#: Sorts behind every name that begins as a prefix does.
_END = "\U0010ffff"


@dataclass
class TagsAsked:
    """The filters of a list of tags (a FastAPI dependency)."""

    kind: Annotated[
        tuple[TagKind, ...], Query(description="Only of this kind; repeated: of any of them.")
    ] = ()
    q: Annotated[
        Prefix | None,
        Query(
            description="Only tags whose names begin so, whatever their case.",
        ),
    ] = None
    fandom: Annotated[
        TagName | None,
        Query(description="Only tags that belong to this fandom."),
    ] = None
    adult: AdultAsked = False

    def on_board(self, board_id: int) -> Select[Any]:
        """What was asked for of the tags in use on a board."""
        statement = queries.on_board(board_id, adult=self.adult)
        statement = self._narrow(statement, TAG_COUNT.kind, TAG_COUNT.key)
        if self.fandom is not None:
            statement = queries.of_fandom(statement, fold(self.fandom), board_id)
        return statement

    def anywhere(self) -> Select[Any]:
        """What was asked for of the tags in use on any board."""
        statement = self._narrow(queries.anywhere(adult=self.adult), TAG.kind, TAG.key)
        if self.fandom is not None:
            statement = queries.of_fandom(statement, fold(self.fandom))
        return statement

    def _narrow(self, statement: Select[Any], kind: Any, key: Any) -> Select[Any]:
        if self.kind:
            # An equality is what an index can begin with.
            one = len(self.kind) == 1
            statement = statement.where(kind == self.kind[0] if one else kind.in_(self.kind))
        prefix = fold(self.q or "")
        if prefix:
            statement = statement.where(key >= prefix, key < prefix + _END)
        return statement


TheTagsAsked = Annotated[TagsAsked, asked(TagsAsked)]
