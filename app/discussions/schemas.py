"""Shapes of discussions."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field
from typing_extensions import TypeAliasType

from app.core.fields import AnswerModel, Instant, Line, Text, UpdateModel
from app.core.paging import Page
from app.identity.schemas import (
    AUTHOR_EXAMPLE,
    EDIT_TOKEN_EXAMPLE,
    AuthorPublic,
    BylineSent,
    ReceiptFields,
)
from app.threads.schemas import OwnFields

DiscussionKind = TypeAliasType(
    "DiscussionKind", Literal["general", "ask_a_mod", "announcement", "friending"]
)
Title = Annotated[str, Line(255)]
#: As long as a comment may be: it is talk, where a prompt is a wish.
DiscussionBody = Annotated[str, Text(16_000)]

_KIND = (
    "`general` talk, `ask_a_mod` (questions to the moderators), `announcement` (by moderators "
    "alone), `friending` (people looking for people)."
)
_TITLE = "A short title; without one it is made from the first words."
_BODY = "What it is about, in Markdown."
_IS_PINNED = "Whether it stands before all others in the list."
_IS_CLOSED = "Whether it takes no more comments."

_SENT_EXAMPLE: dict[str, Any] = {
    "kind": "ask_a_mod",
    "title": "Are crossovers welcome?",
    "body": "Two lighthouses, *one* storm: which fandom do I name first?",
}
DISCUSSION_EXAMPLE: dict[str, Any] = {
    "id": "5m1q8w3e7r2t6y0v",
    "board": "found-family",
    **_SENT_EXAMPLE,
    "body_html": "<p>Two lighthouses, <em>one</em> storm: which fandom do I name first?</p>\n",
    "is_pinned": False,
    "is_closed": False,
    "state": "visible",
    "is_frozen": False,
    "comments_count": 0,
    "latest_seq": 0,
    "last_activity_at": "2026-11-01T19:20:00Z",
    "author": AUTHOR_EXAMPLE,
    "created_at": "2026-11-01T19:20:00Z",
    "edited_at": None,
    "url": "http://127.0.0.1:8000/v1/discussions/5m1q8w3e7r2t6y0v",
}


class DiscussionCreate(BylineSent):
    """A new discussion. Only `body` is needed."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [_SENT_EXAMPLE, {"body": _SENT_EXAMPLE["body"]}]}
    )

    kind: DiscussionKind = Field(default="general", description=_KIND)
    title: Title | None = Field(default=None, description=_TITLE)
    body: DiscussionBody = Field(description=_BODY)


class DiscussionUpdate(UpdateModel):
    """What to change of a discussion; what is left out stays. A title of null is made from the
    words again.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"title": "Are crossovers welcome? (Answered)"}]}
    )

    title: Title | None = Field(default=None, description=_TITLE)
    body: DiscussionBody = Field(default="", description=_BODY)
    is_pinned: bool = Field(default=False, description=f"{_IS_PINNED} For moderators.")
    is_closed: bool = Field(
        default=False,
        description=f"{_IS_CLOSED} For moderators, and for whoever began it; what a moderator has "
        "closed only a moderator opens again.",
    )


class DiscussionPublic(AnswerModel):
    """A discussion as everybody sees it."""

    model_config = ConfigDict(json_schema_extra={"examples": [DISCUSSION_EXAMPLE]})

    id: str
    board: str = Field(description="The board's `slug`.")
    kind: DiscussionKind = Field(description=_KIND)
    title: str
    body: str = Field(description="The text exactly as it was sent.")
    body_html: str = Field(description="The text as HTML that is safe to show.")
    is_pinned: bool = Field(description=_IS_PINNED)
    is_closed: bool = Field(description=_IS_CLOSED)
    state: Literal["visible", "screened", "hidden", "held"]
    is_frozen: bool = Field(description="Whether a moderator has frozen it: it takes no comments.")
    comments_count: int
    latest_seq: int = Field(description="The `seq` of the newest comment.")
    last_activity_at: Instant
    author: AuthorPublic
    created_at: Instant
    edited_at: Instant | None
    url: str


class DiscussionWithOwn(DiscussionPublic, OwnFields):
    """A discussion, with what only whoever began it reads."""


class DiscussionReceipt(DiscussionPublic, ReceiptFields):
    """A discussion as whoever began it gets it back."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{**DISCUSSION_EXAMPLE, "edit_token": EDIT_TOKEN_EXAMPLE, "notices": []}]
        }
    )


class DiscussionPage(Page[DiscussionPublic]):
    """One page of discussions."""
