"""What rooms above may bring along with a prompt.

A prompt can be read with its fills (``embed=fills``), but prompts know nothing of fills. So the
front desk (``app/api.py``) hands in who knows.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Depends, Query

from app.core.database import Session
from app.core.sessions import CurrentSession
from app.core.site import Site
from app.filters.access import find_wishes
from app.filters.wishes import Wishes
from app.identity.access import MaybeCaller
from app.labels.access import AdultAsked

EmbedName = Literal["fills"]


@dataclass(frozen=True)
class EmbedsAsked:
    """What is to be brought along, for a reader who asked for adult material or did not, and who
    has saved filters or none.
    """

    names: tuple[EmbedName, ...]
    adult: bool
    wishes: Wishes | None


#: From the row of a prompt to what stands under the embed's name.
Embed = Callable[[Session, Site, Any, EmbedsAsked], Awaitable[dict[str, Any]]]

EMBEDS: dict[EmbedName, Embed] = {}


async def embeds_asked(
    session: CurrentSession,
    caller: MaybeCaller,
    embed: Annotated[
        tuple[EmbedName, ...],
        Query(description="`fills` brings the first page of its fills along."),
    ] = (),
    adult: AdultAsked = False,
) -> EmbedsAsked:
    """What was asked for. Saved filters are only looked up where they have something to filter."""
    names = tuple(dict.fromkeys(embed))
    return EmbedsAsked(names, adult, await find_wishes(session, caller) if names else None)


TheEmbeds = Annotated[EmbedsAsked, Depends(embeds_asked)]
