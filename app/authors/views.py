"""How a signature is shown."""

from dataclasses import dataclass
from typing import Any

from app.authors.things import URLS, NewSignature
from app.core.site import Site
from app.identity.views import author


@dataclass(frozen=True)
class _Signed:
    """What is shown of an author."""

    account_id: int | None
    account_name: str | None
    mask: str | None
    bot_of: int | None
    is_moderator: bool


def signed(
    site: Site,
    new: NewSignature,
    badges: tuple[bool, bool],
    given_away: list[dict[str, Any]],
    *,
    is_dry_run: bool,
) -> dict[str, Any]:
    """How a post is signed from now on."""
    post, row = new.post, new.post.row
    is_op, is_filler = badges
    name = new.caller.name if new.account_id is not None else None
    shown = _Signed(new.account_id, name, row.mask, row.bot_of, bool(row.is_moderator))
    return {
        "type": post.type,
        "id": row.public_id,
        "url": URLS[post.type](site, row.public_id),
        "author": author(
            site,
            post.conversation,
            shown,
            shows_faces=post.settings["show_faces"],
            is_op=is_op,
            is_filler=is_filler,
        ),
        "is_dry_run": is_dry_run,
        "gives_away": [
            {**each, "url": URLS[each["type"]](site, each["id"])} for each in given_away
        ],
    }
