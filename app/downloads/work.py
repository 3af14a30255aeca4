"""What a file says of a work besides its text: read at once, before the first byte is sent."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any

from app import __version__
from app.boards.settings import settings_of
from app.core.site import Site
from app.fills.queries import is_by_op
from app.fills.views import url
from app.identity.views import author
from app.kit.clock import rfc3339, rfc3339_or_none
from app.labels.reading import is_adult
from app.prompts.views import brief

#: What labels are called where people read them.
RATINGS = {
    "not_rated": "Not rated",
    "general": "General",
    "teen": "Teen",
    "mature": "Mature",
    "explicit": "Explicit",
}
STATUSES = {"wip": "In progress", "complete": "Complete", "abandoned": "Abandoned"}
MEDIUMS = {
    "fic": "Fic",
    "art": "Art",
    "podfic": "Podfic",
    "vid": "Vid",
    "fanmix": "Fanmix",
    "icons": "Icons",
    "other": "Other",
}
#: What it means that there are no content notes, or no more of them.
_NO_NOTES = {
    "listed": "None",
    "none_apply": "None apply",
    "not_warned": "The author chose not to warn",
    "unset": "None were given",
}
#: A tag that RFC 5646 calls well-formed, as far as the board takes it.
_LANGUAGE = re.compile(
    r"[a-z]{2,3}(-[a-z]{3}){0,3}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?(-([a-z0-9]{5,8}|\d[a-z0-9]{3}))*",
    re.IGNORECASE,
)
#: Languages that are usually written from right to left, and scripts that are (ISO 639, ISO 15924).
_RIGHT_TO_LEFT = frozenset(
    ["ar", "arc", "ckb", "dv", "fa", "he", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"]
)
_RIGHT_TO_LEFT_SCRIPTS = frozenset(["adlm", "arab", "hebr", "nkoo", "rohg", "syrc", "thaa"])
_LENGTH_OF_SCRIPT = 4
#: What stands for a language that nobody told (ISO 639-2).
UNKNOWN_LANGUAGE = "und"


@dataclass(frozen=True)
class PartTold:
    """A part without its text. ``edits`` is its version."""

    id: str
    number: int
    title: str | None
    content_notes: list[str]
    words_count: int
    posted_at: str
    edited_at: str | None
    edits: int

    @property
    def heading(self) -> str:
        """What stands above it."""
        name = f"Part {self.number}"
        return f"{name}: {self.title}" if self.title else name


@dataclass(frozen=True)
class PartText:
    """The text of a part, as it was sent and as it is shown."""

    body: str
    html: str


@dataclass(frozen=True)
class Work:
    """A fill as its files tell of it. Nothing in it names a row or shows more than the API does.

    ``byline`` is a name, a face, or "Anonymous". ``prompt_title`` is ``None`` once the prompt is
    deleted, and where it is adult and that was not asked for. Links can be followed as they are by
    the reader who asked.
    """

    id: str
    title: str
    byline: str
    summary: str | None
    language: str | None
    rating: str
    content_notes: list[str]
    notes_choice: str
    fandoms: list[str]
    characters: list[str]
    relationships: list[str]
    tags: list[str]
    medium: str
    status: str
    parts_expected: int | None
    words_count: int
    external_url: str | None
    prompt_title: str | None
    prompt_number: int
    prompt_url: str
    board: str
    created_at: str
    updated_at: str
    edits: int
    url: str
    parts: tuple[PartTold, ...]

    @property
    def language_tag(self) -> str:
        """The language as BCP 47 writes it; of a tag that is not well-formed the first part."""
        if self.language is None:
            return UNKNOWN_LANGUAGE
        is_tag = _LANGUAGE.fullmatch(self.language)
        return self.language if is_tag else self.language.partition("-")[0]

    @property
    def direction(self) -> str:
        """In which direction its language runs: ``ltr`` or ``rtl``."""
        language, *more = self.language_tag.lower().split("-")
        scripts = [each for each in more if len(each) == _LENGTH_OF_SCRIPT and each.isalpha()]
        is_rtl = scripts[0] in _RIGHT_TO_LEFT_SCRIPTS if scripts else language in _RIGHT_TO_LEFT
        return "rtl" if is_rtl else "ltr"

    @property
    def prompt(self) -> str:
        """The prompt as people speak of it."""
        number = f"#{self.prompt_number}"
        return f"{number}: {self.prompt_title}" if self.prompt_title else number

    @property
    def notes(self) -> list[str]:
        """What it and its parts warn about, each once, or what the absence of that means."""
        of_parts = (each.content_notes for each in self.parts)
        return notes(chain(self.content_notes, *of_parts), self.notes_choice)

    @property
    def progress(self) -> str:
        """Its status and its parts."""
        return progress(self.status, len(self.parts), self.parts_expected)

    @property
    def facts(self) -> list[tuple[str, list[str]]]:
        """All that is worth knowing before one reads, each with a name; what is empty is left
        out.
        """
        facts = [
            ("Rating", [RATINGS[self.rating]]),
            ("Content notes", self.notes),
            ("Fandoms", self.fandoms),
            ("Relationships", self.relationships),
            ("Characters", self.characters),
            ("Tags", self.tags),
            ("Medium", [MEDIUMS[self.medium]]),
            ("Language", [self.language] if self.language else []),
            ("Status", [self.progress]),
            # What is elsewhere may have any number of them.
            ("Words", [f"{self.words_count:,}"] if self.parts else []),
            ("Posted", [self.created_at[:10]]),
            ("Updated", [self.updated_at[:10]]),
        ]
        return [(name, values) for name, values in facts if values]

    def version(self, form: str) -> list[Any]:
        """All that decides what is in its file of one form, for an ETag: what people wrote, how
        often they edited it, and which release writes the file.
        """
        return [form, __version__, asdict(self)]


def notes(listed: Iterable[str], choice: str) -> list[str]:
    """What something warns about, each once, or what the absence of that means."""
    told: dict[str, str] = {}
    for note in listed:
        told.setdefault(note.casefold(), note)
    if told and choice != "not_warned":
        return list(told.values())
    return [*told.values(), _NO_NOTES[choice]]


def progress(status: str, parts: int, expected: int | None) -> str:
    """How far a fill has come: "In progress, 3/?"."""
    return f"{STATUSES[status]}, {parts}/{expected or '?'}" if parts else STATUSES[status]


def work(site: Site, row: Any, parts: Sequence[Any], *, adult: bool) -> Work:
    """A work from a row of :func:`app.fills.queries.fills` and its parts."""
    prompt = brief(site, row, adult=adult)
    asks = "?adult=true" if adult and (is_adult(row.rating) or is_adult(row.prompt_rating)) else ""
    return Work(
        id=row.public_id,
        title=row.title,
        byline=_byline(site, row),
        summary=row.summary,
        language=row.language,
        rating=row.rating,
        content_notes=row.content_notes,
        notes_choice=row.notes_choice,
        fandoms=row.fandoms,
        characters=row.characters,
        relationships=row.relationships,
        tags=row.tags,
        medium=row.medium,
        status=row.status,
        parts_expected=row.parts_expected,
        words_count=row.words_count,
        external_url=row.external_url,
        prompt_title=prompt["title"],
        prompt_number=prompt["number"],
        prompt_url=prompt["url"] + asks,
        board=prompt["board"],
        created_at=rfc3339(row.created_at),
        updated_at=rfc3339(row.updated_at),
        edits=row.edits,
        url=url(site, row.public_id) + asks,
        parts=tuple(map(_part, parts)),
    )


def _part(row: Any) -> PartTold:
    return PartTold(
        id=row.public_id,
        number=row.number,
        title=row.title,
        content_notes=row.content_notes,
        words_count=row.words_count,
        posted_at=rfc3339(row.posted_at),
        edited_at=rfc3339_or_none(row.edited_at),
        edits=row.edits,
    )


def _byline(site: Site, row: Any) -> str:
    shown = author(
        site,
        row.conversation,
        row,
        shows_faces=settings_of(row)["show_faces"],
        is_op=is_by_op(row),
        is_filler=True,
    )
    name: str = shown["name"] or shown["face"] or "Anonymous"
    return name
