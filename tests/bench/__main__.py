"""Measure how fast everything is that is read and written often, beside what can be had at best.

Boards are seeded unless they were before (``boards.py``). The service is started on each, and on
the same data the floors (``floors.py``); they are checked to answer the same, and loaded by turns
in rounds, so that whatever else the machine does meanwhile hits all of them alike. Figures are
medians of the rounds; the first is not counted. CPU is what the server's process used for a
request, whoever else wanted the processor.

    python -m tests.bench FOLDER [POSTGRESQL_URL] [--rounds 5] [--seconds 1] [--connections 16]

Without a URL PostgreSQL is the server that tests use, which is started where none is found
(``tests/servers.py``); ``--sqlite-alone`` leaves it out. On PostgreSQL databases named
``fillboard_bench_…`` are made and left there, as files are left in FOLDER. ``--copies`` says how
many times the comments stand on the large board; 100 are ten million.
"""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from app.core.logs import set_up_logs
from tests.bench.boards import SIZES, Size, ready, urls_of
from tests.bench.reads import add_reads
from tests.bench.running import add_processes, show_memory, show_start
from tests.bench.table import USUAL, Bench, Effort
from tests.bench.writes import add_writes
from tests.servers import postgresql_server


def measure(
    folder: Path,
    postgresql: str | None,
    sizes: Sequence[Size] = SIZES,
    effort: Effort = USUAL,
) -> list[Bench]:
    """Seed, measure and print; return what was measured."""
    console = Console(highlight=False, soft_wrap=True)
    folder = folder.resolve()
    middle = len(sizes) // 2
    measured = []
    for kind, urls in urls_of(folder, postgresql, sizes):
        hot = [ready(url, size, folder) for url, size in zip(urls, sizes, strict=True)]

        @contextmanager
        def part(kind: str = kind) -> Iterator[Bench]:
            """One part of the measurements, with servers of its own."""
            with ExitStack() as stack:
                own = Path(stack.enter_context(TemporaryDirectory(dir=folder)))
                bench = Bench(kind, own, stack)
                yield bench
                if bench.lines:
                    bench.measure(effort)
                    bench.show(console)
                    measured.append(bench)

        with part() as bench:
            add_reads(bench, urls, sizes, hot)
        with part() as bench:
            add_writes(bench, urls[middle], hot[middle])
        if kind == "PostgreSQL":
            with part() as bench:
                add_processes(bench, urls[middle], hot[middle])
        with part() as bench:
            show_start(bench, urls[middle], effort, console)
            show_memory(bench, urls[middle], hot[middle], effort, console)
    return measured


def _main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("folder", type=Path)
    asked.add_argument("postgresql", nargs="?")
    for name, kind in (
        ("rounds", int),
        ("seconds", float),
        ("connections", int),
        ("requests", int),
    ):
        asked.add_argument(f"--{name}", type=kind, default=getattr(USUAL, name))
    asked.add_argument("--copies", type=int, default=SIZES[-1].copies)
    asked.add_argument("--sqlite-alone", action="store_true")
    given = vars(asked.parse_args())
    set_up_logs("error", "json")
    folder, url, is_alone = (given.pop(name) for name in ("folder", "postgresql", "sqlite_alone"))
    sizes = (*SIZES[:-1], replace(SIZES[-1], copies=given.pop("copies")))
    effort = Effort(**given)
    if is_alone or url is not None:
        measure(folder, url, sizes, effort)
        return
    with postgresql_server() as found:
        measure(folder, found, sizes, effort)


if __name__ == "__main__":
    _main()
