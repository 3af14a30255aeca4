"""Shapes of one's own things."""

from typing import Any, Literal

from pydantic import ConfigDict, Field
from typing_extensions import TypeAliasType

from app.comments.schemas import CommentPublic
from app.core.fields import AnswerModel
from app.core.paging import Page
from app.discussions.schemas import DiscussionPublic
from app.fills.schemas import FILL_EXAMPLE, FillPublic
from app.prompts.schemas import PROMPT_EXAMPLE, PromptPublic

OwnType = TypeAliasType("OwnType", Literal["prompt", "fill", "discussion", "comment"])
OwnState = TypeAliasType("OwnState", Literal["visible", "screened", "hidden"])
_NOTHING: dict[str, Any] = dict.fromkeys(("prompt", "fill", "discussion", "comment"))


class OwnPost(AnswerModel):
    """Something that you posted, or that somebody answered: of `prompt`, `fill`, `discussion` and
    `comment` the one that `type` names is there, the others are null.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**_NOTHING, "type": "prompt", "prompt": PROMPT_EXAMPLE}]}
    )

    type: OwnType
    prompt: PromptPublic | None
    fill: FillPublic | None
    discussion: DiscussionPublic | None
    comment: CommentPublic | None


class OwnPage(Page[OwnPost]):
    """One page of one's own things."""


class ReplyPublic(OwnPost):
    """What somebody said to you."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**_NOTHING, "type": "fill", "fill": FILL_EXAMPLE}]}
    )


class ReplyPage(Page[ReplyPublic]):
    """One page of what others said to you."""


class Deleted(AnswerModel):
    """What became of everything."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"deleted_count": 12, "is_done": True}]}
    )

    deleted_count: int = Field(description="So much was deleted by this request.")
    is_done: bool = Field(
        description="Nothing is left. Otherwise there was more than one request deletes: send it "
        "again."
    )
