"""Pages by keyset: after the last row that was seen, never at an offset.

Each list has an order that ends in a unique key, so a page costs the same wherever it is, and
writers can't make a reader see a row twice or miss one that was there when the reading began.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Request, Response
from pydantic import Field
from sqlalchemy import Row, Select, literal, tuple_
from sqlalchemy.sql.elements import ColumnElement

from app.core.answers import seen_answer
from app.core.database import Session
from app.core.errors import BadCursor
from app.core.fields import AnswerModel, Cursor, Limit
from app.core.parameters import asked
from app.core.site import Site
from app.kit.cursors import BadCursorError

Item = TypeVar("Item")


class Omitted(AnswerModel):
    """How much the filters that you did not ask for left out of this list."""

    adult: int = Field(
        description="Adult items that match but are only listed with `adult=true`; at most 1000."
    )
    filtered: int = Field(description="Items that your own saved filters left out.")


class Page(AnswerModel, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next: str | None = Field(
        description="The absolute URL of the next page, to be followed as it is, also in the "
        "`Link` header; null at the end."
    )
    omitted: Omitted


@dataclass
class PageAsked:
    """The part of a list's query that says which page."""

    limit: Limit = 25
    cursor: Cursor = None


ThePage = Annotated[PageAsked, asked(PageAsked)]


@dataclass(frozen=True)
class Order:
    """The order of a list: columns that all ascend or all descend, the last of them unique."""

    columns: tuple[ColumnElement[Any], ...]
    descending: bool


@dataclass(frozen=True)
class Rows:
    """The rows of a page, and the URL of the next one."""

    rows: Sequence[Row[Any]]
    next: str | None


def page_answer(request: Request, page: dict[str, Any], *, is_public: bool = True) -> Response:
    """Answer with a page (``items``, ``next`` ...), its next one also in ``Link`` (RFC 8288). A
    list that leaves nothing out need not say so. ``is_public`` is as in
    :func:`app.core.answers.seen_answer`.
    """
    page = {"omitted": {"adult": 0, "filtered": 0}, **page}
    links = {"Link": f'<{page["next"]}>; rel="next"'} if page["next"] else {}
    return seen_answer(request, page, is_public=is_public, headers=links)


@dataclass(frozen=True)
class Address:
    """Which list is read: its path, and all that was asked of it but the page."""

    path: str
    filters: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, request: Request) -> "Address":
        """The list that a request asks for."""
        asked = request.query_params.multi_items()
        kept = tuple(pair for pair in asked if pair[0] not in ("cursor", "limit"))
        return cls(request.url.path, kept)

    def bound(self) -> str:
        """What a cursor is bound to, whatever the order in which the filters stand."""
        return f"{self.path}?{urlencode(sorted(self.filters))}"

    def url(self, site: Site, limit: int, cursor: str) -> str:
        """Where the list goes on."""
        query = urlencode([*self.filters, ("limit", limit), ("cursor", cursor)])
        return f"{site.public_url}{self.path}?{query}"


async def read_page(
    session: Session,
    site: Site,
    address: Address,
    statement: Select[Any],
    order: Order,
    asked: PageAsked,
) -> Rows:
    """Run a statement for one page in an order.

    :raises BadCursor: the cursor was edited, or comes from another list, filter or order.
    """
    key = tuple_(*order.columns)
    if asked.cursor is not None:
        seen = tuple_(*_open(site, address, asked.cursor, order))
        statement = statement.where(key < seen if order.descending else key > seen)
    directed = [each.desc() if order.descending else each.asc() for each in order.columns]
    keys = [each.label(f"key_{place}") for place, each in enumerate(order.columns)]
    rows = await session.all(
        statement.add_columns(*keys).order_by(*directed).limit(asked.limit + 1)
    )
    more = len(rows) > asked.limit
    rows = rows[: asked.limit]
    if not more:
        return Rows(rows, None)
    cursor = site.cursors.seal(list(rows[-1][-len(keys) :]), address.bound())
    return Rows(rows, address.url(site, asked.limit, cursor))


def _open(site: Site, address: Address, cursor: str, order: Order) -> list[ColumnElement[Any]]:
    try:
        values = site.cursors.open(cursor, address.bound())
    except BadCursorError as error:
        raise BadCursor from error
    return [
        literal(value, column.type) for value, column in zip(values, order.columns, strict=True)
    ]
