"""How fills and parts are shown."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from app.boards.settings import settings_of
from app.core.database import Session
from app.core.site import Site
from app.fills import queries
from app.fills.readings import Reading, parts_of
from app.identity.views import author
from app.kit.clock import rfc3339, rfc3339_or_none
from app.labels.reading import is_adult, labels
from app.prompts.views import brief
from app.threads.states import stands


async def fills(
    session: Session, site: Site, rows: Iterable[Any], *, adult: bool
) -> list[dict[str, Any]]:
    """The public shape of some fills (rows of :func:`queries.standing_fills`), with their parts."""
    rows = list(rows)
    if len(rows) == 1:
        return [fill(site, rows[0], await parts_of(session, rows[0].id), adult=adult)]
    parts: dict[int, list[Any]] = {row.id: [] for row in rows}
    for part_row in await session.all(queries.parts_listed(parts)):
        parts[part_row.fill_id].append(part_row)
    return [fill(site, row, parts[row.id], adult=adult) for row in rows]


def fill(site: Site, row: Any, parts: Iterable[Any], *, adult: bool) -> dict[str, Any]:
    """The public shape of a fill, with those of its parts that are to be told."""
    return {
        "id": row.public_id,
        "prompt": brief(site, row, adult=adult),
        "title": row.title,
        "summary": row.summary,
        "medium": row.medium,
        **labels(row),
        "status": row.status,
        "state": row.state,
        "is_frozen": bool(row.is_frozen),
        "external_url": row.external_url,
        "parts_count": row.parts_count,
        "parts_expected": row.parts_expected,
        "words_count": row.words_count,
        "comments_count": row.comments_count,
        "latest_seq": row.latest_seq,
        "last_activity_at": rfc3339(row.last_activity_at),
        "author": author(
            site,
            row.conversation,
            row,
            shows_faces=settings_of(row)["show_faces"],
            is_op=queries.is_by_op(row),
            is_filler=True,
        ),
        "created_at": rfc3339(row.created_at),
        "updated_at": rfc3339(row.updated_at),
        "url": url(site, row.public_id),
        "parts": [part_listed(site, row.public_id, each) for each in parts],
        "downloads": _downloads(site, row, adult=adult),
    }


def part_listed(site: Site, fill_id: str, row: Any) -> dict[str, Any]:
    """A part without its text."""
    return {
        "id": row.public_id,
        "number": row.number,
        "title": row.title,
        "words_count": row.words_count,
        "posted_at": rfc3339(row.posted_at),
        "url": part_url(site, fill_id, row.number),
    }


def part(
    site: Site, fill: Any, row: Any, reading: Reading, *, adult: bool = False
) -> dict[str, Any]:
    """A part with its text, and where the story goes on in this reading of it: for a reader who
    asked for adult material, so that it can be followed as it is.
    """

    def at(number: int | None, carried: str) -> str | None:
        if number is None:
            return None
        query = urlencode({**({"adult": "true"} if adult else {}), "reading": carried})
        return f"{part_url(site, fill.public_id, number)}?{query}"

    before, after = reading.beside(row.id)
    return {
        "id": row.public_id,
        "number": row.number,
        "title": row.title,
        "body": row.body,
        "body_html": row.body_html,
        "content_notes": row.content_notes,
        "words_count": row.words_count,
        "posted_at": rfc3339(row.posted_at),
        "edited_at": rfc3339_or_none(row.edited_at),
        "prev_url": at(before, reading.back(site, row.id)),
        "next_url": at(after, reading.on(site, row.id)),
    }


def version_listed(site: Site, fill_id: str, number: int, row: Any) -> dict[str, Any]:
    """What a part said before, without its text."""
    return {
        "id": row.public_id,
        "title": row.title,
        "words_count": row.words_count,
        "written_at": rfc3339(row.written_at),
        "replaced_at": rfc3339(row.replaced_at),
        "url": f"{part_url(site, fill_id, number)}/versions/{row.public_id}",
    }


def version(site: Site, fill_id: str, number: int, row: Any) -> dict[str, Any]:
    """What a part said before."""
    return {
        **version_listed(site, fill_id, number, row),
        "body": row.body,
        "body_html": row.body_html,
        "content_notes": row.content_notes,
    }


def is_public(row: Any) -> bool:
    """Whether everybody may see a fill (a row of :func:`queries.fills`) and its parts."""
    own = stands(row.state, was_visible=row.was_visible)
    return own and stands(row.prompt_state, was_visible=row.prompt_was_visible)


def url(site: Site, public_id: str) -> str:
    """Where a fill is read."""
    return site.url(f"/fills/{public_id}")


def part_url(site: Site, fill_id: str, number: int) -> str:
    """Where a part is read."""
    return site.url(f"/fills/{fill_id}/parts/{number}")


def _downloads(site: Site, row: Any, *, adult: bool) -> dict[str, str]:
    """Where the whole work is in one file: for a reader who asked for adult material, where that
    makes a difference, so that it can be followed as it is.
    """
    asks = adult and (is_adult(row.rating) or is_adult(row.prompt_rating))
    place, query = f"{url(site, row.public_id)}/download", "?adult=true" if asks else ""
    return {name: f"{place}.{name}{query}" for name in ("epub", "html", "md", "txt")}
