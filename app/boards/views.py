"""How boards and rounds are shown."""

from collections.abc import Iterable
from typing import Any

from app.boards import queries
from app.boards.settings import settings_of
from app.core.database import Session
from app.core.site import Site
from app.kit.clock import rfc3339, rfc3339_or_none


async def boards(session: Session, site: Site, rows: Iterable[Any]) -> list[dict[str, Any]]:
    """The public shape of some boards (rows of :func:`queries.boards`), with their moderators."""
    rows = list(rows)
    keepers: dict[int, list[dict[str, str]]] = {row.id: [] for row in rows}
    for keeper in await session.all(queries.moderators(keepers)):
        keepers[keeper.board_id].append({"name": keeper.name, "role": keeper.role})
    return [_board(site, row, keepers[row.id]) for row in rows]


def _board(site: Site, row: Any, moderators: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "slug": row.slug,
        "name": row.name,
        "description": row.description,
        "rules": row.rules,
        "settings": settings_of(row),
        "moderators": moderators,
        "current_round": {
            "number": row.round_number,
            "title": row.round_title,
            "phase": row.round_phase,
        },
        "prompts_count": row.prompts_count,
        "fills_count": row.fills_count,
        "created_at": rfc3339(row.created_at),
        "url": site.url(f"/boards/{row.slug}"),
        "feeds": {
            kind: site.url(f"/boards/{row.slug}/{kind}.atom") for kind in ("prompts", "fills")
        },
    }


def round_(row: Any) -> dict[str, Any]:
    """The public shape of a round."""
    return {
        "number": row.number,
        "title": row.title,
        "phase": row.phase,
        "opens_at": rfc3339_or_none(row.opens_at),
        "closes_at": rfc3339_or_none(row.closes_at),
        "closes_at_comments": row.closes_at_comments,
        "prompts_count": row.prompts_count,
        "fills_count": row.fills_count,
        "comments_count": row.comments_count,
    }
