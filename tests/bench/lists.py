"""How long lists, facets and searches take on a small board and on a large one.

It seeds a board of each size on SQLite and, where its URL is given, on PostgreSQL, unless it did so
before, and asks each question of both boards by turns, through the whole application but without a
network. It prints medians: milliseconds, those of them that this process computed, and statements.

    python -m tests.bench.lists FOLDER [POSTGRESQL_URL] [--sizes 1000 100000] [--rounds 15]

On PostgreSQL it makes the databases ``fillboard_bench_…`` beside the one that the URL names, and
leaves them there, as it leaves the files in FOLDER.
"""

import argparse
import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import httpx
import psycopg
from fastapi import FastAPI
from rich.console import Console
from sqlalchemy import select
from sqlalchemy.engine import make_url

from app.boards.models import BOARD
from app.core.database import open_database
from app.core.logs import set_up_logs
from app.core.migrations import migrate
from app.core.settings import Settings
from app.main import create_app
from app.progress import shown_progress
from app.seed import Plan, fill_board
from app.seed.tags import FANDOMS, NOTES
from app.seed.words import name
from tests.statements import statements

SLUG = "bench"
#: A name that very few texts have.
RARE = name(2000)
_PROMPTS = f"/v1/boards/{SLUG}/prompts"
_FACETS = f"/v1/boards/{SLUG}/facets"


def _asked(path: str, **parameters: str) -> str:
    return f"{path}?{urlencode(parameters)}"


QUESTIONS = {
    "newest": _PROMPTS,
    "adult": _asked(_PROMPTS, adult="true"),
    "open, most seconded": _asked(_PROMPTS, status="open", sort="most_seconded"),
    "of a frequent fandom": _asked(_PROMPTS, fandom=FANDOMS[0]),
    "of a rare fandom": _asked(_PROMPTS, fandom=FANDOMS[300]),
    "fandom, without a note, teen": _asked(
        _PROMPTS, fandom=FANDOMS[0], not_content_note=NOTES[0], rating="teen"
    ),
    "rare, by no index": _asked(_PROMPTS, language="fr", medium="icons", min_seconds="40"),
    "q, frequent": _asked(_PROMPTS, q="kettle"),
    "q, rare": _asked(_PROMPTS, q=RARE),
    "random": f"{_PROMPTS}/random",
    "random of a fandom": _asked(f"{_PROMPTS}/random", fandom=FANDOMS[0]),
    "facets": _FACETS,
    "facets of a fandom": _asked(_FACETS, fandom=FANDOMS[0]),
    "search, rare word": _asked("/v1/search", q=RARE),
    "search, frequent word": _asked("/v1/search", q="kettle"),
    "search, frequent, newest": _asked("/v1/search", q="kettle", sort="newest"),
    "search, two frequent": _asked("/v1/search", q="kettle storm"),
    "search, phrase": _asked("/v1/search", q='"found family"'),
    "tags that begin so": _asked("/v1/tags", q="the la"),
}


@dataclass
class Measured:
    """What one question took on one board."""

    ms: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    statements: int = 0


@dataclass
class Bench:
    """A board of some size, served."""

    size: int
    service: FastAPI
    client: httpx.AsyncClient
    measured: dict[str, Measured] = field(
        default_factory=lambda: {each: Measured() for each in QUESTIONS}
    )

    async def ask(self, question: str) -> None:
        """Ask a question once, and note how long it took."""
        with statements(self.service) as seen:
            wall, cpu = time.perf_counter(), time.process_time()
            answer = await self.client.get(QUESTIONS[question])
            spent = time.process_time() - cpu, time.perf_counter() - wall
        assert answer.status_code in (200, 404), answer.text
        measured = self.measured[question]
        measured.cpu.append(spent[0] * 1000)
        measured.ms.append(spent[1] * 1000)
        measured.statements = len(seen)


async def _seed(url: str, size: int, console: Console) -> None:
    settings = Settings(database_url=url)
    migrate(settings.database())
    database = open_database(settings.database())
    await database.start()
    try:
        async with database.reading() as session:
            if await session.first(select(BOARD.id).where(BOARD.slug == SLUG)):
                return
        few = size // 50
        plan = Plan(SLUG, prompts=size, fills=few, comments=few, deep=few // 2, seed=1)
        with shown_progress(console, f"Seeding {size:,} prompts", plan.total) as advance:
            await fill_board(database, plan, advance)
    finally:
        await database.stop()


@asynccontextmanager
async def _served(url: str, size: int) -> AsyncIterator[Bench]:
    app = create_app(Settings(database_url=url, secret_key="b" * 32, rate_limits="off"))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://bench.test", timeout=120) as client,
    ):
        yield Bench(size, app, client)


def _urls(
    folder: Path, postgresql: str | None, sizes: list[int]
) -> Iterator[tuple[str, list[str]]]:
    """For each kind of database its name, and the URLs of those of each size."""
    folder.mkdir(parents=True, exist_ok=True)
    yield "SQLite", [f"sqlite:///{folder.resolve() / f'bench-{size}.db'}" for size in sizes]
    if postgresql:
        yield (
            "PostgreSQL",
            [database_beside(postgresql, f"fillboard_bench_{size}") for size in sizes],
        )


def database_beside(url: str, database: str) -> str:
    """The URL of a database beside another on PostgreSQL, which is made unless it is there."""
    with psycopg.connect(url, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        if known.fetchone() is None:
            connection.execute(f'CREATE DATABASE "{database}"')
    return make_url(url).set(database=database).render_as_string(hide_password=False)


async def _measure(kind: str, urls: list[str], sizes: list[int], rounds: int) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for url, size in zip(urls, sizes, strict=True):
        await _seed(url, size, console)
        if kind == "PostgreSQL":
            # As autovacuum would have done after a minute.
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")
    async with AsyncExitStack() as stack:
        boards = [
            await stack.enter_async_context(_served(url, size))
            for url, size in zip(urls, sizes, strict=True)
        ]
        for number in range(rounds + 1):
            for question in QUESTIONS:
                for board in boards:
                    await board.ask(question)
            if number == 0:
                # The first time statements are compiled and pages are read from the disk.
                for board in boards:
                    board.measured = {each: Measured() for each in QUESTIONS}
    _print(console, kind, boards)


def _print(console: Console, kind: str, boards: list[Bench]) -> None:
    sizes = "".join(f"{board.size:>9,} ms{'cpu':>8}{'stm':>5}" for board in boards)
    console.print(f"\n{kind:<30}{sizes}{'ratio':>8}")
    for question in QUESTIONS:
        measured = [board.measured[question] for board in boards]
        figures = "".join(
            f"{median(each.ms):>12.2f}{median(each.cpu):>8.2f}{each.statements:>5}"
            for each in measured
        )
        ratio = median(measured[-1].ms) / median(measured[0].ms)
        console.print(f"{question:<30}{figures}{ratio:>8.1f}")


def _main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("folder", type=Path)
    asked.add_argument("postgresql", nargs="?")
    asked.add_argument("--sizes", type=int, nargs="+", default=[1000, 100_000])
    asked.add_argument("--rounds", type=int, default=15)
    given = asked.parse_args()
    set_up_logs("error", "json")
    for kind, urls in _urls(given.folder, given.postgresql, given.sizes):
        asyncio.run(_measure(kind, urls, given.sizes, given.rounds))


if __name__ == "__main__":
    _main()
