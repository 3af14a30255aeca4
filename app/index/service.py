"""Filing works, and taking them out.

Whoever calls this holds the row of the work already, as whoever changes its words does; so two
filings of one work follow each other.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select

from app.core.database import Session
from app.core.tables import table_of
from app.index.models import (
    FTS5,
    SEARCH_CHUNK,
    SLOT_SHIFT,
    SLOTS,
    THREAD_SHIFT,
    Scope,
    SearchChunk,
    SearchTerms,
    board_scope,
    kind_scope,
)
from app.kit.chunks import BREAK, Chunk, Stretch, chunks
from app.threads.models import ThreadKind

_SLOT_BITS = SLOTS - 1
#: Chunks after which SQLite's statements, which run in the event loop, let others have their turn:
#: 2,000 terms each, so a few milliseconds.
_AT_ONCE = 4


@dataclass(frozen=True)
class PartWords:
    """What of a part is filed: its title and notes, and its body."""

    part_id: int
    head: Sequence[str]
    body: Sequence[Stretch]


@dataclass(frozen=True)
class WorkWords:
    """What of a work is filed; as the parameters of :func:`file_work`, with all of its ``parts`` in
    the order in which they were written.
    """

    thread_id: int
    board_id: int
    kind: ThreadKind
    title: str
    head: Sequence[str]
    body: Sequence[Stretch] | None
    parts: Sequence[PartWords] = ()


async def file_works(session: Session, works: Sequence[WorkWords], *, is_new: bool) -> None:
    """File many works with their parts. Unless they are new, they are filed anew."""
    if not is_new:
        threads = [work.thread_id for work in works]
        own = SEARCH_CHUNK.thread_id.in_(threads)
        await session.run(delete(table_of(SearchChunk)).where(own))
    placed = [each for work in works for each in _placed(work)]
    await session.put(table_of(SearchChunk), [each.columns() for each in placed])
    if session.dialect == "sqlite":
        await session.put(
            # No table of the models: FTS5 has columns of its own here.
            FTS5,
            [{"rowid": each.id, "scope": each.scope, **_fields(each.chunk)} for each in placed],
        )
    else:
        vectors = (
            {"rowid": each.id, "search_terms": _vector(each.chunk, each.scope)} for each in placed
        )
        await session.put(table_of(SearchTerms), list(vectors))


async def file_work(
    session: Session,
    thread_id: int,
    board_id: int,
    kind: ThreadKind,
    *,
    title: str,
    head: Iterable[str],
    body: Sequence[Stretch] | None,
) -> None:
    """File a work, or file it anew: its title, its head (tags, summary, what is not wanted) and its
    body. A work with parts has no body (``None``): they are filed by :func:`file_part`.
    """
    rows = chunks(title, head, body)
    scope = _scope(board_id, kind, _extent(body, rows))
    own = SEARCH_CHUNK.id.between(_chunk_id(thread_id, 0), _chunk_id(thread_id, 1) - 1)
    await _remove(session, own)
    await _file(session, thread_id, None, _chunk_id(thread_id, 0), scope, rows)


async def file_part(
    session: Session,
    thread_id: int,
    board_id: int,
    kind: ThreadKind,
    part_id: int,
    body: Sequence[Stretch],
    *,
    title: str = "",
    head: Iterable[str] = (),
) -> None:
    """File a part of a work, or file it anew. Its title and notes are looked for in the head."""
    rows = chunks("", chain([title], head), body)
    first = await _place(session, thread_id, part_id)
    await remove_part(session, part_id)
    scope = _scope(board_id, kind, Scope.PIECE)
    await _file(session, thread_id, part_id, first, scope, rows)


async def remove_part(session: Session, part_id: int) -> None:
    """Take a part out. One whose row is deleted goes by itself."""
    await _remove(session, SEARCH_CHUNK.part_id == part_id)


async def remove_work(session: Session, thread_id: int) -> None:
    """Take a work out, and all its parts."""
    await _remove(session, SEARCH_CHUNK.thread_id == thread_id)


async def _remove(session: Session, which: ColumnElement[bool]) -> None:
    """Take chunks out. On SQLite, FTS5 reads the words of each once more to forget them."""
    if session.dialect != "sqlite":
        await session.run(delete(table_of(SearchChunk)).where(which))
        return
    some = select(SEARCH_CHUNK.id).where(which).limit(_AT_ONCE)
    statement = delete(table_of(SearchChunk)).where(SEARCH_CHUNK.id.in_(some))
    removed = _AT_ONCE
    while removed == _AT_ONCE:
        removed = await session.run(statement)
        await asyncio.sleep(0)


@dataclass(frozen=True)
class _Placed:
    """A chunk with its number and its scope."""

    id: int
    thread_id: int
    part_id: int | None
    scope: str
    chunk: Chunk

    def columns(self) -> dict[str, Any]:
        """Its row."""
        return {
            "id": self.id,
            "thread_id": self.thread_id,
            "part_id": self.part_id,
            "start": self.chunk.start,
            "stop": self.chunk.stop,
        }


def _placed(work: WorkWords) -> Iterator[_Placed]:
    """The chunks of a work and of its parts, which take one slot each."""
    rows = chunks(work.title, work.head, work.body)
    scope = _scope(work.board_id, work.kind, _extent(work.body, rows))
    of_part = _scope(work.board_id, work.kind, Scope.PIECE)
    for number, row in enumerate(rows, _chunk_id(work.thread_id, 0)):
        yield _Placed(number, work.thread_id, None, scope, row)
    for slot, part in enumerate(work.parts, 1):
        first = _chunk_id(work.thread_id, slot)
        for number, row in enumerate(chunks("", part.head, part.body), first):
            yield _Placed(number, work.thread_id, part.part_id, of_part, row)


def _extent(body: Sequence[Stretch] | None, rows: Sequence[Chunk]) -> Scope:
    """Whether all of a work stands in one chunk."""
    return Scope.WHOLE if body is not None and len(rows) == 1 else Scope.PIECE


def _fields(row: Chunk) -> dict[str, str]:
    return {"title": row.title, "head": row.head, "body": row.body}


def _chunk_id(thread_id: int, slot: int) -> int:
    return (thread_id << THREAD_SHIFT) + (slot << SLOT_SHIFT)


def _scope(board_id: int, kind: ThreadKind, extent: Scope) -> str:
    return f"{board_scope(board_id)} {kind_scope(kind)} {extent}"


async def _place(session: Session, thread_id: int, part_id: int) -> int:
    """Where the chunks of a part begin: where they began before, else behind all others, else in
    the first gap.
    """
    of_work = SEARCH_CHUNK.thread_id == thread_id
    before, last = await _one(
        session,
        select(
            select(func.min(SEARCH_CHUNK.id))
            .where(SEARCH_CHUNK.part_id == part_id)
            .scalar_subquery(),
            select(func.max(SEARCH_CHUNK.id)).where(of_work).scalar_subquery(),
        ),
    )
    if before is not None:
        return int(before)
    slot = 1 if last is None else _slot(last) + 1
    if slot >= SLOTS:
        taken = await session.all(select(SEARCH_CHUNK.id).where(of_work))
        slots = {_slot(row.id) for row in taken}
        slot = next(each for each in range(1, SLOTS) if each not in slots)
    return _chunk_id(thread_id, slot)


async def _one(session: Session, statement: Any) -> Any:
    row = await session.first(statement)
    assert row is not None
    return row


def _slot(chunk_id: int) -> int:
    return (chunk_id >> SLOT_SHIFT) & _SLOT_BITS


async def _file(
    session: Session,
    thread_id: int,
    part_id: int | None,
    first: int,
    scope: str,
    rows: Sequence[Chunk],
) -> None:
    # One row a statement: SQLAlchemy compiles that once for all, and lists of rows each time.
    for number, row in enumerate(rows, first):
        placed = {"thread_id": thread_id, "part_id": part_id, "start": row.start, "stop": row.stop}
        await session.run(insert(table_of(SearchChunk)).values(id=number, **placed))
        if session.dialect == "sqlite":
            await session.run(insert(FTS5).values(rowid=number, scope=scope, **_fields(row)))
            if (number - first) % _AT_ONCE == _AT_ONCE - 1:
                await asyncio.sleep(0)
        else:
            vector = _vector(row, scope)
            await session.run(
                insert(table_of(SearchTerms)).values(rowid=number, search_terms=vector)
            )


def _vector(row: Chunk, scope: str) -> str:
    """A chunk as a ``tsvector`` is written: each term with its place and the weight of its field.
    Nobody's terms have quotes in them.
    """
    return " ".join(chain((f"'{each}'" for each in scope.split()), _places(row)))


def _places(row: Chunk) -> Iterator[str]:
    place = 0
    for weight, field in (("A", row.title), ("B", row.head), ("D", row.body)):
        # A place is left free between the fields, as it is between tags.
        place += 1
        for term in field.split():
            place += 1
            if term != BREAK:
                yield f"'{term}':{place}{weight}"
