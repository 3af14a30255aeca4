"""Finding prompts and fills on all boards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all

from app.core.database import Session
from app.core.paging import Address, Order, PageAsked, Rows, read_page
from app.core.site import Site
from app.fills.views import fills as fills_shown
from app.filters.wishes import Wishes
from app.index import queries as index
from app.index.asked import Asked, read_query
from app.index.snippets import Snippet, snippet
from app.labels.models import Shelf, shelves
from app.prompts.views import prompt as prompt_shown
from app.search import queries
from app.search.lists import SearchAsked
from app.tags.queries import carried_anywhere, carries_anywhere
from app.threads.models import ThreadKind
from app.works.lists import MAX_COUNTED
from app.works.questions import MAX_EXAMINED


@dataclass(frozen=True)
class Search:
    """A question to all boards, or to one given by its row's id."""

    asked: SearchAsked
    words: Asked
    board_id: int | None
    wishes: Wishes | None

    @classmethod
    def of(cls, asked: SearchAsked, board_id: int | None, wishes: Wishes | None) -> "Search":
        """What was asked, its words read."""
        return cls(asked, read_query(asked.q), board_id, wishes)

    def shelves(self) -> list[Shelf]:
        """The shelves that are searched."""
        return shelves(adult=self.asked.adult)

    def hits(self, shelves: Sequence[Shelf], *, hiding: bool = True) -> Select[Any]:
        """``thread_id, kind, relevance`` of all that was found on some shelves. ``hiding`` leaves
        out what the reader's own filters do; else only that is left.
        """
        every = [self._of_kind(kind, shelves, hiding=hiding) for kind in self.asked.kinds()]
        found = union_all(*every).subquery("found")
        return select(*found.columns)

    def _of_kind(self, kind: ThreadKind, shelves: Sequence[Shelf], *, hiding: bool) -> Select[Any]:
        works, where = queries.columns(kind), index.Where(self.board_id, kind)
        thread_id = works.thread_id
        newest = index.newest(self.words, where, MAX_EXAMINED)
        statement = (
            queries.everywhere(kind)
            .where(thread_id.in_(newest), works.shelf.in_([shelf.value for shelf in shelves]))
            .where(*self.asked.conditions(kind))
            .where(*(carries_anywhere(thread_id, [key]) for key in self.asked.tags()))
        )
        unwanted = self.asked.tags("not_")
        if unwanted:
            statement = statement.where(~carries_anywhere(thread_id, unwanted))
        if self.wishes and self.wishes.hide:
            is_hidden = carries_anywhere(thread_id, self.wishes.hide)
            statement = statement.where(~is_hidden if hiding else is_hidden)
        relevance = (
            index.relevance(self.words, where, thread_id)
            if self.asked.sort == "relevance"
            else literal(0)
        )
        columns: list[ColumnElement[Any]] = [
            thread_id,
            literal(kind.value).label("kind"),
            relevance.label("relevance"),
        ]
        return statement.with_only_columns(*columns)


async def find(
    session: Session, site: Site, address: Address, search: Search, page: PageAsked
) -> dict[str, Any]:
    """A page of what was found, with what was left out. Of each kind the newest
    :data:`MAX_EXAMINED` hits are looked at.

    :raises BadCursor: the cursor was edited, or comes from another search.
    """
    asked = search.asked
    shelves = search.shelves()
    hits = search.hits(shelves)
    columns = hits.selected_columns
    order = Order((columns.relevance, columns.thread_id), descending=True)
    rows = await read_page(session, site, address, hits, order, page, aside=True)
    items = await _shown(session, site, search, rows)
    omitted = {
        "adult": 0 if asked.adult else await _count(session, search.hits([Shelf.ADULTS])),
        "filtered": await _count(session, search.hits(shelves, hiding=False))
        if search.wishes and search.wishes.hide
        else 0,
    }
    return {"items": items, "next": rows.next, "omitted": omitted}


