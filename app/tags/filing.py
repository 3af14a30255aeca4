"""Filing works under tags, and moving what is filed when a board's aliases change.

Only works that everybody may see are counted; what is out of sight stays filed, so that it can come
back. Whoever files holds the board's row, so that a post and a change of aliases follow each other.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, exists, insert, literal, select, update

from app.boards.service import hold_board
from app.core.database import Session
from app.core.tables import BIG_INTEGER, insert_new, table_of
from app.labels.names import TagKey, keyed
from app.tags import queries
from app.tags.models import TAG, TAG_COUNT, TAGGING, Tag, TagCount, Tagging

#: Rows moved by one statement, so that a large merge lets readers in between.
_AT_ONCE = 2000


@dataclass(frozen=True)
class Work:
    """A work to be filed. ``kind`` is that of its thread."""

    thread_id: int
    board_id: int
    kind: str
    is_adult: bool
    is_shown: bool


async def file_work(session: Session, work: Work, typed: Iterable[tuple[str, str]]) -> None:
    """File a work under its tags, kind and name as they were typed, instead of under those of
    before.
    """
    names = keyed(typed)
    await hold_board(session, work.board_id)
    standing = await session.all(queries.taggings(work.thread_id))
    if not standing and not names:
        return
    tags = await known_tags(session, work.board_id, names, is_seen=work.is_shown)
    rows = _filed(work, tags)
    if {tuple(row) for row in standing} == {tuple(row.values()) for row in rows}:
        return
    if standing:
        await session.run(delete(table_of(Tagging)).where(TAGGING.thread_id == work.thread_id))
    if rows:
        await session.run(insert(table_of(Tagging)).values(rows))
    moved = Counter(
        (row["tag_id"], row["is_adult"])
        for row in rows
        if row["tag_id"] is not None and work.is_shown
    )
    moved.subtract(_counted(standing))
    await _count(session, work.board_id, moved)


async def file_works(
    session: Session, board_id: int, works: Sequence[tuple[Work, Iterable[tuple[str, str]]]]
) -> None:
    """As :func:`file_work`, for many works of one board."""
    await hold_board(session, board_id)
    named = [(work, keyed(typed)) for work, typed in works]
    threads = TAGGING.thread_id.in_([work.thread_id for work, _ in named])
    standing = await session.all(select(*TAGGING).where(threads))
    if standing:
        await session.run(delete(table_of(Tagging)).where(threads))
    names = {key: name for _, typed in reversed(named) for key, name in typed.items()}
    tags = await _many_known_tags(session, board_id, names)
    rows = [row for work, typed in named for row in _filed(work, [tags[key] for key in typed])]
    await session.put(table_of(Tagging), rows)
    moved = Counter(
        (row["tag_id"], row["is_adult"])
        for row in rows
        if row["tag_id"] is not None and row["is_shown"]
    )
    moved.subtract(_counted(standing))
    await _count(session, board_id, moved)


async def count_anew(session: Session, board_id: int) -> None:
    """Count the works of all tags of a board, whatever was counted before."""
    await hold_board(session, board_id)
    filed = select(TAGGING.tag_id).where(TAGGING.board_id == board_id, TAGGING.tag_id.is_not(None))
    known = select(TAG_COUNT.tag_id).where(TAG_COUNT.board_id == board_id)
    ids = [row.tag_id for row in await session.all(filed.union(known))]
    for first in range(0, len(ids), _AT_ONCE):
        await _recount(session, board_id, ids[first : first + _AT_ONCE])


async def take_out(session: Session, thread_id: int, board_id: int) -> None:
    """File a work under nothing."""
    work = Work(thread_id, board_id, "", is_adult=False, is_shown=False)
    await file_work(session, work, ())


async def show(
    session: Session, board_id: int, threads: ColumnElement[bool], *, is_shown: bool
) -> None:
    """Some works of a board came into sight, or went out of it: their tags count them, or don't.
    ``threads`` is a condition on taggings.
    """
    await hold_board(session, board_id)
    changing = (TAGGING.is_shown != is_shown) & threads
    rows = await session.all(select(*TAGGING).where(changing))
    if not rows:
        return
    await session.run(update(table_of(Tagging)).where(changing).values(is_shown=is_shown))
    if is_shown:
        # Whatever nobody has spelt so far is shown as it is compared.
        typed = {row.typed_id for row in rows}
        unspelt = TAG.id.in_(typed) & (TAG.name == "")
        await session.run(update(table_of(Tag)).where(unspelt).values(name=TAG.key))
    counted = _counted(rows, of_shown=not is_shown)
    moved = counted if is_shown else Counter({each: -by for each, by in counted.items()})
    await _count(session, board_id, moved)


async def known_tags(
    session: Session, board_id: int, names: dict[TagKey, str], *, is_seen: bool
) -> Sequence[Row[Any]]:
    """Tags by kind and key (rows of :func:`queries.resolved`). Those that are new enter the
    vocabulary; how they are spelt is for the first to say whose words everybody sees (``is_seen``).
    """
    if not names:
        return []
    tags = await session.all(queries.resolved(board_id, names))
    missing = sorted(names.keys() - {(tag.kind, tag.key) for tag in tags})
    if missing:
        # In one order for all, so that two who bring the same new tags never wait for each other.
        rows = [
            {"kind": kind, "key": key, "name": names[kind, key] if is_seen else ""}
            for kind, key in missing
        ]
        await session.run(insert_new(table_of(Tag)).values(rows))
        tags = await session.all(queries.resolved(board_id, names))
    if is_seen:
        unspelt = sorted((tag for tag in tags if not tag.name), key=lambda tag: tag.typed_id)
        for tag in unspelt:
            is_it = (TAG.id == tag.typed_id) & (TAG.name == "")
            spelt = names[tag.kind, tag.key]
            await session.run(update(table_of(Tag)).where(is_it).values(name=spelt))
    return tags


async def _many_known_tags(
    session: Session, board_id: int, names: dict[TagKey, str]
) -> dict[TagKey, Row[Any]]:
    """As :func:`known_tags`, for more than a statement takes."""
    keys = sorted(names)
    tags: dict[TagKey, Row[Any]] = {}
    for first in range(0, len(keys), _AT_ONCE):
        some = {key: names[key] for key in keys[first : first + _AT_ONCE]}
        found = await known_tags(session, board_id, some, is_seen=True)
        tags |= {(tag.kind, tag.key): tag for tag in found}
    return tags


async def merge(session: Session, board_id: int, alias_id: int, canonical_id: int) -> None:
    """File under one tag what a board has filed under another."""
    twin = table_of(Tagging).alias("twin")
    is_there = exists().where(twin.c.thread_id == TAGGING.thread_id, twin.c.tag_id == canonical_id)

    def of_alias() -> ColumnElement[bool]:
        return TAGGING.tag_id == alias_id

    await _move(session, board_id, lambda: of_alias() & is_there, None)
    await _move(session, board_id, of_alias, canonical_id)
    await _recount(session, board_id, (alias_id, canonical_id))


async def split(
    session: Session, board_id: int, alias_id: int, canonical_id: int, others: Iterable[int]
) -> None:
    """Undo :func:`merge`: file under the alias again what was tagged with it. ``others`` are the
    tags that still stand for the canonical one.
    """
    await _move(
        session,
        board_id,
        lambda: (TAGGING.typed_id == alias_id) & TAGGING.tag_id.is_distinct_from(alias_id),
        alias_id,
    )
    kept = (canonical_id, *others)
    twin, first = table_of(Tagging).alias("twin"), table_of(Tagging).alias("first")
    is_there = exists().where(twin.c.thread_id == TAGGING.thread_id, twin.c.tag_id == canonical_id)
    is_earlier = exists().where(
        first.c.thread_id == TAGGING.thread_id,
        first.c.typed_id.in_(kept),
        first.c.typed_id < TAGGING.typed_id,
    )
    await _move(
        session,
        board_id,
        lambda: TAGGING.typed_id.in_(kept) & TAGGING.tag_id.is_(None) & ~is_there & ~is_earlier,
        canonical_id,
    )
    await _recount(session, board_id, (alias_id, canonical_id))


def _filed(work: Work, tags: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    """The rows that say what a work was tagged with. Of several tags that are filed as one, that
    one itself counts, or else the one that came first; the others are kept beside it.
    """
    counting: dict[int, int] = {}
    for tag in sorted(tags, key=lambda tag: (tag.typed_id != tag.tag_id, tag.typed_id)):
        counting.setdefault(tag.tag_id, tag.typed_id)
    return [
        {
            "typed_id": tag.typed_id,
            "thread_id": work.thread_id,
            "tag_id": tag.tag_id if counting[tag.tag_id] == tag.typed_id else None,
            "board_id": work.board_id,
            "kind": work.kind,
            "is_adult": work.is_adult,
            "is_shown": work.is_shown,
        }
        for tag in tags
    ]


def _counted(rows: Iterable[Row[Any]], *, of_shown: bool = True) -> "Counter[tuple[int, bool]]":
    """How many works each tag counts by some taggings, of works that are shown or that aren't."""
    return Counter(
        (row.tag_id, bool(row.is_adult))
        for row in rows
        if row.tag_id is not None and bool(row.is_shown) == of_shown
    )


