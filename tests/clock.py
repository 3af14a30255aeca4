"""A clock that a test moves."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo

import pytest

from app.kit import clock


@contextmanager
def later(**by: float) -> Iterator[None]:
    """The whole application lives later than it is, by what ``timedelta`` takes."""

    class Moved:
        @staticmethod
        def now(zone: tzinfo) -> datetime:
            return datetime.now(zone) + timedelta(**by)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "datetime", Moved)
        yield
