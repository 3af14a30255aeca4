"""Deleting all that somebody owns, one thing after the other.

Each is a transaction of its own, as if its author had deleted it: whoever owns thousands of things
stops nobody else, and a process that is killed leaves nothing half done. What is left is deleted by
asking again.
"""

import time
from typing import Any

from sqlalchemy import Select

from app.comments import queries as comment_queries
from app.comments.access import head_of
from app.comments.service import delete_comment
from app.core.database import Session
from app.core.errors import UnknownToken
from app.core.sessions import hold
from app.core.site import Site
from app.core.tables import table_of
from app.discussions.models import Discussion
from app.discussions.queries import discussion
from app.discussions.service import delete_discussion
from app.fills.models import Fill
from app.fills.queries import fill
from app.fills.service import delete_fill
from app.identity.people import Caller
from app.identity.service import end_feeds, is_alive
from app.outbox.service import tell_as_one
from app.prompts.models import Prompt
from app.prompts.queries import prompt
from app.prompts.service import delete_prompt
from app.threads.service import hold_thread
from app.threads.states import State

#: One request deletes for so many seconds, and then says that there is more.
PATIENCE = 20.0
#: Somebody who sees everything, to find what stands above a comment.
_ANYBODY = Caller(mask_id=0, account_id=None, name=None, is_administrator=True)
_GONE = (State.DELETED, State.MOVED, State.HELD)


async def delete_all(site: Site, caller: Caller, found: Select[Any]) -> tuple[int, bool]:
    """Delete what a statement finds (``type`` and ``public_id``) of what a caller owns; say how
    much it was, and whether all of it is gone.

    :raises UnknownToken: the token was revoked meanwhile. What was deleted before stays deleted.
    """
    deadline = time.monotonic() + PATIENCE
    async with site.database.reading() as session:
        rows = await session.all(found)
    deleted = 0
    for row in rows:
        if time.monotonic() > deadline:
            return deleted, False
        async with site.database.writing() as session:
            if not await is_alive(session, caller):
                raise UnknownToken
            board_id = await _delete(session, site, caller, row.type, row.public_id)
            deleted += board_id is not None
            if board_id is not None:
                # Even where there is but one: it may be the last of many that were deleted before.
                tell_as_one(session, board_id)
    return deleted, True


async def stop_telling(site: Site, caller: Caller) -> None:
    """Have the private feeds of somebody end who is about to delete everything: nothing shall tell
    any more which of the posts, of which traces stand among what others said, were theirs.

    :raises UnknownToken: the token was revoked meanwhile.
    """
    async with site.database.writing() as session:
        if not await is_alive(session, caller):
            raise UnknownToken
        await end_feeds(session, caller.mask_id)


async def _delete(
    session: Session, site: Site, caller: Caller, kind: str, public_id: str
) -> int | None:
    """Delete one thing; return the board that it stood on, or nothing if it was not there."""
    if kind == "comment":
        return await _delete_comment(session, site, caller, public_id)
    find, table, delete = _HEADS[kind]
    row = await session.first(hold(find(public_id), table_of(table)))
    if row is None or row.state in _GONE or not caller.owns(row):
        return None
    await delete(session, row)
    return int(row.board_id)


_HEADS: dict[str, tuple[Any, Any, Any]] = {
    "prompt": (prompt, Prompt, delete_prompt),
    "fill": (fill, Fill, delete_fill),
    "discussion": (discussion, Discussion, delete_discussion),
}


async def _delete_comment(
    session: Session, site: Site, caller: Caller, public_id: str
) -> int | None:
    first = await session.first(comment_queries.comment(public_id))
    if first is None:
        return None
    await hold_thread(session, first.thread_id)
    row = await session.first(comment_queries.comment(public_id))
    if row is None or row.thread_id != first.thread_id:
        # It was moved meanwhile: the next request finds it where it is.
        return None
    if row.state in _GONE or not caller.owns(row):
        return None
    await delete_comment(session, await head_of(session, site, row, _ANYBODY), row)
    return int(row.board_id)
