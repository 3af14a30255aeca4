"""The time, asked for in one place, so that tests can move it."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, aware and in UTC."""
    return datetime.now(UTC)


def rfc3339(instant: datetime) -> str:
    """Write an aware instant as RFC 3339 in UTC with ``Z``, to the second.

    Finer times would help to match anonymous posts with somebody's network logs.
    """
    return instant.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def rfc3339_or_none(instant: datetime | None) -> str | None:
    """As :func:`rfc3339`, with ``None`` staying ``None``."""
    return None if instant is None else rfc3339(instant)
