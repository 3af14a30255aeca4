"""How comments are shown."""

from typing import Any

from app.comments.heads import Shown
from app.core.database import instant
from app.core.site import Site
from app.identity.people import Byline
from app.identity.views import author
from app.threads.states import State

_VISIBLE = State.VISIBLE.value


def seen_comment(site: Site, head: Shown, row: Any) -> dict[str, Any]:
    """A comment for somebody who may see it (a row of :func:`queries.seen_comment`), although it
    may be out of everybody else's sight.
    """
    return _comment(site, head, row, has_words=row.state != State.DELETED)


def comment(site: Site, head: Shown, row: Any, *, has_more: bool = False) -> dict[str, Any]:
    """The public shape of a row of :func:`queries.comments`: what is not visible is a tombstone.
    ``has_more`` says that the page may leave replies to it out.
    """
    return _comment(site, head, row, has_words=row.state == _VISIBLE, has_more=has_more)


def url(site: Site, public_id: str) -> str:
    """Where a comment is read."""
    return site.url(f"/comments/{public_id}")


def _comment(
    site: Site, head: Shown, row: Any, *, has_words: bool, has_more: bool = False
) -> dict[str, Any]:
    public_id = row.public_id
    where = url(site, public_id)
    return {
        "id": public_id,
        "seq": row.seq,
        "parent_id": row.parent_public_id,
        "depth": row.depth,
        "body": row.body if has_words else None,
        "body_html": row.body_html if has_words else None,
        "part_number": row.part_number,
        "thread": head.thread,
        "author": _author(site, head, row) if has_words else None,
        "state": row.state,
        "is_frozen": bool(row.is_frozen),
        "replies_count": row.replies_count,
        "more_url": _more_url(head, where) if has_more else None,
        "created_at": instant(row.created_at),
        "edited_at": None if row.edited_at is None else instant(row.edited_at),
        "url": where,
    }


def _more_url(head: Shown, where: str) -> str:
    """Where the replies are read, by a reader who asked for adult material if this one did."""
    return f"{where}/thread" + ("?adult=true" if head.adult else "")


def _author(site: Site, head: Shown, row: Any) -> dict[str, Any]:
    """The author as the conversation knows them: most of those on a page are on it more than
    once.
    """
    seen = (row.mask_id, row.is_named, row.is_moderator, row.is_filler)
    known = head.authors.get(seen)
    if known is None:
        known = head.authors[seen] = author(
            site,
            head.conversation,
            row,
            shows_faces=head.settings["show_faces"],
            is_op=Byline(row.mask_id, bool(row.is_named)).is_seen_as(head.op),
            is_filler=bool(row.is_filler),
        )
    return known
