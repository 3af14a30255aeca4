"""Shapes of appeals."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from app.core.fields import AnswerModel, Instant, RequestModel, Text, UpdateModel

_APPEAL: dict[str, Any] = {
    "id": "3e5r7t9y1u3i5o7p",
    "entry": "9q2w4e6r8t0y1p3s",
    "note": "It was a quotation.",
    "status": "open",
    "answer": None,
    "created_at": "2026-11-04T12:00:00Z",
    "decided_at": None,
}


class AppealCreate(RequestModel):
    """Why another moderator should look."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "It was a quotation."}]})

    note: Annotated[str, Text(2000)] | None = Field(
        default=None, description="What the other moderator should know. Only moderators read it."
    )


class AppealUpdate(UpdateModel):
    """What another moderator decides."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"status": "overturned", "answer": "You are right."}]}
    )

    status: Literal["upheld", "overturned"] = Field(
        default="upheld",
        description="`upheld`: the decision stands. `overturned`: it is undone.",
    )
    answer: Annotated[str, Text(2000)] | None = Field(
        default=None, description="A word to the author, who alone reads it."
    )


class AppealPublic(AnswerModel):
    """An appeal, for whoever made it and for the moderators of the board."""

    model_config = ConfigDict(json_schema_extra={"examples": [_APPEAL]})

    id: str
    entry: str = Field(description="The entry of the log that it is about.")
    note: str | None
    status: Literal["open", "upheld", "overturned"]
    answer: str | None
    created_at: Instant
    decided_at: Instant | None
