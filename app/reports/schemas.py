"""Shapes of reports."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field
from typing_extensions import TypeAliasType

from app.core.fields import AnswerModel, Instant, Line, RequestModel, Text, UpdateModel
from app.core.paging import Page
from app.kit.ids import PATTERN
from app.moderation.schemas import TargetType
from app.reports.categories import Category

ReportStatus = TypeAliasType("ReportStatus", Literal["open", "upheld", "dismissed", "escalated"])
_TARGET: dict[str, Any] = {"type": "comment", "id": "2b5n8m1k4j7h0g3f"}
#: Shaped like a token; its checksum is wrong on purpose.
_RECEIPT = "fbr_3Xk0dQp4tXb2WmNc9LrJs6Vh3Gz1Fa8EuKo5TiHnRqPxSvB2mZ0aQ"
_REPORT: dict[str, Any] = {
    "id": "1z3x5c7v9b2n4m6q",
    "target": {**_TARGET, "url": "http://127.0.0.1:8000/v1/comments/2b5n8m1k4j7h0g3f"},
    "category": "harassment",
    "note": "The third time this week.",
    "status": "open",
    "created_at": "2026-11-03T12:00:00Z",
    "decided_at": None,
    "assigned_to": None,
    "reporter": None,
}


class ReportedSent(RequestModel):
    """What a report is about."""

    type: TargetType
    id: str = Field(pattern=PATTERN)


class ReportCreate(RequestModel):
    """Something is wrong with something."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "target": _TARGET,
                    "category": "harassment",
                    "note": "The third time this week.",
                }
            ]
        }
    )

    target: ReportedSent
    category: Category = Field(
        description="`minor_safety`: sexual content about minors, or a danger to a minor; "
        "`outing`: personal data; `threat`; `harassment`; `labels`: a wrong or missing rating or "
        "note; `spam`; `plagiarism`; `copyright`; `other`."
    )
    note: Annotated[str, Text(2000)] | None = Field(
        default=None, description="What moderators should know. Nobody else reads it."
    )


class ReportUpdate(UpdateModel):
    """What a moderator decides."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "dismissed"}]})

    status: Literal["open", "upheld", "dismissed"] = Field(
        default="open",
        description="`upheld`: it was right, and something was done; `dismissed`: nothing is "
        "wrong, and what the report hid comes back; `open`: look again.",
    )
    assigned_to: Annotated[str, Line(40)] | None = Field(
        default=None, description="The name of the moderator who looks after it; null: nobody."
    )


class ReportedPublic(AnswerModel):
    """What a report is about."""

    type: TargetType
    id: str
    url: str


class ReportPublic(AnswerModel):
    """A report, for whoever made it and for the moderators of the board."""

    model_config = ConfigDict(json_schema_extra={"examples": [_REPORT]})

    id: str
    target: ReportedPublic
    category: Category
    note: str | None
    status: ReportStatus = Field(
        description="`escalated`: it is with the administrators, since nobody had decided about it "
        "for 72 hours."
    )
    created_at: Instant
    decided_at: Instant | None
    assigned_to: str | None = Field(description="For moderators: who looks after it.")
    reporter: str | None = Field(
        description="For moderators: a word for whoever made it, the same for all that they report "
        "on this board within a day, and another elsewhere."
    )


class ReportReceipt(ReportPublic):
    """A report that was made just now."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**_REPORT, "receipt_token": _RECEIPT}]}
    )

    receipt_token: str | None = Field(
        default=None,
        description="Send it as `Fillboard-Receipt` to read what came of the report. It is never "
        "shown again, not with a second report about the same thing either.",
    )


class ReportPage(Page[ReportPublic]):
    """Some reports."""
