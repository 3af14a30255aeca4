"""Shapes of the queue."""

from typing import Any, Literal

from pydantic import ConfigDict, Field
from typing_extensions import TypeAliasType

from app.core.fields import AnswerModel, Instant
from app.core.paging import Page
from app.reports.categories import Category
from app.reports.schemas import ReportedPublic, ReportStatus

QueueKind = TypeAliasType("QueueKind", Literal["screened", "report", "appeal"])
_ITEM: dict[str, Any] = {
    "kind": "report",
    "target": {
        "type": "comment",
        "id": "2b5n8m1k4j7h0g3f",
        "url": "http://127.0.0.1:8000/v1/comments/2b5n8m1k4j7h0g3f",
    },
    "body": "Nobody wants your umbrellas here.",
    "state": "visible",
    "reports": [
        {
            "id": "1z3x5c7v9b2n4m6q",
            "category": "harassment",
            "note": "The third time this week.",
            "status": "open",
            "reporter": "5d0f2a91",
            "assigned_to": None,
            "count": 1,
        }
    ],
    "appeals": [],
    "author_ref": "c1f0e2d3a4b5",
    "since": "2026-11-03T12:00:00Z",
    "held_because": None,
    "assigned_to": None,
}


class QueuedReport(AnswerModel):
    """A report about something that waits."""

    id: str
    category: Category
    note: str | None
    status: ReportStatus
    reporter: str = Field(description="A word for whoever made it, on this board alone.")
    assigned_to: str | None
    count: int = Field(description="How many open reports of this category there are about it.")


class QueuedAppeal(AnswerModel):
    """An appeal about something that waits."""

    id: str
    entry: str
    action: str
    reason: str
    note: str | None


class QueuedPublic(AnswerModel):
    """Something that waits for a moderator."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ITEM]})

    kind: QueueKind = Field(description="The most urgent reason for which it waits.")
    target: ReportedPublic
    body: str | None = Field(description="What it says; of a fill, its first part.")
    state: str = Field(description="`visible`, `screened`, `hidden` or `held`.")
    reports: list[QueuedReport] = Field(description="The open reports about it, 20 at most.")
    appeals: list[QueuedAppeal]
    author_ref: str | None = Field(
        description="The same for all that one author posted, as far as it is signed alike: on "
        "this board, within seven days. Null where the author has cut the tie."
    )
    since: Instant = Field(description="Since when it waits.")
    held_because: Literal["screening", "moderator", "report"] | None = Field(
        description="Why it is out of sight: the board's `screening`, a moderator, or a report."
    )
    assigned_to: str | None = Field(description="Who looks after it.")


class QueuePage(Page[QueuedPublic]):
    """One page of the queue."""
