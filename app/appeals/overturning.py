"""Undoing what an appeal was against."""

from typing import Any

from app.appeals import queries as appeal_queries
from app.core.database import Session
from app.core.site import Site
from app.identity.people import Caller
from app.moderation import queries
from app.moderation.service import lift
from app.moderation.system import undo
from app.moderation.things import Acting


async def overturn(session: Session, site: Site, appeal: Any, caller: Caller) -> None:
    """Undo what was done to the things that an appeal is about, or lift the ban that was made for
    one, on record.
    """
    if appeal.action == "ban":
        ban = await session.first(queries.ban_of(appeal.entry_id))
        if ban is not None and ban.lifted_at is None:
            await lift(session, appeal.board_id, caller, ban)
        return
    targets = []
    for each in await session.all(appeal_queries.made_together(appeal.together)):
        found = await session.first(queries.thing(each.type, each.thing_id))
        if found is not None:
            targets.append((each.type, found.public_id))
    acting = Acting(session, site, appeal.board_id, caller)
    await undo(acting, appeal.action, targets, appeal.reason, None)
