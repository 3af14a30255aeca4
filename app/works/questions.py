"""Questions for works: what was asked of a list, made ready to become statements.

An index is walked wherever one fits: each order has one that begins with board and shelf, and so
have the commonest filters; with a tag that few works carry, that tag's works are walked. What no
index holds is looked at row by row, but no further than :data:`MAX_EXAMINED` rows a request. On a
board with more works than that a page may end early, or even be empty, and still lead on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, select

from app.core.database import Session
from app.core.errors import invalid
from app.core.hints import in_no_index
from app.core.paging import Address, Order
from app.core.site import Site
from app.core.tables import table_of
from app.filters.wishes import Wishes
from app.index import queries as index
from app.index.asked import Asked
from app.kit.clock import now
from app.labels.models import Shelf, shelves
from app.labels.names import TagKey
from app.tags.models import Tagging
from app.tags.queries import carries, resolved
from app.works.filters import WorksAsked

#: Rows that a request looks at for what no index holds.
MAX_EXAMINED = 20_000
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


class FiledTag(NamedTuple):
    """What a tag is filed under on a board, and how many of its works are."""

    id: int
    uses: int


@dataclass(frozen=True)
class Question:
    """What was asked for at a place, with its words read and its tags looked up."""

    asked: WorksAsked
    place: Place
    search: Asked | None
    #: What the clock said when it was asked.
    moment: datetime
    #: The tags that a work must carry, the one with the fewest works first.
    required: tuple[FiledTag, ...] = ()
    #: The tags of which it must carry none.
    excluded: tuple[int, ...] = ()
    #: The tags that a reader's own filters leave out, and those that they warn about.
    hidden: tuple[int, ...] = ()
    warned: Mapping[int, dict[str, str]] = field(default_factory=dict)
    #: Whether it asks for a tag that is not in the vocabulary.
    is_hopeless: bool = False
    #: Whether the author that was asked for has signed more works on the board than a request
    #: looks at.
    is_prolific: bool = False

    @cached_property
    def conditions(self) -> list[ColumnElement[bool]]:
        """The conditions on a row of works, all but those about shelf and words."""
        thread_id = self.asked.works.thread_id
        # The tag whose works are walked needs no further look.
        probed = self.required[1:] if self.is_driven else self.required
        found = self.asked.conditions(self.place.board_id, self.moment)
        found += [carries(thread_id, [tag.id]) for tag in probed]
        if self.excluded:
            found.append(~carries(thread_id, self.excluded))
        return found

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked beyond board and shelf."""
        return bool(self.conditions or self.required or self.search or self.hidden)

    @property
    def is_driven(self) -> bool:
        """Whether a tag's works are walked, and not the place's: where the order is their own, or
        where they are few enough to be sorted.
        """
        if not self.required or self.required[0].uses > self.place.works_count > 0:
            # A few fills of one prompt are read faster than all works of a common tag.
            return False
        if self.has_few_by_author:
            # What one author has signed is read faster still.
            return False
        return self._is_by_age or self.required[0].uses <= MAX_EXAMINED

    @property
    def is_long(self) -> bool:
        """Whether reading may take long enough for others to notice."""
        return self.is_narrowed and self.place.works_count > _FEW

    @property
    def is_large(self) -> bool:
        """Whether what is walked has more works than a request looks at, and some will be passed
        over.
        """
        walked = self.required[0].uses if self.is_driven else self.place.works_count
        return self.is_narrowed and walked > MAX_EXAMINED

    @property
    def has_index(self) -> bool:
        """Whether an index has the order that was asked for."""
        return self.asked.sort not in self.asked.orders_without_index

    @property
    def is_bounded(self) -> bool:
        """Whether a page ends where too much would have to be looked at."""
        return self.is_large and not self.is_few and not self.is_held and self.has_index

    @property
    def is_held(self) -> bool:
        """Whether the index that is walked holds all that was asked for."""
        if self.hidden or self.excluded:
            return False
        is_one_tag = self.is_driven and len(self.required) == len(self.asked.used) == 1
        return (is_one_tag and self._is_by_age) or self.asked.is_held_by_index

    @property
    def is_few(self) -> bool:
        """Whether what is asked for is few enough by itself, however many works there are: what
        ``q`` finds, works by id, and what somebody wrote under their name, unless that is much.
        """
        return self.search is not None or bool(self.asked.id) or self.has_few_by_author

    @property
    def has_few_by_author(self) -> bool:
        """Whether only what one author has signed is asked for, which is not much."""
        return self.asked.author is not None and not self.is_prolific

    @property
    def _is_by_age(self) -> bool:
        return self.asked.sort in ("newest", "oldest")

    @property
    def age(self) -> ColumnElement[int]:
        """What grows with the creation of works."""
        return _DRIVER.c.thread_id if self.is_driven else self.asked.works.thread_id

    def shelves(self) -> list[Shelf]:
        """The shelves that are read."""
        return shelves(adult=self.asked.adult)

    def on_shelf(self, shelf: Shelf, statement: Select[Any], *, hiding: bool = True) -> Select[Any]:
        """What was asked for of a shelf, by the statement of the place or its lean one. ``hiding``
        leaves out what the reader's own filters do; else only that is left.
        """
        works = self.asked.works
        # SQLite is to begin with the tag's works, or the author's, and not with all of the shelf in
        # the order that they are sorted into.
        is_sorted = self.is_driven or (self.has_few_by_author and not self._is_by_age)
        own_shelf = in_no_index(works.shelf) if is_sorted else works.shelf
        statement = statement.where(own_shelf == shelf.value, *self.conditions)
        if self.is_driven:
            of_tag = _DRIVER.c.thread_id == works.thread_id
            statement = statement.join(_DRIVER, of_tag & self._is_driven_by(shelf))
        if self.search is not None:
            statement = statement.where(works.thread_id.in_(self._hits()))
        elif self.is_large and not self.is_few and not self.has_index:
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
            # What never was filled is no part of this order: databases sort it before or behind.
            walked = walked.where(self.asked.filled_at.is_not(None))
        return walked

    def newest(self, shelf: Shelf) -> Select[Any]:
        """The threads of the newest works that a request may look at."""
        return self.walk(shelf, self.age).order_by(self.age.desc()).limit(MAX_EXAMINED)

    def _is_driven_by(self, shelf: Shelf) -> ColumnElement[bool]:
        return and_(
            _DRIVER.c.board_id == self.place.board_id,
            _DRIVER.c.kind == self.asked.kind.value,
            _DRIVER.c.tag_id == self.required[0].id,
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
) -> Question:
    """Make a question of what was asked: look up its tags, and those of the reader's own filters.

    :raises Invalid: something was asked that this board does not tell, or relevance without words.
    """
    _check_counts(place, asked)
    search = asked.search()
    wanted, unwanted = asked.tags(), asked.tags("not_")
    hide, warn = (wishes.hide, wishes.warn) if wishes else ({}, {})
    tags = await _tags(session, place.board_id, [*wanted, *unwanted, *hide, *warn])
    required = {tags[key] for key in wanted if key in tags}
    is_prolific = False
    if asked.author is not None and place.works_count > MAX_EXAMINED:
        is_prolific = await session.scalar(_signed(place, asked)) > MAX_EXAMINED
    return Question(
        asked,
        place,
        search,
        now(),
        required=tuple(sorted(required, key=lambda tag: (tag.uses, tag.id))),
        excluded=_ids(tags, unwanted),
        hidden=_ids(tags, hide),
        warned={tags[key].id: wish for key, wish in warn.items() if key in tags},
        is_hopeless=any(key not in tags for key in wanted),
        is_prolific=is_prolific,
    )


