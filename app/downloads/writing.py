"""What every form offers to whoever sends a file."""

from typing import Protocol

from app.downloads.work import PartText, PartTold, Work


class Writer(Protocol):
    """Writes one work, a part at a time, so that no more than one is ever held. The same work makes
    the same bytes.
    """

    def __init__(self, work: Work) -> None: ...

    def begin(self) -> bytes:
        """All that stands before the parts."""

    def part(self, part: PartTold, text: PartText) -> bytes:
        """The next part. Long texts take long: call it away from the loop."""

    def end(self) -> bytes:
        """All that stands behind the parts."""
