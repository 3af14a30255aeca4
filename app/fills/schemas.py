"""Shapes of fills and parts."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, HttpUrl, TypeAdapter, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from app.core.fields import AnswerModel, Instant, Line, RequestModel, Text, UpdateModel
from app.core.paging import Page
from app.filters.schemas import FilterPublic
from app.identity.schemas import (
    AUTHOR_EXAMPLE,
    EDIT_TOKEN_EXAMPLE,
    AuthorPublic,
    BylineSent,
    ReceiptFields,
)
from app.kit.links import is_public_host
from app.labels.schemas import LabelsPublic, LabelsSent, LabelsUpdate, Medium, TagNames
from app.prompts.schemas import PromptBrief
from app.threads.schemas import OwnFields

FillStatus = TypeAliasType("FillStatus", Literal["wip", "complete", "abandoned"])
Title = Annotated[str, Line(255)]
Summary = Annotated[str, Text(1250)]
#: The text of a part: nobody has to split a story.
PartBody = Annotated[str, Text(500_000)]
PartsExpected = Annotated[int, Field(ge=1, le=1000)]
_HTTP_URL = TypeAdapter(HttpUrl)
_LINK = re.compile(r"https?://[^/?#@]+([/?#].*)?", re.IGNORECASE)
#: What ends an address in the middle, turns its slashes round, or begins a line of its own in a
#: header that somebody makes of it.
_UNFIT = re.compile(r"[\s\\<>\"`]|%([01][0-9a-f]|7f)", re.IGNORECASE)


def _public_link(url: str) -> str:
    """A link that a reader can follow. It is shown, never fetched.

    The host is what browsers make of it (the WHATWG's URL standard), who read ``127.1`` and
    fullwidth digits as numbers; whatever they would quietly mend is refused instead, so that no two
    programs follow one link to two places.
    """
    try:
        seen = _HTTP_URL.validate_python(url)
    except ValueError as error:
        raise _bad_link() from error
    is_shaped = _LINK.fullmatch(url) and url.isprintable() and not _UNFIT.search(url)
    if not is_shaped or not seen.port or not is_public_host(seen.unicode_host() or ""):
        raise _bad_link()
    return url


def _bad_link() -> PydanticCustomError:
    return PydanticCustomError(
        "link",
        "Must be an http or https address at a public host that is given by its name, without a "
        "user name, spaces, backslashes or control characters.",
    )


ExternalUrl = Annotated[
    str,
    AfterValidator(_public_link),
    Field(max_length=2048, json_schema_extra={"format": "uri"}),
]

_STATUS = "`wip` while it is being written, then `complete`, or `abandoned`."
_SUMMARY = "What it is about, before one reads. Plain text."
_PARTS_EXPECTED = 'How many parts it will have; null means that nobody knows yet ("3/?").'
_PARTS_TO_COME = (
    f"{_PARTS_EXPECTED} Left out where a fill is marked `complete`, it becomes the number of parts "
    "that there are."
)
_EXTERNAL_URL = (
    "Where the work is, when it is not (only) here: `http` or `https` at a public host that is "
    "given by its name, with up to 2,048 characters. Shown as a link, never fetched."
)

_BODY_EXAMPLE = "The storm knocked first.\n\n“Come in,” said the Keeper. “The kettle is on.”"
_URL = "http://127.0.0.1:8000/v1/fills/7h3m5n8b1v4c6x0z"
_PART_ITEM: dict[str, Any] = {
    "id": "9q2w4e6r8t0y1p3s",
    "number": 1,
    "title": None,
    "words_count": 12,
    "posted_at": "2026-11-02T09:30:00Z",
    "url": "http://127.0.0.1:8000/v1/fills/7h3m5n8b1v4c6x0z/parts/1",
}
FILL_EXAMPLE: dict[str, Any] = {
    "id": "7h3m5n8b1v4c6x0z",
    "prompt": {
        "id": "4k7t9x2m0p3r8s1w",
        "number": 1,
        "title": "The lighthouse keeper adopts a storm",
        "board": "found-family",
        "url": "http://127.0.0.1:8000/v1/prompts/4k7t9x2m0p3r8s1w",
    },
    "title": "Kettle Weather",
    "summary": None,
    "medium": "fic",
    "fandoms": ["Original Work"],
    "characters": ["The Keeper", "The Storm"],
    "relationships": ["The Keeper & The Storm"],
    "tags": ["found family", "fluff"],
    "content_notes": [],
    "notes_choice": "none_apply",
    "rating": "general",
    "language": "en",
    "status": "wip",
    "state": "visible",
    "is_frozen": False,
    "external_url": None,
    "parts_count": 1,
    "parts_expected": None,
    "words_count": 12,
    "comments_count": 0,
    "latest_seq": 0,
    "last_activity_at": "2026-11-02T09:30:00Z",
    "author": {**AUTHOR_EXAMPLE, "face": "merry teal heron", "is_op": False, "is_filler": True},
    "created_at": "2026-11-02T09:30:00Z",
    "updated_at": "2026-11-02T09:30:00Z",
    "url": _URL,
    "parts": [_PART_ITEM],
    "downloads": {name: f"{_URL}/download.{name}" for name in ("epub", "html", "md", "txt")},
}
PART_EXAMPLE: dict[str, Any] = {
    "id": "9q2w4e6r8t0y1p3s",
    "number": 1,
    "title": None,
    "body": _BODY_EXAMPLE,
    "body_html": "<p>The storm knocked first.</p>\n"
    "<p>“Come in,” said the Keeper. “The kettle is on.”</p>\n",
    "content_notes": [],
    "words_count": 12,
    "posted_at": "2026-11-02T09:30:00Z",
    "edited_at": None,
    "prev_url": None,
    "next_url": None,
}
_VERSION_ITEM: dict[str, Any] = {
    "id": "2b5d8g1k4n7r0v3y",
    "title": None,
    "words_count": 6,
    "written_at": "2026-11-02T09:30:00Z",
    "replaced_at": "2026-11-03T20:15:00Z",
    "url": "http://127.0.0.1:8000/v1/fills/7h3m5n8b1v4c6x0z/parts/1/versions/2b5d8g1k4n7r0v3y",
}
VERSION_EXAMPLE: dict[str, Any] = {
    **_VERSION_ITEM,
    "body": "The storm knocked first. Nobody answered.",
    "body_html": "<p>The storm knocked first. Nobody answered.</p>\n",
    "content_notes": [],
}


class FillCreate(LabelsSent, BylineSent):
    """A new fill: the text of its first part, or a link to where it is, or both.

    Rating and tags that are left out are the prompt's.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"title": "Kettle Weather", "body": _BODY_EXAMPLE, "parts_expected": None},
                {"external_url": "https://example.org/works/1", "medium": "podfic"},
            ]
        }
    )

    body: PartBody | None = Field(default=None, description="The text of part 1, in Markdown.")
    external_url: ExternalUrl | None = Field(default=None, description=_EXTERNAL_URL)
    title: Title | None = Field(
        default=None, description="Without one it is made from the first words."
    )
    summary: Summary | None = Field(default=None, description=_SUMMARY)
    medium: Medium = "fic"
    status: FillStatus | None = Field(
        default=None,
        description=f"{_STATUS} Left out, it is `complete`, or `wip` where `parts_expected` is "
        "given as null or above 1.",
    )
    parts_expected: PartsExpected | None = Field(default=None, description=_PARTS_EXPECTED)

    @model_validator(mode="after")
    def _has_something(self) -> Self:
        if self.body is None and self.external_url is None:
            raise PydanticCustomError("nothing_sent", "Send a body, or an external_url, or both.")
        return self


