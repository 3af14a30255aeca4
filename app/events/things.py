"""What events are about, as it is when they are read.

An event says that something happened to a thing, and shows the thing as everybody sees it now. So
what has gone out of sight since, or been edited, or is rated otherwise, is never shown as it was.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app.boards import queries as board_queries
from app.boards import views as board_views
from app.boards.models import ROUND
from app.comments import queries as comment_queries
from app.comments import views as comment_views
from app.comments.heads import MAKE, rows_above
from app.core.database import Session
from app.core.site import Site
from app.discussions import queries as discussion_queries
from app.discussions import views as discussion_views
from app.fills import queries as fill_queries
from app.fills import views as fill_views
from app.labels.reading import is_adult
from app.outbox.models import EventType
from app.prompts import queries as prompt_queries
from app.prompts import views as prompt_views
from app.threads.models import ThreadKind
from app.threads.states import State


@dataclass(frozen=True)
class Thing:
    """What something happened to. ``shape`` is its public shape, or ``id, type, state`` where it is
    out of sight; ``work`` the thread at whose head the work stands that it is, or belongs to.
    """

    shape: dict[str, Any]
    is_in_sight: bool
    is_adult: bool = False
    work: int | None = None


@dataclass(frozen=True)
class Place:
    """Where things are looked for: on one board, for somebody who asked for adult material or did
    not.
    """

    session: Session
    site: Site
    board: Any
    adult: bool


Things = dict[str, Thing]


async def find_things(place: Place, rows: Iterable[Any]) -> dict[tuple[str, str], Thing]:
    """What some events are about (rows of them), by kind and subject. What is nowhere any more is
    out of sight.
    """
    wanted: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        wanted[EventType(row.type).kind].append(row.subject)
    found: dict[tuple[str, str], Thing] = {}
    for kind, subjects in wanted.items():
        things = await _FIND[kind](place, subjects)
        for subject in subjects:
            found[kind, subject] = things.get(subject) or _gone(kind, subject, State.DELETED)
    return found


async def find_parts(place: Place, rows: Iterable[Any]) -> dict[str, dict[str, Any]]:
    """The parts that some events are about, as lists show them, by their ids."""
    fills = {row.part: row.subject for row in rows if row.part is not None}
    if not fills:
        return {}
    parts = await place.session.all(fill_queries.some_parts_listed(fills))
    return {
        row.public_id: fill_views.part_listed(place.site, fills[row.public_id], row)
        for row in parts
    }


async def _prompts(place: Place, subjects: Sequence[str]) -> Things:
    things = {}
    for row in await place.session.all(prompt_queries.some_prompts(subjects)):
        is_in_sight = row.state == State.VISIBLE
        shape = (
            prompt_views.prompt(place.site, row) if is_in_sight else _out_of_sight(row, "prompt")
        )
        adult = is_adult(row.rating)
        things[row.public_id] = Thing(shape, is_in_sight, adult, row.thread_id)
    return things


async def _fills(place: Place, subjects: Sequence[str]) -> Things:
    rows = await place.session.all(fill_queries.some_fills(subjects))
    seen = [row for row in rows if row.state == State.VISIBLE and fill_views.is_public(row)]
    shown = await fill_views.fills(place.session, place.site, seen, adult=place.adult)
    shapes = {shape["id"]: shape for shape in shown}
    return {
        row.public_id: Thing(
            shapes.get(row.public_id) or _out_of_sight(row, "fill"),
            row.public_id in shapes,
            is_adult(row.rating),
            row.thread_id,
        )
        for row in rows
    }


async def _comments(place: Place, subjects: Sequence[str]) -> Things:
    rows = await place.session.all(comment_queries.some_comments(subjects))
    above = await rows_above(place.session, rows)
    things = {}
    for row in rows:
        at_head = above[row.thread_id]
        head = MAKE[row.kind](place.site, at_head, adult=place.adult)
        # What became something else, or was moved to another board, is to be found there.
        is_here = row.board_id == place.board.id
        is_in_sight = row.state in (State.VISIBLE, State.MOVED) and head.is_in_sight and is_here
        shape = (
            comment_views.comment(place.site, head, row)
            if is_in_sight
            else _out_of_sight(row, "comment")
        )
        is_work = head.kind != ThreadKind.DISCUSSION
        things[row.public_id] = Thing(
            shape,
            is_in_sight,
            is_work and is_adult(at_head.rating),
            row.thread_id if is_work else None,
        )
    return things


async def _discussions(place: Place, subjects: Sequence[str]) -> Things:
    things = {}
    for row in await place.session.all(discussion_queries.some_discussions(subjects)):
        is_in_sight = row.state == State.VISIBLE
        shape = (
            discussion_views.discussion(place.site, row)
            if is_in_sight
            else _out_of_sight(row, "discussion")
        )
        things[row.public_id] = Thing(shape, is_in_sight)
    return things


async def _rounds(place: Place, subjects: Sequence[str]) -> Things:
    numbers = [int(subject) for subject in subjects]
    rounds = board_queries.rounds(place.board.id).where(ROUND.number.in_(numbers))
    return {
        str(row.number): Thing(board_views.round_(row), is_in_sight=True)
        for row in await place.session.all(rounds)
    }


async def _boards(place: Place, _subjects: Sequence[str]) -> Things:
    rows = await place.session.all(board_queries.board(place.board.slug))
    (shape,) = await board_views.boards(place.session, place.site, rows)
    return {"": Thing(shape, is_in_sight=True)}


_FIND: dict[str, Callable[[Place, Sequence[str]], Awaitable[Things]]] = {
    "prompt": _prompts,
    "fill": _fills,
    "comment": _comments,
    "discussion": _discussions,
    "round": _rounds,
    "board": _boards,
}


def _out_of_sight(row: Any, kind: str) -> dict[str, Any]:
    """What may be told of something that nobody sees. Of what moderators do with it, and of what
    became of that above it, no more than that it is hidden.
    """
    return _gone(kind, row.public_id, State(row.state)).shape


def _gone(kind: str, subject: str, state: State) -> Thing:
    told = state if state == State.DELETED else State.HIDDEN
    return Thing({"id": subject, "type": kind, "state": told.value}, is_in_sight=False)
