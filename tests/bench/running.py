"""What running a service takes: to start, to hold, and to share among processes."""

import time
from contextlib import ExitStack
from dataclasses import replace
from statistics import median

from rich.console import Console

from tests.bench.boards import Hot
from tests.bench.loads import Load, put
from tests.bench.table import Bench, Effort, Server

#: Seconds within which a service answers, the growth of its memory that is still called flat, and
#: how much more two processes are to answer than one.
_START, _GROWTH, _TWICE = 2.0, 1.03, 1.7


def show_start(bench: Bench, url: str, effort: Effort, console: Console) -> None:
    """Print how long it takes from the command until a service answers."""
    took = []
    for _ in range(effort.starts):
        with ExitStack() as stack:
            began = time.perf_counter()
            replace(bench, stack=stack).service(url)
            took.append(time.perf_counter() - began)
    console.print(
        f"\nstarts in {median(took):.2f} s ({min(took):.2f} to {max(took):.2f}; "
        f"wanted: {_START:.0f} s)"
    )


def show_memory(bench: Bench, url: str, hot: Hot, effort: Effort, console: Console) -> None:
    """Print how much memory a service holds before, while and after it answers many requests."""
    service = bench.service(bench.copy(url, "memory"), kept_mb=16)
    paths = [getattr(hot, name) for name in Hot.NAMES if name != "search"]
    # Posts have it remember faces, up to 32,768, which takes longer to fill than anybody waits.
    load = Load(paths)
    # What is loaded and kept only once comes first.
    answered = _answer(service, load, effort)
    begun = service.memory()
    held = [begun]
    while answered < effort.requests:
        answered += _answer(service, load, effort)
        held.append(service.memory())
    figures = ", ".join(f"{each / 2**20:.0f}" for each in held)
    console.print(
        f"\nmemory after each fifth of {answered:,} requests: {figures} MiB "
        f"(x {held[-1] / begun:.2f}; wanted: {_GROWTH})"
    )


def _answer(service: Server, load: Load, effort: Effort) -> int:
    """Have a fifth of the requests answered, or some more."""
    answered = 0
    while answered < effort.requests // 5:
        borne = put(load, service.url, effort.seconds, effort.connections)
        assert not borne.errors
        answered += borne.requests
    return answered


def add_processes(bench: Bench, url: str, hot: Hot) -> None:
    """Add the lines of one process and of two. Who loads them, and PostgreSQL, takes its share of
    the same cores.
    """
    loads = {
        "page of a thread": Load([hot.page]),
        "list of prompts": Load([hot.prompts]),
    }
    for kept_mb, made in ((0, "anew"), (64, "kept")):
        one, two = (bench.service(url, kept_mb=kept_mb, workers=many) for many in (1, 2))
        for title, load in loads.items():
            beside = bench.line(f"{title}, {made}: 1 process", one, load)
            bench.line(f"{title}, {made}: 2 processes", two, load, beside, _TWICE)
