"""Shapes of moderation: what is done, the log of it, and the reasons."""

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from app.core.fields import AnswerModel, Instant, RequestModel, Text
from app.core.paging import Page
from app.kit.ids import PATTERN
from app.moderation.reasons import ReasonCode

Action = TypeAliasType(
    "Action",
    Literal["screen", "unscreen", "hide", "unhide", "freeze", "unfreeze", "move"],
)
TargetType = TypeAliasType("TargetType", Literal["prompt", "fill", "discussion", "comment"])
ThreadType = TypeAliasType("ThreadType", Literal["prompt", "fill", "discussion"])
#: How many things one action may be about.
MAX_TARGETS = 100
Note = Annotated[str, Text(1000)]

_TARGET: dict[str, Any] = {"type": "comment", "id": "2b5n8m1k4j7h0g3f"}
_ENTRY: dict[str, Any] = {
    "id": "9q2w4e6r8t0y1p3s",
    "board": "found-family",
    "action": "move",
    "reason": "misfire",
    "note": "This answers the other umbrella prompt.",
    "target": {
        **_TARGET,
        "url": "http://127.0.0.1:8000/v1/comments/2b5n8m1k4j7h0g3f",
    },
    "count": None,
    "by": "moderator",
    "created_at": "2026-11-03T12:00:00Z",
    "appeal": "none",
    "url": "http://127.0.0.1:8000/v1/mod-log/9q2w4e6r8t0y1p3s",
}


class TargetSent(RequestModel):
    """What something is to be done to."""

    type: TargetType
    id: str = Field(pattern=PATTERN)


class MoveTo(RequestModel):
    """Where a comment is to be moved."""

    type: ThreadType = Field(description="The kind of thing whose thread it is.")
    id: str = Field(pattern=PATTERN, description="The prompt, the fill or the discussion.")
    parent_id: str | None = Field(
        default=None,
        pattern=PATTERN,
        description="The comment of that thread below which it is to stand; left out, it stands at "
        "the top level.",
    )
    from_adult: bool = Field(
        default=False,
        description="It may be moved from below something adult to something that is not: you have "
        "read it, and it may be read there by everybody.",
    )


class ModActionCreate(RequestModel):
    """What a moderator does, to one thing (`target`) or to several (`targets`)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"action": "hide", "target": _TARGET, "reason": "harassment"},
                {
                    "action": "move",
                    "target": _TARGET,
                    "to": {"type": "prompt", "id": "4k7t9x2m0p3r8s1w"},
                    "reason": "misfire",
                    "note": "This answers the other umbrella prompt.",
                },
            ]
        }
    )

    action: Action = Field(
        description="`screen`: have it wait out of sight for a decision; `unscreen` releases it. "
        "`hide`: take it out of sight, and with a prompt, a fill or a discussion all that is below "
        "it; `unhide` brings it back. `freeze`: nothing more is posted below it; `unfreeze` opens "
        "it again. `move`: a comment, with all that is below it, goes to another thread of the "
        "board, or to another place in its own."
    )
    target: TargetSent | None = None
    targets: list[TargetSent] | None = Field(
        default=None, min_length=1, max_length=MAX_TARGETS, description="All of this board."
    )
    reason: ReasonCode = Field(description="A code of `/reasons`.")
    note: Note | None = Field(
        default=None,
        description="Whatever else there is to say. Everybody reads it in the log: name nobody.",
    )
    to: MoveTo | None = Field(default=None, description="With `move`: where to.")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.target is None) == (self.targets is None):
            raise PydanticCustomError("one_of", "Send either `target` or `targets`.")
        if (self.to is not None) != (self.action == "move"):
            raise PydanticCustomError("to_with_move", "`to` is sent with `move`, and only then.")
        if self.action == "move" and (self.target is None or self.target.type != "comment"):
            raise PydanticCustomError("moves_a_comment", "`move` takes one comment as `target`.")
        return self


class LogTargetPublic(AnswerModel):
    """To what something was done."""

    type: TargetType
    id: str
    url: str


class LogEntryPublic(AnswerModel):
    """One thing that was done, as everybody reads it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ENTRY]})

    id: str
    board: str
    action: Action
    reason: ReasonCode = Field(description="`/reasons` explains the codes.")
    note: str | None
    target: LogTargetPublic | None = Field(
        description="To what it was done. Null where it was several things, which side by side "
        "might tell who wrote them, and where nobody else had seen it yet."
    )
    count: int | None = Field(description="To how many things it was done, where none is named.")
    by: Literal["moderator", "author", "system"] = Field(
        description="Who did it. So far always `moderator`: what authors and the service itself do "
        "will stand here later."
    )
    created_at: Instant
    appeal: Literal["none", "open", "upheld", "overturned"] = Field(
        description="What became of an appeal. So far always `none`: appeals come later."
    )
    url: str


class LogPage(Page[LogEntryPublic]):
    """One page of the log."""


class ReasonPublic(AnswerModel):
    """A reason for which moderators act."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": "misfire",
                    "title": "Misfire",
                    "explanation": "It was posted in the wrong place.",
                }
            ]
        }
    )

    code: ReasonCode
    title: str
    explanation: str


class ReasonPage(Page[ReasonPublic]):
    """All reasons."""
