"""Lines of a table: which load is put on which server, and what that is compared with."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import psutil
from rich.console import Console
from sqlalchemy.engine import make_url

from tests.bench.boards import PUBLIC_URL, SECRET, connected
from tests.bench.loads import Borne, Load, put
from tests.servers import serving


@dataclass(frozen=True)
class Effort:
    """How much is done to find out: rounds that count and those before them, the seconds and the
    connections of a load, how often a service is started, and how many requests it answers while
    its memory is looked at.
    """

    rounds: int = 5
    warm_ups: int = 1
    seconds: float = 1
    connections: int = 16
    starts: int = 5
    requests: int = 100_000


USUAL = Effort()


@dataclass
class Server:
    """A process that is measured, with those that it has started."""

    url: str
    pid: int
    #: How many statements each path takes, where that is known.
    statements: Mapping[str, int] = field(default_factory=dict)

    def cpu(self) -> float:
        """Seconds of the processor that it has used so far."""
        process = psutil.Process(self.pid)
        return _spent([process, *process.children(recursive=True)])

    def memory(self) -> int:
        """Bytes of memory of its own that it holds; pages of its files are the system's."""
        held = psutil.Process(self.pid).memory_info()
        return int(held.rss - held.shared)


def cpu_of_postgresql() -> float:
    """Seconds of the processor that PostgreSQL's processes on this machine have used so far, as far
    as they are still there.
    """
    named = psutil.process_iter(["name"])
    return _spent(each for each in named if each.info["name"] == "postgres")


def _spent(processes: Iterable[psutil.Process]) -> float:
    spent = 0.0
    for each in processes:
        try:
            times = each.cpu_times()
        except psutil.NoSuchProcess:
            continue
        spent += times.user + times.system
    return spent


@dataclass
class Measured:
    """One line of the table: a load on a server, which line it is compared with, and the least
    share of that line's rate that is wanted. ``counted`` is the share of its requests that count.
    """

    name: str
    server: Server
    load: Load
    beside: "Measured | None" = None
    wanted: float | None = None
    statements: int | None = None
    counted: float = 1.0
    borne: list[Borne] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)

    def bear(self, seconds: float, connections: int) -> None:
        """Put the load on the server for a round."""
        before, database = self.server.cpu(), cpu_of_postgresql()
        borne = put(self.load, self.server.url, seconds, connections)
        requests = max(borne.requests, 1)
        self.cpu.append((self.server.cpu() - before) / requests)
        self.database.append((cpu_of_postgresql() - database) / requests)
        self.borne.append(borne)

    def rates(self) -> list[float]:
        """Requests a second of each round, those that count."""
        return [self.counted * each.requests / each.seconds for each in self.borne]

    def ratio(self) -> float | None:
        """How its rate compares with that of the other line: the median of the rounds' ratios."""
        if self.beside is None:
            return None
        pairs = zip(self.rates(), self.beside.rates(), strict=True)
        return median(mine / theirs for mine, theirs in pairs)


@dataclass
class Bench:
    """What is measured on one kind of database, and in which folder it stands."""

    kind: str
    folder: Path
    stack: ExitStack
    lines: list[Measured] = field(default_factory=list)

    @property
    def is_sqlite(self) -> bool:
        """Whether one process alone may serve its files."""
        return self.kind == "SQLite"

    def service(self, url: str, kept_mb: int = 0, workers: int = 1) -> Server:
        """Start the service on a database. Unless it is to keep answers, it makes each anew."""
        settings = {"database_url": url, "secret_key": SECRET, "public_url": PUBLIC_URL}
        # It announces the public URL, so where it listens must be known beforehand.
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = str(free.getsockname()[1])
        options = ["--port", port, *(["--workers", str(workers)] if workers > 1 else [])]
        started = self.stack.enter_context(
            serving(self.folder, *options, kept_pages_mb=str(kept_mb), **settings)
        )
        return Server(f"http://127.0.0.1:{port}", started.process.pid)

    def copy(self, url: str, name: str) -> str:
        """A copy of an SQLite file: only one process serves a file. PostgreSQL takes any number."""
        if not self.is_sqlite:
            return url
        copy = self.folder / f"{name}.db"
        with connected(url) as run:
            run(f"VACUUM INTO '{copy}'")
        return f"sqlite:///{copy}"

    def floor(self, name: str, url: str, paths: Sequence[str] = ()) -> Server:
        """Start a floor on a database of its own (``tests/bench/floors.py``)."""
        given = [name, url, SECRET, PUBLIC_URL, *paths]
        process = self.stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-m", "tests.bench.floors", *given],
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        self.stack.callback(process.kill)
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        return Server(said["url"], process.pid, said["statements"])

    def line(
        self,
        name: str,
        server: Server,
        load: Load,
        beside: Measured | None = None,
        wanted: float | None = None,
        *,
        statements: int | None = None,
        counted: float = 1.0,
    ) -> Measured:
        """Add a line to the table."""
        line = Measured(name, server, load, beside, wanted, statements, counted)
        self.lines.append(line)
        return line

    def measure(self, effort: Effort) -> None:
        """Load every server by turns. The first round warms them up."""
        for _ in range(effort.warm_ups):
            for line in self.lines:
                put(line.load, line.server.url, effort.seconds, effort.connections)
        for _ in range(effort.rounds):
            for line in self.lines:
                line.bear(effort.seconds, effort.connections)

    def show(self, console: Console) -> None:
        """Print the table."""
        heads = ["req/s", "p50 ms", "p99 ms", "CPU us", "SQL", "ratio", "wanted"]
        if not self.is_sqlite:
            heads.insert(4, "its us")
        console.print(f"\n{self.kind:<34}" + "".join(f"{each:>9}" for each in heads) + "  of")
        for line in self.lines:
            console.print(f"{line.name:<34}{self._figures(line)}")
            assert not sum(each.errors for each in line.borne), f"{line.name}: errors"

    def _figures(self, line: Measured) -> str:
        p50, p99 = (median(getattr(each, name) for each in line.borne) for name in ("p50", "p99"))
        ratio = line.ratio()
        shown = [f"{median(line.rates()):,.0f}", f"{p50:.2f}", f"{p99:.2f}"]
        shown.append(f"{median(line.cpu) * 1e6:,.0f}")
        if not self.is_sqlite:
            shown.append(f"{median(line.database) * 1e6:,.0f}")
        shown.append("" if line.statements is None else str(line.statements))
        shown.append("" if ratio is None else f"{ratio:.0%}")
        shown.append("" if line.wanted is None else f"{line.wanted:.0%}")
        beside = "" if line.beside is None else f"  {line.beside.name}"
        return "".join(f"{each:>9}" for each in shown) + beside


def name_of_database(url: str) -> str:
    """Which kind of database a URL leads to."""
    return make_url(url).get_backend_name()
