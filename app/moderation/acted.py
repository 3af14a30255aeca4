"""What others do when moderators have acted, in the same transaction.

Reports stand above moderation. So the front desk (``app/api.py``) hands in who listens.
"""

from collections.abc import Awaitable, Callable, Sequence

from app.core.database import Session
from app.moderation.models import LogEntry
from app.moderation.things import HeldAction, Target

#: Given the entry, what was to be done, and what it was done to (with the numbers of the rows).
ACTED: list[
    Callable[[Session, LogEntry, HeldAction, Sequence[tuple[Target, int]]], Awaitable[None]]
] = []
