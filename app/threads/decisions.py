"""What moderators did to a post, for whoever wrote it.

Rooms of posts know nothing of moderation, which stands above them. So the front desk
(``app/api.py``) hands in who knows.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Literal

import structlog

from app.core.database import Session
from app.identity.people import Caller
from app.threads.states import State

PostKind = Literal["prompt", "fill", "discussion", "comment"]
log = structlog.get_logger("fillboard")
#: From a kind of post and the number of its row to the last thing that moderators did to it, as it
#: is shown; or ``None``.
DECISIONS: list[Callable[[Session, PostKind, int], Awaitable[dict[str, Any] | None]]] = []


async def own_decision(
    session: Session, caller: Caller | None, kind: PostKind, post: Any
) -> dict[str, Any]:
    """What is added to a post (a row with ``id`` and ``mask_id``) where its author reads it:
    ``moderation``, if moderators ever did something to it. For everybody else it is nothing.
    """
    if post.state == State.HELD:
        # Administrators alone come here, and that they looked is on record.
        log.info(
            "held_viewed", kind=kind, id=post.public_id, account_id=caller and caller.account_id
        )
    if caller is None or not caller.owns(post):
        return {}
    for last_decision in DECISIONS:
        decision = await last_decision(session, kind, post.id)
        if decision is not None:
            return {"moderation": decision}
    return {}
