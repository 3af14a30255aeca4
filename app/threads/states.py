"""States of what people post."""

from enum import StrEnum


class State(StrEnum):
    """Who sees a thing. ``screened`` and ``hidden`` leave no trace for anybody but moderators;
    ``deleted`` was deleted by its author, and its words are gone.
    """

    VISIBLE = "visible"
    SCREENED = "screened"
    HIDDEN = "hidden"
    DELETED = "deleted"


#: Out of everybody's sight but the moderators': as if they did not exist.
OUT_OF_SIGHT = (State.SCREENED.value, State.HIDDEN.value)
