"""How a request obtains what it appeals against, and appeals themselves."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Path

from app.appeals import queries
from app.appeals.errors import AlreadyAppealed, AlreadyDecided
from app.boards.access import moderates
from app.core.database import Session
from app.core.errors import NotFound
from app.core.sessions import CurrentSession
from app.identity.access import KnownCaller
from app.identity.people import Caller
from app.identity.service import has_posted
from app.kit.ids import PATTERN
from app.moderation import queries as moderation_queries
from app.moderation.access import TheLogEntry
from app.moderation.errors import SameModerator
from app.moderation.system import wait_for_turn

EntryId = Annotated[str, Path(pattern=PATTERN, description="The entry's `id`.")]
AppealId = Annotated[str, Path(pattern=PATTERN, description="The appeal's `id`.")]


@dataclass(frozen=True)
class Grievance:
    """An entry of the log, and what of it was done to the caller's things."""

    entry: Any
    things: tuple[tuple[str, int], ...]


async def grievance(session: CurrentSession, caller: KnownCaller, entry: TheLogEntry) -> Grievance:
    """What a caller may appeal against.

    :raises NotFound: nothing of theirs was concerned.
    :raises AlreadyAppealed: they have done so before.
    """
    await wait_for_turn(session, entry.board_id)
    things = [(kind, row.id) for kind, row in await own_targets(session, caller, entry.id)]
    if not things:
        raise NotFound
    known = {(row.type, row.thing_id) for row in await session.all(queries.against(entry.id))}
    if known & set(things):
        raise AlreadyAppealed
    return Grievance(entry, tuple(things))


TheGrievance = Annotated[Grievance, Depends(grievance)]


async def own_targets(session: Session, caller: Caller, entry_id: int) -> list[tuple[str, Any]]:
    """What of an entry was done to things of somebody: kinds, and rows with ``id`` and
    ``public_id``.
    """
    return [
        (kind, row)
        for kind in moderation_queries.THINGS
        for row in await session.all(moderation_queries.targets_of(entry_id, kind))
        if caller.owns(row)
    ]


async def readable_appeal(
    session: CurrentSession, caller: KnownCaller, entry: EntryId, appeal: AppealId
) -> Any:
    """An appeal for whoever made it, or for a moderator of its board."""
    row = await session.first(queries.appeal(entry, appeal))
    if row is None:
        raise NotFound
    if not await moderates(session, caller, row.board_id):
        own = await own_targets(session, caller, row.entry_id)
        if (row.type, row.thing_id) not in {(kind, each.id) for kind, each in own}:
            raise NotFound
    return row


ReadableAppeal = Annotated[Any, Depends(readable_appeal)]


async def undecided_appeal(
    session: CurrentSession, caller: KnownCaller, entry: EntryId, appeal: AppealId
) -> Any:
    """An appeal about which the caller may decide, and whose turn it is to act.

    :raises NotFound: it is another board's, or there is none.
    :raises SameModerator: it is against what they did, or about something of their own.
    :raises AlreadyDecided: somebody has decided.
    """
    row = await session.first(queries.appeal(entry, appeal))
    if row is None or not await moderates(session, caller, row.board_id):
        raise NotFound
    await wait_for_turn(session, row.board_id)
    row = await session.first(queries.appeal(entry, appeal))
    assert row is not None
    has_acted = row.actor_id is not None and row.actor_id == caller.account_id
    if has_acted or await _is_about_own(session, caller, row):
        raise SameModerator
    if row.status != "open":
        raise AlreadyDecided
    return row


UndecidedAppeal = Annotated[Any, Depends(undecided_appeal)]


async def _is_about_own(session: Session, caller: Caller, row: Any) -> bool:
    """Whether an appeal is about something that somebody posted, by whichever of their tokens."""
    for each in await session.all(moderation_queries.targets_of(row.entry_id, row.type)):
        if each.id == row.thing_id:
            return await has_posted(session, caller, each)
    return False
