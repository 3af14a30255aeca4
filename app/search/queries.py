"""Questions to all boards at once, and counts of what a list holds."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    case,
    func,
    literal,
    select,
    union_all,
)

from app.boards.models import ROUND, Round
from app.core.tables import Columns, table_of
from app.fills.models import FILL, PART
from app.fills.queries import lean_fills, visible_fills
from app.labels.reading import KINDS, MEDIUM_BITS
from app.prompts.models import PROMPT
from app.prompts.queries import visible_prompts
from app.tags.models import TAG, TAGGING, Tag, Tagging
from app.threads.models import ThreadKind

#: Where a part or a prompt begins to be quoted when nothing else is said.
BEGINNING = 600


def columns(kind: ThreadKind) -> Columns:
    """The columns of prompts, or of fills."""
    return FILL if kind == ThreadKind.FILL else PROMPT


def everywhere(kind: ThreadKind) -> Select[Any]:
    """All prompts, or all fills that are not below a prompt out of sight."""
    if kind == ThreadKind.FILL:
        return lean_fills()
    return select(PROMPT.thread_id)


def found(kind: ThreadKind, thread_ids: Iterable[int]) -> Select[Any]:
    """Some prompts, or some fills, as everybody sees them."""
    works = visible_fills() if kind == ThreadKind.FILL else visible_prompts()
    return works.where(columns(kind).thread_id.in_(list(thread_ids)))


def stretches(places: Sequence[Any]) -> Select[Any]:
    """``id`` and ``text`` of stretches of parts: ``part_id``, ``start`` and ``stop`` of each."""
    ids = [place.part_id for place in places]
    start = case({place.part_id: place.start for place in places}, value=PART.id)
    stop = case({place.part_id: place.stop for place in places}, value=PART.id)
    text = func.substr(PART.body, start + 1, stop - start)
    return select(PART.id, text.label("text")).where(PART.id.in_(ids))


def beginnings(fill_ids: Iterable[int]) -> Select[Any]:
    """``fill_id`` and ``text``: how some fills begin."""
    return select(PART.fill_id, func.substr(PART.body, 1, BEGINNING).label("text")).where(
        PART.fill_id.in_(list(fill_ids)), PART.number == 1
    )


def counts(matching: Select[Any], facets: Sequence[str], limit: int) -> Select[Any]:
    """``facet, value, number, works``: how many of the ``matching`` works have each value of some
    facets, tags the ``limit`` most frequent of each kind, and, as the facet "", how many works
    there are. What is matched has ``thread_id, status, rating, language, round_id`` and ``medium``,
    its name or, of prompts, bits.
    """
    works = matching.cte("matching")
    found = [_counted("", literal(""), works)]
    found += [
        _counted(name, works.c[name], works)
        for name in ("status", "rating", "language")
        if name in facets
    ]
    if "round" in facets:
        found.append(
            select(literal("round"), _NO_NAME, ROUND.number, func.count())
            .select_from(works.join(table_of(Round), ROUND.id == works.c.round_id))
            .group_by(ROUND.number)
        )
    if "medium" in facets:
        found += _mediums(works)
    kinds = [kind for kind in KINDS.values() if kind in facets]
    if kinds:
        found.append(_tags(works, kinds, limit))
    named = [
        each.with_only_columns(
            *(
                column.label(name)
                for column, name in zip(each.selected_columns, _NAMES, strict=True)
            )
        )
        for each in found
    ]
    return select(union_all(*named).subquery("counted"))


_NAMES = ("facet", "value", "number", "works")
_NO_NAME, _NO_NUMBER = literal(None, TAG.name.type), literal(None, ROUND.number.type)


def _counted(facet: str, value: ColumnElement[Any], works: CTE) -> Select[Any]:
    counted = select(literal(facet), value, _NO_NUMBER, func.count()).select_from(works)
    return counted.where(value.is_not(None)).group_by(value) if facet else counted


def _mediums(works: CTE) -> list[Select[Any]]:
    """A fill has one medium; a prompt is counted with each that it hopes for."""
    if not isinstance(works.c.medium.type, Integer):
        return [_counted("medium", works.c.medium, works)]
    return [
        _counted("medium", literal(medium), works).where(works.c.medium.bitwise_and(bit) != 0)
        for medium, bit in MEDIUM_BITS.items()
    ]


def _tags(works: CTE, kinds: Sequence[str], limit: int) -> Select[Any]:
    number = func.count().label("works")
    place = func.row_number().over(partition_by=TAG.kind, order_by=(number.desc(), TAG.key))
    ranked = (
        select(TAG.kind, TAG.name, number, place.label("place"))
        .select_from(
            works.join(table_of(Tagging), TAGGING.thread_id == works.c.thread_id).join(
                table_of(Tag), TAG.id == TAGGING.tag_id
            )
        )
        .where(TAG.kind.in_(kinds))
        .group_by(TAG.id, TAG.kind, TAG.name, TAG.key)
        .subquery("ranked")
    )
    shown = select(ranked.c.kind, ranked.c.name, _NO_NUMBER, ranked.c.works)
    return shown.where(ranked.c.place <= limit)
