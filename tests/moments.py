"""The time as tests move it, and what the service asks its database meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import FastAPI
from sqlalchemy import event

from app.kit.clock import rfc3339


@dataclass
class MovedClock:
    """A clock that runs as usual, ``ahead`` of the others."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def move(self, **by: float) -> None:
        """Move on by so many ``hours``, ``days``..."""
        self.ahead += timedelta(**by)

    def after(self, **later: float) -> str:
        """The instant that is so much later than now, as it is sent."""
        return rfc3339(self.now() + timedelta(**later))


@contextmanager
def statements(service: FastAPI) -> Iterator[list[str]]:
    """The statements that a service runs meanwhile, those of transactions left out."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "ROLLBACK")):
            seen.append(statement)

    engines = service.state.site.database.engines
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
