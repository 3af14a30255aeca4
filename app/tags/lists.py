"""Which tags a list shows, in which order, and how it is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query
from pydantic import BeforeValidator
from sqlalchemy import ColumnElement, Select, and_, not_, select

from app.core.database import Session
from app.core.fields import Line
from app.core.hints import in_no_index
from app.core.paging import Address, Order, PageAsked, Rows, read_page
from app.core.parameters import asked
from app.core.site import Site
from app.core.tables import Columns
from app.labels.access import AdultAsked
from app.labels.names import fold
from app.labels.schemas import MAX_NAME, TagName
from app.tags import queries
from app.tags.models import TAG, TAG_ALIAS, TAG_COUNT, TAG_PARENT
from app.tags.schemas import TagKind

NEWEST_ALIAS_FIRST = Order((TAG_ALIAS.id,), descending=True)
NEWEST_PARENT_FIRST = Order((TAG_PARENT.id,), descending=True)

#: Tags that a request looks at: those that nobody may see used are passed over.
MAX_EXAMINED = 20_000

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
            description="Only tags whose names, or the names of synonyms that are filed under "
            "them, begin so, whatever their case.",
        ),
    ] = None
    fandom: Annotated[
        TagName | None,
        Query(description="Only tags that belong to this fandom."),
    ] = None
    adult: AdultAsked = False


TheTagsAsked = Annotated[TagsAsked, asked(TagsAsked)]


@dataclass(frozen=True)
class _Shelf:
    """The tags of one board, or of all, under what was asked of them. Both are read by name from an
    index: on a board from its counts, which hold names and kinds as well.
    """

    asked: TagsAsked
    board_id: int | None

    @property
    def tags(self) -> Columns:
        """The columns in whose order tags are read."""
        return TAG if self.board_id is None else TAG_COUNT

    @property
    def order(self) -> Order:
        return Order((self.tags.key, self.tags.kind), descending=False)

    def walk(self) -> Select[Any]:
        """The index that is walked: all tags that begin so, be they shown or not."""
        walked = select(self.tags.key, self.tags.kind)
        walked = walked.where(*self._of_board(), *self._of_one_kind())
        return walked if self._prefix is None else walked.where(_begins(self.tags, self._prefix))

    def statements(self) -> Iterator[Select[Any]]:
        """The tags that are shown: those that begin so, and those of which a synonym does."""
        if self._prefix is None:
            yield self._shown().where(*self._of_board(), *self._of_one_kind())
            return
        begins = _begins(self.tags, self._prefix)
        yield self._shown().where(begins, *self._of_board(), *self._of_one_kind())
        few = queries.standing_for(_begins(TAG, self._prefix), self.board_id)
        chosen = TAG.id if self.board_id is None else TAG_COUNT.tag_id
        yield self._shown().where(
            chosen.in_(few), not_(begins), *self._of_board(few=True), *self._of_one_kind(few=True)
        )

    def _shown(self) -> Select[Any]:
        adult = self.asked.adult
        if self.board_id is None:
            shown = queries.anywhere(adult=adult)
        else:
            shown = queries.on_boards(adult=adult)
        if len(self.asked.kind) > 1:
            shown = shown.where(self.tags.kind.in_(self.asked.kind))
        if self.asked.fandom is not None:
            shown = queries.of_fandom(shown, fold(self.asked.fandom), self.board_id)
        return shown

    def _of_board(self, *, few: bool = False) -> list[ColumnElement[bool]]:
        """The condition that a tag is in use on the board. ``few`` says that SQLite is to begin
        with a few tags that are known, and not with all of the board in their order.
        """
        if self.board_id is None:
            return []
        column: Any = in_no_index(TAG_COUNT.board_id) if few else TAG_COUNT.board_id
        return [column == self.board_id]

    def _of_one_kind(self, *, few: bool = False) -> list[ColumnElement[bool]]:
        # An equality is what an index can begin with.
        if len(self.asked.kind) != 1:
            return []
        column: Any = in_no_index(self.tags.kind) if few else self.tags.kind
        return [column == self.asked.kind[0]]

    @property
    def _prefix(self) -> str | None:
        return fold(self.asked.q or "") or None


async def read_tags(
    session: Session,
    site: Site,
    address: Address,
    asked: TagsAsked,
    page: PageAsked,
    board_id: int | None = None,
) -> Rows:
    """Read a page of the tags in use on a board, or on any. No more than :data:`MAX_EXAMINED` of
    the vocabulary are looked at for it, beside the event loop; then it ends early, and leads on.

    :raises BadCursor: the cursor was edited, or comes from another list or filter.
    """
    shelf = _Shelf(asked, board_id)
    walk = shelf.order.after(shelf.walk(), site, address, page.cursor)
    last = await session.all_aside(shelf.order.sorted(walk).offset(MAX_EXAMINED).limit(1))
    return await read_page(
        session,
        site,
        address,
        list(shelf.statements()),
        shelf.order,
        page,
        bound=tuple(last[0]) if last else None,
        aside=True,
    )


def _begins(tags: Columns, prefix: str) -> ColumnElement[bool]:
    return and_(tags.key >= prefix, tags.key < prefix + _END)
