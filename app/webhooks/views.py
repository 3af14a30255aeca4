"""How webhooks are shown."""

from typing import Any

from app.core.site import Site
from app.kit.clock import rfc3339, rfc3339_or_none
from app.webhooks.service import TAG_LISTS


def webhook(site: Site, board: str, row: Any) -> dict[str, Any]:
    """The shape of a webhook of a board, by its slug. No secret is anywhere near it."""
    tags = {
        name: [tag for of_kind, tag in row.tags if of_kind == kind]
        for kind, name in TAG_LISTS.items()
    }
    return {
        "id": row.public_id,
        "board": board,
        "url": row.url,
        "description": row.description,
        "event_types": row.event_types,
        **tags,
        "adult": row.adult,
        "is_enabled": row.is_enabled,
        "disabled_because": row.disabled_because,
        "disabled_at": rfc3339_or_none(row.disabled_at),
        "last_success_at": rfc3339_or_none(row.last_success_at),
        "created_at": rfc3339(row.created_at),
        "deliveries_url": f"{url(site, board, row.public_id)}/deliveries",
    }


def secret(row: Any) -> dict[str, Any]:
    """What is shown of a secret: everything but the secret."""
    return {
        "id": row.public_id,
        "created_at": rfc3339(row.created_at),
        "expires_at": rfc3339_or_none(row.expires_at),
    }


def delivery(row: Any) -> dict[str, Any]:
    """The shape of a delivery, with what came of it."""
    return {
        "id": row.public_id,
        "event_id": row.event_id,
        "type": row.type,
        "status": row.status,
        "attempts": row.attempts,
        "created_at": rfc3339(row.created_at),
        "next_attempt_at": rfc3339_or_none(row.next_attempt_at),
    }


def url(site: Site, board: str, public_id: str) -> str:
    """Where a webhook is read."""
    return site.url(f"/boards/{board}/webhooks/{public_id}")
