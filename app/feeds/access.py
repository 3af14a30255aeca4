"""How a request obtains what a feed is of.

No public feed looks at a token: each is the same for everybody.
"""

from typing import Annotated, Any

from fastapi import Depends, Path

from app.core.errors import NotFound
from app.core.sessions import CurrentSession
from app.fills.access import StandingFill, readable_fill
from app.identity.people import Subscriber
from app.identity.service import subscriber_behind
from app.labels.access import AdultAsked


async def fill_told_of(fill: StandingFill, adult: AdultAsked = False) -> Any:
    """A fill whose parts are told of.

    :raises Gone: its author deleted it.
    :raises AdultContent: it is adult, and that was not asked for.
    """
    return await readable_fill(fill, adult)


FillToldOf = Annotated[Any, Depends(fill_told_of)]


async def subscriber(
    session: CurrentSession,
    feed_token: Annotated[
        str, Path(max_length=100, description="What the `url` of a private feed holds.")
    ],
) -> Subscriber:
    """Whoever an address was given to.

    :raises NotFound: it was given to nobody, or leads nowhere any more.
    """
    found = await subscriber_behind(session, feed_token)
    if found is None:
        raise NotFound
    return found


TheSubscriber = Annotated[Subscriber, Depends(subscriber)]
