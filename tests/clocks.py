"""A clock that a test can move."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from app.kit import clock
from app.kit.clock import rfc3339


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

    def after(self, **later: float) -> str:
        """The instant that is so much later than now, as it is sent."""
        return rfc3339(self.now() + timedelta(**later))


@contextmanager
def later(**by: float) -> Iterator[None]:
    """The whole service lives later than it is, by what ``timedelta`` takes."""
    with pytest.MonkeyPatch.context() as patch:
        Clock(patch).move(**by)
        yield
