"""Counting what a list holds, under the filters of the list."""

from collections import Counter
from collections.abc import Iterable
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


#: A value, and how many works have it.
_Counted = tuple[Any, int]


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
    found: dict[str, list[_Counted]] = {name: [] for name in wanted}
    counted = queries.counts(_matching(question, listed.kind), wanted, asked.limit)
    rows = await (session.all_aside if place.works_count > MAX_COUNTED else session.all)(counted)
    total = next(row.works for row in rows if not row.facet)
    is_cut = total >= MAX_EXAMINED or (question.is_large and not question.is_few)
    for row in rows:
        if row.facet and row.works:
            value = row.number if row.value is None else row.value
            found[row.facet].append((value, row.works))
    if "language" in found:
        found["language"] = _languages(found["language"])
    for name, counts in found.items():
        counts.sort(key=lambda counted: (-counted[1], counted[0]))
        facets[name] = [_value(*counted, is_cut=is_cut) for counted in counts[: asked.limit]]
    return {"facets": facets, "omitted": await count_omitted(session, question)}


def _value(value: Any, works: int, *, is_cut: bool) -> dict[str, Any]:
    return {
        "value": value,
        "count": min(works, MAX_COUNTED),
        "more": is_cut or works > MAX_COUNTED,
    }


def _languages(typed: Iterable[_Counted]) -> list[_Counted]:
    """Languages counted as the list filters them: whatever their case, and with their regions. Each
    is shown as most works spell it.
    """
    works: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    for language, count in sorted(typed, key=lambda counted: (-counted[1], counted[0])):
        subtags = language.lower().split("-")
        spelt.setdefault("-".join(subtags), language)
        for last in range(1, len(subtags) + 1):
            works["-".join(subtags[:last])] += count
    return [(language, works[key]) for key, language in spelt.items()]


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
