"""Migrations that are interrupted where a test wants it.

As a program it brings databases up to date: one JSON object a line on standard input, ``url`` and
perhaps ``stall_before``; on standard output it says when it begins and how it went.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy
from sqlalchemy import event

from app.core.migrations import migrate
from app.core.settings import Settings

_CHANGES = ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE")


@contextmanager
def before_each_change(do: Callable[[int], None]) -> Iterator[None]:
    """Call ``do`` with 1, 2, 3 ... before each statement that changes a database."""
    count = 0

    def watch(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        nonlocal count
        if statement.lstrip().startswith(_CHANGES):
            count += 1
            do(count)

    event.listen(sqlalchemy.Engine, "before_cursor_execute", watch)
    try:
        yield
    finally:
        event.remove(sqlalchemy.Engine, "before_cursor_execute", watch)


def _obey(order: dict[str, Any]) -> None:
    def stall(count: int) -> None:
        if count == order.get("stall_before"):
            _say({"stalled": count})
            time.sleep(600)

    _say({"begun": True})
    with before_each_change(stall):
        _say({"applied": migrate(Settings(database_url=order["url"]).database())})


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    for line in sys.stdin:
        _obey(json.loads(line))
