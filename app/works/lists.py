"""Reading a list of works: which rows, in which order, at what cost.

An index is walked wherever one fits: each order has one that begins with board and shelf, and so
have the commonest filters; with a tag that few works carry, that tag's works are walked. What no
index holds is looked at row by row, but no further than :data:`MAX_EXAMINED` rows a request. On a
board with more works than that a page may end early, or even be empty, and still lead on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, select

from app.core.database import Session
from app.core.errors import invalid
from app.core.paging import Address, Order, PageAsked, Rows, read_page
from app.core.site import Site
from app.core.tables import table_of
from app.filters.wishes import Wishes
from app.index import queries as index
from app.index.asked import Asked
from app.kit.clock import now
from app.labels.models import Shelf
from app.labels.names import TagKey
from app.tags.models import Tagging
from app.tags.queries import carried, carries, resolved
from app.works.filters import WorksAsked

#: Rows that a request looks at for what no index holds.
MAX_EXAMINED = 20_000
#: Counts of what was left out stop here.
MAX_COUNTED = 1000
#: Works of a board above which a list that no index holds is read beside the event loop.
_FEW = 1000

_DRIVER = table_of(Tagging).alias("driver")


@dataclass(frozen=True)
class Place:
    """Where works are listed.

    ``statement`` asks for all that everybody may see there, whatever their rating, with what their
    public shape needs; ``lean`` asks for the same works and their prompts alone. ``works_count`` is
    how many there are at most.
    """

    statement: Select[Any]
    lean: Select[Any]
    board_id: int
    settings: dict[str, Any]
    works_count: int


@dataclass(frozen=True)
class ListedWorks:
    """The rows of a page of works, what was left out of the list, and, by thread, the tags that a
    reader wanted to be warned about.
    """

    page: Rows
    omitted: dict[str, int] = field(default_factory=lambda: {"adult": 0, "filtered": 0})
    warnings: dict[int, list[dict[str, str]]] = field(default_factory=dict)

    def around(self, items: Iterable[dict[str, Any]]) -> dict[str, Any]:
        """The page with the public shapes of its rows."""
        shown = [
            {**item, "warned_about": self.warnings[row.thread_id]}
            if row.thread_id in self.warnings
            else item
            for item, row in zip(items, self.page.rows, strict=True)
        ]
        return {"items": shown, "next": self.page.next, "omitted": self.omitted}


@dataclass(frozen=True)
class Found:
    """What was asked for, with its tags looked up: ready to become statements."""

    asked: WorksAsked
    place: Place
    search: Asked | None
    conditions: list[ColumnElement[bool]]
    #: The tag with the fewest works of all that are required: what it is filed under, and how many.
    rarest: tuple[int, int] | None
    #: The tags that a reader's own filters leave out, and those that they warn about.
    hidden: list[int]
    warned: dict[int, dict[str, str]]
    is_empty: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked beyond board and shelf."""
        return bool(self.conditions or self.rarest or self.search or self.hidden)

    @property
    def is_driven(self) -> bool:
        """Whether a tag's works are walked, and not the board's: where the order is their own, or
        where they are few enough to be sorted.
        """
        if self.rarest is None:
            return False
        return self.asked.sort in ("newest", "oldest") or self.rarest[1] <= MAX_EXAMINED

    @property
    def is_long(self) -> bool:
        """Whether reading may take long enough for others to notice."""
        return self.is_narrowed and self.place.works_count > _FEW

    @property
    def is_large(self) -> bool:
        """Whether what is walked has more works than a request looks at, and some will be passed
        over.
        """
        walked = self.rarest[1] if self.is_driven and self.rarest else self.place.works_count
        return self.is_narrowed and walked > MAX_EXAMINED

    @property
    def has_index(self) -> bool:
        """Whether an index has the order that was asked for."""
        return self.asked.sort not in self.asked.orders_without_index

    @property
    def is_bounded(self) -> bool:
        """Whether a page ends where too much would have to be looked at. What ``q`` finds is few
        enough by itself, and so are works by id.
        """
        is_few = self.search is not None or bool(self.asked.id) or self.asked.author is not None
        return self.is_large and not is_few and self.has_index

    @property
    def age(self) -> ColumnElement[int]:
        """What grows with the creation of works."""
        return _DRIVER.c.thread_id if self.is_driven else self.asked.works.thread_id

    def shelves(self) -> list[Shelf]:
        """The shelves that are read."""
        shown = [Shelf.EVERYBODY]
        return [*shown, Shelf.ADULTS] if self.asked.adult else shown

    def on_shelf(self, shelf: Shelf, statement: Select[Any], *, hiding: bool = True) -> Select[Any]:
        """What was asked for of a shelf, by the statement of the place or its lean one. ``hiding``
        leaves out what the reader's own filters do; else only that is left.
        """
        works = self.asked.works
        # A sum is in no index, so SQLite begins with the tag's works, and not with all of the shelf
        # to sort them.
        own_shelf = works.shelf + 0 if self.is_driven else works.shelf
        statement = statement.where(own_shelf == shelf.value, *self.conditions)
        if self.is_driven:
            of_tag = _DRIVER.c.thread_id == works.thread_id
            statement = statement.join(_DRIVER, of_tag & self._is_driven_by(shelf))
        if self.search is not None:
            statement = statement.where(works.thread_id.in_(self._hits()))
        elif self.is_large and not self.has_index:
            statement = statement.where(works.thread_id.in_(self.newest(shelf)))
        if self.hidden:
            is_hidden = carries(works.thread_id, self.hidden)
            statement = statement.where(~is_hidden if hiding else is_hidden)
        return statement

    def order(self) -> Order:
        """The order that was asked for."""
        sort, works = self.asked.sort, self.asked.works
        if sort == "active":
            return Order((works.last_activity_at, self.age), descending=True)
        if sort == "recently_filled":
            return Order((self.asked.filled_at, self.age), descending=True)
        if sort == "most_seconded":
            return Order((self.asked.prompt_columns()[0], self.age), descending=True)
        if sort == "relevance":
            return Order((self._relevance(), self.age), descending=True)
        return Order((self.age,), descending=sort == "newest")

    def walk(self, shelf: Shelf, *columns: ColumnElement[Any]) -> Select[Any]:
        """Columns of the index that is walked on a shelf, and of nothing else."""
        if self.is_driven:
            return select(*columns).where(self._is_driven_by(shelf))
        works = self.asked.works
        walked = select(*columns).where(
            works.board_id == self.place.board_id, works.shelf == shelf.value
        )
        if self.asked.sort == "recently_filled":
            # What never was filled is not listed, and nothing comes before or after a null.
            walked = walked.where(self.asked.filled_at.is_not(None))
        return walked

    def newest(self, shelf: Shelf) -> Select[Any]:
        """The threads of the newest works that a request may look at."""
        return self.walk(shelf, self.age).order_by(self.age.desc()).limit(MAX_EXAMINED)

    def _is_driven_by(self, shelf: Shelf) -> ColumnElement[bool]:
        assert self.rarest is not None
        return and_(
            _DRIVER.c.board_id == self.place.board_id,
            _DRIVER.c.kind == self.asked.kind.value,
            _DRIVER.c.tag_id == self.rarest[0],
            _DRIVER.c.is_adult == (shelf == Shelf.ADULTS),
        )

    def _hits(self) -> Select[Any]:
        """The threads of the newest works in which the words are found."""
        assert self.search is not None
        return index.newest(self.search, self._where(), MAX_EXAMINED)

    def _relevance(self) -> ColumnElement[int]:
        assert self.search is not None
        return index.relevance(self.search, self._where(), self.asked.works.thread_id)

    def _where(self) -> index.Where:
        return index.Where(self.place.board_id, self.asked.kind)


