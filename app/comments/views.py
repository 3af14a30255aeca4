"""How comments are shown."""

from typing import Any

from app.comments.heads import Head
from app.core.site import Site
from app.identity.people import Byline
from app.identity.views import author
from app.kit.clock import rfc3339, rfc3339_or_none
from app.threads.states import State


def seen_comment(site: Site, head: Head, row: Any) -> dict[str, Any]:
    """A comment for somebody who may see it (a row of :func:`queries.seen_comment`), although it
    may be out of everybody else's sight.
    """
    has_words = row.state not in (State.DELETED, State.MOVED)
    return _comment(site, head, row, state=row.state, has_words=has_words)


def comment(site: Site, head: Head, row: Any, *, has_more: bool = False) -> dict[str, Any]:
    """The public shape of a row of :func:`queries.comments`: what is not visible is a tombstone. It
    says whether the author took the words away or moderators did, and not what these will do next:
    what they have wait is ``hidden`` to all others. ``has_more`` says that the page may leave
    replies to it out.
    """
    state = State.HIDDEN.value if row.state == State.SCREENED else row.state
    has_words = row.state == State.VISIBLE
    return _comment(site, head, row, state=state, has_words=has_words, has_more=has_more)


def url(site: Site, public_id: str) -> str:
    """Where a comment is read."""
    return site.url(f"/comments/{public_id}")


def _comment(
    site: Site, head: Head, row: Any, *, state: str, has_words: bool, has_more: bool = False
) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "seq": row.seq,
        "parent_id": row.parent_public_id,
        "depth": row.depth,
        "body": row.body if has_words else None,
        "body_html": row.body_html if has_words else None,
        "part_number": row.part_number,
        "thread": {
            "type": head.kind,
            "id": head.public_id,
            "title": head.title,
            "board": head.slug,
            "url": head.url,
        },
        "author": _author(site, head, row) if has_words else None,
        "state": state,
        "is_frozen": bool(row.is_frozen),
        "moved_to": _moved_to(site, row.moved_to) if row.moved_to else None,
        "replies_count": row.replies_count,
        "more_url": _more_url(site, head, row) if has_more else None,
        "created_at": rfc3339(row.created_at),
        "edited_at": rfc3339_or_none(row.edited_at),
        "url": url(site, row.public_id),
    }


def _moved_to(site: Site, public_id: str) -> dict[str, str]:
    return {"type": "comment", "id": public_id, "url": url(site, public_id)}


def _more_url(site: Site, head: Head, row: Any) -> str:
    """Where the replies are read, by a reader who asked for adult material if this one did."""
    return f"{url(site, row.public_id)}/thread" + ("?adult=true" if head.adult else "")


def _author(site: Site, head: Head, row: Any) -> dict[str, Any]:
    """Who said it in the conversation that it belongs to. An anonymous author whose comment was
    moved here from another is not recognised in this one (see ``said_in`` of the model).
    """
    is_recognised = row.said_in is None or bool(row.is_named)
    is_op = Byline(row.mask_id, bool(row.is_named)).is_seen_as(head.op)
    return author(
        site,
        row.said_in or head.conversation,
        row,
        shows_faces=head.settings["show_faces"],
        is_op=is_recognised and is_op,
        is_filler=is_recognised and bool(row.is_filler),
    )
