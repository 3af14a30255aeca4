"""Reading a list of works: a page of it, and what was left out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, literal, select

from app.core.database import Session
from app.core.hints import written_out
from app.core.paging import Address, PageAsked, Rows, read_page
from app.core.site import Site
from app.filters.wishes import Wishes
from app.labels.models import Shelf
from app.tags.queries import carried
from app.works.filters import WorksAsked
from app.works.questions import Place, Question, last_keys, look_up

#: Counts of what was left out stop here.
MAX_COUNTED = 1000


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
    question = await look_up(session, place, asked, wishes)
    rows = await _rows(session, site, address, question, page)
    if question.is_hopeless:
        return ListedWorks(rows)
    omitted = await count_omitted(session, question)
    warnings = await warnings_of(session, question, rows.rows)
    return ListedWorks(rows, omitted, warnings)


async def read_first(
    session: Session, site: Site, address: Address, place: Place, asked: WorksAsked, limit: int
) -> Sequence[Any]:
    """The rows of the first so many works of a list, for whoever does not go on, and does not tell
    what was left out.
    """
    question = await look_up(session, place, asked)
    return (await _rows(session, site, address, question, PageAsked(limit))).rows


async def _rows(
    session: Session, site: Site, address: Address, question: Question, page: PageAsked
) -> Rows:
    order, place = question.order(), question.place
    if question.is_hopeless:
        # A cursor of another list is no better where there is nothing.
        order.after(place.lean, site, address, page.cursor)
        return Rows([], None)
    bound = await last_keys(session, site, address, question, page.cursor)
    return await read_page(
        session,
        site,
        address,
        [question.on_shelf(shelf, place.statement) for shelf in question.shelves()],
        order,
        page,
        bound=bound,
        aside=question.is_long,
    )


async def count_omitted(session: Session, question: Question) -> dict[str, int]:
    """How much was left out of a list, since it is adult or by its reader's own filters."""
    asked = question.asked
    # Where no rating that was asked for is adult, nothing need be looked at to know.
    may_be_left_out = asked.may_be_adult and not asked.adult
    adult = await _count(session, question, [Shelf.ADULTS]) if may_be_left_out else 0
    filtered = (
        await _count(session, question, question.shelves(), hiding=False) if question.hidden else 0
    )
    return {"adult": adult, "filtered": filtered}


async def _count(
    session: Session, question: Question, shelves: Sequence[Shelf], *, hiding: bool = True
) -> int:
    """How many works are left out, counted up to :data:`MAX_COUNTED`."""
    counted = 0
    for shelf in shelves:
        statement = question.on_shelf(shelf, question.place.lean, hiding=hiding)
        if question.is_large and not question.is_few:
            statement = statement.where(question.asked.works.thread_id.in_(question.newest(shelf)))
        some = statement.with_only_columns(literal(1)).limit(written_out(MAX_COUNTED)).subquery()
        fetch = session.all_aside if question.is_long else session.all
        ((number,),) = await fetch(select(func.count()).select_from(some))
        counted += number
    return min(counted, MAX_COUNTED)


async def warnings_of(
    session: Session, question: Question, rows: Sequence[Any]
) -> dict[int, list[dict[str, str]]]:
    """The tags of each of some works that its reader wanted to be warned about."""
    if not question.warned or not rows:
        return {}
    threads = [row.thread_id for row in rows]
    warnings: dict[int, list[dict[str, str]]] = {}
    for row in await session.all(carried(threads, question.warned)):
        warnings.setdefault(row.thread_id, []).append(question.warned[row.tag_id])
    return warnings
