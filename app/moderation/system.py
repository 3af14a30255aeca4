"""What the service itself does in the name of nobody, and what is undone for an author.

Both are actions like a moderator's, with the same holds, each with its one row of the log.
"""

from typing import Literal, cast

from app.core.database import Session
from app.core.site import Site
from app.identity.people import Caller
from app.moderation import queries
from app.moderation.access import held_targets
from app.moderation.errors import NothingToDo
from app.moderation.kinds import KINDS
from app.moderation.models import LogEntry
from app.moderation.reasons import ReasonCode
from app.moderation.schemas import ModActionCreate, TargetSent, TargetType
from app.moderation.service import take_action
from app.moderation.things import Acting, Target

#: Nobody in particular, who sees everything.
SERVICE = Caller(mask_id=0, account_id=None, name=None, is_administrator=True)
#: Which action brings back what another took away.
_UNDOES: dict[str, Literal["unhide", "unscreen", "unfreeze"]] = {
    "hide": "unhide",
    "hold": "unhide",
    "screen": "unscreen",
    "freeze": "unfreeze",
}


async def wait_for_turn(session: Session, board_id: int) -> None:
    """Wait until nobody else acts as a moderator of a board, and keep all others waiting until the
    commit. SQLite has one writer.
    """
    if session.dialect == "postgresql":
        await session.execute(queries.turn(board_id))


async def hide_as_system(
    session: Session, site: Site, board_id: int, target: tuple[str, str], reason: ReasonCode
) -> LogEntry | None:
    """Hide one thing, by type and public id, until a moderator has looked; ``None`` where it is out
    of sight already. Whoever calls this has waited for their turn.
    """
    kind, public_id = target
    acting = Acting(session, site, board_id, SERVICE, by="system")
    return await _act(acting, "hide", [(kind, public_id)], reason, None)


async def undo(
    acting: Acting,
    action: str,
    targets: list[tuple[str, str]],
    reason: ReasonCode,
    note: str | None,
) -> LogEntry | None:
    """Undo what an action did to some things, by type and public id; ``None`` where there is
    nothing to undo, or where it has to be done by hand.
    """
    undoing = _UNDOES.get(action)
    return None if undoing is None else await _act(acting, undoing, targets, reason, note)


async def _act(
    acting: Acting,
    action: Literal["hide", "unhide", "unscreen", "unfreeze"],
    targets: list[tuple[str, str]],
    reason: ReasonCode,
    note: str | None,
) -> LogEntry | None:
    found = [Target(kind, KINDS[kind], public_id) for kind, public_id in targets]
    there = [each for each in found if await each.kind.row(acting, each.public_id) is not None]
    if not there:
        return None
    sent = ModActionCreate.model_construct(
        action=action,
        target=None,
        targets=[
            TargetSent(type=cast("TargetType", each.type), id=each.public_id) for each in there
        ],
        reason=reason,
        note=note,
        to=None,
        changes=None,
        reach=None,
        expires_at=None,
        closes_reports=False,
    )
    try:
        return await take_action(await held_targets(acting, sent, tuple(there)))
    except NothingToDo:
        return None
