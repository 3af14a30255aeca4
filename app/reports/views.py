"""How reports are shown."""

import hmac
from typing import Any

from app.core.site import Site
from app.kit.clock import now, rfc3339, rfc3339_or_none
from app.reports.service import PATIENCE


def report(site: Site, row: Any, *, for_moderator: bool) -> dict[str, Any]:
    """The shape of a row of :func:`queries.reports`."""
    return {
        "id": row.public_id,
        "target": target(site, row),
        "category": row.category,
        "note": row.note,
        "status": status(row),
        "created_at": rfc3339(row.created_at),
        "decided_at": rfc3339_or_none(row.decided_at),
        "assigned_to": row.moderator if for_moderator else None,
        "reporter": alias(site, row) if for_moderator else None,
    }


def status(row: Any) -> str:
    """What came of a report by now. What hid something and was not decided goes further up."""
    is_late = row.has_hidden and row.created_at <= now() - PATIENCE
    return "escalated" if row.status == "open" and is_late else str(row.status)


def alias(site: Site, row: Any) -> str:
    """By what moderators know whoever made a report, on one board."""
    return hmac.digest(site.alias_key, b"alias/" + bytes(row.reporter), "sha256").hex()[:8]


def target(site: Site, row: Any) -> dict[str, str]:
    """What a report is about. A part is read below its fill."""
    where = f"/{row.type}s/{row.target_id}"
    if row.type == "part":
        where = f"/fills/{row.fill_public_id}/parts/{row.part_number}"
    return {"type": row.type, "id": row.target_id, "url": site.url(where)}


def url(site: Site, public_id: str) -> str:
    """Where a report is read."""
    return site.url(f"/reports/{public_id}")
