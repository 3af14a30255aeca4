"""Shapes of moderation: what is done, the log of it, and the reasons."""

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from app.core.fields import AnswerModel, Instant, InstantSent, RequestModel, Text
from app.core.paging import Page
from app.kit.ids import PATTERN
from app.labels.schemas import LabelsUpdate
from app.moderation.reasons import ReasonCode

Action = TypeAliasType(
    "Action",
    Literal[
        "screen",
        "unscreen",
        "hide",
        "unhide",
        "freeze",
        "unfreeze",
        "move",
        "relabel",
        "convert",
        "ban",
        "hold",
    ],
)
LoggedAction = TypeAliasType(
    "LoggedAction",
    Literal[
        "screen",
        "unscreen",
        "hide",
        "unhide",
        "freeze",
        "unfreeze",
        "move",
        "relabel",
        "convert",
        "ban",
        "unban",
        "hold",
        "pause",
        "resume",
        "close",
        "open",
    ],
)
TargetType = TypeAliasType("TargetType", Literal["prompt", "fill", "part", "discussion", "comment"])
SentType = TypeAliasType(
    "SentType", Literal["prompt", "fill", "part", "discussion", "comment", "author_of"]
)
Reach = TypeAliasType("Reach", Literal["mask", "account", "network"])
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

    type: SentType = Field(
        description="With `author_of` it is done to all that the author of the post `id` has "
        "posted on this board, as far as it is signed alike: all under the same mask, or all under "
        "the same name."
    )
    id: str = Field(pattern=PATTERN)
    within_hours: int | None = Field(
        default=None,
        ge=1,
        le=720,
        description="With `author_of`: what they posted in the last so many hours; 24 unless said.",
    )

    @model_validator(mode="after")
    def _counts_hours_of_an_author(self) -> Self:
        if self.within_hours is not None and self.type != "author_of":
            raise PydanticCustomError("hours", "`within_hours` goes with `author_of`.")
        return self


class MoveTo(RequestModel):
    """Where a comment is to be moved, or what it becomes: a fill of a prompt, a part of one."""

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


#: What has to be sent with which action, and with no other.
_GOES_WITH: dict[str, tuple[Action, ...]] = {
    "to": ("move", "convert"),
    "changes": ("relabel",),
    "reach": ("ban",),
}
#: What can be done to whatever somebody has posted.
_IN_BULK = ("screen", "unscreen", "hide", "unhide", "freeze", "unfreeze", "hold")


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
        "board, or to another place in its own. `relabel`: correct what a prompt or a fill says "
        "of itself, or what a part warns about (`changes`). `convert`: a comment becomes the fill "
        "of a prompt, or the next part of its author's own fill, that it was meant to be (`to`). "
        "`ban`: whoever posted this posts no more on the board (`reach`, `expires_at`); lift it "
        "with `DELETE …/bans/{ban}`. `hold`: withhold it from everybody, its author and moderators "
        "included, as the law may want; administrators alone hold, and bring it back with "
        "`unhide`."
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
    to: MoveTo | None = Field(
        default=None, description="With `move`: where to. With `convert`: into what."
    )
    changes: LabelsUpdate | None = Field(
        default=None, description="With `relabel`: the labels as they ought to be."
    )
    reach: Reach | None = Field(
        default=None,
        description="With `ban`: how far it reaches. `mask`: whoever shows the same edit token, or "
        "account. `account`: the account behind it, too, if there is one, which you are not told. "
        "`network`: whoever comes from the same network; for seven days from the post at most, "
        "for longer nobody knows it.",
    )
    expires_at: InstantSent | None = Field(
        default=None, description="With `ban`: until when; left out, until it is lifted."
    )
    closes_reports: bool = Field(
        default=False,
        description="Uphold the open reports about the targets, too. Those about what you posted "
        "yourself stay open, unless nobody else moderates the board.",
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.target is None) == (self.targets is None):
            raise PydanticCustomError("one_of", "Send either `target` or `targets`.")
        for name, actions in _GOES_WITH.items():
            if (getattr(self, name) is not None) != (self.action in actions):
                message = f"`{name}` is sent with {' and '.join(actions)}, and only then."
                raise PydanticCustomError("goes_with", "{message}", {"message": message})
        if self.expires_at is not None and self.action != "ban":
            raise PydanticCustomError("expires_with_ban", "`expires_at` is sent with ban alone.")
        if self.action in ("move", "convert") and self._types() != {"comment"}:
            raise PydanticCustomError("one_comment", "This takes one comment as `target`.")
        if self.action in ("move", "convert", "ban") and self.target is None:
            raise PydanticCustomError("one_target", "This takes one `target`.")
        self._check_types()
        return self

    def _check_types(self) -> None:
        types = self._types()
        if "author_of" in types and (self.target is None or self.action not in _IN_BULK):
            message = "`author_of` is one `target`, of an action that suits whatever they posted."
            raise PydanticCustomError("author_of", "{message}", {"message": message})
        if "part" in types and self.action != "relabel":
            raise PydanticCustomError(
                "part_has_no_state", "A part has no state of its own: name the fill."
            )
        if self.action == "relabel" and types & {"comment", "discussion"}:
            raise PydanticCustomError("no_labels", "Comments and discussions have no labels.")
        if self.changes is not None and "part" in types:
            others = self.changes.model_fields_set - {"content_notes"}
            if others:
                raise PydanticCustomError("part_has_notes", "Of a part, change `content_notes`.")

    def _types(self) -> set[str]:
        sent = [self.target] if self.target else self.targets or []
        return {each.type for each in sent}


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
    action: LoggedAction
    reason: ReasonCode = Field(description="`/reasons` explains the codes.")
    note: str | None
    target: LogTargetPublic | None = Field(
        description="To what it was done. Null where it was several things, which side by side "
        "might tell who wrote them, where nobody else had seen it yet, and where somebody was "
        "banned for it."
    )
    count: int | None = Field(description="To how many things it was done, where none is named.")
    by: Literal["moderator", "author", "system"] = Field(
        description="Who did it: a `moderator`, or the service itself (`system`), which hides what "
        "is reported as a danger to minors or as outing somebody until a moderator has looked."
    )
    created_at: Instant
    appeal: Literal["none", "open", "upheld", "overturned"] = Field(
        description="What became of an appeal by the author: `open`, `upheld` (the decision "
        "stands), `overturned` (it was undone). Where no target is named, its authors alone are "
        "told."
    )
    url: str


class LogPage(Page[LogEntryPublic]):
    """One page of the log."""


class BanPublic(AnswerModel):
    """A ban from a board. It does not say whom it meets."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "5t7y9u1i3o5p7a9s",
                    "reach": "mask",
                    "reason": "harassment",
                    "note": None,
                    "created_at": "2026-11-03T12:00:00Z",
                    "expires_at": "2026-12-03T12:00:00Z",
                    "is_active": True,
                    "log_id": "9q2w4e6r8t0y1p3s",
                }
            ]
        }
    )

    id: str
    reach: Reach
    reason: ReasonCode
    note: str | None
    created_at: Instant
    expires_at: Instant | None
    is_active: bool = Field(description="It has neither run out nor been lifted.")
    log_id: str = Field(description="Its entry in the board's log.")


class BanPage(Page[BanPublic]):
    """The bans of a board."""


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
