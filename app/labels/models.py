"""The columns in which a work says what it is."""

from sqlmodel import Field, SQLModel

from app.core.tables import json_list


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
