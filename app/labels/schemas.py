"""The fields in which a work says what it is."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from app.core.fields import AnswerModel, Line, RequestModel, UpdateModel
from app.kit.text import length
from app.labels import names

#: Tags of one kind, and tags of all kinds together, that a work may carry.
MAX_OF_A_KIND, MAX_TOGETHER = 20, 75

Rating = TypeAliasType("Rating", Literal["not_rated", "general", "teen", "mature", "explicit"])
Medium = TypeAliasType("Medium", Literal["fic", "art", "podfic", "vid", "fanmix", "icons", "other"])
NotesChoice = TypeAliasType("NotesChoice", Literal["listed", "none_apply", "not_warned", "unset"])

#: Characters of a tag.
MAX_NAME = 150
TagName = Annotated[str, Line(MAX_NAME)]
#: A language as BCP 47 writes it, such as `en` or `pt-BR`.
Language = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]


def _relationship(name: str) -> str:
    canonical = names.relationship(name)
    if canonical is None:
        raise PydanticCustomError(
            "relationship_members",
            'A relationship names two members or more, joined by "/" (romantic) or "&" (platonic).',
        )
    if length(canonical) > MAX_NAME:
        raise PydanticCustomError(
            "text_too_long", "The text has more than {limit} characters.", {"limit": MAX_NAME}
        )
    return canonical


TagNames = Annotated[
    list[TagName], Field(max_length=MAX_OF_A_KIND), AfterValidator(names.without_repeats)
]
Relationships = Annotated[
    list[Annotated[TagName, AfterValidator(_relationship)]],
    Field(max_length=MAX_OF_A_KIND),
    AfterValidator(names.without_repeats),
]

RATING = "How adult it is. `mature`, `explicit` and `not_rated` count as adult."
NOTES_CHOICE = (
    "What the absence of content notes means: `listed` (the notes are all there is to say), "
    "`none_apply`, `not_warned` (the author chose not to say), `unset` (nothing was chosen)."
)
RELATIONSHIPS = (
    'Relationships: "A/B" is romantic, "A & B" platonic. Members are put in alphabetical order.'
)


class LabelsSent(RequestModel):
    """Labels that a prompt or a fill may be sent with."""

    fandoms: TagNames | None = Field(default=None, description="The worlds that it is set in.")
    characters: TagNames | None = Field(default=None, description="Who it is about.")
    relationships: Relationships | None = Field(default=None, description=RELATIONSHIPS)
    tags: TagNames | None = Field(default=None, description="Anything else worth finding it by.")
    content_notes: TagNames | None = Field(
        default=None, description="What a reader may want to know beforehand, or to avoid."
    )
    notes_choice: NotesChoice | None = Field(default=None, description=NOTES_CHOICE)
    rating: Rating | None = Field(default=None, description=RATING)
    language: Language | None = Field(default=None, description="Such as `en` or `pt-BR`.")


class LabelsUpdate(LabelsSent, UpdateModel):
    """Labels to change. Null empties a label; a rating can be changed, never taken away."""

    rating: Rating = Field(default="general", description=RATING)


class LabelsPublic(AnswerModel):
    """Labels as everybody sees them."""

    fandoms: list[str]
    characters: list[str]
    relationships: list[str] = Field(description=RELATIONSHIPS)
    tags: list[str]
    content_notes: list[str]
    notes_choice: NotesChoice = Field(description=NOTES_CHOICE)
    rating: Rating = Field(description=RATING)
    language: str | None = Field(description="A BCP 47 tag such as `en`; null when not said.")