class FillUpdate(LabelsUpdate):
    """What to change of a fill; what is left out stays. Its text is changed part by part. Null
    empties a label, the summary or the link, and has the title made from the words again.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "complete"}]})

    external_url: ExternalUrl | None = Field(default=None, description=_EXTERNAL_URL)
    title: Title | None = None
    summary: Summary | None = Field(default=None, description=_SUMMARY)
    medium: Medium = "fic"
    status: FillStatus = Field(default="complete", description=_STATUS)
    parts_expected: PartsExpected | None = Field(default=None, description=_PARTS_TO_COME)


class PartCreate(RequestModel):
    """A new part."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"title": "Low tide", "body": "Morning came, rinsed."}]}
    )

    body: PartBody = Field(description="The text, in Markdown.")
    title: Title | None = None
    number: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        description="Insert it here; left out, or beyond the end, it comes last.",
    )
    content_notes: TagNames = Field(
        default_factory=list, description="What a reader may want to know before this part."
    )


class PartUpdate(UpdateModel):
    """What to change of a part; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "High tide"}]})

    body: PartBody = Field(default="", description="The text, in Markdown.")
    title: Title | None = None
    number: int = Field(
        default=1,
        ge=1,
        le=1000,
        description="Move the part to this place; beyond the end means the end.",
    )
    content_notes: TagNames = Field(default_factory=list)


class PartListed(AnswerModel):
    """A part without its text."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PART_ITEM]})

    id: str
    number: int = Field(description="Its place, from 1.")
    title: str | None
    words_count: int
    posted_at: Instant
    url: str


