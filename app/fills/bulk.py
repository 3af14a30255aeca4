"""Many fills at once, as :mod:`app.prompts.bulk` does it with prompts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import bindparam, case, update

from app.boards.service import count
from app.core.database import Session
from app.core.tables import table_of
from app.fills.models import FILL, Fill, Part
from app.index.service import PartWords
from app.kit.chunks import Stretch
from app.threads.models import ThreadKind
from app.works.filing import ToFile, file_many


@dataclass(frozen=True)
class BroughtFill:
    """A fill: all its columns, and of each part those that don't depend on it, with the part's body
    as it is filed.
    """

    row: dict[str, Any]
    parts: Sequence[tuple[dict[str, Any], Sequence[Stretch]]]


async def put_fills(
    session: Session, fills: Sequence[BroughtFill]
) -> tuple[list[int], list[list[int]]]:
    """Put visible fills on their board, whose prompts stand and know of them
    (:func:`app.prompts.bulk.tell_of_fills`). Returns the numbers of their rows, and for each fill
    those of its parts.
    """
    numbers = await session.put_numbered(table_of(Fill), [fill.row for fill in fills])
    rows = [
        {**row, "fill_id": number}
        for number, fill in zip(numbers, fills, strict=True)
        for row, _ in fill.parts
    ]
    part_ids = iter(await session.put_numbered(table_of(Part), rows))
    parts = [[next(part_ids) for _ in fill.parts] for fill in fills]
    for (board_id, round_id), many in Counter(map(_place, fills)).items():
        await count(session, board_id, round_id, fills=many)
    works = [_as_filed(fill, ids) for fill, ids in zip(fills, parts, strict=True)]
    await file_many(session, works, is_new=True)
    return numbers, parts


async def tell_of_talk(session: Session, latest: dict[int, datetime]) -> None:
    """Have fills know when something was last said below them."""
    if not latest:
        return
    at = bindparam("active_at", type_=FILL.last_activity_at.type)
    later = case((FILL.last_activity_at < at, at), else_=FILL.last_activity_at)
    statement = (
        update(table_of(Fill)).where(FILL.id == bindparam("fill_id")).values(last_activity_at=later)
    )
    rows = [{"fill_id": number, "active_at": at} for number, at in sorted(latest.items())]
    await session.execute_for_each(statement, rows)


def _place(fill: BroughtFill) -> tuple[int, int]:
    return fill.row["board_id"], fill.row["round_id"]


def _as_filed(fill: BroughtFill, part_ids: Sequence[int]) -> ToFile:
    parts = [
        PartWords(part_id, [row["title"] or "", *row["content_notes"]], body)
        for part_id, (row, body) in zip(part_ids, fill.parts, strict=True)
    ]
    notes = [note for row, _ in fill.parts for note in row["content_notes"]]
    work = SimpleNamespace(**fill.row)
    more = [fill.row["summary"]]
    return ToFile(work, ThreadKind.FILL, is_shown=True, more=more, parts=parts, notes=notes)
