"""Pages by keyset: after the last row that was seen, never at an offset.

Each list has an order that ends in a unique key, so a page costs the same wherever it is, and
writers can't make a reader see a row twice or miss one that was there when the reading began.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Request, Response
from pydantic import Field
from sqlalchemy import Row, Select, literal, tuple_
from sqlalchemy.sql.elements import ColumnElement

from app.core.answers import Ready, seen_answer
from app.core.database import Session
from app.core.errors import BadCursor
from app.core.fields import AnswerModel, Cursor, Limit
from app.core.hints import written_out
from app.core.parameters import asked
from app.core.site import Site
from app.kit.cursors import BadCursorError, CursorValue

Item = TypeVar("Item")


class Omitted(AnswerModel):
    """How much the filters that you did not ask for left out of this list."""

    adult: int = Field(
        description="Adult items that match but are only listed with `adult=true`; at most 1000, "
        "and of a list with more than 20,000 works those among the newest of them."
    )
    filtered: int = Field(
        description="Items that your own saved filters left out, counted in the same way."
    )


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

    def sorted(self, statement: Select[Any]) -> Select[Any]:
        """The statement in this order."""
        return statement.order_by(
            *(each.desc() if self.descending else each.asc() for each in self.columns)
        )

    def after(
        self, statement: Select[Any], site: Site, address: "Address", cursor: str | None
    ) -> Select[Any]:
        """The statement for what comes after a cursor.

        :raises BadCursor: the cursor was edited, or comes from another list, filter or order.
        """
        keys = keys_at(site, address, cursor)
        if keys is None:
            return statement
        if keys[0] is (not self.descending) and len(keys) > 1:
            # Of yes and no this is the one that comes last, so all that follows has it, too. Said
            # so, since PostgreSQL guesses how many rows a comparison leaves by its first column.
            statement = statement.where(self.columns[0].is_(keys[0]))
            return self._beyond(statement, self.columns[1:], keys[1:])
        return self._beyond(statement, self.columns, keys)

    def until(self, statement: Select[Any], last: Sequence[Any]) -> Select[Any]:
        """The statement for what comes no later than some keys."""
        key, end = tuple_(*self.columns), _literals(self.columns, last)
        return statement.where(key >= end if self.descending else key <= end)

    def _beyond(
        self, statement: Select[Any], columns: Sequence[ColumnElement[Any]], keys: Sequence[Any]
    ) -> Select[Any]:
        key, seen = tuple_(*columns), _literals(columns, keys)
        return statement.where(key < seen if self.descending else key > seen)


def _literals(columns: Sequence[ColumnElement[Any]], values: Sequence[Any]) -> Any:
    """A row of values, each of the type of its column."""
    return tuple_(
        *(literal(value, column.type) for value, column in zip(values, columns, strict=True))
    )


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
    content, links = _complete(page)
    return seen_answer(request, content, is_public=is_public, headers=links)


def ready_page(page: dict[str, Any]) -> Ready:
    """As :func:`page_answer` answers what everybody may see, whoever asked."""
    content, links = _complete(page)
    return Ready.of(content, links)


def _complete(page: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """A page as it is sent, and its headers."""
    links = {"Link": f'<{page["next"]}>; rel="next"'} if page["next"] else {}
    return {"omitted": {"adult": 0, "filtered": 0}, **page}, links


@dataclass(frozen=True)
class Address:
    """Which list is read: its path, and all that was asked of it but the page."""

    path: str
    filters: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, request: Request) -> "Address":
        """The list that a request asks for."""
        return cls.at(request.url.path, request.query_params.multi_items())

    @classmethod
    def at(cls, path: str, asked: Iterable[tuple[str, str]]) -> "Address":
        """The list at a path, of which so much was asked, the page included."""
        return cls(path, tuple(pair for pair in asked if pair[0] not in ("cursor", "limit")))

    def start(self, site: Site) -> str:
        """Where the list begins."""
        query = f"?{urlencode(self.filters)}" if self.filters else ""
        return f"{site.public_url}{self.path}{query}"

    def bound(self) -> str:
        """What a cursor is bound to, whatever the order in which the filters stand."""
        return self._bound

    @cached_property
    def _bound(self) -> str:
        return f"{self.path}?{urlencode(sorted(self.filters))}"

    def opened(self, site: Site, cursor: str) -> list[CursorValue]:
        """What a cursor of this list holds.

        :raises BadCursor: it was edited, or comes from another list, filter or order.
        """
        try:
            return site.cursors.open(cursor, self.bound())
        except BadCursorError as error:
            raise BadCursor from error

    def url(self, site: Site, limit: int, cursor: str) -> str:
        """Where the list goes on."""
        query = urlencode([*self.filters, ("limit", limit), ("cursor", cursor)])
        return f"{site.public_url}{self.path}?{query}"


async def read_page(
    session: Session,
    site: Site,
    address: Address,
    statements: Select[Any] | Sequence[Select[Any]],
    order: Order,
    asked: PageAsked,
    *,
    bound: Sequence[Any] | None = None,
    aside: bool = False,
) -> Rows:
    """Run a statement for one page in an order; or several, whose rows belong to one list.

    :param bound: keys after which the page ends, even if it has room and the list goes on.
    :param aside: whether it may take so long that others would notice (see ``Session.all_aside``).
    :raises BadCursor: the cursor was edited, or comes from another list, filter or order.
    """
    if isinstance(statements, Select):
        statements = [statements]
    keys = [each.label(f"key_{place}") for place, each in enumerate(order.columns)]
    fetch = session.all_aside if aside else session.all
    rows: list[Row[Any]] = []
    for each in statements:
        statement = order.after(each.add_columns(*keys), site, address, asked.cursor)
        if bound is not None:
            statement = order.until(statement, bound)
        statement = order.sorted(statement).limit(written_out(asked.limit + 1))
        rows += await fetch(statement)

    def key(row: Row[Any]) -> tuple[Any, ...]:
        return tuple(row[-len(keys) :])

    if len(statements) > 1:
        rows.sort(key=key, reverse=order.descending)
    last: Sequence[Any] | None = bound
    if len(rows) > asked.limit:
        rows = rows[: asked.limit]
        last = key(rows[-1])
    return Rows(rows, going_on(site, address, asked, last))


def going_on(
    site: Site, address: Address, asked: PageAsked, last: Sequence[Any] | None
) -> str | None:
    """The URL of the page after some keys, if there are any."""
    if last is None:
        return None
    cursor = site.cursors.seal(list(last), address.bound())
    return address.url(site, asked.limit, cursor)


def keys_at(site: Site, address: Address, cursor: str | None) -> list[Any] | None:
    """The keys after which a page begins; ``None`` at the beginning of its list.

    :raises BadCursor: the cursor was edited, or comes from another list, filter or order.
    """
    return None if cursor is None else address.opened(site, cursor)
