"""What can be done with seconds.

Whoever calls these holds the prompt's row, so that two requests of one person follow each other and
the counter is what it counts.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from app.core.database import Session
from app.core.day_keys import KEPT_DAYS
from app.core.tables import table_of
from app.kit.clock import now
from app.prompts.service import count_seconds
from app.seconds import queries
from app.seconds.models import SECOND, Second
from app.seconds.people import Stance

#: Sources that one request forgets at most; each adds one, so that they never pile up.
_FORGOTTEN_AT_ONCE = 100


async def second_prompt(session: Session, stance: Stance) -> None:
    """Say that somebody wants a prompt, too. It counts once, however often they say so."""
    await _forget_old_sources(session)
    if stance.is_seconded:
        return
    mask_id = stance.seconder.mask_id
    known = stance.seconder.source.hashes(queries.place(stance.prompt_id))
    source = known[0] if mask_id is None else None
    await session.add(Second(prompt_id=stance.prompt_id, mask_id=mask_id, source=source))
    await count_seconds(session, stance.prompt_id, 1)


async def put_seconds(
    session: Session, seconds: Sequence[tuple[int, int | None, datetime]]
) -> None:
    """Note seconds whose sources have been forgotten: of which prompt, by which mask if by any, and
    when. Their prompts count them already.
    """
    rows = [
        {"prompt_id": prompt_id, "mask_id": mask_id, "source": None, "created_at": at}
        for prompt_id, mask_id, at in seconds
    ]
    await session.put(table_of(Second), rows)


async def take_back_second(session: Session, stance: Stance) -> None:
    """Take a second back, if there is one."""
    await _forget_old_sources(session)
    theirs = queries.is_by(stance.seconder, stance.prompt_id)
    taken_back = await session.run(
        delete(table_of(Second)).where(SECOND.prompt_id == stance.prompt_id, theirs)
    )
    if taken_back:
        await count_seconds(session, stance.prompt_id, -taken_back)


async def forget_old_sources(session: Session) -> None:
    """Cut every tie between seconds and where they came from that is as old as ties may get."""
    while await _forget_old_sources(session) == _FORGOTTEN_AT_ONCE:
        continue


async def _forget_old_sources(session: Session) -> int:
    """Cut the tie between some seconds and where they came from once it is as old as ties may get,
    and say of how many. The seconds stay, and count.
    """
    before = now() - timedelta(days=KEPT_DAYS)
    old = await session.all(queries.to_be_forgotten(before, _FORGOTTEN_AT_ONCE))
    if old:
        forgotten = SECOND.id.in_([row.id for row in old])
        await session.run(update(table_of(Second)).where(forgotten).values(source=None))
    return len(old)
