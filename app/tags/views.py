"""How tags are shown."""

from collections.abc import Sequence
from typing import Any

from app.core.database import Session
from app.kit.clock import rfc3339
from app.tags import queries


async def tags(
    session: Session, rows: Sequence[Any], board_id: int | None = None
) -> list[dict[str, Any]]:
    """The public shape of some tags (``id, kind, name, uses``), with the fandoms that they belong
    to on a board, or anywhere.
    """
    fandoms: dict[int, list[str]] = {row.id: [] for row in rows}
    if rows:
        for row in await session.all(queries.fandoms_of(fandoms, board_id)):
            fandoms[row.tag_id].append(row.name)
    return [
        {"kind": row.kind, "name": row.name, "count": row.uses, "fandoms": fandoms[row.id]}
        for row in rows
    ]


def alias(row: Any) -> dict[str, Any]:
    """The public shape of an alias."""
    return {
        "id": row.public_id,
        "kind": row.kind,
        "alias": row.alias,
        "canonical": row.canonical,
        "created_at": rfc3339(row.created_at),
    }


def parent(row: Any) -> dict[str, Any]:
    """That a tag belongs to a fandom."""
    return {
        "id": row.public_id,
        "kind": row.kind,
        "name": row.name,
        "fandom": row.fandom,
        "created_at": rfc3339(row.created_at),
    }
