"""How discussions are shown."""

from typing import Any

from app.boards.settings import settings_of
from app.core.site import Site
from app.identity.views import author
from app.kit.clock import rfc3339, rfc3339_or_none


def discussion(site: Site, row: Any) -> dict[str, Any]:
    """The public shape of a row of :func:`queries.discussions`."""
    return {
        "id": row.public_id,
        "board": row.slug,
        "kind": row.kind,
        "title": row.title,
        "body": row.body,
        "body_html": row.body_html,
        "is_pinned": bool(row.is_pinned),
        "is_closed": row.closed_by is not None,
        "state": row.state,
        "is_frozen": bool(row.is_frozen),
        "comments_count": row.comments_count,
        "latest_seq": row.latest_seq,
        "last_activity_at": rfc3339(row.last_activity_at),
        "author": author(
            site,
            row.conversation,
            row,
            shows_faces=settings_of(row)["show_faces"],
            is_op=True,
            is_filler=False,
        ),
        "created_at": rfc3339(row.created_at),
        "edited_at": rfc3339_or_none(row.edited_at),
        "url": url(site, row.public_id),
    }


def url(site: Site, public_id: str) -> str:
    """Where a discussion is read."""
    return site.url(f"/discussions/{public_id}")
