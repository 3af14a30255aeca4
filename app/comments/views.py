"""How comments are shown."""

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from app.comments.heads import Shown
from app.comments.service import CommentDraft
from app.core.database import instant
from app.core.site import Site
from app.fills.views import url as fill_url
from app.identity.people import Byline
from app.identity.views import author
from app.threads.states import State

_VISIBLE, _HIDDEN = State.VISIBLE.value, State.HIDDEN.value
#: To all others these are simply hidden.
_WITHHELD = (State.SCREENED.value, State.HELD.value)


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
    moved_to: str | None
    moved_to_kind: str | None
    mask_id: int | None
    account_id: int | None
    is_moderator: bool
    mask: str | None
    bot_of: int | None
    account_name: str | None
    said_in: str | None
    is_filler: bool


_values = attrgetter(*Row._fields)


def seen_comment(site: Site, head: Shown, row: Any) -> dict[str, Any]:
    """A comment for somebody who may see it (a row of :func:`queries.seen_comment`), although it
    may be out of everybody else's sight.
    """
    has_words = row.state not in (State.DELETED, State.MOVED)
    values = _values(row)
    by = _author(site, head, values)
    return _comment(site, head, values, by, state=row.state, has_words=has_words, has_more=False)


def strangers_comment(
    site: Site, head: Shown, posted: Mapping[str, Any], draft: CommentDraft, mask: str
) -> dict[str, Any]:
    """As :func:`seen_comment`, for one that was posted just now, by its columns: under a ``mask``
    that was made for it, so nothing needs to be asked about its author.
    """
    known: dict[str, Any] = {
        "parent_public_id": draft.parent_id,
        "part_number": draft.part_number,
        "mask": mask,
        "bot_of": None,
        "account_name": None,
        "is_filler": False,
    }
    shown = {**posted, **known}
    return seen_comment(site, head, Row._make(shown[name] for name in Row._fields))


def comment(site: Site, head: Shown, row: Any, *, has_more: bool = False) -> dict[str, Any]:
    """The public shape of a row of :func:`queries.comments`: what is not visible is a tombstone. It
    says whether the author took the words away or moderators did, and not what these will do next:
    what they have wait is ``hidden`` to all others. ``has_more`` says that the page may leave
    replies to it out.
    """
    values = _values(row)
    return _listed(site, head, values, _author(site, head, values), has_more=has_more)


def comments(
    site: Site, head: Shown, rows: Iterable[tuple[Any, ...]], fillers: set[tuple[Any, ...]]
) -> list[dict[str, Any]]:
    """As :func:`comment`, for many rows as the driver gives them, in the order of :class:`Row`.
    ``fillers`` are those who wrote a fill (``Byline.seen_as``).
    """
    authors: dict[tuple[Any, ...], dict[str, Any]] = {}
    shown = []
    for row in rows:
        # A few people talk to each other: each is made up once.
        who = row[_MASK:_FILLER]
        by = authors.get(who)
        if by is None:
            is_filler = Byline(*who[:2]).seen_as in fillers
            by = authors[who] = _author(site, head, (*row[:_FILLER], is_filler))
        shown.append(_listed(site, head, row, by, has_more=False))
    return shown


_STATE, _MASK, _FILLER = (Row._fields.index(name) for name in ("state", "mask_id", "is_filler"))


def url(site: Site, public_id: str) -> str:
    """Where a comment is read."""
    return site.url(f"/comments/{public_id}")


def _listed(
    site: Site, head: Shown, values: Sequence[Any], by: dict[str, Any], *, has_more: bool
) -> dict[str, Any]:
    state = values[_STATE]
    shown_state = _HIDDEN if state in _WITHHELD else state
    has_words = state == _VISIBLE
    return _comment(
        site, head, values, by, state=shown_state, has_words=has_words, has_more=has_more
    )


def _comment(
    site: Site,
    head: Shown,
    values: Sequence[Any],
    by: dict[str, Any],
    *,
    state: str,
    has_words: bool,
    has_more: bool,
) -> dict[str, Any]:
    (
        public_id,
        seq,
        parent_public_id,
        depth,
        body,
        body_html,
        part_number,
        _,
        is_frozen,
        replies_count,
        created_at,
        edited_at,
        moved_to,
        moved_to_kind,
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
        "author": by if has_words else None,
        "state": state,
        "is_frozen": bool(is_frozen),
        "moved_to": _moved_to(site, moved_to_kind, moved_to) if moved_to else None,
        "replies_count": replies_count,
        "more_url": _more_url(head, where) if has_more else None,
        "created_at": instant(created_at),
        "edited_at": None if edited_at is None else instant(edited_at),
        "url": where,
    }


def _moved_to(site: Site, kind: str | None, public_id: str) -> dict[str, str]:
    where = fill_url(site, public_id) if kind == "fill" else url(site, public_id)
    return {"type": kind or "comment", "id": public_id, "url": where}


def _more_url(head: Shown, where: str) -> str:
    """Where the replies are read, by a reader who asked for adult material if this one did."""
    return f"{where}/thread" + ("?adult=true" if head.adult else "")


def _author(site: Site, head: Shown, values: Sequence[Any]) -> dict[str, Any]:
    """Who said it in the conversation that it belongs to. An anonymous author whose comment was
    moved here from another is not recognised in this one (see ``said_in`` of the model).
    """
    row = Row._make(values)
    op = head.op
    is_recognised = row.said_in is None or row.account_id is not None
    is_op = Byline(row.mask_id, row.account_id).is_seen_as(op)
    return author(
        site,
        row.said_in or head.conversation,
        row,
        shows_faces=head.settings["show_faces"],
        is_op=is_recognised and is_op,
        is_filler=is_recognised and bool(row.is_filler),
    )
