"""What a follower of a board asks for."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field

from app.core.fields import MAX_CURSOR, Limit
from app.core.parameters import asked
from app.events.following import Wanted
from app.labels.access import AdultAsked
from app.labels.names import tag_key
from app.labels.schemas import MAX_OF_A_KIND, TagName
from app.outbox.models import EventType

_Tags = Annotated[tuple[TagName, ...], Field(max_length=MAX_OF_A_KIND)]
_KINDS = ("fandom", "character", "relationship", "tag", "content_note")


def _about(what: str) -> Any:
    return Query(
        description=f"Only about works with this {what}, and what belongs to them; repeated: with "
        "all of them. Events about rounds, the board and discussions are left out then."
    )


@dataclass(kw_only=True)
class EventsAsked:
    """The filters of events (a FastAPI dependency)."""

    types: Annotated[
        tuple[EventType, ...], Query(description="Only of this type; repeated: of any of them.")
    ] = ()
    fandom: Annotated[_Tags, _about("fandom")] = ()
    character: Annotated[_Tags, _about("character")] = ()
    relationship: Annotated[_Tags, _about("relationship, whatever the order of its members")] = ()
    tag: Annotated[_Tags, _about("tag")] = ()
    content_note: Annotated[_Tags, _about("content note")] = ()
    adult: AdultAsked = False

    @property
    def wanted(self) -> Wanted:
        """What was asked for."""
        tags = {tag_key(kind, name) for kind in _KINDS for name in getattr(self, kind)}
        return Wanted(tuple(dict.fromkeys(self.types)), frozenset(tags), self.adult)


TheEventsAsked = Annotated[EventsAsked, asked(EventsAsked)]

Since = Annotated[
    str,
    Query(
        max_length=MAX_CURSOR,
        description="Where to read on: the `cursor` of the last answer, or the last id of a "
        "stream. Empty or left out: from the first event that is kept. `latest`: from now on.",
    ),
]


@dataclass(kw_only=True)
class StretchAsked:
    """Where events are read from, and how many."""

    since: Since = ""
    limit: Limit = 25


TheStretchAsked = Annotated[StretchAsked, asked(StretchAsked)]
