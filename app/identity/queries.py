"""Questions about masks and tokens."""

from typing import Any

from sqlalchemy import Select, select

from app.accounts.models import ACCOUNT, Account
from app.core.tables import table_of
from app.identity.models import MASK, TOKEN, Mask


def owner_of_token(token_hash: bytes) -> Select[Any]:
    """Whose token it is: ``mask_id, account_id, name, is_administrator``; no row once revoked."""
    return (
        select(
            TOKEN.mask_id, ACCOUNT.id.label("account_id"), ACCOUNT.name, ACCOUNT.is_administrator
        )
        .join(table_of(Mask), MASK.id == TOKEN.mask_id)
        .outerjoin(table_of(Account), ACCOUNT.id == MASK.account_id)
        .where(TOKEN.hash == token_hash, TOKEN.revoked_at.is_(None))
    )
