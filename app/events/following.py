"""Reading what happened on a board, in order, from wherever a follower is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.core.database import Session
from app.core.errors import BadCursor
from app.core.hints import written_out
from app.core.site import Site
from app.events import queries
from app.events.errors import CursorExpired
from app.events.things import Place, Thing, find_parts, find_things
from app.kit.clock import rfc3339
from app.kit.cursors import BadCursorError
from app.labels.names import TagKey
from app.outbox.models import EventType
from app.tags.queries import carried_anywhere

#: How many numbers are passed by at most in search of the types that were asked for.
_STRETCH = 10_000


@dataclass(frozen=True)
class Wanted:
    """What a follower wants to hear of: events of some ``types`` (of all, if none is named), about
    works that carry all of some ``tags`` and what belongs to them, and about adult ones or not.
    """

    types: tuple[EventType, ...] = ()
    tags: frozenset[TagKey] = frozenset()
    adult: bool = False


@dataclass(frozen=True)
class Heard:
    """Events in their public shape, with the ``numbers`` of their places in the order; up to which
    number was read; whether there may be more after it; and how many adult ones were left out.
    """

    items: list[dict[str, Any]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    position: int = 0
    is_more: bool = False
    left_out: int = 0


class Extent(NamedTuple):
    """Which events of a board are kept: those after the number ``forgotten``, up to ``latest``.
    Before anything has happened both are 0.
    """

    latest: int = 0
    forgotten: int = 0

    def check(self, after: int) -> None:
        """:raises CursorExpired: not all that comes after a number is kept."""
        if not self.forgotten <= after <= self.latest:
            raise CursorExpired


async def extent_of(session: Session, board_id: int) -> Extent:
    """Which events of a board are kept."""
    row = await session.first(queries.outbox(board_id))
    return Extent() if row is None else Extent(row.latest, row.forgotten)


async def hear(
    session: Session, site: Site, board: Any, after: int, wanted: Wanted, limit: int
) -> Heard:
    """Read on from a number. ``board`` is a row of boards.

    :raises CursorExpired: not all that comes after the number is kept.
    """
    extent = await extent_of(session, board.id)
    extent.check(after)
    # Whatever has a number up to the latest is committed, so that nothing is passed by.
    last = min(extent.latest, after + _STRETCH)
    asked = queries.events(board.id, after, last, [each.value for each in wanted.types])
    rows = list(await session.all(asked.limit(written_out(limit))))
    # Each statement sees what is there by then: some may have been forgotten since the first.
    (await extent_of(session, board.id)).check(after)
    position = rows[-1].number if len(rows) == limit else last
    shapes, left_out = await _shapes(Place(session, site, board, wanted.adult), rows, wanted)
    return Heard(
        list(shapes.values()),
        list(shapes),
        position,
        is_more=position < extent.latest,
        left_out=left_out,
    )


async def show(
    session: Session, site: Site, board: Any, numbers: Collection[int], wanted: Wanted
) -> dict[int, dict[str, Any]]:
    """Those of some events, by their numbers, that a follower wants to hear of."""
    rows = await session.all(queries.numbered(board.id, numbers))
    shapes, _ = await _shapes(Place(session, site, board, wanted.adult), rows, wanted)
    return shapes


def cursor_at(site: Site, board_id: int, number: int) -> str:
    """What a follower sends to read on after a number. It fits whatever they ask for then."""
    return site.cursors.seal([number], _belongs_to(board_id))


def number_at(site: Site, board_id: int, cursor: str) -> int:
    """The number that a cursor stands for.

    :raises BadCursor: it was edited, or comes from elsewhere.
    """
    try:
        (number,) = site.cursors.open(cursor, _belongs_to(board_id))
    except BadCursorError as error:
        raise BadCursor from error
    assert isinstance(number, int)
    return number


def _belongs_to(board_id: int) -> str:
    return f"events of {board_id}"


async def _shapes(
    place: Place, rows: Sequence[Any], wanted: Wanted
) -> tuple[dict[int, dict[str, Any]], int]:
    """The shapes of those events that are wanted, by number, and how many of the others are about
    something adult.
    """
    things = await find_things(place, rows)
    parts = await find_parts(place, rows)
    tagged = await _tagged(place.session, things.values(), wanted)
    shapes, left_out = {}, 0
    for row in rows:
        kind = EventType(row.type).kind
        thing = things[kind, row.subject]
        if thing.is_adult and not wanted.adult:
            left_out += 1
        elif not wanted.tags or _carries(thing, tagged):
            shapes[row.number] = _shape(place, row, kind, thing, parts)
    return shapes, left_out


async def _tagged(session: Session, things: Collection[Thing], wanted: Wanted) -> set[int]:
    """The works among what events are about that carry all tags that are wanted."""
    works = {thing.work for thing in things if thing.work is not None}
    if not wanted.tags or not works:
        return set()
    found: dict[int, set[TagKey]] = {}
    for row in await session.all(carried_anywhere(works, wanted.tags)):
        found.setdefault(row.thread_id, set()).add((row.kind, row.key))
    return {thread_id for thread_id, keys in found.items() if keys >= wanted.tags}


def _carries(thing: Thing, tagged: set[int]) -> bool:
    """Whether a follower who wants tags hears of a thing. Of what went out of sight they do in any
    case: nobody knows any more what a deleted work was tagged with, and whoever has a copy of it
    must learn that it is gone.
    """
    return thing.work in tagged or (thing.work is not None and not thing.is_in_sight)


def _shape(
    place: Place, row: Any, kind: str, thing: Thing, parts: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    data: dict[str, Any] = {kind: thing.shape}
    if row.part is not None and thing.is_in_sight:
        data["part"] = parts.get(row.part)
    return {
        "id": row.public_id,
        "type": row.type,
        "board": place.board.slug,
        "created_at": rfc3339(row.created_at),
        "data": data,
    }
