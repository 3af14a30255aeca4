"""How fast a page of a thread is answered, and a comment taken, beside what can be had at best.

It seeds three boards, unless it did so before: a small one, one of 100,000 comments of which 10,000
are in one thread, and a large one where these stand ten times. Then it starts the service on each,
and on the same files the floors of ``tests/bench/floors.py``, checks that they answer the same
bytes, and loads them by turns in rounds, so that whatever else the machine does meanwhile hits all
of them alike. Figures are medians of the rounds; the first is not counted. CPU is what the server's
process used for a request, whoever else wanted the processor.

    python -m tests.bench.threads FOLDER [POSTGRESQL_URL] [--rounds 5] [--seconds 2]
"""

import argparse
import json
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

import httpx
import psycopg
from rich.console import Console
from sqlalchemy.engine import make_url

from app.kit.cursors import KEY_LENGTH, CursorSealer
from app.kit.keys import derive_key
from tests.bench.growing import grow
from tests.bench.lists import database_beside
from tests.bench.loads import Borne, Load, put
from tests.servers import serving

SLUG = "bench"
SECRET = "b" * 32
PUBLIC_URL = "http://bench.test"
_LIMIT = 50
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Size:
    """A board to measure on: how many prompts and fills it has each, how many comments are seeded,
    how many of them in one thread, and how many times all of them stand there (``growing.py``).
    """

    works: int
    seeded: int
    deep: int
    copies: int = 1

    @property
    def comments(self) -> int:
        """How many comments there are."""
        return self.seeded * self.copies

    @property
    def name(self) -> str:
        """What its files are called."""
        return f"threads-{self.comments}"


SIZES = (Size(50, 1000, 1000), Size(2000, 100_000, 10_000), Size(2000, 100_000, 10_000, copies=10))


@dataclass(frozen=True)
class Thread:
    """The long thread of a board: the address of its comments, and the URLs of its pages."""

    path: str
    first: str
    middle: str
    last: str


@dataclass
class Server:
    """A process that is measured."""

    url: str
    pid: int

    def cpu(self) -> float:
        """Seconds of the processor that it has used so far."""
        spent = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(spent[11]) + int(spent[12])) / _TICKS


@dataclass
class Measured:
    """One line of the table: a load on a server, and which line it is compared with."""

    name: str
    server: Server
    load: Load
    beside: str = ""
    wanted: str = ""
    borne: list[Borne] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def bear(self, seconds: float, connections: int) -> None:
        """Put the load on the server for a round."""
        before = self.server.cpu()
        borne = put(self.load, self.server.url, seconds, connections)
        self.cpu.append((self.server.cpu() - before) / max(borne.requests, 1))
        self.borne.append(borne)

    def ratio_to(self, other: "Measured") -> float:
        """How its rate compares with another's: the median of the ratios of each round."""
        rates = [[each.requests / each.seconds for each in line.borne] for line in (self, other)]
        return float(median(mine / theirs for mine, theirs in zip(*rates, strict=True)))

    @property
    def rate(self) -> float:
        """Requests a second, the median of the rounds."""
        return median(each.requests / each.seconds for each in self.borne)


def seed(url: str, size: Size, folder: Path) -> None:
    """Fill a board as the command does, and let it grow, unless it has been filled."""
    own = folder / size.name
    done = own / f"{make_url(url).get_backend_name()}-seeded"
    if done.exists():
        return
    own.mkdir(parents=True, exist_ok=True)
    amount = {"prompts": size.works, "fills": size.works, "comments": size.seeded}
    options = [f"--{name}={many}" for name, many in {**amount, "deep": size.deep}.items()]
    subprocess.run(
        [Path(sys.executable).with_name("fillboard"), "seed", "--board", SLUG, *options],
        env={**os.environ, "FILLBOARD_DATABASE_URL": url, "FILLBOARD_DATA_DIR": str(own)},
        check=True,
    )
    grow(url, size.copies)
    done.touch()


