"""What is reported, and by whom."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Reported:
    """A thing that is reported: a ``type``, the number of its row, its public id. ``acted_upon`` is
    what is hidden or brought back because of it, by type and public id: of a part it is the fill.
    ``version`` moves with each edit by its author.
    """

    type: str
    thing_id: int
    public_id: str
    board_id: int
    row: Any
    acted_upon: tuple[str, str]
    acted_id: int
    version: str

    @property
    def key(self) -> tuple[str, int]:
        """What is acted upon, by type and number."""
        return self.acted_upon[0], self.acted_id


@dataclass(frozen=True)
class Reporter:
    """Whoever reports: a mask, or a network. The hashes are those of the network at the place of
    the thing, at those of the things that it may hide within a day, as somebody who hides things
    (``turn``, which is not kept), and on the board. Where there are several of one place they are
    those under each key that is kept, today's first.
    """

    mask_id: int | None
    at_thing: list[bytes]
    as_hider: list[list[bytes]]
    turn: bytes
    on_board: bytes
