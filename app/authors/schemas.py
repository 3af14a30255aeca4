"""Shapes of revealing and orphaning."""

from typing import Any, Literal

from pydantic import ConfigDict, Field
from typing_extensions import TypeAliasType

from app.core.fields import AnswerModel, RequestModel
from app.identity.schemas import AUTHOR_EXAMPLE, EDIT_TOKEN_EXAMPLE, AuthorPublic

SignedType = TypeAliasType("SignedType", Literal["prompt", "fill", "discussion", "comment"])
Because = TypeAliasType("Because", Literal["face", "is_op", "is_filler"])

_EXAMPLE: dict[str, Any] = {
    "type": "fill",
    "id": "7h3k9m2q5t8w1z4c",
    "url": "http://127.0.0.1:8000/v1/fills/7h3k9m2q5t8w1z4c",
    "author": {**AUTHOR_EXAMPLE, "kind": "named", "name": "lamplighter", "face": None},
    "is_dry_run": False,
    "gives_away": [
        {
            "type": "comment",
            "id": "2b5n8m1k4j7h0g3f",
            "url": "http://127.0.0.1:8000/v1/comments/2b5n8m1k4j7h0g3f",
            "because": ["face", "is_filler"],
        }
    ],
}


class AuthorSent(RequestModel):
    """Under whose name a post is to stand."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"edit_token": EDIT_TOKEN_EXAMPLE}, {"anonymous": True}]}
    )

    edit_token: str | None = Field(
        default=None,
        max_length=100,
        description="The edit token of the mask that posted it. What your account posted itself "
        "needs none.",
    )
    anonymous: bool = Field(
        default=False,
        description="Hide the name again: the post shows the face that it had before.",
    )


class GivenAway(AnswerModel):
    """Another post that readers know to be by the same author."""

    type: SignedType
    id: str
    url: str
    because: list[Because] = Field(
        description="By what: the same `face` in this conversation, or that its author `is_op` or "
        "`is_filler`."
    )


class SignedPublic(AnswerModel):
    """How a post is signed now."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    type: SignedType
    id: str
    url: str
    author: AuthorPublic
    is_dry_run: bool = Field(description="Nothing was changed: this is how it would be.")
    gives_away: list[GivenAway] = Field(
        description="Whatever else of yours in this conversation stands behind the same mask. From "
        "now on it is not shown as the same person's; but who has read it before, or keeps a copy, "
        "knows."
    )
