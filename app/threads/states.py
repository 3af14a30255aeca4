"""States of what people post."""

from enum import StrEnum

from sqlalchemy import Index, text


class State(StrEnum):
    """Who sees a thing. ``screened`` waits for a moderator, ``hidden`` was taken out of sight by
    one: only its author and the moderators see it, and for all others it is as if it did not exist.
    ``held`` is withheld by law: only administrators see it, and that they looked is logged.
    ``deleted`` was deleted by its author, and its words are gone. ``moved`` is no post: it stands
    where a comment stood that a moderator has moved elsewhere.
    """

    VISIBLE = "visible"
    SCREENED = "screened"
    HIDDEN = "hidden"
    HELD = "held"
    DELETED = "deleted"
    MOVED = "moved"


_IS_SCREENED = text("state = 'screened'")
#: Out of sight: as if they did not exist.
OUT_OF_SIGHT = (State.SCREENED.value, State.HIDDEN.value, State.HELD.value)


def stands(state: str, *, was_visible: bool) -> bool:
    """Whether everybody may know that something is, or was, there. What its author deleted before
    anybody else had seen it never was, and what is deleted while it is out of sight stays so, with
    what others posted below it (its ``was_visible`` is taken back then): nobody undoes a
    moderator's decision by deleting what it was about.
    """
    return was_visible and state not in OUT_OF_SIGHT


def index_of_screened(table: str, column: str) -> Index:
    """An index of what waits for a moderator, and of nothing else."""
    return Index(
        f"ix_{table}_screened", column, sqlite_where=_IS_SCREENED, postgresql_where=_IS_SCREENED
    )
