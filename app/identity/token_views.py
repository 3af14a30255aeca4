"""How tokens and API keys are shown to their owner.

Dates are days: an instant would tie a mask to what else was done in the same minute.
"""

from typing import Any

from app.core.site import Site
from app.identity.people import Caller
from app.kit.clock import rfc3339


def token(row: Any, caller: Caller) -> dict[str, Any]:
    """The shape of a row of :func:`queries.tokens_of`."""
    return {
        "id": row.public_id,
        "kind": row.kind,
        "label": row.label,
        "created_on": row.created_at.date().isoformat(),
        "expires_at": rfc3339(row.expires_at) if row.expires_at else None,
        "is_current": row.id == caller.token_id,
    }


def feed(row: Any) -> dict[str, Any]:
    """The shape of a row of :func:`queries.feeds_of`."""
    return {
        "id": row.public_id,
        "adult": bool(row.is_adult),
        "created_at": rfc3339(row.created_at),
    }


def feed_url(site: Site, token: str) -> str:
    """Where a private feed is read. Logs name the route, and never what stands in its place."""
    return site.url(f"/feeds/{token}.atom")


def key(site: Site, row: Any) -> dict[str, Any]:
    """The shape of a row of :func:`queries.keys_of`."""
    used = site.uses.last(row.token_id, row.last_used_on)
    return {
        "id": row.public_id,
        "name": row.name,
        "scopes": row.scopes,
        "board": row.slug,
        "max_rating": row.max_rating,
        "created_on": row.created_at.date().isoformat(),
        "last_used_on": used.isoformat() if used else None,
        "expires_at": rfc3339(row.expires_at) if row.expires_at else None,
        "is_revoked": row.revoked_at is not None,
    }
