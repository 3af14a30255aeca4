"""Questions about accounts."""

from typing import Any

from sqlalchemy import Select, column, or_, select, table

from app.accounts.models import ACCOUNT

#: Who moderates belongs to a room above, so its table is named by a string here, as foreign keys
#: name tables.
_MODERATOR = table("moderator", column("account_id"))


def account_named(name_key: str) -> Select[Any]:
    """The account with a name (in lower case): ``id``, ``name``, ``password_hash``."""
    return select(ACCOUNT.id, ACCOUNT.name, ACCOUNT.password_hash).where(
        ACCOUNT.name_key == name_key
    )


def account(account_id: int) -> Select[Any]:
    """As :func:`account_named`, by its number."""
    return select(ACCOUNT.id, ACCOUNT.name, ACCOUNT.password_hash).where(ACCOUNT.id == account_id)


def keepers_that_read_like(skeleton: str, name_key: str) -> Select[Any]:
    """A row if somebody else who administers, or moderates any board, has a name that reads so."""
    moderates = ACCOUNT.id.in_(select(_MODERATOR.c.account_id))
    return (
        select(ACCOUNT.id)
        .where(
            ACCOUNT.skeleton == skeleton,
            ACCOUNT.name_key != name_key,
            or_(ACCOUNT.is_administrator, moderates),
        )
        .limit(1)
    )