class PartPublic(AnswerModel):
    """A part as everybody sees it."""

    model_config = ConfigDict(json_schema_extra={"examples": [PART_EXAMPLE]})

    id: str
    number: int = Field(description="Its place, from 1.")
    title: str | None
    body: str = Field(description="The text exactly as it was sent.")
    body_html: str = Field(description="The text as HTML that is safe to show.")
    content_notes: list[str]
    words_count: int
    posted_at: Instant
    edited_at: Instant | None
    prev_url: str | None
    next_url: str | None


class VersionListed(AnswerModel):
    """What a part said before, without its text. Only its author sees it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_VERSION_ITEM]})

    id: str
    title: str | None
    words_count: int
    written_at: Instant = Field(description="When the part came to say this.")
    replaced_at: Instant = Field(description="When it ceased to. It is kept for 30 days from then.")
    url: str


class VersionWhole(VersionListed):
    """What a part said before. Only its author sees it."""

    model_config = ConfigDict(json_schema_extra={"examples": [VERSION_EXAMPLE]})

    body: str = Field(description="The text exactly as it was sent.")
    body_html: str = Field(description="The text as HTML that is safe to show.")
    content_notes: list[str]


class Downloads(AnswerModel):
    """Where the whole work is, each time as one file."""

    epub: str = Field(description="A book for e-readers (EPUB 3).")
    html: str = Field(description="A page that needs nothing else.")
    md: str = Field(description="Markdown, with every part's text exactly as it was sent.")
    txt: str = Field(description="Plain text.")


class FillPublic(LabelsPublic):
    """A fill as everybody sees it. Its text is in its parts."""

    model_config = ConfigDict(json_schema_extra={"examples": [FILL_EXAMPLE]})

    id: str
    prompt: PromptBrief = Field(description="The prompt that it answers.")
    title: str
    summary: str | None = Field(description=_SUMMARY)
    medium: Medium
    status: FillStatus = Field(description=_STATUS)
    state: Literal["visible", "screened", "hidden", "held"]
    is_frozen: bool = Field(description="Whether it takes no more parts and comments.")
    external_url: str | None = Field(description=_EXTERNAL_URL)
    parts_count: int
    parts_expected: int | None = Field(description=_PARTS_EXPECTED)
    words_count: int = Field(description="Words of all parts.")
    comments_count: int
    latest_seq: int = Field(description="The `seq` of the newest comment.")
    last_activity_at: Instant
    author: AuthorPublic
    created_at: Instant
    updated_at: Instant
    url: str
    parts: list[PartListed]
    downloads: Downloads
    warned_about: list[FilterPublic] | None = Field(
        default=None,
        description="As for prompts: the tags of this fill, and of its parts' content notes, that "
        "you wanted to be warned about.",
    )


class FillWithOwn(FillPublic, OwnFields):
    """A fill, with what only its author reads."""


class FillReceipt(FillPublic, ReceiptFields):
    """A fill as its author gets it back."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{**FILL_EXAMPLE, "edit_token": EDIT_TOKEN_EXAMPLE, "notices": []}]
        }
    )


class FillPage(Page[FillPublic]):
    """One page of fills."""


class PartPage(Page[PartListed]):
    """One page of parts, without their text."""


class VersionPage(Page[VersionListed]):
    """One page of what a part said before."""
