"""How comments are shown."""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from app.comments.heads import Shown
from app.core.database import instant
from app.core.site import Site
from app.identity.people import Byline
from app.identity.views import author
from app.threads.states import State

_VISIBLE = State.VISIBLE.value


class Row(NamedTuple):
    """What is read of a comment to show it, in the order in which ``pages.py`` fetches it, but for
    ``is_filler``: whether its author wrote a fill.
    """

    public_id: str
    seq: int | None
    parent_public_id: str | None
    depth: int
    body: str | None
    body_html: str | None
    part_number: int | None
    state: str
    is_frozen: bool
    replies_count: int
    created_at: Any
    edited_at: Any
    mask_id: int | None
    is_named: bool
    is_moderator: bool
    mask: str | None
    account_name: str | None
    is_filler: bool


_values = attrgetter(*Row._fields)


def seen_comment(site: Site, head: Shown, row: Any) -> dict[str, Any]:
    """A comment for somebody who may see it (a row of :func:`queries.seen_comment`), although it
    may be out of everybody else's sight.
    """
    has_words = row.state != State.DELETED
    return _comment(site, head, _values(row), has_words=has_words, has_more=False)


def comment(site: Site, head: Shown, row: Any, *, has_more: bool = False) -> dict[str, Any]:
    """The public shape of a row of :func:`queries.comments`: what is not visible is a tombstone.
    ``has_more`` says that the page may leave replies to it out.
    """
    has_words = row.state == _VISIBLE
    return _comment(site, head, _values(row), has_words=has_words, has_more=has_more)


def comments(
    site: Site, head: Shown, rows: Iterable[tuple[Any, ...]], fillers: set[tuple[Any, ...]]
) -> list[dict[str, Any]]:
    """As :func:`comment`, for many rows as the driver gives them, in the order of :class:`Row`.
    ``fillers`` are those who wrote a fill: masks, and whether by name.
    """
    return [
        _comment(
            site,
            head,
            (*row[:_FILLER], row[_MASK:_MODERATOR] in fillers),
            has_words=row[_STATE] == _VISIBLE,
            has_more=False,
        )
        for row in rows
    ]


_STATE, _MASK, _MODERATOR, _FILLER = (
    Row._fields.index(name) for name in ("state", "mask_id", "is_moderator", "is_filler")
)


def url(site: Site, public_id: str) -> str:
    """Where a comment is read."""
    return site.url(f"/comments/{public_id}")


def _comment(
    site: Site, head: Shown, values: Sequence[Any], *, has_words: bool, has_more: bool
) -> dict[str, Any]:
    (
        public_id,
        seq,
        parent_public_id,
        depth,
        body,
        body_html,
        part_number,
        state,
        is_frozen,
        replies_count,
        created_at,
        edited_at,
    ) = values[:_MASK]
    where = f"{site.public_url}/v1/comments/{public_id}"
    return {
        "id": public_id,
        "seq": seq,
        "parent_id": parent_public_id,
        "depth": depth,
        "body": body if has_words else None,
        "body_html": body_html if has_words else None,
        "part_number": part_number,
        "thread": head.thread,
        "author": _author(site, head, values) if has_words else None,
        "state": state,
        "is_frozen": bool(is_frozen),
        "replies_count": replies_count,
        "more_url": _more_url(head, where) if has_more else None,
        "created_at": instant(created_at),
        "edited_at": None if edited_at is None else instant(edited_at),
        "url": where,
    }


def _more_url(head: Shown, where: str) -> str:
    """Where the replies are read, by a reader who asked for adult material if this one did."""
    return f"{where}/thread" + ("?adult=true" if head.adult else "")


def _author(site: Site, head: Shown, values: Sequence[Any]) -> dict[str, Any]:
    row = Row._make(values)
    op = head.op
    return author(
        site,
        head.conversation,
        row,
        shows_faces=head.settings["show_faces"],
        is_op=row.mask_id == op.mask_id and Byline(row.mask_id, bool(row.is_named)).is_seen_as(op),
        is_filler=bool(row.is_filler),
    )
