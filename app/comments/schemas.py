"""Shapes of comments."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from app.core.fields import AnswerModel, Instant, Text, UpdateModel
from app.core.paging import Page
from app.identity.schemas import (
    AUTHOR_EXAMPLE,
    EDIT_TOKEN_EXAMPLE,
    AuthorPublic,
    BylineSent,
    ReceiptFields,
)
from app.kit.ids import PATTERN
from app.threads.schemas import OwnFields

CommentBody = Annotated[str, Text(16_000)]

COMMENT_EXAMPLE: dict[str, Any] = {
    "id": "2b5n8m1k4j7h0g3f",
    "seq": 2,
    "parent_id": "6d9f2g5h8j1k4m7z",
    "depth": 1,
    "body": "OP here: the *kettle*! Thank you, this made my week.",
    "body_html": "<p>OP here: the <em>kettle</em>! Thank you, this made my week.</p>\n",
    "part_number": 1,
    "thread": {
        "type": "fill",
        "id": "7h3m5n8b1v4c6x0z",
        "title": "Kettle Weather",
        "board": "found-family",
        "url": "http://127.0.0.1:8000/v1/fills/7h3m5n8b1v4c6x0z",
    },
    "author": AUTHOR_EXAMPLE,
    "state": "visible",
    "is_frozen": False,
    "moved_to": None,
    "replies_count": 0,
    "more_url": None,
    "created_at": "2026-11-02T10:15:00Z",
    "edited_at": None,
    "url": "http://127.0.0.1:8000/v1/comments/2b5n8m1k4j7h0g3f",
}


class PromptCommentCreate(BylineSent):
    """A new comment on a prompt."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"body": "Oh, I want this too!"}]})

    body: CommentBody = Field(description="What you say, in Markdown.")
    parent_id: str | None = Field(
        default=None,
        pattern=PATTERN,
        description="The comment that this replies to; left out, it begins anew.",
    )


class FillCommentCreate(PromptCommentCreate):
    """A new comment on a fill."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"body": "The *kettle*!", "part_number": 1}]}
    )

    part_number: int | None = Field(
        default=None, ge=1, le=1000, description="The part that this is about, if it is about one."
    )


class DiscussionCommentCreate(PromptCommentCreate):
    """A new comment in a discussion."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"body": "Whichever had the storm first, I think."}]}
    )


class CommentUpdate(UpdateModel):
    """What to change of a comment."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"body": "The *second* kettle!"}]})

    body: CommentBody = Field(description="What you say, in Markdown.")


class ThreadBrief(AnswerModel):
    """What a comment is about."""

    type: Literal["prompt", "fill", "discussion"]
    id: str
    title: str | None = Field(description="Null once it is deleted, or when it is adult.")
    board: str
    url: str


class MovedTo(AnswerModel):
    """Where a comment is read that was moved, or the fill that it became."""

    type: Literal["comment", "fill"]
    id: str
    url: str


class CommentPublic(AnswerModel):
    """A comment as everybody sees it.

    Below a comment that was taken away its replies stay, and the comment stays with them as a
    tombstone: `body` and `author` are null, and `state` says who took it away: its author
    (`deleted`) or a moderator (`hidden`). Where a moderator has moved a comment to another place, a
    stub stays that says where (`moved`, with `moved_to`).
    """

    model_config = ConfigDict(json_schema_extra={"examples": [COMMENT_EXAMPLE]})

    id: str
    seq: int | None = Field(
        description="Its place in time within its thread: each that comes into sight is higher. "
        "Null until a moderator released it."
    )
    parent_id: str | None = Field(description="The comment that it replies to.")
    depth: int = Field(description="How many comments it stands below; 0 is the top level.")
    body: str | None = Field(description="The text exactly as it was sent.")
    body_html: str | None = Field(description="The text as HTML that is safe to show.")
    part_number: int | None = Field(
        description="The present number of the part that it is about; null once that part is gone."
    )
    thread: ThreadBrief = Field(description="What is being talked about.")
    author: AuthorPublic | None
    state: Literal["visible", "screened", "hidden", "held", "deleted", "moved"]
    is_frozen: bool = Field(description="Whether it takes no replies.")
    moved_to: MovedTo | None = Field(
        description="The comment that stood here, if a moderator has moved it: by its own `id`, "
        "with all its replies. What keeps its place here has another `id`. Or the fill that a "
        "moderator has made of it."
    )
    replies_count: int = Field(description="Direct replies, tombstones included.")
    more_url: str | None = Field(
        description="Where its replies are read, when `depth` or `replies` left some of them out: "
        "its whole thread, so some of what is there you have already. Drop doubles by `id`."
    )
    created_at: Instant
    edited_at: Instant | None
    url: str


class CommentWithAncestors(CommentPublic, OwnFields):
    """A comment, with what `embed` asked for."""

    ancestors: list[CommentPublic] | None = Field(
        default=None,
        description="With `embed=ancestors`: the comments that it stands below, the nearest last.",
    )


class CommentPage(Page[CommentPublic]):
    """One page of comments, flat and in the order that was asked for."""

    ancestors: list[CommentPublic] = Field(
        description="On a page that goes on in the middle of a thread: the comments that the first "
        "of `items` stands below, the nearest last, and at most the nearest 100. Empty on a first "
        "page, and with `sort=newest`."
    )


class CommentThread(Page[CommentPublic]):
    """A comment with what is below it. On a first page in reading order `items` begins with the
    comment itself; not so with `since` or `sort=newest`.
    """

    ancestors: list[CommentPublic] = Field(
        description="The comments that it stands below, the nearest last. On a page that goes on "
        "in reading order: those that the first of `items` stands below, at most the nearest 100."
    )


class CommentReceipt(CommentPublic, ReceiptFields):
    """A comment as its author gets it back."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{**COMMENT_EXAMPLE, "edit_token": EDIT_TOKEN_EXAMPLE, "notices": []}]
        }
    )
