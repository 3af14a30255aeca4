"""Saving filters, and reading them again."""

from typing import Any

from sqlalchemy import delete, insert

from app.core.database import Session
from app.core.tables import table_of
from app.filters import queries
from app.filters.models import SAVED_FILTER, SavedFilter
from app.filters.schemas import FilterSent, FiltersSent
from app.filters.wishes import Wishes
from app.labels.names import tag_key


async def save_filters(session: Session, account_id: int, sent: FiltersSent) -> None:
    """Put what was sent in the place of what somebody had saved. The account is held, so that two
    devices that save at once follow each other.
    """
    await session.first(queries.held_account(account_id))
    rows = {**_rows(account_id, "hide", sent.hide), **_rows(account_id, "warn", sent.warn)}
    own = SAVED_FILTER.account_id == account_id
    await session.run(delete(table_of(SavedFilter)).where(own))
    if rows:
        await session.run(insert(table_of(SavedFilter)).values(list(rows.values())))


async def wishes_of(session: Session, account_id: int) -> Wishes:
    """What somebody has saved."""
    rows = await session.all(queries.of_account(account_id))
    return Wishes(
        hide={(row.kind, row.key): _shown(row) for row in rows if row.action == "hide"},
        warn={(row.kind, row.key): _shown(row) for row in rows if row.action == "warn"},
    )


def _rows(
    account_id: int, action: str, tags: list[FilterSent]
) -> dict[tuple[str, str], dict[str, Any]]:
    keyed = {tag_key(each.kind, each.name): each.name for each in reversed(tags)}
    return {
        (kind, key): {
            "account_id": account_id,
            "kind": kind,
            "key": key,
            "name": name,
            "action": action,
        }
        for (kind, key), name in keyed.items()
    }


def _shown(row: Any) -> dict[str, str]:
    return {"kind": row.kind, "name": row.name}
