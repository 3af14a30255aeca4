"""Shapes of tags, aliases and parents."""

from typing import Any, Literal

from pydantic import ConfigDict, Field
from typing_extensions import TypeAliasType

from app.core.fields import AnswerModel, Instant, RequestModel
from app.core.paging import Page
from app.labels.schemas import TagName

TagKind = TypeAliasType(
    "TagKind", Literal["fandom", "character", "relationship", "tag", "content_note"]
)

_TAG: dict[str, Any] = {
    "kind": "character",
    "name": "The Keeper",
    "count": 2,
    "fandoms": ["Original Work"],
}
_ALIAS: dict[str, Any] = {"kind": "tag", "alias": "families we choose", "canonical": "found family"}
_PARENT: dict[str, Any] = {"kind": "character", "name": "The Keeper", "fandom": "Original Work"}


class TagPublic(AnswerModel):
    """A tag in use."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TAG]})

    kind: TagKind
    name: str
    count: int = Field(
        description="How many prompts and fills carry it; adult ones only with `adult=true`."
    )
    fandoms: list[str] = Field(description="The fandoms that it belongs to, as moderators say.")


class AliasCreate(RequestModel):
    """A synonym, and the tag that it stands for."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ALIAS]})

    kind: TagKind
    alias: TagName = Field(description="The synonym. What is tagged so keeps its text.")
    canonical: TagName = Field(description="The tag of the same kind under which it is filed.")


class AliasPublic(AnswerModel):
    """A synonym on a board."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"id": "2b4n6m8k0j1h3g5f", **_ALIAS, "created_at": "2026-11-03T12:00:00Z"}]
        }
    )

    id: str
    kind: TagKind
    alias: str
    canonical: str
    created_at: Instant


class ParentCreate(RequestModel):
    """A tag, and the fandom that it belongs to."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PARENT]})

    kind: Literal["character", "relationship", "tag"]
    name: TagName
    fandom: TagName


class ParentPublic(AnswerModel):
    """That a tag belongs to a fandom."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"id": "6d8s0a2q4w6e8r0t", **_PARENT, "created_at": "2026-11-03T12:00:00Z"}
            ]
        }
    )

    id: str
    kind: Literal["character", "relationship", "tag"]
    name: str
    fandom: str
    created_at: Instant


class TagPage(Page[TagPublic]):
    """One page of tags."""


class AliasPage(Page[AliasPublic]):
    """One page of aliases."""


class ParentPage(Page[ParentPublic]):
    """One page of tags that belong to fandoms."""
