"""What the service asks its database meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import FastAPI
from sqlalchemy import event

#: A statement with its parameters, as the driver gets them.
Run = tuple[str, Any]


@contextmanager
def listening(
    service: FastAPI, hear: Callable[[Run], None], *, forgets: bool = True
) -> Iterator[None]:
    """Have everything heard that a service asks its database meanwhile, but for how far that has
    come, which it asks before each answer that it might have. What it was asked a moment ago it
    would answer again without asking, so it forgets that first.
    """

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if "pg_current_snapshot" not in statement:
            hear((statement, parameters))

    if forgets:
        service.state.site.reads.clear()
    engines = service.state.site.database.engines
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


@contextmanager
def statements(service: FastAPI) -> Iterator[list[str]]:
    """The statements that a service runs meanwhile, those of transactions left out."""
    seen: list[str] = []

    def hear(run: Run) -> None:
        if not run[0].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "ROLLBACK")):
            seen.append(run[0])

    with listening(service, hear):
        yield seen
