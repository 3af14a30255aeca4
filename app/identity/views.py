"""How an author is shown."""

from functools import lru_cache
from typing import Any

from app.core.site import Site
from app.identity.people import Poster


def author(
    site: Site,
    conversation: str,
    row: Any,
    *,
    shows_faces: bool,
    is_op: bool,
    is_filler: bool,
) -> dict[str, Any]:
    """Build the public author of a row with ``account_id``, ``is_moderator``, ``mask`` (the mask's
    public id or ``None``), ``bot_of`` and ``account_name``, in a conversation given by its id.
    """
    named = row.account_id is not None
    face = site.face(conversation, row.mask) if shows_faces and row.mask and not named else None
    name = row.account_name if named else None
    kind = "anonymous" if not named else "named" if row.bot_of is None else "bot"
    return _shape(kind, name, face, is_op, is_filler, bool(row.is_moderator))


@lru_cache(maxsize=32_768)
def _shape(
    kind: str,
    name: str | None,
    face: str | None,
    is_op: bool,
    is_filler: bool,
    is_moderator: bool,
) -> dict[str, Any]:
    """The same few authors are shown again and again. Nobody changes what is returned."""
    return {
        "kind": kind,
        "name": name,
        "face": face,
        "is_op": is_op,
        "is_filler": is_filler,
        "is_moderator": is_moderator,
    }


def receipt(
    content: dict[str, Any], poster: Poster, notices: list[dict[str, str]]
) -> dict[str, Any]:
    """Add to a new resource what only its author gets to see."""
    token = {"edit_token": poster.edit_token} if poster.edit_token else {}
    return {**content, **token, "notices": notices}
