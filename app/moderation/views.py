"""How the log is shown."""

from typing import Any

from app.core.site import Site
from app.kit.clock import rfc3339, rfc3339_or_none
from app.moderation.bans import is_active
from app.moderation.reasons import Reason


def entry(site: Site, row: Any) -> dict[str, Any]:
    """The public shape of a row of :func:`queries.entries`."""
    return {
        "id": row.public_id,
        "board": row.slug,
        "action": row.action,
        "reason": row.reason,
        "note": row.note,
        "target": _target(site, row) if row.target_id else None,
        "count": row.count,
        "by": row.by,
        "created_at": rfc3339(row.created_at),
        "appeal": row.appeal or "none",
        "url": url(site, row.public_id),
    }


def own_decision(row: Any, appeal: str | None) -> dict[str, Any]:
    """What the author of a thing is told of an entry about it, and of their appeal against it."""
    return {
        "action": row.action,
        "reason": row.reason,
        "note": row.note,
        "at": rfc3339(row.created_at),
        "log_id": row.public_id,
        "appeal": appeal or "none",
    }


def ban(row: Any) -> dict[str, Any]:
    """The shape of a row of :func:`queries.bans`, for the moderators of its board."""
    return {
        "id": row.public_id,
        "reach": row.reach,
        "reason": row.reason,
        "note": row.note,
        "created_at": rfc3339(row.created_at),
        "expires_at": rfc3339_or_none(row.expires_at),
        "is_active": is_active(row),
        "log_id": row.log_id,
    }


def reason(each: Reason) -> dict[str, str]:
    """A reason, as it is explained."""
    return {"code": each.code, "title": each.title, "explanation": each.explanation}


def url(site: Site, public_id: str) -> str:
    """Where an entry is read."""
    return site.url(f"/mod-log/{public_id}")


def _target(site: Site, row: Any) -> dict[str, str]:
    where = site.url(f"/{row.target_type}s/{row.target_id}")
    return {"type": row.target_type, "id": row.target_id, "url": where}
