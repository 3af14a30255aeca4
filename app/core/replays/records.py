"""Records of requests, as they stand in the database."""

from datetime import timedelta
from typing import Any

from sqlalchemy import LargeBinary, delete, or_, select, update
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.exc import DBAPIError

from app.core.database import Database, Prepared, Session, parameter
from app.core.errors import StillRunning
from app.core.replays.keys import Keyed
from app.core.replays.models import REPLAY, Replay
from app.core.tables import table_of
from app.kit.clock import now

#: How long a request is known by its key.
KEPT = timedelta(hours=24)
#: So many old records are deleted in one transaction.
_AT_ONCE = 1000
#: PostgreSQL's code for a lock that was waited for in vain.
_LOCK_NOT_AVAILABLE = "55P03"

_TIME = REPLAY.created_at.type
_FOUND = Prepared(
    select(REPLAY.sealed).where(
        or_(REPLAY.name == parameter("newest"), REPLAY.name == parameter("oldest")),
        REPLAY.created_at > parameter("forgotten"),
    )
)


def _claiming() -> Prepared:
    # SQLite has taken ``ON CONFLICT`` over from PostgreSQL. A record whose time is over is taken
    # over; while the first request is running, PostgreSQL waits here for what becomes of it.
    statement = Insert(table_of(Replay)).values(
        name=parameter("name", LargeBinary()), sealed=b"", created_at=parameter("at", _TIME)
    )
    statement = statement.on_conflict_do_update(
        index_elements=[REPLAY.name],
        set_={"sealed": statement.excluded.sealed, "created_at": statement.excluded.created_at},
        where=REPLAY.created_at <= parameter("forgotten", _TIME),
    )
    return Prepared(statement.returning(REPLAY.name))


_CLAIMING = _claiming()
_COMPLETING = Prepared(
    update(table_of(Replay))
    .where(REPLAY.name == parameter("known_by"))
    .values(sealed=parameter("answered", LargeBinary()))
)


class Recorded(Exception):  # noqa: N818 - nothing has gone wrong
    """There is a record of the request already. It may not be committed yet."""


async def claim(session: Session, keyed: Keyed) -> None:
    """Begin a request's record, as the first that its transaction does.

    :raises Recorded: there is one; whoever made it has committed, or is going to with others.
    :raises StillRunning: whoever is making it takes too long.
    """
    at = now()
    for name in keyed.claimed:
        try:
            made = await session.fetch(_CLAIMING, name=name, at=at, forgotten=at - KEPT)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
                raise StillRunning from error
            raise
        if not made:
            raise Recorded


async def record(session: Session, keyed: Keyed, answered: dict[str, Any]) -> None:
    """Write into the record how the request was answered, as the last that its transaction does."""
    sealed = keyed.seal(answered)
    for name in keyed.claimed:
        await session.fetch(_COMPLETING, known_by=name, answered=sealed)


async def find(database: Database, keyed: Keyed) -> dict[str, Any] | None:
    """How a request was answered, if it was done and that is committed."""
    names = {"newest": keyed.names[0], "oldest": keyed.names[-1]}
    async with database.reading() as session:
        found = await session.fetch(_FOUND, **names, forgotten=now() - KEPT)
    return keyed.open(bytes(found[0][0])) if found else None


async def forget_old_replays(session: Session) -> int:
    """Delete some of the records whose time is over; say how many."""
    old = select(REPLAY.name).where(REPLAY.created_at <= now() - KEPT).limit(_AT_ONCE)
    return await session.run(delete(table_of(Replay)).where(REPLAY.name.in_(old)))