async def look_up(
    session: Session, place: Place, asked: WorksAsked, wishes: Wishes | None = None
) -> Found:
    """Look up the tags that were asked for.

    :raises Invalid: something was asked that this board does not tell, or relevance without words.
    """
    _check_counts(place, asked)
    search = asked.search()
    wanted, unwanted = asked.tags(), asked.tags("not_")
    hide, warn = (wishes.hide, wishes.warn) if wishes else ({}, {})
    tags = await _tags(session, place.board_id, [*wanted, *unwanted, *hide, *warn])
    required = sorted({tags[key] for key in wanted if key in tags}, key=lambda tag: tag[::-1])
    thread_id = asked.works.thread_id
    rarest, others = (required[0], required[1:]) if required else (None, [])
    found = Found(
        asked,
        place,
        search,
        asked.conditions(place.board_id, now()),
        rarest,
        hidden=_ids(tags, hide),
        warned={tags[key][0]: wish for key, wish in warn.items() if key in tags},
        is_empty=any(key not in tags for key in wanted),
    )
    if not found.is_driven:
        others = required
    found.conditions.extend(carries(thread_id, [tag_id]) for tag_id, _ in others)
    excluded = _ids(tags, unwanted)
    if excluded:
        found.conditions.append(~carries(thread_id, excluded))
    return found