def thread_of(url: str) -> Thread:
    """The longest thread of a board, with its first page, one in its middle, and its last."""
    head = """
        SELECT thread.id, thread.comments_count, coalesce(prompt.public_id, fill.public_id),
            prompt.public_id IS NOT NULL
        FROM thread LEFT JOIN prompt ON prompt.thread_id = thread.id
            LEFT JOIN fill ON fill.thread_id = thread.id
        ORDER BY thread.comments_count DESC LIMIT 1"""
    pages = "SELECT path FROM comment WHERE thread_id = {} AND is_shown ORDER BY path"
    with _connected(url) as run:
        ((thread_id, _, public_id, is_prompt),) = run(head)
        paths = [path for (path,) in run(pages.format(int(thread_id)))]
    path = f"/v1/{'prompts' if is_prompt else 'fills'}/{public_id}/comments"
    cursors = CursorSealer(derive_key(SECRET, "cursors", KEY_LENGTH))

    def page(behind: int) -> str:
        cursor = cursors.seal([paths[behind - 1]], f"{path}?adult=true")
        return f"{path}?{urlencode({'adult': 'true', 'limit': _LIMIT, 'cursor': cursor})}"

    first = f"{path}?{urlencode({'adult': 'true', 'limit': _LIMIT})}"
    return Thread(path, first, page(len(paths) // 2), page(len(paths) - _LIMIT))


@contextmanager
def _connected(url: str) -> Iterator[Callable[[str], Sequence[Any]]]:
    """A function that runs a statement on a database and returns its rows."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        connection = sqlite3.connect(str(parsed.database))
        try:
            yield lambda statement: connection.execute(statement).fetchall()
        finally:
            connection.close()
    else:
        with psycopg.connect(url, autocommit=True) as server:
            yield lambda statement: server.execute(statement.encode()).fetchall()


@dataclass
class Bench:
    """What is measured on one kind of database, and in which folder it stands."""

    kind: str
    folder: Path
    stack: ExitStack
    lines: list[Measured] = field(default_factory=list)

    def service(self, url: str, kept_mb: int = 0) -> Server:
        """Start the service on a database. Unless it is to keep pages, it builds each anew."""
        settings = {"database_url": url, "secret_key": SECRET, "public_url": PUBLIC_URL}
        # It announces the public URL, so where it listens must be known beforehand.
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = str(free.getsockname()[1])
        started = self.stack.enter_context(
            serving(self.folder, "--port", port, kept_pages_mb=str(kept_mb), **settings)
        )
        return Server(f"http://127.0.0.1:{port}", started.process.pid)

    def copy(self, url: str, name: str) -> str:
        """A copy of an SQLite file: only one process serves a file. PostgreSQL takes any number."""
        if self.kind != "SQLite":
            return url
        copy = self.folder / f"{name}.db"
        with _connected(url) as run:
            run(f"VACUUM INTO '{copy}'")
        return f"sqlite:///{copy}"

    def floor(self, name: str, url: str) -> Server:
        """Start a floor on an SQLite file."""
        given = [name, str(make_url(url).database), SECRET, PUBLIC_URL]
        process = self.stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-m", "tests.bench.floors", *given],
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        self.stack.callback(process.kill)
        assert process.stdout is not None
        return Server(process.stdout.readline().strip(), process.pid)

    def line(
        self, name: str, server: Server, load: Load, beside: str = "", wanted: str = ""
    ) -> None:
        """Add a line to the table."""
        self.lines.append(Measured(name, server, load, beside, wanted))

    def measure(self, rounds: int, seconds: float, connections: int) -> None:
        """Load every server by turns. The first round warms them up."""
        for number in range(rounds + 1):
            for line in self.lines:
                line.bear(seconds, connections)
                if number == 0:
                    line.borne.clear()
                    line.cpu.clear()


def _same_bytes(floor: Server, service: Server, thread: Thread) -> None:
    """Check that a floor and the service answer alike, so that their figures can be compared."""
    for page in (thread.first, thread.middle, thread.last):
        theirs, ours = (httpx.get(each.url + page) for each in (floor, service))
        assert theirs.status_code == ours.status_code == 200, ours.text
        if theirs.content != ours.content:
            raise AssertionError(f"not the same:\n{theirs.text[:2000]}\n{ours.text[:2000]}")


def _same_shape(floor: Server, service: Server, path: str, load: Load) -> None:
    """Check that a comment that is posted is answered alike. Its ids, and what follows from them,
    differ.
    """
    answers = []
    for server in (floor, service):
        answer = httpx.post(server.url + path, content=load.body, headers=dict(load.headers))
        assert answer.status_code == 201, answer.text
        answers.append(_masked(answer.json()))
    assert answers[0] == answers[1], answers


def _masked(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return [(key, _masked(each, key)) for key, each in value.items()]
    return "..." if name in {"id", "url", "face", "edit_token", "created_at", "seq"} else value


def _pages(bench: Bench, urls: Sequence[str], sizes: Sequence[Size]) -> None:
    """What is read: pages of the board in the middle, and one page of each of the others."""
    middle = len(sizes) // 2
    threads = [thread_of(url) for url in urls]
    thread = threads[middle]
    anew = bench.service(urls[middle])
    floor = "floor: page of 50"
    if bench.kind == "SQLite":
        bare = bench.floor("reading", urls[middle])
        _same_bytes(bare, anew, thread)
        bench.line(floor, bare, Load([thread.middle]))
    page = "page of 50"
    bench.line(page, anew, Load([thread.middle]), floor, ">= 60 %")
    bench.line("page 1", anew, Load([thread.first]), page)
    bench.line("last page", anew, Load([thread.last]), page, ">= 83 %")
    small = f"page of {sizes[0].comments:,} comments"
    for size, url, each in zip(sizes, urls, threads, strict=True):
        if size is not sizes[middle]:
            name = f"page of {size.comments:,} comments"
            beside = small if size is sizes[-1] else page
            bench.line(name, bench.service(url), Load([each.middle]), beside, ">= 83 %")
    keeping = bench.service(bench.copy(urls[middle], "keeping"), kept_mb=16)
    bench.line("page that was kept", keeping, Load([thread.middle]), page)
    tag = httpx.get(keeping.url + thread.middle).headers["etag"]
    unchanged = Load([thread.middle], {"If-None-Match": tag})
    assert httpx.get(keeping.url + thread.middle, headers=unchanged.headers).status_code == 304
    bench.line("unchanged page: 304", keeping, unchanged, page, ">= 200 %")


def _posts(bench: Bench, url: str) -> None:
    """What is written, on copies of an SQLite file."""
    said = json.dumps({"body": "The kettle is on, and the lantern is lit."})
    floor, service = (bench.copy(url, f"posting-{name}") for name in ("floor", "service"))
    with _connected(url) as run:
        ((public_id,),) = run(
            "SELECT public_id FROM prompt WHERE state = 'visible' AND NOT is_frozen"
            " ORDER BY number LIMIT 1"
        )
    path = f"/v1/prompts/{public_id}/comments"
    load = Load([path], {"Content-Type": "application/json"}, said)
    bare, ours = bench.floor("posting", floor), bench.service(service)
    _same_shape(bare, ours, path, load)
    bench.line("floor: post a comment", bare, load)
    bench.line("post a comment", ours, load, "floor: post a comment", ">= 35 %")


def _print(bench: Bench) -> None:
    console = Console(highlight=False, soft_wrap=True)
    heads = ("req/s", "p50 ms", "p99 ms", "cpu us", "of")
    console.print(f"\n{bench.kind:<28}" + "".join(f"{each:>10}" for each in heads) + "  wanted")
    by_name = {line.name: line for line in bench.lines}
    for line in bench.lines:
        p50, p99 = (median(getattr(each, name) for each in line.borne) for name in ("p50", "p99"))
        beside = by_name.get(line.beside)
        ratio = f"{line.ratio_to(beside):.0%}" if beside else ""
        console.print(
            f"{line.name:<28}{line.rate:>10,.0f}{p50:>10.2f}{p99:>10.2f}"
            f"{median(line.cpu) * 1e6:>10,.0f}{ratio:>10}  "
            + (f"{line.wanted} of {line.beside}" if line.wanted else "")
        )
        assert not sum(each.errors for each in line.borne), f"{line.name}: errors"


def measure(
    folder: Path,
    postgresql: str | None,
    sizes: Sequence[Size] = SIZES,
    *,
    rounds: int = 5,
    seconds: float = 2,
    connections: int = 12,
) -> list[Bench]:
    """Seed, measure and print."""
    folder = folder.resolve()
    benches = []
    for kind, urls in _urls(folder, postgresql, sizes):
        for url, size in zip(urls, sizes, strict=True):
            seed(url, size, folder)
        with ExitStack() as stack:
            own = Path(stack.enter_context(TemporaryDirectory(dir=folder)))
            bench = Bench(kind, own, stack)
            _pages(bench, urls, sizes)
            if kind == "SQLite":
                _posts(bench, urls[0])
            bench.measure(rounds, seconds, connections)
            _print(bench)
            benches.append(bench)
    return benches


def _urls(
    folder: Path, postgresql: str | None, sizes: Sequence[Size]
) -> Iterator[tuple[str, list[str]]]:
    """For each kind of database its name, and the URLs of the boards."""
    yield "SQLite", [f"sqlite:///{folder / size.name / 'fillboard.db'}" for size in sizes]
    if postgresql:
        yield (
            "PostgreSQL",
            [
                database_beside(postgresql, f"fillboard_bench_threads_{each.comments}")
                for each in sizes
            ],
        )


def _main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("folder", type=Path)
    asked.add_argument("postgresql", nargs="?")
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--seconds", type=float, default=2)
    asked.add_argument("--connections", type=int, default=12)
    given = asked.parse_args()
    measure(
        given.folder,
        given.postgresql,
        rounds=given.rounds,
        seconds=given.seconds,
        connections=given.connections,
    )


if __name__ == "__main__":
    _main()
