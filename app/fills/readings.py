"""Reading a story from part to part while its author goes on with it.

Where a reader goes on is an address that holds, sealed, the order in which the parts stood when the
reading began, and the part that they have come to. So each part that is there all the while is read
exactly once, in an order that was the story's, whatever is put in, moved or deleted meanwhile; what
was added since comes last. Nothing is kept about readers, and nothing about former orders.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.core.database import Prepared, Session, parameter, prepared_rows
from app.core.errors import BadCursor
from app.core.paging import Address, PageAsked, Rows
from app.core.site import Site
from app.fills import queries
from app.kit.arrangements import Arrangement
from app.kit.cursors import BadCursorError

_ON, _BACK = 1, -1
_PARTS = prepared_rows(queries.parts_of(parameter("fill_id")))
_PLACES = Prepared(queries.places_of_parts(parameter("fill_id")))


@dataclass(frozen=True)
class Reading:
    """The parts of a fill in the order in which somebody reads them: the places at which they are
    now by the numbers of their rows, and the order in which they were when the reading began.
    """

    fill_id: str
    places: Mapping[int, int]
    order: Arrangement

    @classmethod
    async def begin(cls, session: Session, fill: Any) -> "Reading":
        """Read in the order in which the parts stand now."""
        places = await _places(session, fill)
        return cls(fill.public_id, places, Arrangement.of(list(places)))

    def at(self, number: int) -> Iterable[int]:
        """The part at a place, by the number of its row; none if nothing is there."""
        return [part_id for part_id, place in self.places.items() if place == number]

    def around(self, part_id: int) -> tuple[list[int], list[int]]:
        """What is read before a part and what is read after it, the nearest first. The part may
        have been deleted.
        """
        here = self.order.place(part_id)
        order = [(self.order.place(each), each) for each in self.places]
        order.sort()
        before = [each for place, each in reversed(order) if place < here]
        return before, [each for place, each in order if place > here]

    def beside(self, part_id: int) -> tuple[int | None, int | None]:
        """The places, now, of the parts that are read before and after a part."""
        before, after = self.around(part_id)
        return (
            self.places[before[0]] if before else None,
            self.places[after[0]] if after else None,
        )

    def on(self, site: Site, part_id: int) -> str:
        """What the address of the part that is read after a part carries."""
        return self._sealed(site, part_id, _ON)

    def back(self, site: Site, part_id: int) -> str:
        """What the address of the part that is read before a part carries."""
        return self._sealed(site, part_id, _BACK)

    def _sealed(self, site: Site, part_id: int, step: int) -> str:
        values = [part_id, step, *self.order.packed()]
        return site.cursors.seal([*values], _bound(self.fill_id))


async def resume(
    session: Session, site: Site, fill: Any, reading: str
) -> tuple[Reading, list[int]]:
    """Go on with a reading: the reading, and what there is to be read now, by the numbers of the
    rows, the next part first.

    :raises BadCursor: it was edited, or belongs to another fill.
    """
    try:
        values: list[Any] = [*site.cursors.open(reading, _bound(fill.public_id))]
    except BadCursorError as error:
        raise BadCursor from error
    part_id, step, *packed = values
    places = await _places(session, fill)
    resumed = Reading(fill.public_id, places, Arrangement.unpacked(packed))
    before, after = resumed.around(part_id)
    return resumed, after if step == _ON else before


async def read_parts(
    session: Session, site: Site, address: Address, fill: Any, asked: PageAsked
) -> Rows:
    """One page of the parts of a fill, without their text. There are so few of them that all are
    looked at.

    :raises BadCursor: the cursor was edited, or comes from another list.
    """
    rows = await parts_of(session, fill.id)
    if asked.cursor is None:
        order = Arrangement.of([row.id for row in rows])
        listed = list(rows)
    else:
        values: list[Any] = address.opened(site, asked.cursor)
        last, *packed = values
        order = Arrangement.unpacked(packed)
        behind = [row for row in rows if order.place(row.id) > order.place(last)]
        listed = sorted(behind, key=lambda row: order.place(row.id))
    if len(listed) <= asked.limit:
        return Rows(listed, None)
    page = listed[: asked.limit]
    cursor = site.cursors.seal([page[-1].id, *order.packed()], address.bound())
    return Rows(page, address.url(site, asked.limit, cursor))


async def parts_of(session: Session, fill_id: int) -> list[Any]:
    """The parts of a fill in their order, without the text."""
    return await session.rows(_PARTS, fill_id=fill_id)


async def _places(session: Session, fill: Any) -> dict[int, int]:
    return dict(await session.fetch(_PLACES, fill_id=fill.id))


def _bound(fill_id: str) -> str:
    return f"reading/{fill_id}"
