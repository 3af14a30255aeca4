"""Questions about appeals."""

from typing import Any

from sqlalchemy import Select, select

from app.appeals.models import APPEAL
from app.core.tables import table_of
from app.moderation.models import MOD_LOG, MOD_MARGIN, LogEntry, LogMargin


def appeals() -> Select[Any]:
    """All appeals, with the ``entry`` that they are about, its ``action`` and ``reason``, and
    ``actor_id``, the account of the moderator who acted.
    """
    return (
        select(
            *APPEAL,
            MOD_LOG.public_id.label("entry"),
            MOD_LOG.action,
            MOD_LOG.reason,
            MOD_MARGIN.account_id.label("actor_id"),
        )
        .join(table_of(LogEntry), MOD_LOG.id == APPEAL.entry_id)
        .outerjoin(table_of(LogMargin), MOD_MARGIN.entry_id == APPEAL.entry_id)
    )


def appeal(entry: str, public_id: str) -> Select[Any]:
    """One appeal against an entry."""
    return appeals().where(MOD_LOG.public_id == entry, APPEAL.public_id == public_id)


def by_number(appeal_id: int) -> Select[Any]:
    """One appeal, by the number of its row."""
    return appeals().where(APPEAL.id == appeal_id)


def made_together(together: str) -> Select[Any]:
    """The appeals that were made together."""
    return appeals().where(APPEAL.together == together)


def against(entry_id: int) -> Select[Any]:
    """``type, thing_id`` of the appeals against an entry."""
    return select(APPEAL.type, APPEAL.thing_id).where(APPEAL.entry_id == entry_id)
