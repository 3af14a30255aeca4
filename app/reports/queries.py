"""Questions about reports."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from app.accounts.models import ACCOUNT, Account
from app.boards.models import BOARD, Board
from app.core.tables import table_of
from app.fills.models import FILL, PART, Fill, Part
from app.reports.models import CLEARED, REPORT

#: An arbitrary number that means "hiding something by a report" among PostgreSQL's advisory locks.
_HIDING = 0x48494445


def reports() -> Select[Any]:
    """All reports, with the ``slug`` of their board, the ``moderator`` who looks after them, and of
    parts where they are read: the ``fill_public_id`` and the ``part_number``.
    """
    return (
        select(
            *REPORT,
            BOARD.slug,
            ACCOUNT.name.label("moderator"),
            FILL.public_id.label("fill_public_id"),
            PART.number.label("part_number"),
        )
        .join(table_of(Board), BOARD.id == REPORT.board_id)
        .outerjoin(table_of(Account), ACCOUNT.id == REPORT.assigned_to)
        .outerjoin(table_of(Part), (PART.id == REPORT.thing_id) & (REPORT.type == "part"))
        .outerjoin(table_of(Fill), FILL.id == PART.fill_id)
    )


def report(public_id: str) -> Select[Any]:
    """One report."""
    return reports().where(REPORT.public_id == public_id)


def by(type_: str, thing_id: int, mask_id: int | None, sources: Iterable[bytes]) -> Select[Any]:
    """The report about a thing by a mask, or from a network by any hash that it may have."""
    own: list[ColumnElement[bool]] = [REPORT.source.in_(list(sources))]
    if mask_id is not None:
        own.append(REPORT.mask_id == mask_id)
    return reports().where(REPORT.type == type_, REPORT.thing_id == thing_id, or_(*own)).limit(1)


def hides(hiders: Iterable[bytes], since: datetime) -> Select[Any]:
    """``hider`` of what was hidden ``since`` then, of some hashes."""
    return select(REPORT.hider).where(REPORT.hider.in_(list(hiders)), REPORT.created_at > since)


def turn_of_hider(hider: bytes) -> Select[Any]:
    """Wait until no other report from the same network hides something, on PostgreSQL, and keep all
    others waiting until the commit. SQLite has one writer.
    """
    number = int.from_bytes(hider[:4], signed=True)
    return select(func.pg_advisory_xact_lock(_HIDING, number))


def open_about(things: Iterable[tuple[str, int]]) -> Select[Any]:
    """The open reports about some things, the most urgent first."""
    wanted = [(REPORT.type == kind) & (REPORT.thing_id == number) for kind, number in things]
    return (
        reports().where(or_(*wanted), REPORT.status == "open").order_by(REPORT.urgency, REPORT.id)
    )


def overdue(before: datetime) -> Select[Any]:
    """The reports that hid something ``before`` then, and about which nobody has decided."""
    return reports().where(REPORT.status == "open", REPORT.has_hidden, REPORT.created_at <= before)


def is_about_part_of(fill_id: int) -> ColumnElement[bool]:
    """Whether a report is about a part of a fill."""
    parts = select(PART.id).where(PART.fill_id == fill_id)
    return (REPORT.type == "part") & REPORT.thing_id.in_(parts)


def cleared(type_: str, thing_id: int) -> Select[Any]:
    """In which version a thing was cleared."""
    return select(CLEARED.version).where(CLEARED.type == type_, CLEARED.thing_id == thing_id)


def edits_of_parts(fill_id: int) -> Select[Any]:
    """How many parts a fill has, and how often they were edited."""
    edits = func.coalesce(func.sum(PART.edits), 0).label("edits")
    parts: ColumnElement[Any] = func.count().label("parts")
    return select(parts, edits).where(PART.fill_id == fill_id)
