"""How a request obtains its reader's saved filters."""

from typing import Annotated

from fastapi import Depends

from app.core.sessions import CurrentSession
from app.filters import service
from app.filters.wishes import Wishes
from app.identity.access import KnownCaller, MaybeCaller
from app.identity.errors import AccountRequired


async def find_wishes(session: CurrentSession, caller: MaybeCaller) -> Wishes | None:
    """What the caller has saved; ``None`` for whoever has saved nothing, be it for want of an
    account. They are answered as everybody is.
    """
    if caller is None or caller.owner_id is None:
        return None
    wishes = await service.wishes_of(session, caller.owner_id)
    return wishes if wishes.hide or wishes.warn else None


TheWishes = Annotated[Wishes | None, Depends(find_wishes)]


async def own_account(caller: KnownCaller) -> int:
    """The caller's account.

    :raises AccountRequired: the caller has none, or is one of its bots.
    """
    if caller.owner_id is None:
        raise AccountRequired
    return caller.owner_id


OwnAccount = Annotated[int, Depends(own_account)]