async def last_keys(
    session: Session, site: Site, address: Address, question: Question, cursor: str | None
) -> tuple[Any, ...] | None:
    """The keys at which a page ends on a board so large that not all of it may be looked at."""
    if not question.is_bounded:
        return None
    order, bounds = question.order(), []
    for shelf in question.shelves():
        walk = order.after(question.walk(shelf, *order.columns), site, address, cursor)
        last = await session.first(order.sorted(walk).offset(MAX_EXAMINED).limit(1))
        if last is not None:
            bounds.append(tuple(last))
    if not bounds:
        return None
    return max(bounds) if order.descending else min(bounds)


def _check_counts(place: Place, asked: WorksAsked) -> None:
    name = asked.asks_for_counts
    if name is not None and not place.settings["show_counts"]:
        message = "This board does not show how often a prompt was seconded or claimed."
        raise invalid("query", f"/{name}", "counts_not_shown", message)


async def _tags(session: Session, board_id: int, keys: Sequence[TagKey]) -> dict[TagKey, FiledTag]:
    """What each tag that is known is filed under on a board."""
    if not keys:
        return {}
    rows = await session.all(resolved(board_id, set(keys)))
    return {(row.kind, row.key): FiledTag(row.tag_id, row.uses) for row in rows}


def _signed(place: Place, asked: WorksAsked) -> Select[Any]:
    """How many works of a board show an author's name, counted as far as a request looks."""
    works = asked.works
    is_listed = works.shelf.in_([shelf.value for shelf in shelves(adult=True)])
    some = (
        select(works.thread_id)
        .where(works.board_id == place.board_id, is_listed, *asked.by_author())
        .limit(MAX_EXAMINED + 1)
        .subquery()
    )
    return select(func.count()).select_from(some)


def _ids(tags: Mapping[TagKey, FiledTag], keys: Iterable[TagKey]) -> tuple[int, ...]:
    return tuple(sorted({tags[key].id for key in keys if key in tags}))
