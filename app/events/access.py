"""How a request obtains what it follows."""

from typing import Annotated

from fastapi import Depends, Header, Request

from app.boards.access import ListedBoard
from app.core.fields import MAX_CURSOR
from app.core.sessions import CurrentSession
from app.core.site import TheSite
from app.core.sources import TheSource
from app.events.following import Extent, extent_of, number_at
from app.events.lists import LiveSince, TheEventsAsked, TheStretchAsked
from app.events.streams import Follower, Streams
from app.identity.access import MaybeCaller

#: What is sent in place of a cursor.
_NOW, _BEGINNING = "latest", ""


def _named(extent: Extent, since: str) -> int:
    return extent.latest if since == _NOW else extent.forgotten


async def stretch_start(
    session: CurrentSession, site: TheSite, board: ListedBoard, asked: TheStretchAsked
) -> int:
    """The number after which events are asked for.

    :raises BadCursor: the cursor was edited, or is another board's.
    """
    if asked.since in (_NOW, _BEGINNING):
        return _named(await extent_of(session, board.id), asked.since)
    return number_at(site, board.id, asked.since)


StretchStart = Annotated[int, Depends(stretch_start)]

LastId = Annotated[
    str,
    Header(
        alias="Last-Event-ID",
        max_length=MAX_CURSOR,
        description="The last id that was received. Browsers send it by themselves when they "
        "connect anew; it goes before `since`.",
    ),
]


async def follower(
    request: Request,
    session: CurrentSession,
    site: TheSite,
    caller: MaybeCaller,
    source: TheSource,
    board: ListedBoard,
    asked: TheEventsAsked,
    since: LiveSince = _NOW,
    last_id: LastId = "",
) -> Follower:
    """Somebody who follows a board live, from where they were or from now on.

    :raises BadCursor: the cursor was edited, or is another board's.
    :raises CursorExpired: not all that comes after it is kept.
    :raises StreamsFull: so many follow already that no more are taken.
    """
    streams: Streams = request.app.state.streams
    streams.check_room(source)
    asked_since, extent = last_id or since, await extent_of(session, board.id)
    if asked_since in (_NOW, _BEGINNING):
        position = _named(extent, asked_since)
    else:
        position = number_at(site, board.id, asked_since)
        extent.check(position)
    return Follower(site, streams, board, position, asked.wanted, source, caller)


TheFollower = Annotated[Follower, Depends(follower)]
