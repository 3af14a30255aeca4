"""How an author is shown."""

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
    """Build the public author of a row with ``is_named``, ``is_moderator``, ``mask`` (the mask's
    public id or ``None``) and ``account_name``, in a conversation given by its id.
    """
    named = bool(row.is_named)
    face = site.face(conversation, row.mask) if shows_faces and row.mask and not named else None
    return {
        "kind": "named" if named else "anonymous",
        "name": row.account_name if named else None,
        "face": face,
        "is_op": is_op,
        "is_filler": is_filler,
        "is_moderator": bool(row.is_moderator),
    }


def receipt(
    content: dict[str, Any], poster: Poster, notices: list[dict[str, str]]
) -> dict[str, Any]:
    """Add to a new resource what only its author gets to see."""
    token = {"edit_token": poster.edit_token} if poster.edit_token else {}
    return {**content, **token, "notices": notices}
