"""What moderators do, and the log of it.

Each action is one transaction: all of it happens, with one row of the log, or nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from app.boards.keeping import Kept
from app.boards.service import hold_board
from app.comments.moving import move_comment
from app.core.database import Session
from app.core.tables import row_of, table_of
from app.identity.people import Caller
from app.moderation import queries
from app.moderation.acted import ACTED
from app.moderation.bans import ban_author, lift_ban
from app.moderation.converting import convert_comment
from app.moderation.errors import NothingToDo
from app.moderation.log import write_entry
from app.moderation.models import LogEntry, LogTarget
from app.moderation.things import Acting, HeldAction, Target
from app.moderation.views import own_decision
from app.outbox.service import tell_as_one
from app.threads.decisions import PostKind
from app.threads.states import State

#: For each action that moves a thing from state to state: where from, and where to.
_STATES = {
    "screen": ((State.VISIBLE, State.HIDDEN), State.SCREENED),
    "unscreen": ((State.SCREENED,), State.VISIBLE),
    "hide": ((State.VISIBLE, State.SCREENED), State.HIDDEN),
    # Whoever is no administrator does not even find what is held.
    "unhide": ((State.HIDDEN, State.HELD), State.VISIBLE),
    "hold": ((State.VISIBLE, State.SCREENED, State.HIDDEN), State.HELD),
}
#: Of these the log never says to what they were done.
_NAMING_NOTHING = ("ban", "hold")


async def take_action(held: HeldAction) -> LogEntry:
    """Do what a moderator wants done. Targets that are so already, or that their authors have
    deleted, are passed over.

    :raises NothingToDo: all of them are.
    :raises Invalid: a comment would be moved below itself, or the board does not take what it would
        become, or such labels.
    """
    if held.move is None and held.conversion is None:
        # Rounds count what is done to one target after the other. Whoever posts holds the board
        # before its round, so the board is held before the first. A long move holds it at its end.
        await hold_board(held.acting.session, held.acting.board_id)
    of_author = held.sent.target is not None and held.sent.target.type == "author_of"
    names_target = (
        len(held.targets) == 1
        and held.sent.action not in _NAMING_NOTHING
        # What is hidden for outing somebody would only be looked for.
        and held.acting.by == "moderator"
        and not of_author
        and await _is_known(held.acting, held.targets[0])
    )
    if len(held.targets) > 1 or of_author:
        tell_as_one(held.acting.session, held.acting.board_id)
    changed: list[tuple[Target, int]] = []
    for target in held.targets:
        # What was done to another target may have changed what this one's row says.
        row = await target.row(held.acting)
        if await _DEEDS[held.sent.action](held, target, row):
            changed.append((target, row.id))
        await asyncio.sleep(0)
    if not changed:
        raise NothingToDo
    entry = await _log(held, changed, names_target=names_target)
    if held.sent.action == "ban":
        await ban_author(held.acting, held.sent, entry, await held.targets[0].row(held.acting))
    for listener in ACTED:
        await listener(held.acting.session, entry, held, changed)
    return entry


async def lift(session: Session, board_id: int, caller: Caller, ban: Any) -> None:
    """Lift a ban before it runs out, on record.

    :raises NothingToDo: it has run out, or is lifted.
    """
    await lift_ban(session, ban)
    await write_entry(
        session,
        board_id,
        action="unban",
        reason=ban.reason,
        by="moderator",
        account_id=caller.account_id,
        count=1,
    )


async def record_keeping(
    session: Session, board_id: int, keeper: Caller, action: Kept, target: tuple[str, str] | None
) -> None:
    """Write into the log what a keeper did by changing a setting of a board, or a discussion."""
    await write_entry(
        session,
        board_id,
        action=action,
        reason="other",
        by="moderator",
        account_id=keeper.account_id,
        target=target,
    )


async def last_decision(session: Session, kind: PostKind, post_id: int) -> dict[str, Any] | None:
    """The last thing that moderators did to a post, as its author is told."""
    row = await session.first(queries.last_about(kind, post_id))
    if row is None:
        return None
    return own_decision(row, await session.scalar(queries.appeal_about(row.id, kind, post_id)))


async def _set_state(held: HeldAction, target: Target, row: Any) -> bool:
    before, after = _STATES[held.sent.action]
    if row.state not in before:
        return False
    await target.kind.set_state(held.acting, row, after)
    return True


async def _set_frozen(held: HeldAction, target: Target, row: Any) -> bool:
    is_frozen = held.sent.action == "freeze"
    if bool(row.is_frozen) == is_frozen:
        return False
    await target.kind.set_frozen(held.acting, row, is_frozen)
    return True


async def _move(held: HeldAction, _target: Target, _row: Any) -> bool:
    move = held.move
    assert move is not None
    await move_comment(held.acting.session, move.source, move.target, move.comment, move.parent)
    return True


async def _relabel(held: HeldAction, target: Target, row: Any) -> bool:
    assert target.kind.relabel is not None
    assert held.sent.changes is not None
    if row.state == State.DELETED:
        return False
    return await target.kind.relabel(held.acting, row, held.sent.changes)


async def _convert(held: HeldAction, _target: Target, _row: Any) -> bool:
    assert held.conversion is not None
    await convert_comment(held.acting.session, held.conversion)
    return True


async def _ban(_held: HeldAction, _target: Target, _row: Any) -> bool:
    """The ban itself stands beside the entry, so it is made after it."""
    return True


_DEEDS: dict[str, Callable[[HeldAction, Target, Any], Awaitable[bool]]] = {
    **dict.fromkeys(_STATES, _set_state),
    "freeze": _set_frozen,
    "unfreeze": _set_frozen,
    "move": _move,
    "relabel": _relabel,
    "convert": _convert,
    "ban": _ban,
}


async def _is_known(acting: Acting, target: Target) -> bool:
    """Whether everybody has had the chance to see a target. Of what was released just now, the log
    does not say which it was: on a board where first posts wait, that would tell whose first it is.
    """
    return await target.kind.is_known(acting, await target.row(acting))


async def _log(
    held: HeldAction, changed: Sequence[tuple[Target, int]], *, names_target: bool
) -> LogEntry:
    """Write the one row of the log, and what stands beside it."""
    acting, sent = held.acting, held.sent
    named = changed[0][0] if names_target else None
    if named is not None and named.type == "part":
        # A part is read below its fill.
        row = await named.row(acting)
        named = Target("fill", named.kind, row.fill_public_id)
    entry = await write_entry(
        acting.session,
        acting.board_id,
        action=sent.action,
        reason=sent.reason,
        by=acting.by,
        account_id=acting.caller.account_id,
        note=sent.note,
        target=(named.type, named.public_id) if named else None,
        count=None if named else len(changed),
    )
    rows = [
        row_of(LogTarget, entry_id=entry.id, type=kind, thing_id=thing_id)
        for kind, thing_id in [await _told(acting, *each) for each in changed]
    ]
    await acting.session.put(table_of(LogTarget), rows)
    return entry


async def _told(acting: Acting, target: Target, thing_id: int) -> tuple[str, int]:
    """At which of their posts an author reads of it: of a part, at its fill."""
    if target.type != "part":
        return target.type, thing_id
    row = await target.row(acting)
    return "fill", row.fill_id
