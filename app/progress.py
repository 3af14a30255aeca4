"""Telling whoever waits at the command line how far long work has come."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

#: Seconds between two lines where there is no terminal to draw on.
_BETWEEN_LINES = 5


@contextmanager
def shown_progress(console: Console, what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show how far something has come: as a bar on a terminal, and elsewhere as a line at the
    beginning and every few seconds. Gives a function to be told what has been done since.
    """
    if console.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
            task = bar.add_task(what, total=total)
            yield lambda some: bar.advance(task, some)
    else:
        console.print(f"{what}: {total:,} to do.", markup=False)
        yield _lines(console, what, total)


def _lines(console: Console, what: str, total: int) -> Callable[[int], None]:
    done, told = 0, time.monotonic()

    def advance(some: int) -> None:
        nonlocal done, told
        done += some
        if time.monotonic() - told > _BETWEEN_LINES:
            told = time.monotonic()
            console.print(f"{what}: {done:,} of {total:,}.", markup=False)

    return advance
