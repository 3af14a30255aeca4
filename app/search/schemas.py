"""Shapes of what is found and counted."""

from typing import Any, Literal

from pydantic import ConfigDict, Field
from typing_extensions import TypeAliasType

from app.core.fields import AnswerModel
from app.core.paging import Omitted, Page
from app.fills.schemas import FillPublic
from app.prompts.schemas import PROMPT_EXAMPLE, PromptPublic

WorkType = TypeAliasType("WorkType", Literal["prompt", "fill"])
FacetName = TypeAliasType(
    "FacetName",
    Literal[
        "status",
        "rating",
        "round",
        "medium",
        "language",
        "fandom",
        "character",
        "relationship",
        "tag",
        "content_note",
    ],
)

_FOUND: dict[str, Any] = {
    "type": "prompt",
    "prompt": PROMPT_EXAMPLE,
    "fill": None,
    "snippet": "A lonely lighthouse keeper befriends whatever the storm washed up.",
    "snippet_html": "A lonely <mark>lighthouse</mark> keeper befriends whatever the storm washed "
    "up.",
}
_VALUE: dict[str, Any] = {"value": "found family", "count": 2, "more": False}


class FoundPublic(AnswerModel):
    """A prompt or a fill in which the words were found."""

    model_config = ConfigDict(json_schema_extra={"examples": [_FOUND]})

    type: WorkType
    prompt: PromptPublic | None = Field(description="The prompt, if that is what was found.")
    fill: FillPublic | None = Field(description="The fill, if that is what was found.")
    snippet: str = Field(
        description="Plain text around the first place where the words stand in the text, or its "
        "beginning."
    )
    snippet_html: str = Field(
        description="The same as HTML that is safe to show, the words in `<mark>`."
    )


class FoundPage(Page[FoundPublic]):
    """One page of what was found."""


class FacetValue(AnswerModel):
    """A value, and how many works have it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_VALUE]})

    value: str | int = Field(
        description="As works have it: a round is a number. A language "
        "is counted with its regions, as the filter finds it."
    )
    count: int = Field(description="How many have it, counted up to 1000.")
    more: bool = Field(description="Whether there may be more than were counted.")


class FacetsPublic(AnswerModel):
    """What there is of everything, under some filters."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "facets": {
                        "status": [{"value": "open", "count": 2, "more": False}],
                        "tag": [_VALUE],
                    },
                    "omitted": {"adult": 0, "filtered": 0},
                }
            ]
        }
    )

    facets: dict[FacetName, list[FacetValue]] = Field(
        description="For each facet its values, the most frequent first."
    )
    omitted: Omitted
