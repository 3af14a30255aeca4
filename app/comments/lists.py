"""Which comments a page shows, in which order, and how it is read.

A page is one range of an index wherever one has its order: of (thread, path) for the whole thread
and for what is below a comment, of (thread, seq) for the newest first, of the top level's own for
the top level alone. Other pages choose their comments first, by narrow rows, and read them then.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Query
from sqlalchemy import ColumnElement, Select, select

from app.comments import queries
from app.comments.heads import Head
from app.comments.models import COMMENT
from app.comments.walks import MAX_STEPS, Walk
from app.core.database import Session
from app.core.errors import invalid
from app.core.fields import SmallNumber, UpToHundred
from app.core.hints import in_no_index
from app.core.paging import Address, Order, PageAsked, Rows, going_on, keys_at, read_page
from app.core.parameters import asked
from app.core.site import Site
from app.kit.paths import END, has_room, is_near_end, just_before

#: The most comments above its first one that a page in the middle of a thread brings along.
MAX_ANCESTORS = 100
#: Comments in a thread above which a page that may look at all of them is read aside.
_FEW = 2000

_READING_ORDER = Order((COMMENT.path,), descending=False)
_NEWEST_FIRST = Order((COMMENT.seq,), descending=True)
#: On the top level this is the reading order: places and numbers are handed out together.
_OLDEST_FIRST = Order((COMMENT.seq,), descending=False)


@dataclass
class CommentsAsked:
    """The order and the filters of a page of comments (a FastAPI dependency)."""

    sort: Annotated[
        Literal["thread", "newest"],
        Query(description="`thread`: each comment, then its replies; `newest`: the newest first."),
    ] = "thread"
    since: Annotated[SmallNumber | None, Query(description="Only those with a higher `seq`.")] = (
        None
    )
    depth: Annotated[
        SmallNumber | None,
        Query(description="The deepest level to show; 0 is the top level of the whole thread."),
    ] = None
    replies: Annotated[
        UpToHundred | None,
        Query(
            description="Of each comment at most so many replies, the first ones, with what is "
            "below them. Where more stand there, `replies_count` says so and `more_url` leads to "
            "them. All of the top level is shown. Not with `sort=newest`.",
        ),
    ] = None

    def check(self) -> None:
        """:raises Invalid: what was asked for does not go together."""
        if self.replies is not None and self.sort == "newest":
            message = "The first replies of each comment are shown with `sort=thread` only."
            raise invalid("query", "/replies", "other_sort", message)

    @property
    def is_in_reading_order(self) -> bool:
        """Whether each comment is followed by its replies."""
        return self.sort == "thread"

    @property
    def is_top_alone(self) -> bool:
        """Whether nothing but the top level of a thread is shown."""
        return self.depth == 0 or self.replies == 0

    def has_more(self, row: Any) -> bool:
        """Whether replies to a comment on the page may be left out of it."""
        if not row.replies_count:
            return False
        if self.depth is not None and row.depth >= self.depth:
            return True
        if self.replies is None:
            return False
        return row.replies_count > self.replies or is_near_end(row.path)


TheCommentsAsked = Annotated[CommentsAsked, asked(CommentsAsked)]


@dataclass(frozen=True)
class Place:
    """Where comments are listed: in a whole thread, or from a comment downward (``top``, a row)."""

    head: Head
    top: Any = None

    @property
    def shown(self) -> Select[Any]:
        """The comments that can be listed here."""
        shown = queries.shown_comments(self.head.thread_id)
        return shown if self.top is None else queries.below(shown, self.top)

    @property
    def is_large(self) -> bool:
        """Whether looking at all comments takes long enough for others to notice."""
        return self.head.latest_seq > _FEW

    @property
    def is_beyond_paths(self) -> bool:
        """Whether what is listed is deeper than paths tell."""
        return self.top is not None and not has_room(self.top.path)


async def read_comments(
    session: Session,
    site: Site,
    address: Address,
    place: Place,
    asked: CommentsAsked,
    page: PageAsked,
) -> Rows:
    """Read a page of comments under what was asked.

    A page may be shorter than its limit, and still lead on.

    :raises Invalid: what was asked for does not go together.
    :raises BadCursor: the cursor was edited, or comes from another list, filter or order.
    """
    asked.check()
    return await _Reading(session, site, address, place, asked, page).rows()


@dataclass(frozen=True)
class _Reading:
    """One page being read."""

    session: Session
    site: Site
    address: Address
    place: Place
    asked: CommentsAsked
    page: PageAsked

    async def rows(self) -> Rows:
        """The page, read in the way that costs least."""
        asked, place = self.asked, self.place
        if place.is_beyond_paths:
            return await self._beyond_paths()
        if asked.is_top_alone and place.top is None:
            order = _OLDEST_FIRST if asked.is_in_reading_order else _NEWEST_FIRST
            return await self._straight(order, queries.is_at_the_top(), *self._newer())
        if not asked.is_in_reading_order:
            return await (self._newest() if place.top is None else self._newest_below())
        if asked.replies is None and self._has_little_news():
            return await self._news()
        if asked.replies is not None or asked.depth is not None:
            return await self._walked()
        # Most of what the walk along the paths comes to is new.
        is_long = asked.since is not None and place.is_large
        return await self._straight(_READING_ORDER, *self._newer(hint=in_no_index), aside=is_long)

    async def _straight(
        self, order: Order, *conditions: ColumnElement[bool], aside: bool = False
    ) -> Rows:
        """By the index that has the order."""
        listed = self.place.shown.where(*conditions)
        return await read_page(
            self.session, self.site, self.address, listed, order, self.page, aside=aside
        )

    async def _newest(self) -> Rows:
        is_long = self.asked.depth is not None and self.place.is_large
        conditions = (*self._newer(), *self._shallow())
        return await self._straight(_NEWEST_FIRST, *conditions, aside=is_long)

    async def _newest_below(self) -> Rows:
        """What is below a comment has no index by age: it is found by its paths, and sorted."""
        listed = queries.below(self._narrow(COMMENT.seq), self.place.top)
        return await self._chosen(listed, descending=True)

    async def _news(self) -> Rows:
        """What is new is found by its ``seq``, and sorted."""
        listed = self._narrow(COMMENT.path)
        if self.place.top is not None:
            listed = queries.below(listed, self.place.top)
        return await self._chosen(listed, descending=False)

    async def _chosen(self, listed: Select[Any], *, descending: bool) -> Rows:
        """The page of what narrow rows (``id`` and ``key``) name, sorted by their keys."""
        # Each database is to find them by their own index, and not by that of the order.
        chosen = listed.cte("chosen").prefix_with("MATERIALIZED")
        order = Order((chosen.c.key,), descending=descending)
        after = order.after(select(chosen), self.site, self.address, self.page.cursor)
        statement = order.sorted(after).limit(self.page.limit + 1)
        fetch = self.session.all_aside if self.place.is_large else self.session.all
        found = await fetch(statement)
        shown = found[: self.page.limit]
        last = shown[-1].key if len(found) > self.page.limit else None
        return await self._named([each.id for each in shown], last)

    async def _walked(self) -> Rows:
        """Step by step, past what is left out (see ``walks.py``)."""
        top, limit = self.place.top, self.page.limit
        keys = keys_at(self.site, self.address, self.page.cursor)
        walk = Walk(
            self.place.head.thread_id,
            after=keys[0] if keys else just_before(top.path) if top else "",
            until=top.path + END if top else None,
            top=top.path if top else None,
            depth=self.asked.depth,
            replies=self.asked.replies,
            since=self.asked.since,
        )
        steps = await self.session.all(walk.steps(limit + 1))
        shown = [each for each in steps if each.is_shown]
        last = None
        if len(shown) > limit:
            shown = shown[:limit]
            last = shown[-1].behind
        elif steps and steps[-1].step == MAX_STEPS:
            last = steps[-1].behind
        return await self._named([each.id for each in shown], last)

    async def _beyond_paths(self) -> Rows:
        """Below a comment that is deeper than paths tell, by who answers whom."""
        place = self.place
        shown = queries.shown_comments(place.head.thread_id)
        below = queries.below_by_parents(shown, place.top.id, self.asked.replies)
        listed = below.where(*self._newer(), *self._shallow())
        order = _READING_ORDER if self.asked.is_in_reading_order else _NEWEST_FIRST
        return await read_page(self.session, self.site, self.address, listed, order, self.page)

    async def _named(self, ids: Sequence[int], last: Any) -> Rows:
        """The page of some comments, in their order, and what comes after a key."""
        rows = await self.session.all(queries.shown_among(ids)) if ids else []
        places = {each: place for place, each in enumerate(ids)}
        keys = None if last is None else [last]
        following = going_on(self.site, self.address, self.page, keys)
        return Rows(sorted(rows, key=lambda row: places[row.id]), following)

    def _has_little_news(self) -> bool:
        """Whether ``since`` leaves less than half of the thread."""
        since = self.asked.since
        return since is not None and 2 * since >= self.place.head.latest_seq

    def _narrow(self, key: ColumnElement[Any]) -> Select[Any]:
        listed = select(COMMENT.id, key.label("key"))
        here = (COMMENT.thread_id == self.place.head.thread_id, COMMENT.is_shown)
        return listed.where(*here, *self._newer(), *self._shallow())

    def _newer(self, hint: Callable[[Any], Any] = lambda column: column) -> list[Any]:
        since = self.asked.since
        return [] if since is None else [hint(COMMENT.seq) > since]

    def _shallow(self) -> list[Any]:
        depth, top = self.asked.depth, self.place.top
        if depth is None:
            return []
        # The comment that a page is about is shown, however little else is.
        return [COMMENT.depth <= (depth if top is None else max(depth, top.depth))]
