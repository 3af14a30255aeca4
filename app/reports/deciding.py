"""Hiding what is reported, bringing it back, and what follows when moderators have acted."""

from collections.abc import Sequence
from typing import Any

from app.core.database import Session
from app.core.site import Site
from app.identity.people import Caller
from app.moderation import queries as moderation_queries
from app.moderation.kinds import KINDS
from app.moderation.models import LogEntry
from app.moderation.reasons import ReasonCode
from app.moderation.system import hide_as_system, undo
from app.moderation.things import Acting, HeldAction, Target
from app.reports import service
from app.reports.access import may_decide, reported
from app.reports.categories import HIDING
from app.reports.things import Reported


async def hide(session: Session, site: Site, thing: Reported, reason: ReasonCode) -> bool:
    """Take a thing out of sight until a moderator has looked; say whether it was in sight."""
    entry = await hide_as_system(session, site, thing.board_id, thing.acted_upon, reason)
    return entry is not None


async def bring_back(session: Session, site: Site, report: Any, caller: Caller) -> None:
    """A moderator has found nothing wrong with what a report was about. It comes back, if it was
    that report which hid it and nothing else wants it hidden, and is cleared as it is.
    """
    row = await session.first(KINDS[report.type].find(report.target_id))
    if row is None:
        return
    thing = await reported(session, report.type, row)
    await service.clear(session, thing)
    if not report.has_hidden or await service.hides_by_others(session, report):
        return
    last = await session.first(moderation_queries.last_about(*thing.key))
    if last is None or last.by != "system":
        return
    acting = Acting(session, site, thing.board_id, caller)
    await undo(acting, "hide", [thing.acted_upon], HIDING[report.category], None)


async def close_reports(
    session: Session, _entry: LogEntry, held: HeldAction, changed: Sequence[tuple[Target, int]]
) -> None:
    """A moderator has acted upon some things, and upholds what was reported about them, but for
    what they posted themselves.
    """
    if not held.sent.closes_reports:
        return
    for target, thing_id in changed:
        if await may_decide(session, held.acting.caller, target.type, target.public_id):
            await service.uphold_about(session, target.type, thing_id)
