"""Shapes of identity."""

from typing import Literal

from pydantic import ConfigDict, Field

from app.core.fields import AnswerModel, RequestModel

#: Shaped like a token; its checksum is wrong on purpose.
EDIT_TOKEN_EXAMPLE = "fbe_7Yk0dQp4tXb2WmNc9LrJs6Vh3Gz1Fa8EuKo5TiHnRqPxSvB2mZ0aQ"  # noqa: S105


class AuthorPublic(AnswerModel):
    """What everybody may know of an author. Faces of one person in two conversations can't be
    matched.
    """

    kind: Literal["anonymous", "named", "bot"]
    name: str | None = Field(description="The account's name; null when anonymous.")
    face: str | None = Field(
        description="The name that the mask wears in this conversation (a prompt with its fills "
        "and all their comments, or one discussion); null when named, when the author has cut the "
        "tie, or when the board shows no faces. Two people may, very rarely, wear the same one."
    )
    is_op: bool = Field(
        description="Wrote the prompt of this conversation, or began the discussion."
    )
    is_filler: bool = Field(description="Wrote a fill of the prompt of this conversation.")
    is_moderator: bool = Field(description="Speaks as a moderator of the board.")


class Notice(AnswerModel):
    """Something worth knowing about what was just posted."""

    code: str
    message: str


#: What is said of a secret that a POST answers with.
SHOWN_ONCE = (
    "It is never shown again, but to whoever repeats the request with its `Idempotency-Key`."
)


class ReceiptFields(AnswerModel):
    """What only the reply to a post carries."""

    edit_token: str | None = Field(
        default=None,
        description="Proves that the post is yours: keep it. Only there when the post was sent "
        f"without a token. {SHOWN_ONCE}",
    )
    notices: list[Notice] = Field(description="What is worth knowing about this post.")


class MaskReceipt(AnswerModel):
    """A mask made ahead of the first post."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"edit_token": EDIT_TOKEN_EXAMPLE}]})

    edit_token: str = Field(
        description="Send it as `Authorization: Bearer` with every post that is to be yours. "
        f"{SHOWN_ONCE}"
    )


class BylineSent(RequestModel):
    """How somebody with a name wants to be seen on a post."""

    anonymous: bool = Field(
        default=False, description="Hide the account's name. Posts without an account always are."
    )
    new_mask: bool = Field(
        default=False,
        description="For API keys: post for somebody else, behind a mask that is made for them. "
        "The receipt carries their edit token.",
    )
    as_moderator: bool = Field(
        default=False, description="Wear the moderator's badge; for the board's moderators."
    )


#: The author of the examples.
AUTHOR_EXAMPLE = {
    "kind": "anonymous",
    "name": None,
    "face": "gentle amber otter",
    "is_op": True,
    "is_filler": False,
    "is_moderator": False,
}
