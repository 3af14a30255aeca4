"""Questions about saved filters."""

from typing import Any

from sqlalchemy import Select, select

from app.accounts.models import ACCOUNT
from app.filters.models import SAVED_FILTER


def of_account(account_id: int) -> Select[Any]:
    """What somebody has saved."""
    return (
        select(*SAVED_FILTER)
        .where(SAVED_FILTER.account_id == account_id)
        .order_by(SAVED_FILTER.kind, SAVED_FILTER.key)
    )


def held_account(account_id: int) -> Select[Any]:
    """An account, to be held until the commit."""
    return select(ACCOUNT.id).where(ACCOUNT.id == account_id).with_for_update(key_share=True)