async def _count(session: Session, hits: Select[Any]) -> int:
    some = hits.with_only_columns(literal(1), maintain_column_froms=True).limit(MAX_COUNTED)
    ((number,),) = await session.all_aside(select(func.count()).select_from(some.subquery()))
    return int(number)


async def _shown(session: Session, site: Site, search: Search, rows: Rows) -> list[dict[str, Any]]:
    """What was found, in its order, each with a snippet."""
    threads = [row.thread_id for row in rows.rows]
    kinds = {row.kind for row in rows.rows}
    prompts, fills = [
        await session.all(queries.found(kind, threads, search.shelves()))
        if kind.value in kinds
        else []
        for kind in (ThreadKind.PROMPT, ThreadKind.FILL)
    ]
    snippets = await _snippets(session, search.words, prompts, fills)
    warnings = await _warnings(session, search, threads)
    shown = {row.thread_id: prompt_shown(site, row) for row in prompts}
    listed = await fills_shown(session, site, fills, adult=search.asked.adult) if fills else []
    shown |= {row.thread_id: item for row, item in zip(fills, listed, strict=True)}
    return [
        _found(
            row.kind,
            {**shown[row.thread_id], **warnings.get(row.thread_id, {})},
            snippets[row.thread_id],
        )
        for row in rows.rows
        # One that went out of sight since it was found, or became adult, is left out.
        if row.thread_id in shown
    ]


def _found(kind: str, item: dict[str, Any], quoted: Snippet) -> dict[str, Any]:
    return {
        "type": kind,
        "prompt": item if kind == ThreadKind.PROMPT else None,
        "fill": item if kind == ThreadKind.FILL else None,
        "snippet": quoted.text,
        "snippet_html": quoted.html(),
    }


async def _warnings(
    session: Session, search: Search, threads: Sequence[int]
) -> dict[int, dict[str, Any]]:
    """The tags of each work on a page that its reader wanted to be warned about."""
    warn = search.wishes.warn if search.wishes else {}
    found: dict[int, list[dict[str, str]]] = {}
    if warn and threads:
        for row in await session.all(carried_anywhere(threads, warn)):
            found.setdefault(row.thread_id, []).append(warn[row.kind, row.key])
    return {thread_id: {"warned_about": tags} for thread_id, tags in found.items()}


async def _snippets(
    session: Session, words: Asked, prompts: Sequence[Any], fills: Sequence[Any]
) -> dict[int, Snippet]:
    """What is quoted of each work: the stretch in which the words stand, or its beginning."""
    threads = [row.thread_id for row in (*prompts, *fills)]
    places = {
        row.thread_id: row
        for row in (await session.all_aside(index.quotable(words, threads)) if threads else [])
    }
    texts = {
        row.thread_id: row.body[_slice(places.get(row.thread_id))] for row in prompts
    } | await _texts(session, fills, places)
    return {thread_id: snippet(text, words) for thread_id, text in texts.items()}


def _slice(place: Any) -> slice:
    return slice(0, queries.BEGINNING) if place is None else slice(place.start, place.stop)


async def _texts(
    session: Session, fills: Sequence[Any], places: Mapping[int, Any]
) -> dict[int, str]:
    """What of fills is quoted from. Only that much of their parts is fetched."""
    texts = {row.thread_id: row.summary or "" for row in fills}
    quoted = {row.thread_id: places[row.thread_id] for row in fills if row.thread_id in places}
    if quoted:
        parts = {
            row.id: row.text for row in await session.all(queries.stretches([*quoted.values()]))
        }
        texts |= {thread_id: parts.get(place.part_id, "") for thread_id, place in quoted.items()}
    bare = {row.id: row.thread_id for row in fills if not texts[row.thread_id]}
    if bare:
        for row in await session.all(queries.beginnings(bare)):
            texts[bare[row.fill_id]] = row.text
    return texts
