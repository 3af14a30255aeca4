"""Shapes of boards and rounds."""

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from app.boards.models import SLUG_PATTERN
from app.core.fields import AnswerModel, Instant, Line, RequestModel, Text, UpdateModel
from app.core.paging import Page
from app.labels.schemas import Rating

Phase = TypeAliasType("Phase", Literal["upcoming", "prompting", "fill_only", "closed", "archived"])
Slug = Annotated[str, Field(pattern=SLUG_PATTERN)]
Rules = Annotated[list[Annotated[str, Line(1000)]], Field(max_length=100)]

#: Ratings from the mildest up. What is not rated may be anything, so it counts as the highest.
SEVERITY: dict[str, int] = {"general": 0, "teen": 1, "mature": 2, "explicit": 3, "not_rated": 3}

_EXAMPLE_SETTINGS: dict[str, Any] = {
    "default_rating": "general",
    "max_rating": "teen",
    "show_faces": True,
}
_EXAMPLE_ROUND: dict[str, Any] = {"number": 1, "title": "Round 1", "phase": "prompting"}
BOARD_EXAMPLE: dict[str, Any] = {
    "slug": "found-family",
    "name": "The Found Family Meme",
    "description": "Strangers who become kin. All fandoms, all media.",
    "rules": ["One prompt a post.", "Be kind: somebody else's cup of tea is still tea."],
    "settings": _EXAMPLE_SETTINGS,
    "moderators": [{"name": "lighthouse", "role": "owner"}],
    "current_round": _EXAMPLE_ROUND,
    "prompts_count": 2,
    "fills_count": 1,
    "created_at": "2026-11-01T18:00:00Z",
    "url": "http://127.0.0.1:8000/v1/boards/found-family",
}

_DEFAULT_RATING = "What a prompt is rated that is posted without a rating."
_MAX_RATING = (
    "The highest rating that prompts and fills may have here; `not_rated` needs `explicit`."
)
_SHOW_FACES = "Whether anonymous authors wear a face in each conversation."


class BoardSettings(RequestModel):
    """How a community wants its board. Communities disagree, so each of these is a setting."""

    default_rating: Rating = Field(description=_DEFAULT_RATING)
    max_rating: Rating = Field(default="explicit", description=_MAX_RATING)
    show_faces: bool = Field(default=True, description=_SHOW_FACES)

    @model_validator(mode="after")
    def _default_within_max(self) -> Self:
        if SEVERITY[self.default_rating] > SEVERITY[self.max_rating]:
            raise PydanticCustomError(
                "rating_above_max", "default_rating is above max_rating: nobody could use it."
            )
        return self


class BoardSettingsUpdate(UpdateModel):
    """The settings to change; the others stay."""

    default_rating: Rating = Field(default="general", description=_DEFAULT_RATING)
    max_rating: Rating = Field(default="explicit", description=_MAX_RATING)
    show_faces: bool = Field(default=True, description=_SHOW_FACES)


class BoardCreate(RequestModel):
    """A new board. It has round 1, in phase `prompting`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "slug": "found-family",
                    "name": "The Found Family Meme",
                    "description": "Strangers who become kin. All fandoms, all media.",
                    "rules": ["One prompt a post."],
                    "settings": _EXAMPLE_SETTINGS,
                }
            ]
        }
    )

    slug: Slug = Field(description="Its address: 1 to 40 of `a-z`, `0-9`, `-`, `_`.")
    name: Annotated[str, Line(255)]
    description: Annotated[str, Text(5000, at_least=0)] = ""
    rules: Rules = Field(default_factory=list, description="One rule an entry.")
    settings: BoardSettings


class BoardUpdate(UpdateModel):
    """What to change of a board; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"settings": {"show_faces": False}}]})

    name: Annotated[str, Line(255)] = Field(default="")
    description: Annotated[str, Text(5000, at_least=0)] = Field(default="")
    rules: Rules = Field(default_factory=list)
    settings: BoardSettingsUpdate = Field(default_factory=BoardSettingsUpdate.model_construct)


class ModeratorPublic(AnswerModel):
    """Somebody who keeps order on a board."""

    name: str
    role: Literal["owner", "moderator"]


class RoundBrief(AnswerModel):
    """The round that a board is in."""

    number: int
    title: str
    phase: Phase


class BoardPublic(AnswerModel):
    """A board as everybody sees it."""

    model_config = ConfigDict(json_schema_extra={"examples": [BOARD_EXAMPLE]})

    slug: str
    name: str
    description: str
    rules: list[str]
    settings: BoardSettings
    moderators: list[ModeratorPublic]
    current_round: RoundBrief
    prompts_count: int
    fills_count: int
    created_at: Instant
    url: str


class RoundPublic(AnswerModel):
    """A round as everybody sees it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_EXAMPLE_ROUND,
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
    phase: Phase = Field(
        description="`prompting` takes everything; `fill_only` no prompts; `closed` comments, late "
        "fills and parts; `archived` nothing."
    )
    opens_at: Instant | None
    closes_at: Instant | None
    closes_at_comments: int | None = Field(
        description="After so many comments it takes no more prompts."
    )
    prompts_count: int
    fills_count: int
    comments_count: int


class BoardPage(Page[BoardPublic]):
    """One page of boards."""


class RoundPage(Page[RoundPublic]):
    """One page of rounds."""