async def read_works(
    session: Session,
    site: Site,
    address: Address,
    place: Place,
    asked: WorksAsked,
    page: PageAsked,
    wishes: Wishes | None = None,
) -> ListedWorks:
    """Read a page of works under what was asked, without adult ones unless they were asked for."""
    found = await look_up(session, place, asked, wishes)
    if found.is_empty:
        return ListedWorks(Rows([], None))
    order = found.order()
    bound = await _bound(session, site, address, found, order, page)
    rows = await read_page(
        session,
        site,
        address,
        [found.on_shelf(shelf, place.statement) for shelf in found.shelves()],
        order,
        page,
        bound=bound,
        aside=found.is_long,
    )
    omitted = await count_omitted(session, found)
    warnings = await _warnings(session, found, rows.rows)
    return ListedWorks(rows, omitted, warnings)


async def count_omitted(session: Session, found: Found) -> dict[str, int]:
    """How much was left out of a list, since it is adult or by its reader's own filters."""
    adult = 0 if found.asked.adult else await _count(session, found, [Shelf.ADULTS])
    filtered = await _count(session, found, found.shelves(), hiding=False) if found.hidden else 0
    return {"adult": adult, "filtered": filtered}


async def _bound(
    session: Session, site: Site, address: Address, found: Found, order: Order, page: PageAsked
) -> tuple[Any, ...] | None:
    """The keys at which a page ends on a board so large that not all of it may be looked at."""
    if not found.is_bounded:
        return None
    bounds = []
    for shelf in found.shelves():
        walk = found.walk(shelf, *order.columns)
        walk = order.after(walk, site, address, page.cursor)
        last = await session.first(order.sorted(walk).offset(MAX_EXAMINED).limit(1))
        if last is not None:
            bounds.append(tuple(last))
    if not bounds:
        return None
    return max(bounds) if order.descending else min(bounds)


async def _count(
    session: Session, found: Found, shelves: Sequence[Shelf], *, hiding: bool = True
) -> int:
    """How many works are left out, counted up to :data:`MAX_COUNTED`."""
    counted = 0
    for shelf in shelves:
        statement = found.on_shelf(shelf, found.place.lean, hiding=hiding)
        if found.is_large:
            statement = statement.where(found.asked.works.thread_id.in_(found.newest(shelf)))
        some = statement.with_only_columns(literal(1)).limit(MAX_COUNTED).subquery()
        fetch = session.all_aside if found.is_long else session.all
        ((number,),) = await fetch(select(func.count()).select_from(some))
        counted += number
    return min(counted, MAX_COUNTED)


async def _warnings(
    session: Session, found: Found, rows: Sequence[Any]
) -> dict[int, list[dict[str, str]]]:
    """The tags of each work on a page that its reader wanted to be warned about."""
    if not found.warned or not rows:
        return {}
    threads = [row.thread_id for row in rows]
    warnings: dict[int, list[dict[str, str]]] = {}
    for row in await session.all(carried(threads, found.warned)):
        warnings.setdefault(row.thread_id, []).append(found.warned[row.tag_id])
    return warnings


def _check_counts(place: Place, asked: WorksAsked) -> None:
    name = asked.asks_for_counts
    if name is not None and not place.settings["show_counts"]:
        message = "This board does not show how often a prompt was seconded."
        raise invalid("query", f"/{name}", "counts_not_shown", message)


async def _tags(
    session: Session, board_id: int, keys: Sequence[TagKey]
) -> dict[TagKey, tuple[int, int]]:
    """What each tag that is known is filed under on a board, and how many works are."""
    if not keys:
        return {}
    rows = await session.all(resolved(board_id, set(keys)))
    return {(row.kind, row.key): (row.tag_id, row.uses) for row in rows}


def _ids(tags: dict[TagKey, tuple[int, int]], keys: Iterable[TagKey]) -> list[int]:
    return sorted({tags[key][0] for key in keys if key in tags})
