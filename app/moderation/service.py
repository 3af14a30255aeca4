"""What moderators do, and the log of it.

Each action is one transaction: all of it happens, with one row of the log, or nothing.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from app.boards.service import hold_board
from app.comments.moving import move_comment
from app.core.database import Session
from app.core.tables import row_of, table_of
from app.kit.clock import now
from app.moderation import queries
from app.moderation.errors import NothingToDo
from app.moderation.models import LogEntry, LogMargin, LogTarget
from app.moderation.things import Acting, HeldAction, Target
from app.moderation.views import own_decision
from app.threads.decisions import PostKind
from app.threads.states import State

#: For each action that moves a thing from state to state: where from, and where to.
_STATES = {
    "screen": ((State.VISIBLE, State.HIDDEN), State.SCREENED),
    "unscreen": ((State.SCREENED,), State.VISIBLE),
    "hide": ((State.VISIBLE, State.SCREENED), State.HIDDEN),
    "unhide": ((State.HIDDEN,), State.VISIBLE),
}
_FROZEN = {"freeze": True, "unfreeze": False}


async def take_action(held: HeldAction) -> LogEntry:
    """Do what a moderator wants done. Targets that are so already, or that their authors have
    deleted, are passed over.

    :raises NothingToDo: all of them are.
    :raises Invalid: a comment would be moved below itself.
    """
    if held.move is None:
        # Rounds count what is done to one target after the other. Whoever posts holds the board
        # before its round, so the board is held before the first. A long move holds it at its end.
        await hold_board(held.acting.session, held.acting.board_id)
    names_target = len(held.targets) == 1 and await _is_known(held.acting, held.targets[0])
    changed: list[tuple[Target, int]] = []
    for target in held.targets:
        # What was done to another target may have changed what this one's row says.
        row = await target.row(held.acting)
        if await _act_upon(held, target, row):
            changed.append((target, row.id))
        await asyncio.sleep(0)
    if not changed:
        raise NothingToDo
    return await _log(held, changed, names_target=names_target)


async def last_decision(session: Session, kind: PostKind, post_id: int) -> dict[str, Any] | None:
    """The last thing that moderators did to a post, as its author is told."""
    row = await session.first(queries.last_about(kind, post_id))
    return None if row is None else own_decision(row)


async def _act_upon(held: HeldAction, target: Target, row: Any) -> bool:
    """Do it to one target; say whether that changed anything."""
    acting, action = held.acting, held.sent.action
    if held.move is not None:
        move = held.move
        await move_comment(acting.session, move.source, move.target, move.comment, move.parent)
        return True
    if action in _FROZEN:
        if bool(row.is_frozen) == _FROZEN[action]:
            return False
        await target.kind.set_frozen(acting, row, _FROZEN[action])
        return True
    before, after = _STATES[action]
    if row.state not in before:
        return False
    await target.kind.set_state(acting, row, after)
    return True


async def _is_known(acting: Acting, target: Target) -> bool:
    """Whether everybody has had the chance to see a target. Of what was released just now, the log
    does not say which it was: on a board where first posts wait, that would tell whose first it is.
    """
    return await target.kind.is_known(acting, await target.row(acting))


async def _log(
    held: HeldAction, changed: Sequence[tuple[Target, int]], *, names_target: bool
) -> LogEntry:
    """Write the one row of the log, and what stands beside it. The board is held, so entries are
    numbered in the order in which they are committed, and readers of the log miss none.
    """
    session, sent = held.acting.session, held.sent
    named = changed[0][0] if names_target else None
    await hold_board(session, held.acting.board_id)
    entry = LogEntry(
        board_id=held.acting.board_id,
        action=sent.action,
        reason=sent.reason,
        by="moderator",
        target_type=named.type if named else None,
        target_id=named.public_id if named else None,
        count=None if named else len(changed),
        created_at=now().replace(microsecond=0),
    )
    await session.add(entry)
    margin = LogMargin(entry_id=entry.id, account_id=held.acting.caller.account_id, note=sent.note)
    await session.add(margin)
    rows = [
        row_of(LogTarget, entry_id=entry.id, type=target.type, thing_id=thing_id)
        for target, thing_id in changed
    ]
    await session.put(table_of(LogTarget), rows)
    return entry
