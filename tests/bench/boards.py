"""The boards that are measured: seeded once, and found again by the next call.

There is a small one, one of 100,000 comments of which 10,000 are in one thread, and a large one
where these stand ten times. On each an evening is then spent through the API, so that there is a
story whose first part is long, and a stream of events.
"""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import psycopg
from sqlalchemy.engine import make_url

from app.core.settings import Settings
from app.kit.cursors import KEY_LENGTH, CursorSealer
from app.kit.keys import derive_key
from app.main import create_app
from tests.bench.growing import grow
from tests.bench.lists import database_beside

SLUG = "bench"
SECRET = "b" * 32
PUBLIC_URL = "http://bench.test"
#: Comments on a page of a thread.
_LIMIT = 50
#: What the first part of the story says, 20 kB of it.
_LONG = ("The kettle sang, and the otter with the lantern came up the stairs. " * 300)[:20_000]
#: How many threads are posted in.
_TALKED_ABOUT = 20
#: How many short parts follow it, and how many events there are at least.
_MORE_PARTS, _EVENTS = 4, 60


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
class Hot:
    """The addresses on a board that are read or written again and again: pages of a thread (the
    first, one in the middle, the last one), and by their names the others.
    """

    first: str
    page: str
    last: str
    prompts: str
    prompt: str
    fill: str
    parts: str
    part: str
    search: str
    feed: str
    events: str
    #: Where comments are posted: below several prompts, as people do.
    talk: Sequence[str]

    #: The columns of the table that have a floor of their own, in the order of the table.
    NAMES = ("page", "prompts", "prompt", "fill", "parts", "part", "search", "feed", "events")


def urls_of(
    folder: Path, postgresql: str | None, sizes: Sequence[Size]
) -> Iterator[tuple[str, list[str]]]:
    """For each kind of database its name, and the URLs of the boards."""
    yield "SQLite", [f"sqlite:///{folder / size.name / 'fillboard.db'}" for size in sizes]
    if postgresql:
        names = [f"fillboard_bench_threads_{size.comments}" for size in sizes]
        yield "PostgreSQL", [database_beside(postgresql, name) for name in names]


def ready(url: str, size: Size, folder: Path) -> Hot:
    """Fill a board as the command does, let it grow and spend the evening on it, unless all that
    was done before; return what is read there.
    """
    own = folder / size.name
    found = own / f"{make_url(url).get_backend_name()}.json"
    if not found.exists():
        own.mkdir(parents=True, exist_ok=True)
        amount = {"prompts": size.works, "fills": size.works, "comments": size.seeded}
        options = [f"--{name}={many}" for name, many in {**amount, "deep": size.deep}.items()]
        subprocess.run(
            [Path(sys.executable).with_name("fillboard"), "seed", "--board", SLUG, *options],
            env={**os.environ, "FILLBOARD_DATABASE_URL": url, "FILLBOARD_DATA_DIR": str(own)},
            check=True,
        )
        grow(url, size.copies)
        settings = Settings(
            database_url=url,
            data_dir=own,
            secret_key=SECRET,
            public_url=PUBLIC_URL,
            rate_limits="off",
        )
        story = asyncio.run(_evening(settings))
        hot = Hot(**_pages(url), **story)
        if make_url(url).get_backend_name() == "postgresql":
            # As autovacuum would have done after a minute.
            with psycopg.connect(_plain(url), autocommit=True) as server:
                server.execute("VACUUM ANALYZE")
        found.write_text(json.dumps(asdict(hot)))
    return Hot(**json.loads(found.read_text()))


async def _evening(settings: Settings) -> dict[str, str]:
    """Post a prompt, a story in parts that fills it, and comments; return where they are read."""
    app = create_app(settings)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as client,
    ):

        async def post(path: str, token: str | None = None, **sent: Any) -> Any:
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            answer = await client.post(f"/v1{path}", json=sent, headers=headers)
            assert answer.is_success, answer.text
            return answer.json()

        wish = "Quillfeather and the Lantern Otter, and a kettle that sings."
        prompt = await post(f"/boards/{SLUG}/prompts", body=wish, tags=["found family"])
        path = f"/prompts/{prompt['id']}"
        fill = await post(f"{path}/fills", title="Up the Stairs", body=_LONG)
        for number in range(_MORE_PARTS):
            parts = f"/fills/{fill['id']}/parts"
            await post(parts, fill["edit_token"], body=f"And then, for the {number + 2}th time.")
        for number in range(_EVENTS):
            await post(f"{path}/comments", body=f"I have read it {number + 1} times by now.")
    board = f"/v1/boards/{SLUG}"
    return {
        "prompts": f"{board}/prompts",
        "prompt": f"/v1{path}",
        "fill": f"/v1/fills/{fill['id']}",
        "parts": f"/v1/fills/{fill['id']}/parts",
        "part": f"/v1/fills/{fill['id']}/parts/1",
        "search": "/v1/search?q=quillfeather",
        "feed": f"{board}/prompts.atom",
        "events": f"{board}/events",
    }


def _pages(url: str) -> dict[str, Any]:
    """Pages of the longest thread of a board, and threads in which something is said."""
    head = """
        SELECT thread.id, thread.comments_count, coalesce(prompt.public_id, fill.public_id),
            prompt.public_id IS NOT NULL
        FROM thread LEFT JOIN prompt ON prompt.thread_id = thread.id
            LEFT JOIN fill ON fill.thread_id = thread.id
        ORDER BY thread.comments_count DESC LIMIT 1"""
    shown = "SELECT path FROM comment WHERE thread_id = {} AND is_shown ORDER BY path"
    open_prompts = f"""
        SELECT public_id FROM prompt WHERE state = 'visible' AND NOT is_frozen
        ORDER BY number DESC LIMIT {_TALKED_ABOUT}"""
    with connected(url) as run:
        ((thread_id, _, public_id, is_prompt),) = run(head)
        paths = [path for (path,) in run(shown.format(int(thread_id)))]
        talk = [f"/v1/prompts/{prompt}/comments" for (prompt,) in run(open_prompts)]
    path = f"/v1/{'prompts' if is_prompt else 'fills'}/{public_id}/comments"
    cursors = CursorSealer(derive_key(SECRET, "cursors", KEY_LENGTH))

    def page(behind: int) -> str:
        cursor = cursors.seal([paths[behind - 1]], f"{path}?adult=true")
        return f"{path}?{urlencode({'adult': 'true', 'limit': _LIMIT, 'cursor': cursor})}"

    first = f"{path}?{urlencode({'adult': 'true', 'limit': _LIMIT})}"
    pages = {"first": first, "page": page(len(paths) // 2), "last": page(len(paths) - _LIMIT)}
    return {**pages, "talk": talk}


@contextmanager
def connected(url: str) -> Iterator[Callable[[str], Sequence[Any]]]:
    """A function that runs a statement on a database and returns its rows."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        connection = sqlite3.connect(str(parsed.database))
        try:
            yield lambda statement: connection.execute(statement).fetchall()
        finally:
            connection.close()
    else:
        with psycopg.connect(_plain(url), autocommit=True) as server:
            yield lambda statement: server.execute(statement.encode()).fetchall()


def _plain(url: str) -> str:
    """A URL as the driver takes it."""
    parsed = make_url(url).set(drivername="postgresql")
    return parsed.render_as_string(hide_password=False)
