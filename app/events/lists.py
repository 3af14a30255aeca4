"""What a follower of a board asks for."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query

from app.core.fields import MAX_CURSOR, Limit
from app.core.parameters import asked
from app.events.following import Wanted
from app.labels.access import AdultAsked
from app.labels.names import tag_key
from app.labels.reading import KINDS
from app.outbox.models import EventType
from app.works.filters import TagsAsked


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
    fandom: Annotated[TagsAsked, _about("fandom")] = ()
    character: Annotated[TagsAsked, _about("character")] = ()
    relationship: Annotated[
        TagsAsked, _about("relationship, whatever the order of its members")
    ] = ()
    tag: Annotated[TagsAsked, _about("tag")] = ()
    content_note: Annotated[TagsAsked, _about("content note")] = ()
    adult: AdultAsked = False

    @property
    def wanted(self) -> Wanted:
        """What was asked for."""
        tags = {tag_key(kind, name) for kind in KINDS.values() for name in getattr(self, kind)}
        return Wanted(tuple(dict.fromkeys(self.types)), frozenset(tags), self.adult)


TheEventsAsked = Annotated[EventsAsked, asked(EventsAsked)]

_WHERE = "Where to read on: the `cursor` of the last answer, or the last id of a stream. "
Since = Annotated[
    str,
    Query(
        max_length=MAX_CURSOR,
        description=f"{_WHERE}Empty or left out: from the first event that is kept. `latest`: from "
        "now on.",
    ),
]
LiveSince = Annotated[
    str,
    Query(
        max_length=MAX_CURSOR,
        description=f"{_WHERE}`latest` or left out: from now on. Empty: from the first event that "
        "is kept.",
    ),
]


@dataclass(kw_only=True)
class StretchAsked:
    """Where events are read from, and how many."""

    since: Since = ""
    limit: Limit = 25


TheStretchAsked = Annotated[StretchAsked, asked(StretchAsked)]
