"""Counting what a list holds, under the filters of the list."""

from typing import Any

from sqlalchemy import union_all

from app.core.database import Session
from app.fills import lists as fills
from app.filters.wishes import Wishes
from app.labels.models import Shelf
from app.prompts import lists as prompts
from app.search import queries
from app.search.lists import FacetsAsked
from app.search.schemas import FacetName
from app.threads.models import ThreadKind
from app.works.lists import MAX_COUNTED, count_omitted
from app.works.questions import MAX_EXAMINED, Question, look_up

FACETS: tuple[FacetName, ...] = (
    "status",
    "rating",
    "round",
    "medium",
    "language",
    "fandom",
    "character",
    "relationship",
    "tag",
    "content_note",
)


async def count_facets(
    session: Session, board: Any, asked: FacetsAsked, wishes: Wishes | None
) -> dict[str, Any]:
    """The values of some facets with how many works have them, and what was left out.

    Of a list with more works than a request looks at, the newest are counted; that there may be
    more is said of every value.
    """
    listed = asked.listed()
    place = prompts.on_board(board) if asked.type == "prompt" else fills.on_board(board)
    question = await look_up(session, place, listed, wishes)
    wanted = [name for name in FACETS if not asked.of or name in asked.of]
    facets: dict[str, list[dict[str, Any]]] = {name: [] for name in wanted}
    if question.is_hopeless:
        return {"facets": facets, "omitted": {"adult": 0, "filtered": 0}}
    counted = queries.counts(_matching(question, listed.kind), wanted, asked.limit)
    rows = await (session.all_aside if place.works_count > MAX_COUNTED else session.all)(counted)
    total = next(row.works for row in rows if not row.facet)
    is_cut = total >= MAX_EXAMINED or (question.is_large and not question.is_few)
    for row in rows:
        if row.facet and row.works:
            facets[row.facet].append(_value(row, is_cut=is_cut))
    for values in facets.values():
        values.sort(key=lambda value: (-value["works"], value["value"]))
        del values[asked.limit :]
        for value in values:
            del value["works"]
    return {"facets": facets, "omitted": await count_omitted(session, question)}


def _value(row: Any, *, is_cut: bool) -> dict[str, Any]:
    return {
        "value": row.number if row.value is None else row.value,
        "count": min(row.works, MAX_COUNTED),
        "more": is_cut or row.works > MAX_COUNTED,
        "works": row.works,
    }


def _matching(question: Question, kind: ThreadKind) -> Any:
    works = queries.columns(kind)
    medium = works.medium if kind == ThreadKind.FILL else works.mediums_bits.label("medium")
    columns = (
        works.thread_id,
        works.status,
        works.rating,
        works.language,
        works.round_id,
        medium,
    )
    every = [_on_shelf(question, shelf).with_only_columns(*columns) for shelf in question.shelves()]
    if len(every) == 1:
        return every[0].limit(MAX_EXAMINED)
    both = union_all(*every).subquery("shelves")
    return both.select().limit(MAX_EXAMINED)


def _on_shelf(question: Question, shelf: Shelf) -> Any:
    statement = question.on_shelf(shelf, question.place.lean)
    is_large = question.is_large or question.place.works_count > MAX_EXAMINED
    if is_large and not question.is_few:
        statement = statement.where(question.asked.works.thread_id.in_(question.newest(shelf)))
    return statement
