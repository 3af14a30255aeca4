"""The columns in which a work says what it is."""

from enum import IntEnum
from typing import Any

from sqlalchemy import Computed, SmallInteger
from sqlmodel import Field, SQLModel

from app.core.tables import json_list


class Shelf(IntEnum):
    """Who is shown a work in lists. Every list reads one shelf or two, so an index that begins with
    the shelf holds nothing that would have to be skipped.
    """

    NOBODY = 0
    EVERYBODY = 1
    ADULTS = 2


def shelves(*, adult: bool) -> list[Shelf]:
    """The shelves that somebody reads who asked for adult works or did not."""
    return [Shelf.EVERYBODY, Shelf.ADULTS] if adult else [Shelf.EVERYBODY]


_SHELF = (
    f"CASE WHEN state <> 'visible' THEN {Shelf.NOBODY.value} "
    f"WHEN rating IN ('general', 'teen') THEN {Shelf.EVERYBODY.value} ELSE {Shelf.ADULTS.value} END"
)


def shelf() -> Any:
    """The column that says on which :class:`Shelf` a row stands, by its state and its rating. The
    database computes it, so that no writer can forget it.
    """
    return Field(
        default=None,
        sa_type=SmallInteger,
        sa_column_args=[Computed(_SHELF, persisted=True)],
        sa_column_kwargs={"nullable": False},
    )


class LabelsMixin(SQLModel):
    """Labels of a prompt or a fill, as they were typed."""

    rating: str = Field(max_length=16)
    notes_choice: str = Field(default="unset", max_length=16)
    language: str | None = Field(default=None, max_length=35)
    fandoms: list[str] = json_list()
    characters: list[str] = json_list()
    relationships: list[str] = json_list()
    tags: list[str] = json_list()
    content_notes: list[str] = json_list()
