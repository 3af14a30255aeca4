"""Shapes of prompts."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field
from typing_extensions import TypeAliasType

from app.core.fields import AnswerModel, Instant, Line, Text
from app.core.paging import Page
from app.filters.schemas import FilterPublic
from app.identity.schemas import (
    AUTHOR_EXAMPLE,
    EDIT_TOKEN_EXAMPLE,
    AuthorPublic,
    BylineSent,
    ReceiptFields,
)
from app.labels.schemas import LabelsPublic, LabelsSent, LabelsUpdate, Medium
from app.threads.schemas import OwnFields

PromptStatus = TypeAliasType("PromptStatus", Literal["open", "in_progress", "filled"])
Title = Annotated[str, Line(255)]
PromptBody = Annotated[str, Text(5000)]
Mediums = Annotated[
    list[Medium], Field(max_length=7), AfterValidator(lambda mediums: list(dict.fromkeys(mediums)))
]
DoNotWant = Annotated[str, Text(1250)]

_TITLE = "A short title; without one it is made from the first words."
_BODY = "What is asked for, in Markdown."
_MEDIUMS = "The kinds of work that are hoped for; empty means any."
_DO_NOT_WANT = "What fills should keep away from (a DNW). Plain text."

_SENT_EXAMPLE: dict[str, Any] = {
    "title": "The lighthouse keeper adopts a storm",
    "body": "A lonely lighthouse keeper befriends whatever the storm washed up.\n\n"
    "*Found family*, please, and a kettle that is always on.",
    "fandoms": ["Original Work"],
    "characters": ["The Keeper", "The Storm"],
    "relationships": ["The Keeper & The Storm"],
    "tags": ["found family", "fluff"],
    "notes_choice": "none_apply",
    "rating": "general",
    "mediums": ["fic", "art"],
    "do_not_want": "Nobody drowns.",
    "language": "en",
}
PROMPT_EXAMPLE: dict[str, Any] = {
    "id": "4k7t9x2m0p3r8s1w",
    "number": 1,
    "board": "found-family",
    "round": 1,
    "title": _SENT_EXAMPLE["title"],
    "body": _SENT_EXAMPLE["body"],
    "body_html": "<p>A lonely lighthouse keeper befriends whatever the storm washed up.</p>\n"
    "<p><em>Found family</em>, please, and a kettle that is always on.</p>\n",
    "fandoms": ["Original Work"],
    "characters": ["The Keeper", "The Storm"],
    "relationships": ["The Keeper & The Storm"],
    "tags": ["found family", "fluff"],
    "content_notes": [],
    "notes_choice": "none_apply",
    "rating": "general",
    "language": "en",
    "mediums": ["fic", "art"],
    "do_not_want": "Nobody drowns.",
    "status": "open",
    "state": "visible",
    "is_frozen": False,
    "seconds_count": 0,
    "claims_count": 0,
    "fills_count": 0,
    "comments_count": 0,
    "latest_seq": 0,
    "last_activity_at": "2026-11-01T18:05:00Z",
    "last_filled_at": None,
    "author": AUTHOR_EXAMPLE,
    "created_at": "2026-11-01T18:05:00Z",
    "edited_at": None,
    "url": "http://127.0.0.1:8000/v1/prompts/4k7t9x2m0p3r8s1w",
}


class PromptCreate(LabelsSent, BylineSent):
    """A new prompt. Only `body` is needed."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"body": _SENT_EXAMPLE["body"]}, _SENT_EXAMPLE]}
    )

    body: PromptBody = Field(description=_BODY)
    title: Title | None = Field(default=None, description=_TITLE)
    mediums: Mediums = Field(default_factory=list, description=_MEDIUMS)
    do_not_want: DoNotWant | None = Field(default=None, description=_DO_NOT_WANT)


class PromptUpdate(LabelsUpdate):
    """What to change of a prompt; what is left out stays. Null empties a label or
    `do_not_want`, and has the title made from the words again.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"do_not_want": "Nobody drowns, and the cat is safe."}]}
    )

    body: PromptBody = Field(default="", description=_BODY)
    title: Title | None = Field(default=None, description=_TITLE)
    mediums: Mediums = Field(default_factory=list, description=_MEDIUMS)
    do_not_want: DoNotWant | None = Field(default=None, description=_DO_NOT_WANT)


class PromptPublic(LabelsPublic):
    """A prompt as everybody sees it."""

    model_config = ConfigDict(json_schema_extra={"examples": [PROMPT_EXAMPLE]})

    id: str
    number: int = Field(description='Its number on the board, as in "#1234".')
    board: str = Field(description="The board's `slug`.")
    round: int = Field(description="The number of the round that it was posted in.")
    title: str
    body: str = Field(description="The text exactly as it was sent.")
    body_html: str = Field(description="The text as HTML that is safe to show.")
    mediums: list[Medium] = Field(description=_MEDIUMS)
    do_not_want: str | None = Field(description=_DO_NOT_WANT)
    status: PromptStatus = Field(
        description="`filled` once a fill is complete, `in_progress` while one is being written, "
        "else `open`."
    )
    state: Literal["visible", "screened", "hidden", "held"]
    is_frozen: bool = Field(description="Whether it takes no more fills and comments.")
    seconds_count: int | None = Field(
        description="How many want this too; null where the board shows no such counts "
        "(`show_counts`)."
    )
    claims_count: int | None = Field(
        description="How many are writing for it, as far as they say; null as above."
    )
    fills_count: int
    comments_count: int
    latest_seq: int = Field(description="The `seq` of the newest comment.")
    last_activity_at: Instant
    last_filled_at: Instant | None
    author: AuthorPublic
    created_at: Instant
    edited_at: Instant | None
    url: str
    warned_about: list[FilterPublic] | None = Field(
        default=None,
        description="Only in lists and random picks, and with an account's token: the tags of this "
        "prompt that you wanted to be warned about (`/me/filters`).",
    )


class PromptWithEmbeds(PromptPublic, OwnFields):
    """A prompt, with what `embed` asked for."""

    fills: dict[str, Any] | None = Field(
        default=None,
        description="With `embed=fills`: the first page of its fills, as `/prompts/{prompt}/fills` "
        "answers it.",
    )


class PromptReceipt(PromptPublic, ReceiptFields):
    """A prompt as its author gets it back."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{**PROMPT_EXAMPLE, "edit_token": EDIT_TOKEN_EXAMPLE, "notices": []}]
        }
    )


class PromptBrief(AnswerModel):
    """A prompt where it is named elsewhere."""

    id: str
    number: int
    title: str | None = Field(description="Null once the prompt is deleted, or when it is adult.")
    board: str
    url: str


class PromptPage(Page[PromptPublic]):
    """One page of prompts."""
