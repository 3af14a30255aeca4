"""Shapes of saved filters."""

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from app.core.fields import AnswerModel, RequestModel
from app.labels.names import tag_key
from app.labels.schemas import TagName
from app.tags.schemas import TagKind

#: Tags that somebody may hide, and as many to be warned about.
MAX_FILTERS = 200

FilterAction = TypeAliasType("FilterAction", Literal["hide", "warn"])

_EXAMPLE: dict[str, Any] = {
    "hide": [{"kind": "content_note", "name": "storms at sea"}],
    "warn": [{"kind": "tag", "name": "cliffhanger"}],
}


class FilterSent(RequestModel):
    """A tag to hide or to be warned about."""

    kind: TagKind
    name: TagName


class FiltersSent(RequestModel):
    """All filters that somebody wants to have. Those of before are gone."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    hide: Annotated[list[FilterSent], Field(max_length=MAX_FILTERS)] = Field(
        default_factory=list, description="Works with one of these are left out of your lists."
    )
    warn: Annotated[list[FilterSent], Field(max_length=MAX_FILTERS)] = Field(
        default_factory=list,
        description="Works with one of these are shown with `warned_about`, which names it.",
    )

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        hide, warn = ({tag_key(each.kind, each.name) for each in tags} for tags in self._both())
        if hide & warn:
            raise PydanticCustomError(
                "hidden_and_warned", "A tag can be hidden or warned about, not both."
            )
        return self

    def _both(self) -> tuple[list[FilterSent], list[FilterSent]]:
        return self.hide, self.warn


class FilterPublic(AnswerModel):
    """A tag that is hidden or warned about, as it was written."""

    kind: TagKind
    name: str


class FiltersPublic(AnswerModel):
    """What somebody hides and is warned about."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    hide: list[FilterPublic] = Field(
        description="Works with one of these are left out of lists, searches, facets and random "
        "picks; `omitted.filtered` says how many. A direct look shows them."
    )
    warn: list[FilterPublic] = Field(
        description="Works with one of these are listed, found and picked with `warned_about`."
    )
