"""Events as they are described."""

from typing import Any

from pydantic import ConfigDict, Field

from app.boards.round_schemas import RoundPublic
from app.boards.schemas import BoardPublic
from app.comments.schemas import CommentPublic
from app.core.fields import AnswerModel, Instant
from app.core.paging import Page
from app.discussions.schemas import DiscussionPublic
from app.fills.schemas import FillPublic, PartListed
from app.outbox.models import EventType
from app.prompts.schemas import PromptPublic


class OutOfSight(AnswerModel):
    """Something that can't be seen any more, or not now. Forget what you know of it."""

    id: str
    type: str = Field(description="`prompt`, `fill`, `comment` or `discussion`.")
    state: str = Field(
        description="`deleted`: by its author, for good. `hidden`: it, or what it belongs to, is "
        "out of sight, and may come back."
    )


class EventData(AnswerModel):
    """What an event is about: one thing under the name of its kind, in the shape that lists have,
    as it is when the event is read. What has gone out of sight since is three fields, whatever it
    was when the event happened.
    """

    prompt: PromptPublic | OutOfSight | None = None
    fill: FillPublic | OutOfSight | None = None
    part: PartListed | None = Field(
        default=None,
        description="With `fill.part_added` and `fill.part_updated`, beside `fill`: the part, "
        "without its text. Null if it is gone.",
    )
    comment: CommentPublic | OutOfSight | None = None
    discussion: DiscussionPublic | OutOfSight | None = None
    round: RoundPublic | None = None
    board: BoardPublic | None = None


EVENT_EXAMPLE: dict[str, Any] = {
    "id": "7h3k9m2p5q8r1s4t",
    "type": "prompt.withdrawn",
    "board": "found-family",
    "created_at": "2026-12-01T18:00:00Z",
    "data": {"prompt": {"id": "5w8x1y4z7a0b3c6d", "type": "prompt", "state": "hidden"}},
}


class EventPublic(AnswerModel):
    """Something that happened on a board."""

    model_config = ConfigDict(json_schema_extra={"examples": [EVENT_EXAMPLE]})

    id: str = Field(description="The event's own id, equal wherever it is told of.")
    type: EventType
    board: str = Field(description="The board's `slug`.")
    created_at: Instant = Field(description="When it happened.")
    data: EventData


class EventPage(Page[EventPublic]):
    """A stretch of what happened, in its order."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [EVENT_EXAMPLE],
                    "next": None,
                    "cursor": "Rk2xVb8nLs",
                    "omitted": {"adult": 0, "filtered": 0},
                }
            ]
        }
    )

    cursor: str = Field(
        description="What to send as `since` next time, also when `items` is empty. Keep it beside "
        "what you made of the events."
    )


STREAM_ANSWER: dict[str, Any] = {
    "description": "The events, without an end.",
    "content": {
        "text/event-stream": {
            "schema": {"type": "string"},
            "example": "retry: 3000\n"
            "id: qJ0mZt3yXw\n"
            "\n"
            "id: Rk2xVb8nLs\n"
            "event: prompt.withdrawn\n"
            'data: {"id": "7h3k9m2p5q8r1s4t", "type": "prompt.withdrawn", "board": "found-family", '
            '"created_at": "2026-12-01T18:00:00Z", "data": {"prompt": {"id": "5w8x1y4z7a0b3c6d", '
            '"type": "prompt", "state": "hidden"}}}\n'
            "\n",
        }
    },
}
