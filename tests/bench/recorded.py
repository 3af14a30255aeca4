"""What the service asks its database for an answer, and what it answers."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from app.core.settings import Settings
from app.main import create_app
from tests.statements import Run, listening

#: How often the same is asked until it takes the same statements twice: what the service does by
#: itself when it has just started comes in between.
_TRIES = 10


@dataclass(frozen=True)
class Recorded:
    """One answer of the service, with the statements that it took, as the driver got them."""

    path: str
    runs: tuple[Run, ...]
    body: bytes
    media_type: str


def recorded(url: str, secret: str, public_url: str, paths: Sequence[str]) -> list[Recorded]:
    """Ask a service in this process for some paths, one after the other."""
    with TemporaryDirectory() as folder:
        settings = Settings(
            database_url=url,
            data_dir=Path(folder),
            secret_key=secret,
            public_url=public_url,
            rate_limits="off",
            worker="apart",
        )
        return asyncio.run(_recorded(settings, paths))


async def _recorded(settings: Settings, paths: Sequence[str]) -> list[Recorded]:
    app = create_app(settings)
    transport = httpx.ASGITransport(app)
    kept = app.state
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://bench.test") as client,
    ):

        async def ask(path: str) -> Recorded:
            # What is kept by what it shows would be answered with fewer statements.
            kept.site.kept.clear()
            runs: list[Run] = []
            with listening(app, runs.append):
                answer = await client.get(path)
            assert answer.status_code == httpx.codes.OK, answer.text
            return Recorded(path, tuple(runs), answer.content, answer.headers["content-type"])

        async def settled(path: str) -> Recorded:
            before = await ask(path)
            for _ in range(_TRIES):
                after = await ask(path)
                if _statements(before) == _statements(after):
                    return after
                before = after
            raise AssertionError(f"{path} takes other statements each time")

        return [await settled(path) for path in paths]


def _statements(of: Recorded) -> list[Any]:
    return [statement for statement, _ in of.runs]
