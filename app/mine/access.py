"""How a request that opens sessions of its own finds out who is asking."""

from typing import Annotated

from fastapi import Depends, Request

from app.core.errors import TokenRequired
from app.core.site import TheSite
from app.identity.access import bearer, find_caller
from app.identity.people import Caller


async def find_owner(
    request: Request, site: TheSite, _shown: Annotated[object, Depends(bearer)]
) -> Caller:
    """Whoever is asking, found in a session that is closed again: what takes long opens one for
    each of its steps.

    :raises TokenRequired: no token was sent.
    """
    async with site.database.reading() as session:
        caller = await find_caller(request, session, None)
    if caller is None:
        raise TokenRequired
    return caller


Owner = Annotated[Caller, Depends(find_owner)]