async def _count(session: Session, board_id: int, moved: Counter[tuple[int, bool]]) -> None:
    """Move the counts of a board's tags by what came or went."""
    steps: dict[tuple[bool, int], list[int]] = {}
    for (tag_id, is_adult), by in moved.items():
        if by:
            steps.setdefault((is_adult, by), []).append(tag_id)
    new = {tag_id for (_, by), ids in steps.items() if by > 0 for tag_id in ids}
    await _begin_counting(session, board_id, new)
    for (is_adult, by), ids in sorted(steps.items()):
        column = TAG_COUNT.adult_count if is_adult else TAG_COUNT.count
        await session.run(
            update(table_of(TagCount))
            .where(TAG_COUNT.board_id == board_id, TAG_COUNT.tag_id.in_(ids))
            .values({column: column + by})
        )


async def _begin_counting(session: Session, board_id: int, tag_ids: Iterable[int]) -> None:
    """See that a board has a count of some tags."""
    wanted = set(tag_ids)
    counted = select(TAG_COUNT.tag_id).where(
        TAG_COUNT.board_id == board_id, TAG_COUNT.tag_id.in_(wanted)
    )
    missing = wanted - {row.tag_id for row in await session.all(counted)} if wanted else wanted
    if missing:
        fresh = select(
            TAG.id, literal(board_id, BIG_INTEGER), TAG.kind, TAG.key, literal(0), literal(0)
        ).where(TAG.id.in_(missing))
        columns = ["tag_id", "board_id", "kind", "key", "count", "adult_count"]
        await session.run(insert(table_of(TagCount)).from_select(columns, fresh))


