"""Several processes serve one board on PostgreSQL, on one socket."""

import asyncio
import os
import signal
import subprocess
import time
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest

from tests.events.following import stream
from tests.people import Person, path_of
from tests.servers import Service, fillboard, serving
from tests.stories.conftest import town_at, visitors

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

PATIENCE = 60


def children(service: Service) -> set[int]:
    """The processes that serve."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(service.process.pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return {int(line.split()[0]) for line in listed.stdout.splitlines() if "spawn_main" in line}


async def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


def runs(pid: int) -> bool:
    """Whether a process is there, and not only its name."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def post(path: str, body: str) -> httpx.Response:
    """Post on a new connection. One that was made, but not spoken on yet, may be closed by a
    process that leaves; whoever has no answer asks again with the same key.
    """
    key = {"Idempotency-Key": uuid.uuid4().hex}
    while True:
        try:
            async with httpx.AsyncClient(timeout=30) as fresh:
                return await fresh.post(path, json={"body": body}, headers=key)
        except httpx.TransportError:
            await asyncio.sleep(0.01)


@pytest.mark.only_on("sqlite")
def test_one_process_serves_an_sqlite_file(empty_database_url: str, tmp_path: Path) -> None:
    refused = fillboard("serve", "--workers", "2", folder=tmp_path, database_url=empty_database_url)
    assert refused.returncode == 1
    assert "--workers: one process serves an SQLite file" in refused.stderr
    assert "PostgreSQL" in refused.stderr


@pytest.mark.only_on("postgresql")
async def test_a_process_that_is_replaced_or_dies_loses_no_request_that_was_taken(
    empty_database_url: str, tmp_path: Path
) -> None:
    """At SIGHUP each is replaced in turn while people go on posting, each on a new connection."""
    with serving(tmp_path, "--workers", "2", database_url=empty_database_url) as service:
        async with AsyncExitStack() as stack:
            town = await stack.enter_async_context(town_at(service.url, empty_database_url))
            before = children(service)
            assert len(before) == 2
            prompt = await town.prompt()
            path = f"{service.url}/v1{path_of(prompt)}/comments"
            said: list[str] = []
            is_over = False

            async def talk(number: int) -> None:
                while not is_over:
                    answer = await post(path, f"Lantern {number}, {len(said)}.")
                    assert answer.status_code == 201, answer.text
                    said.append(answer.json()["id"])

            talking = [asyncio.create_task(talk(number)) for number in range(4)]
            os.kill(service.process.pid, signal.SIGHUP)
            await until(lambda: len(children(service) - before) == 2 and len(said) > 20)
            await until(lambda: not any(map(runs, before)))
            is_over = True
            await asyncio.gather(*talking)
            shown = await town.somebody().every_page(f"{path_of(prompt)}/comments?limit=100")
            assert Counter(each["id"] for each in shown) == Counter(said)

            killed = min(children(service))
            os.kill(killed, signal.SIGKILL)
            await until(lambda: len(children(service) - {killed}) == 2)
            async with httpx.AsyncClient(timeout=30) as fresh:
                assert (await fresh.get(f"{service.url}/readyz")).status_code == 200
        assert service.stop() == 0
        assert "Traceback" not in service.log


@pytest.mark.only_on("postgresql")
async def test_nobody_goes_on_serving_whose_parent_was_killed(
    empty_database_url: str, tmp_path: Path
) -> None:
    with serving(tmp_path, "--workers", "2", database_url=empty_database_url) as service:
        left = children(service)
        assert len(left) == 2
        service.kill()
        await until(lambda: not any(map(runs, left)))


@pytest.mark.only_on("postgresql")
async def test_streams_and_limits_hold_across_processes(
    empty_database_url: str, redis_url: str, tmp_path: Path
) -> None:
    settings = {
        "database_url": empty_database_url,
        "redis_url": redis_url,
        "rate_limits": "on",
        "writes_per_minute": "12",
    }
    with serving(tmp_path, "--workers", "2", **settings) as service:
        async with AsyncExitStack() as stack:
            town = await stack.enter_async_context(town_at(service.url, empty_database_url))
            prompt = await town.prompt()
            path = f"{service.url}/v1{path_of(prompt)}/comments"
            token = (await town.client.post("/v1/masks")).json()["edit_token"]
            # Each on a connection of its own, so that some come to either process.
            streams = [
                await stack.enter_async_context(
                    stream(
                        Person(await stack.enter_async_context(visitors(service.url))),
                        f"/boards/{town.slug}/events/stream?types=comment.created",
                    )
                )
                for _ in range(6)
            ]
            for events in streams:
                await asyncio.wait_for(anext(events), PATIENCE)
            met: Counter[int] = Counter()
            for number in range(20):
                async with httpx.AsyncClient(timeout=30) as fresh:
                    answer = await fresh.post(
                        path,
                        json={"body": f"Lantern {number}."},
                        headers={"Authorization": f"Bearer {token}"},
                    )
                met[answer.status_code] += 1
            # A minute may have ended in between, and no more than one.
            assert met[201] in (12, 20)
            assert met[201] + met[429] == 20
            for events in streams:
                told = 0
                while told < met[201]:
                    sent = await asyncio.wait_for(anext(events), PATIENCE)
                    told += bool(sent.data)
        assert service.stop() == 0
