"""Filing fills that stand: those that nobody has filed, or all of them anew."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.core.database import Session
from app.core.tables import table_of
from app.fills.models import FILL, PART, Fill
from app.index.queries import is_filed
from app.index.service import PartWords
from app.kit.chunks import stretches
from app.prompts.models import PROMPT
from app.threads.models import ThreadKind
from app.threads.states import State, stands
from app.works.filing import ToFile, file_many

#: Fills that one transaction files, and how many words they have together, if they are more than
#: one.
_AT_ONCE, _WORDS_AT_ONCE = 100, 50_000


async def count_to_file(session: Session, *, is_all: bool) -> int:
    """How many fills are to be filed: those that never were, or all."""
    counted = select(func.count()).select_from(table_of(Fill)).where(*_to_file(is_all=is_all))
    return int(await session.scalar(counted))


async def file_next(session: Session, after: int, *, is_all: bool) -> tuple[int, int]:
    """File the next fills whose threads come after one; return the last thread of theirs, and how
    many they were. It is safe to do so twice.
    """
    ids = await _next(session, after, is_all=is_all)
    if not ids:
        return after, 0
    # Held, since what they are filed by might change in the meantime.
    fills = await session.all(
        select(*FILL).where(FILL.id.in_(ids)).order_by(FILL.id).with_for_update(key_share=True)
    )
    in_sight = await _prompts_in_sight(session, {fill.prompt_id for fill in fills})
    parts = await _parts(session, ids)
    works = [
        _as_filed(fill, parts.get(fill.id, ()), is_in_sight=fill.prompt_id in in_sight)
        for fill in fills
        if fill.state != State.DELETED
    ]
    await file_many(session, works, is_new=False)
    return max(fill.thread_id for fill in fills), len(fills)


def _to_file(*, is_all: bool) -> list[ColumnElement[bool]]:
    standing = FILL.state != State.DELETED.value
    return [standing] if is_all else [standing, ~is_filed(FILL.thread_id)]


async def _next(session: Session, after: int, *, is_all: bool) -> list[int]:
    rows = await session.all(
        select(FILL.id, FILL.words_count)
        .where(FILL.thread_id > after, *_to_file(is_all=is_all))
        .order_by(FILL.thread_id)
        .limit(_AT_ONCE)
    )
    ids: list[int] = []
    words = 0
    for row in rows:
        words += row.words_count
        if ids and words > _WORDS_AT_ONCE:
            break
        ids.append(row.id)
    return ids


async def _prompts_in_sight(session: Session, ids: set[int]) -> set[int]:
    rows = await session.all(
        select(PROMPT.id, PROMPT.state, PROMPT.was_visible)
        .where(PROMPT.id.in_(ids))
        .order_by(PROMPT.id)
        .with_for_update(key_share=True)
    )
    return {row.id for row in rows if stands(row.state, was_visible=row.was_visible)}


async def _parts(session: Session, ids: Sequence[int]) -> dict[int, list[Any]]:
    """The parts of some fills, in the order in which they were written."""
    rows = await session.all(
        select(*PART).where(PART.fill_id.in_(ids)).order_by(PART.fill_id, PART.id)
    )
    return {fill_id: list(its) for fill_id, its in groupby(rows, lambda row: int(row.fill_id))}


def _as_filed(fill: Any, parts: Sequence[Any], *, is_in_sight: bool) -> ToFile:
    return ToFile(
        fill,
        ThreadKind.FILL,
        is_shown=is_in_sight and fill.state == State.VISIBLE,
        more=[fill.summary],
        parts=[
            PartWords(part.id, [part.title or "", *part.content_notes], stretches(part.body))
            for part in parts
        ],
        notes=[note for part in parts for note in part.content_notes],
    )
