"""What a board's settings say to a post: how it may be signed, and what it may be.

``settings`` are all of a board's settings, as ``settings_of`` reads them. A setting that is changed
changes nothing that stands: it is asked when something is posted, and when it is edited.
"""

from typing import Any, Literal

from app.boards.errors import AnonymityRequired, NameRequired
from app.identity.people import Byline

#: What each board has a setting of anonymity for.
PostKind = Literal["prompts", "fills", "comments"]


def check_anonymity(settings: dict[str, Any], kind: PostKind, byline: Byline) -> None:
    """Whether a board takes a post of a kind that is signed so.

    :raises AnonymityRequired: it shows a name, and is not posted as a moderator.
    :raises NameRequired: it shows none.
    """
    anonymity = settings[f"anonymity_{kind}"]
    if anonymity == "required" and byline.is_named and not byline.is_moderator:
        raise AnonymityRequired
    if anonymity == "off" and not byline.is_named:
        raise NameRequired
