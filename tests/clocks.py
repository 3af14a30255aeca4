"""A clock that a test can move."""

from datetime import UTC, datetime, timedelta

import pytest

from app.kit import clock


class Clock:
    """The service's clock. Until it is moved it shows the time of the machine."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._ahead = timedelta()
        moved = self

        class _Datetime(datetime):
            @classmethod
            def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
                assert tz is UTC
                return moved.now()

        patch.setattr(clock, "datetime", _Datetime)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def move(self, **by: float) -> None:
        """Let time pass: ``clock.move(hours=3)``."""
        self._ahead += timedelta(**by)

    def set(self, instant: datetime) -> None:
        """Let it be this instant now."""
        self._ahead = instant - datetime.now(UTC)
