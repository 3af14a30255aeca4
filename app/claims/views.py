"""How claims are shown."""

from typing import Any

from app.core.site import Site
from app.kit.clock import now, rfc3339
from app.prompts.views import brief


def claim(site: Site, row: Any, *, is_yours: bool, adult: bool) -> dict[str, Any]:
    """The public shape of a row of :func:`queries.claims`. Of whose it is, it says nothing but
    whether it is that of whoever asks.
    """
    return {
        "id": row.public_id,
        "prompt": brief(site, row, adult=adult),
        "created_at": rfc3339(row.created_at),
        "expires_at": rfc3339(row.expires_at),
        "is_active": row.expires_at > now(),
        "is_yours": is_yours,
        "url": site.url(f"/claims/{row.public_id}"),
    }
