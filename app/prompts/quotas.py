"""How many prompts somebody may post on a board in a day."""

import math
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from app.boards.marks import forget_marks, leave_mark, nth_latest_mark
from app.boards.settings import settings_of
from app.core.database import Session
from app.core.sources import Source
from app.identity.people import Caller, Poster
from app.kit.clock import now
from app.prompts import queries
from app.prompts.errors import PromptQuota

_DAY = timedelta(days=1)


async def take_from_quota(
    session: Session, board: Row[Any], poster: Poster, source: Source
) -> None:
    """Count a prompt that is about to be posted on a board whose row is held, so that of two at
    once the second counts the first. A mask and an account are counted by the prompts that they
    have posted, an account's bots with it, deleted ones included; whoever had no mask before, by
    the marks of the source.

    :raises PromptQuota: it would be one too many.
    """
    settings = settings_of(board)
    most = settings["prompts_per_day"]
    if most is None or _is_trusted(settings, poster.caller):
        return
    since = now() - _DAY
    if poster.new_mask is not None:
        await forget_marks(session, board.id, "prompt", before=since)
        oldest = await nth_latest_mark(session, board.id, "prompt", source, most, since=since)
    else:
        account_id = poster.caller.account_id if poster.caller else None
        oldest = await session.scalar(
            queries.nth_latest_of(board.id, poster.mask_id, account_id, most, since=since)
        )
    if oldest is not None:
        raise PromptQuota(most, _seconds_until(oldest + _DAY))
    if poster.new_mask is not None:
        await leave_mark(session, board.id, "prompt", source)


def _is_trusted(settings: dict[str, Any], caller: Caller | None) -> bool:
    trusted = {name.lower() for name in settings["trusted_accounts"]}
    return caller is not None and caller.name is not None and caller.name.lower() in trusted


def _seconds_until(instant: datetime) -> int:
    return max(1, math.ceil((instant - now()).total_seconds()))
