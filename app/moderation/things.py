"""What moderators act upon, whatever kind of thing it is.

Each kind is a :class:`Kind`, put into :data:`app.moderation.kinds.KINDS` under its name: the verbs
of moderation know no other difference between them.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Select

from app.comments.heads import Head
from app.core.database import Session
from app.core.site import Site
from app.identity.people import Caller
from app.labels.schemas import LabelsUpdate
from app.moderation.schemas import ModActionCreate
from app.threads.states import State

#: A row that has to be held: of which table, and its number.
Table = Literal["fill", "prompt", "discussion", "thread"]
Hold = tuple[Table, int]


@dataclass(frozen=True)
class Acting:
    """Who acts, where: what every kind of thing may need to know. ``by`` is as whom."""

    session: Session
    site: Site
    board_id: int
    caller: Caller
    by: Literal["moderator", "system"] = "moderator"


def _never(_row: Any) -> bool:
    return False


@dataclass(frozen=True)
class Kind:
    """A kind of thing.

    ``find`` asks for a row by its public id, whatever its state, with ``id``, ``public_id``,
    ``board_id``, ``state`` and ``is_frozen``. ``holds`` are the rows that whoever changes the thing
    holds (:func:`app.core.sessions.held`). ``is_known`` says that everybody has had the chance to
    see it, and may know so. ``set_state`` and ``set_frozen`` are the verbs of its room, and so is
    ``relabel`` if it has labels. ``head`` is what it is as the head of a thread, if it can be one,
    ``is_adult`` whether what stands below it is gated, and ``is_closed`` whether nobody, moderators
    included, may add to what stands there.
    """

    find: Callable[[str], Select[Any]]
    holds: Callable[[Acting, Any], Awaitable[frozenset[Hold]]]
    is_known: Callable[[Acting, Any], Awaitable[bool]]
    set_state: Callable[[Acting, Any, State], Awaitable[None]]
    set_frozen: Callable[[Acting, Any, bool], Awaitable[None]]
    relabel: Callable[[Acting, Any, LabelsUpdate], Awaitable[bool]] | None = None
    head: Callable[[Site, Any], Head] | None = None
    is_adult: Callable[[Any], bool] = _never
    is_closed: Callable[[Any], bool] = _never

    async def row(self, acting: Acting, public_id: str) -> Any | None:
        """The row of a thing, if it is one of the board."""
        row = await acting.session.first(self.find(public_id))
        if row is None or row.board_id != acting.board_id or row.state == State.MOVED:
            return None
        is_withheld = row.state == State.HELD and not acting.caller.is_administrator
        return None if is_withheld else row


@dataclass(frozen=True)
class Move:
    """A comment (its row) that goes to another place, below ``parent`` if there is one."""

    source: Head
    target: Head
    comment: Any
    parent: Any | None


@dataclass(frozen=True)
class Target:
    """A thing that something is to be done to. ``type`` is the name of its kind."""

    type: str
    kind: Kind
    public_id: str

    async def row(self, acting: Acting) -> Any:
        """The thing as it is by now. Things are never deleted altogether."""
        row = await self.kind.row(acting, self.public_id)
        assert row is not None
        return row


@dataclass(frozen=True)
class Conversion:
    """A comment (its row, below ``source``) that becomes something else: a fill of the prompt
    ``into``, or a part of the fill ``into``.
    """

    source: Head
    comment: Any
    type: Literal["prompt", "fill"]
    into: Any


@dataclass(frozen=True)
class HeldAction:
    """What a moderator does, with all that it is done to, held until the commit."""

    acting: Acting
    sent: ModActionCreate
    targets: tuple[Target, ...]
    move: Move | None = None
    conversion: Conversion | None = None
