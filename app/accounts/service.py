"""What can be done with accounts."""

import re
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts.errors import BadName, NameTaken
from app.accounts.models import ACCOUNT, NAME_PATTERN, Account
from app.core.database import Session
from app.core.tables import row_of, table_of


def check_name(name: str) -> None:
    """Whether somebody can be called so.

    :raises BadName: the name is not 2 to 40 letters, digits, hyphens or underscores.
    """
    if not re.fullmatch(NAME_PATTERN, name):
        raise BadName(
            "A name has 2 to 40 letters, digits, hyphens or underscores (A-Z a-z 0-9 - _), and "
            "begins with a letter or a digit."
        )


async def register_administrator(session: Session, name: str) -> Account:
    """Make an account that administers the whole installation.

    :raises BadName: the name is not 2 to 40 letters, digits, hyphens or underscores.
    :raises NameTaken: somebody has it.
    """
    check_name(name)
    if await session.scalar(select(ACCOUNT.id).where(ACCOUNT.name_key == name.lower())):
        raise NameTaken
    account = Account(name=name, name_key=name.lower(), is_administrator=True)
    try:
        await session.add(account)
    except IntegrityError as error:
        # Somebody else took it in the same moment.
        raise NameTaken from error
    return account


async def register_accounts(session: Session, names: Sequence[str]) -> list[int]:
    """Make accounts that nobody has a password or a token of; return their numbers. The names are
    such as :data:`NAME_PATTERN` says, and nobody has them.
    """
    rows = [row_of(Account, name=name, name_key=name.lower()) for name in names]
    return await session.put_numbered(table_of(Account), rows)
