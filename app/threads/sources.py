"""From which networks posts came, for as long as somebody there may have to be banned."""

from datetime import timedelta

from sqlalchemy import delete, insert, select

from app.core.database import Prepared, Session, parameter
from app.core.day_keys import KEPT_DAYS
from app.core.sources import Source
from app.core.tables import table_of
from app.kit.clock import now
from app.threads.models import POST_SOURCE, PostSource

_NOTE = Prepared(
    insert(table_of(PostSource))
    .values(
        post_id=parameter("post_id"),
        posted_on=parameter("posted_on", POST_SOURCE.posted_on.type),
        source=parameter("source", POST_SOURCE.source.type),
    )
    .returning(POST_SOURCE.post_id)
)


async def note_source(session: Session, public_id: str, source: Source) -> None:
    """Note where something was posted from, by its public id."""
    known = source.hashes(place_of(public_id))[0]
    await session.fetch(_NOTE, post_id=public_id, posted_on=now().date(), source=known)


async def source_of(session: Session, public_id: str) -> bytes | None:
    """Where something was posted from, as a hash at its own place; ``None`` where nobody knows any
    more.
    """
    found: bytes | None = await session.scalar(
        select(POST_SOURCE.source).where(POST_SOURCE.post_id == public_id)
    )
    return found


def place_of(public_id: str) -> str:
    """The place at which the source of a post is hashed: one for each."""
    return f"post/{public_id}"


async def forget_old_post_sources(session: Session) -> None:
    """Delete what was hashed under keys that are gone."""
    oldest = now().date() - timedelta(days=KEPT_DAYS - 1)
    old = POST_SOURCE.posted_on < oldest
    free = select(POST_SOURCE.post_id).where(old).with_for_update(skip_locked=True)
    await session.run(delete(table_of(PostSource)).where(POST_SOURCE.post_id.in_(free)))