async def _recount(session: Session, board_id: int, tag_ids: Iterable[int]) -> None:
    """Count the works of some tags of a board anew."""
    ids = list(tag_ids)
    await _begin_counting(session, board_id, ids)
    counts = {
        (row.tag_id, bool(row.is_adult)): row.works
        for row in await session.all(queries.counted(board_id, ids))
    }
    for tag_id in ids:
        await session.run(
            update(table_of(TagCount))
            .where(TAG_COUNT.board_id == board_id, TAG_COUNT.tag_id == tag_id)
            .values(count=counts.get((tag_id, False), 0), adult_count=counts.get((tag_id, True), 0))
        )


async def _move(
    session: Session,
    board_id: int,
    which: Callable[[], ColumnElement[bool]],
    tag_id: int | None,
) -> None:
    """Set what some of a board's taggings are filed under, a stretch at a time."""
    chosen = (
        select(TAGGING.typed_id, TAGGING.thread_id)
        .where(TAGGING.board_id == board_id, TAGGING.kind.in_(queries.WORKS), which())
        .limit(_AT_ONCE)
    )
    while True:
        rows = await session.all(chosen)
        if not rows:
            return
        by_typed: dict[int, list[int]] = {}
        for row in rows:
            by_typed.setdefault(row.typed_id, []).append(row.thread_id)
        for typed_id, thread_ids in by_typed.items():
            await session.run(
                update(table_of(Tagging))
                .where(TAGGING.typed_id == typed_id, TAGGING.thread_id.in_(thread_ids))
                .values(tag_id=tag_id)
            )
        # Readers get their turn between two stretches.
        await asyncio.sleep(0)
