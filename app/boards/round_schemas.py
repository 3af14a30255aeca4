"""Shapes of rounds."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field
from typing_extensions import TypeAliasType

from app.core.fields import AnswerModel, Instant, InstantSent, Line, RequestModel, UpdateModel
from app.core.paging import Page

Phase = TypeAliasType("Phase", Literal["upcoming", "prompting", "fill_only", "closed", "archived"])
Title = Annotated[str, Line(255)]

EXAMPLE_ROUND: dict[str, Any] = {"number": 1, "title": "Round 1", "phase": "prompting"}
_PHASE = (
    "`prompting` takes everything; `fill_only` no prompts; `closed` comments, late fills and "
    "parts; `archived` nothing; an `upcoming` round has not begun."
)
_OPENS_AT = (
    "When an `upcoming` round becomes `prompting` by itself; null: when a moderator says so."
)
_CLOSES_AT = "When it is `closed` by itself; null: when a moderator says so."
_CLOSES_AT_COMMENTS = (
    "With so many comments a `prompting` round is `closed` by itself; null: with no number."
)
_Opening = Annotated[InstantSent | None, Field(description=_OPENS_AT)]
_Closing = Annotated[InstantSent | None, Field(description=_CLOSES_AT)]


class RoundCreate(RequestModel):
    """A new round of a board."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "The winter round",
                    "opens_at": "2036-12-01T18:00:00Z",
                    "closes_at": "2036-12-31T18:00:00Z",
                    "closes_at_comments": 5000,
                }
            ]
        }
    )

    title: Title | None = Field(default=None, description='Left out, it is "Round" and its number.')
    phase: Phase | None = Field(
        default=None,
        description=f"{_PHASE} Left out, it is `upcoming` where `opens_at` is still to come, else "
        "`prompting`.",
    )
    opens_at: _Opening = None
    closes_at: _Closing = None
    closes_at_comments: int | None = Field(
        default=None,
        ge=1,
        le=1_000_000,
        description=f"{_CLOSES_AT_COMMENTS} Left out, it is the board's setting "
        "`close_round_at_comments`.",
    )


class RoundUpdate(UpdateModel):
    """What to change of a round; what is left out stays, but for a condition that a new `phase`
    has overtaken.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"phase": "fill_only"}]})

    title: Title = Field(default="")
    phase: Phase = Field(default="prompting", description=_PHASE)
    opens_at: _Opening = None
    closes_at: _Closing = None
    closes_at_comments: int | None = Field(
        default=None, ge=1, le=1_000_000, description=_CLOSES_AT_COMMENTS
    )


class RoundBrief(AnswerModel):
    """The round that a board is in."""

    number: int
    title: str
    phase: Phase


class RoundPublic(AnswerModel):
    """A round as everybody sees it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **EXAMPLE_ROUND,
                    "opens_at": None,
                    "closes_at": None,
                    "closes_at_comments": None,
                    "prompts_count": 2,
                    "fills_count": 1,
                    "comments_count": 5,
                }
            ]
        }
    )

    number: int
    title: str
    phase: Phase = Field(description=_PHASE)
    opens_at: Instant | None = Field(description=_OPENS_AT)
    closes_at: Instant | None = Field(description=_CLOSES_AT)
    closes_at_comments: int | None = Field(description=_CLOSES_AT_COMMENTS)
    prompts_count: int
    fills_count: int
    comments_count: int


class RoundPage(Page[RoundPublic]):
    """One page of rounds."""
