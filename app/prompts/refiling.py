"""Filing prompts that stand: those that nobody has filed, or all of them anew."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, update

from app.core.database import Session
from app.core.tables import table_of
from app.index.queries import is_filed
from app.kit.chunks import stretches
from app.labels.reading import medium_bits
from app.prompts.models import PROMPT, Prompt
from app.threads.models import ThreadKind
from app.threads.states import State
from app.works.filing import ToFile, file_many

#: Prompts that one transaction files.
_AT_ONCE = 200


async def count_to_file(session: Session, *, is_all: bool) -> int:
    """How many prompts are to be filed: those that never were, or all."""
    counted = select(func.count()).select_from(table_of(Prompt)).where(*_to_file(is_all=is_all))
    return int(await session.scalar(counted))


async def file_next(session: Session, after: int, *, is_all: bool) -> tuple[int, int]:
    """File the next prompts whose threads come after one; return the last thread of theirs, and how
    many they were. It is safe to do so twice.
    """
    rows = await session.all(_next(after, is_all=is_all))
    if not rows:
        return after, 0
    await file_many(session, [_as_filed(row) for row in rows], is_new=False)
    await _note_mediums(session, rows)
    return rows[-1].thread_id, len(rows)


def _to_file(*, is_all: bool) -> list[ColumnElement[bool]]:
    standing = PROMPT.state != State.DELETED.value
    return [standing] if is_all else [standing, ~is_filed(PROMPT.thread_id)]


def _next(after: int, *, is_all: bool) -> Select[Any]:
    # Held, since what they are filed by might be edited in the meantime.
    return (
        select(*PROMPT)
        .where(PROMPT.thread_id > after, *_to_file(is_all=is_all))
        .order_by(PROMPT.thread_id)
        .limit(_AT_ONCE)
        .with_for_update(key_share=True)
    )


def _as_filed(prompt: Any) -> ToFile:
    return ToFile(
        prompt,
        ThreadKind.PROMPT,
        is_shown=prompt.state == State.VISIBLE,
        body=stretches(prompt.body),
        more=[prompt.do_not_want],
    )


async def _note_mediums(session: Session, prompts: Sequence[Any]) -> None:
    """Say once more, as a number, which mediums some prompts hope for."""
    changed: dict[int, list[int]] = {}
    for prompt in prompts:
        bits = medium_bits(prompt.mediums)
        if bits != prompt.mediums_bits:
            changed.setdefault(bits, []).append(prompt.id)
    for bits, ids in changed.items():
        hopeful = PROMPT.id.in_(ids)
        await session.run(update(table_of(Prompt)).where(hopeful).values(mediums_bits=bits))
