"""Which posts wait for a moderator (the board's setting ``screening``).

What of it is covered: whatever is posted, and links that an author brings into something that
stands already, be it by an edit or by a further part. What is not: other edits. Whoever has had a
post released, or posts where only links wait, can change its words afterwards; that is what reports
are for.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Select

from app.boards.access import moderates
from app.core.database import Session
from app.identity.people import Caller, Poster
from app.kit.links import links_in
from app.threads.errors import LinksWait
from app.threads.states import State

#: From a board and a mask to a row if there is something visible by that mask on that board. Each
#: room of posts has such a question, and threads know none of them: the front desk
#: (``app/api.py``) hands them in.
VISIBLE_BY: list[Callable[[int, int], Select[Any]]] = []


async def state_of_new(
    session: Session,
    settings: Mapping[str, Any],
    board_id: int,
    poster: Poster,
    links: frozenset[str],
) -> State:
    """The state in which a post begins: ``screened`` where the board's settings have such posts
    wait, else ``visible``. ``links`` are those that it holds.
    """
    screening = settings["screening"]
    if screening == "none" or (screening == "links" and not links):
        return State.VISIBLE
    if await _is_spared(session, settings, board_id, poster.caller):
        return State.VISIBLE
    if screening == "first_posts" and await _is_known(session, board_id, poster):
        return State.VISIBLE
    return State.SCREENED


async def check_new_links(
    session: Session,
    row: Any,
    settings: Mapping[str, Any],
    caller: Caller,
    links: frozenset[str],
    standing: Iterable[str | None] = (),
) -> None:
    """Whether links may come into something that everybody sees (``row``, with ``state`` and
    ``board_id``), where links have to wait. ``standing`` are the texts that it holds now: whatever
    link is in them has been let through before.

    :raises LinksWait: there is a new one.
    """
    if row.state != State.VISIBLE or settings["screening"] not in ("links", "all"):
        return
    if not links or links <= links_in(*standing):
        return
    if not await _is_spared(session, settings, row.board_id, caller):
        raise LinksWait


async def _is_spared(
    session: Session, settings: Mapping[str, Any], board_id: int, caller: Caller | None
) -> bool:
    """Moderators, administrators, and the accounts that the board trusts."""
    if caller is None or caller.name is None:
        return False
    trusted = {name.lower() for name in settings["trusted_accounts"]}
    return caller.name.lower() in trusted or await moderates(session, caller, board_id)


async def _is_known(session: Session, board_id: int, poster: Poster) -> bool:
    """Whether something by the poster can be seen on the board. Whoever has just been given a mask
    has posted nothing, be it that a known bot has asked for it.
    """
    if poster.caller is None or poster.new_mask is not None:
        return False
    for visible_by in VISIBLE_BY:
        if await session.first(visible_by(board_id, poster.mask_id)):
            return True
    return False
