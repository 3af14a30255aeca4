"""What can be done with accounts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.accounts import queries
from app.accounts.errors import NameImitatesStaff, NameTaken
from app.accounts.models import ACCOUNT, Account
from app.accounts.names import check_is_nobody_else, check_name, skeleton
from app.core.database import Session
from app.core.tables import row_of, table_of


async def register_administrator(session: Session, name: str) -> Account:
    """Make an account that administers the whole installation.

    :raises BadName: the name is not 2 to 40 letters, digits, hyphens or underscores.
    :raises NameTaken: somebody has it.
    """
    check_name(name)
    return await _register(session, name, is_administrator=True)


async def register_account(session: Session, name: str, password_hash: str) -> Account:
    """Make an account for somebody who chose name and password.

    :raises BadName: the name is not 2 to 40 letters, digits, hyphens or underscores.
    :raises NameImitatesStaff: it would be taken for that of somebody who keeps order.
    :raises NameTaken: somebody has it.
    """
    check_name(name)
    check_is_nobody_else(name)
    if await session.first(queries.keepers_that_read_like(skeleton(name), name.lower())):
        raise NameImitatesStaff
    return await _register(session, name, password_hash=password_hash)


async def _register(session: Session, name: str, **more: Any) -> Account:
    if await session.scalar(select(ACCOUNT.id).where(ACCOUNT.name_key == name.lower())):
        raise NameTaken
    account = Account(name=name, name_key=name.lower(), skeleton=skeleton(name), **more)
    try:
        await session.add(account)
    except IntegrityError as error:
        # Somebody else took it in the same moment.
        raise NameTaken from error
    return account


async def set_password(session: Session, account_id: int, password_hash: str) -> None:
    """Change an account's password."""
    is_it = ACCOUNT.id == account_id
    await session.run(update(table_of(Account)).where(is_it).values(password_hash=password_hash))


async def register_accounts(session: Session, names: Sequence[str]) -> list[int]:
    """Make accounts that nobody has a password or a token of; return their numbers. The names are
    such as :data:`NAME_PATTERN` says, and nobody has them.
    """
    rows = [
        row_of(Account, name=name, name_key=name.lower(), skeleton=skeleton(name)) for name in names
    ]
    return await session.put_numbered(table_of(Account), rows)
