"""Bans from a board: of a mask, of the account behind it, or of a network.

A network is banned without anybody learning which it is. What is kept is the hash that the post has
that the ban is for, at a place of that post's own: whoever posts is hashed at the same place and
compared. No two rows have a hash in common, and none means anything once the key of its day is
gone.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update

from app.boards.errors import Banned
from app.core.database import Prepared, Session, instant, parameter
from app.core.day_keys import KEPT_DAYS
from app.core.errors import invalid
from app.core.sources import Source
from app.core.tables import table_of
from app.identity.people import Caller
from app.kit.clock import now, rfc3339_or_none
from app.moderation import queries
from app.moderation.errors import NothingToDo
from app.moderation.models import BAN, Ban, LogEntry
from app.moderation.schemas import ModActionCreate
from app.moderation.things import Acting
from app.threads.sources import place_of, source_of

#: A board bans so many networks at once: whoever posts is compared with each of them.
MAX_NETWORKS = 200


async def ban_author(acting: Acting, sent: ModActionCreate, entry: LogEntry, post: Any) -> None:
    """Ban whoever has posted something.

    :raises Invalid: nobody knows any more who did, or from where; it would end before it begins; or
        the board bans too many networks already.
    """
    session = acting.session
    if sent.expires_at is not None and sent.expires_at <= now():
        raise invalid("body", "/expires_at", "past", "That is past already.")
    ban = Ban(
        board_id=acting.board_id,
        entry_id=entry.id,
        reach=sent.reach or "mask",
        reason=sent.reason,
        created_at=entry.created_at,
        expires_at=sent.expires_at,
    )
    if sent.reach == "network":
        await _aim_at_network(session, ban, post)
    elif post.mask_id is None:
        raise invalid("body", "/target", "no_author", "Its author has cut the tie to it.")
    else:
        ban.mask_id = post.mask_id
        if sent.reach == "account":
            # A post may show the name of an account that its mask does not belong to.
            behind = await session.scalar(queries.account_behind(post.mask_id))
            ban.account_id = post.account_id or behind
    await session.add(ban)


async def _aim_at_network(session: Session, ban: Ban, post: Any) -> None:
    source = await source_of(session, post.public_id)
    if source is None:
        message = "Nobody knows any more where it was posted from: that is kept for seven days."
        raise invalid("body", "/reach", "source_forgotten", message)
    active = await session.scalar(queries.network_bans_count(ban.board_id, now())) or 0
    if active >= MAX_NETWORKS:
        message = f"A board bans {MAX_NETWORKS} networks at most. Lift some first."
        raise invalid("body", "/reach", "too_many_networks", message)
    last = _forgotten_at(post.created_at)
    ban.post_id, ban.source = post.public_id, source
    ban.expires_at = min(ban.expires_at or last, last)


def _forgotten_at(posted_at: datetime) -> datetime:
    """When the key is destroyed under which something was hashed that was posted then."""
    midnight = posted_at.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=KEPT_DAYS)


async def lift_ban(session: Session, ban: Any) -> None:
    """Lift a ban. Whoever calls this holds the board's row.

    :raises NothingToDo: it has run out, or is lifted.
    """
    if not is_active(ban):
        raise NothingToDo
    changes = {"lifted_at": now(), "source": None}
    await session.run(update(table_of(Ban)).where(BAN.id == ban.id).values(**changes))


def is_active(ban: Any) -> bool:
    """Whether a ban has neither run out nor been lifted."""
    return ban.lifted_at is None and (ban.expires_at is None or ban.expires_at > now())


async def find_ban(
    session: Session, board_id: int, caller: Caller | None, source: Source | None
) -> Banned | None:
    """How somebody is told that they are banned from a board, if they are."""
    if source is not None:
        # Nothing is posted more often than by strangers, so this statement is prepared.
        networks = await session.fetch(_NETWORKS, board_id=board_id, moment=now())
        for reason, expires_at, post_id, kept in networks:
            if _comes_from(source, post_id, kept):
                return Banned(instant(expires_at), reason)
    if caller is None:
        return None
    aims: list[ColumnElement[bool]] = [BAN.mask_id.in_(caller.masks)]
    if caller.account_id is not None:
        aims.append(BAN.account_id == caller.account_id)
    lasts = or_(BAN.expires_at.is_(None), BAN.expires_at > now())
    found = await session.first(
        select(BAN.reason, BAN.expires_at)
        .where(BAN.board_id == board_id, BAN.lifted_at.is_(None), lasts, or_(*aims))
        .order_by(BAN.id.desc())
    )
    return None if found is None else Banned(rfc3339_or_none(found.expires_at), found.reason)


#: The networks that are banned from a board.
_NETWORKS = Prepared(
    select(BAN.reason, BAN.expires_at, BAN.post_id, BAN.source).where(
        BAN.board_id == parameter("board_id"),
        BAN.reach == "network",
        BAN.lifted_at.is_(None),
        BAN.expires_at > parameter("moment", BAN.expires_at.type),
    )
)


def _comes_from(source: Source, post_id: str, kept: bytes | None) -> bool:
    return kept is not None and bytes(kept) in source.hashes(place_of(post_id))


async def forget_networks(session: Session) -> None:
    """Forget what bans kept of networks once they are over."""
    is_over = BAN.expires_at <= now()
    kept = BAN.source.is_not(None)
    await session.run(update(table_of(Ban)).where(kept, is_over).values(source=None))
