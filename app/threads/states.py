"""States of what people post."""

from enum import StrEnum


class State(StrEnum):
    """Who sees a thing. ``screened`` waits for a moderator, and only its author and moderators see
    it; ``hidden`` was taken out of sight, and only moderators do. For all others both are as if
    they did not exist. ``deleted`` was deleted by its author, and its words are gone.
    """

    VISIBLE = "visible"
    SCREENED = "screened"
    HIDDEN = "hidden"
    DELETED = "deleted"


#: Out of sight: as if they did not exist.
OUT_OF_SIGHT = (State.SCREENED.value, State.HIDDEN.value)


def stands(state: str, *, was_visible: bool) -> bool:
    """Whether everybody may know that something is, or was, there. What its author deleted before
    anybody else had seen it never was.
    """
    return was_visible and state not in OUT_OF_SIGHT
