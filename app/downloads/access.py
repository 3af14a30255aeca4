"""How a request obtains a whole work."""

from typing import Annotated

from fastapi import Depends

from app.core.sessions import CurrentSession
from app.core.site import TheSite
from app.downloads.sending import Reading
from app.fills.access import ReadableFill
from app.identity.access import MaybeCaller
from app.labels.access import AdultAsked


async def begin_reading(
    fill: ReadableFill,
    caller: MaybeCaller,
    session: CurrentSession,
    site: TheSite,
    adult: AdultAsked = False,
) -> Reading:
    """A fill to be read as a whole, by whoever may read its parts."""
    return await Reading.begin(session, site, caller, fill, adult=adult)


TheReading = Annotated[Reading, Depends(begin_reading)]
