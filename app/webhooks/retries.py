"""When a delivery is tried again.

The times are those that Standard Webhooks suggests: ten attempts within about three days. Each is
spread a little, so that what has failed together does not come back together.
"""

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

#: How long before each attempt, counted from the one before; the first is made at once.
SCHEDULE = (
    timedelta(),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
#: How much later, at most, as a share of the time, an attempt is made than the schedule says.
_SPREAD = 0.2
#: The most that a receiver may ask to be left alone for.
_LONGEST_REST = timedelta(days=1)
#: So many digits of a number of seconds are read: they are far too many already.
_DIGITS = 9
_DICE = random.SystemRandom()


def next_attempt(tries: int, at: datetime, retry_after: str | None) -> datetime | None:
    """When to try again what was tried so many times, last ``at`` some moment; ``None`` where that
    was the last time. ``Retry-After`` is heeded where it asks for more time.
    """
    if tries >= len(SCHEDULE):
        return None
    pause = SCHEDULE[tries] * (1 + _SPREAD * _DICE.random())
    return at + max(pause, _rest(retry_after, at))


def _rest(retry_after: str | None, at: datetime) -> timedelta:
    """What ``Retry-After`` asks for (RFC 9110, 10.2.3): seconds, or a date. Anything else asks for
    nothing.
    """
    asked = (retry_after or "").strip()
    if asked.isascii() and asked.isdigit():
        return min(timedelta(seconds=int(asked[:_DIGITS])), _LONGEST_REST)
    try:
        until = parsedate_to_datetime(asked)
    except (TypeError, ValueError, OverflowError):
        return timedelta()
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max(until - at, timedelta()), _LONGEST_REST)
