"""How appeals are shown."""

from typing import Any

from app.core.site import Site
from app.kit.clock import rfc3339, rfc3339_or_none


def appeal(row: Any) -> dict[str, Any]:
    """The shape of a row of :func:`queries.appeals`."""
    return {
        "id": row.public_id,
        "entry": row.entry,
        "note": row.note,
        "status": row.status,
        "answer": row.answer,
        "created_at": rfc3339(row.created_at),
        "decided_at": rfc3339_or_none(row.decided_at),
    }


def url(site: Site, row: Any) -> str:
    """Where an appeal is read."""
    return site.url(f"/mod-log/{row.entry}/appeals/{row.public_id}")
