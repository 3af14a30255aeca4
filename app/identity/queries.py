"""Questions about masks and tokens."""

from typing import Any

from sqlalchemy import Select, String, cast, func, select

from app.accounts.models import ACCOUNT, Account
from app.core.tables import table_of
from app.identity.models import MASK, TOKEN, Mask


def owner_of_token(token_hash: bytes) -> Select[Any]:
    """Whose token it is: ``kind, mask_id, account_id, name, is_administrator``, and the ``bots`` of
    the account, the numbers of their masks in a row; no row once revoked.
    """
    bots = table_of(Mask).alias("bots")
    of_bots = select(func.aggregate_strings(cast(bots.c.id, String), ",")).where(
        bots.c.bot_of == ACCOUNT.id
    )
    return (
        select(
            TOKEN.kind,
            TOKEN.mask_id,
            ACCOUNT.id.label("account_id"),
            ACCOUNT.name,
            ACCOUNT.is_administrator,
            of_bots.correlate(table_of(Account)).scalar_subquery().label("bots"),
        )
        .join(table_of(Mask), MASK.id == TOKEN.mask_id)
        .outerjoin(table_of(Account), ACCOUNT.id == MASK.account_id)
        .where(TOKEN.hash == token_hash, TOKEN.revoked_at.is_(None))
    )
