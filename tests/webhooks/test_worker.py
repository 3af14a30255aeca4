"""Whoever sends: within the service or apart from it, alone or with others, and killed at times."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from app.core.migrations import migrate
from app.events import following
from app.outbox.models import EventType
from app.webhooks import planning
from app.webhooks.worker import Worker
from tests.conftest import migrated_database, new_app, new_client, settings_for
from tests.people import JSON, Person, Town
from tests.servers import fillboard, running_worker, serving
from tests.stories.conftest import keeper_of, visitors
from tests.tables import parsed
from tests.webhooks.conftest import Hooks
from tests.webhooks.receivers import Receiver, receiving, work

pytestmark = pytest.mark.anyio

#: Seconds after which what should have arrived is given up.
PATIENCE = 60


async def until_there_are(receiver: Receiver, many: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while len(set(receiver.ids)) < many:
            await receiver.heard()


@contextmanager
def working(*workers: Worker) -> Iterator[list[asyncio.Task[None]]]:
    tasks = [asyncio.create_task(each.run()) for each in workers]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()


async def test_a_worker_hears_of_what_happens_and_sends_it_at_once(
    hooks: Hooks,
    town: Town,
    receiver: Receiver,
    worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # It would look by itself when nobody waits any more.
    monkeypatch.setattr("app.webhooks.worker._PATIENCE", 10 * PATIENCE)
    webhook = await hooks.make(receiver)
    with working(worker):
        await town.prompt()
        await until_there_are(receiver, 1)
        await town.administrator.post(f"{hooks.of(webhook)}/pings")
        await until_there_are(receiver, 2)


async def test_a_worker_that_is_told_to_stop_in_the_moment_in_which_there_is_news_stops(
    service: FastAPI, worker: Worker
) -> None:
    bell = service.state.site.database.bell
    for moments in range(6):
        task = asyncio.create_task(worker.run())
        # By then it waits.
        await asyncio.sleep(0.3)
        bell.ring_all()
        for _ in range(moments):
            await asyncio.sleep(0)
        task.cancel()
        done, _ = await asyncio.wait([task], timeout=PATIENCE)
        assert done, moments


async def test_a_worker_that_fails_at_something_goes_on(
    hooks: Hooks,
    town: Town,
    receiver: Receiver,
    worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await hooks.make(receiver)
    rounds = worker.round

    async def fail_once() -> float:
        monkeypatch.setattr(worker, "round", rounds)
        raise RuntimeError("the database was away")

    monkeypatch.setattr(worker, "round", fail_once)
    with working(worker):
        await town.prompt()
        await until_there_are(receiver, 1)


async def test_webhooks_whose_events_cannot_be_read_hold_up_nobody_who_comes_after_them(
    hooks: Hooks,
    town: Town,
    receiver: Receiver,
    worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However many they are: some are looked at in one go, and those may be nothing but such."""
    monkeypatch.setattr(planning, "_WEBHOOKS", 2)
    for _ in range(4):
        await hooks.make(receiver, event_types=["board.updated"])
    await hooks.make(receiver)

    async def fail_for_some(*asked: Any) -> Any:
        if EventType.BOARD_UPDATED in asked[4].types:
            raise RuntimeError("the event can't be read")
        return await following.hear(*asked)

    monkeypatch.setattr(planning, "hear", fail_for_some)
    await town.prompt()
    async with asyncio.timeout(PATIENCE):
        await work(worker)
    assert receiver.types == ["prompt.created"]


async def test_a_worker_that_is_stopped_lets_what_it_sends_arrive(
    hooks: Hooks, town: Town, receiver: Receiver, worker: Worker
) -> None:
    webhook = await hooks.make(receiver)
    stopped = asyncio.Event()

    async def wait(writer: asyncio.StreamWriter) -> None:
        await stopped.wait()
        writer.write(b"HTTP/1.1 204 So\r\n\r\n")

    receiver.answers = [wait]
    with working(worker) as (task,):
        await town.prompt()
        await until_there_are(receiver, 1)
        task.cancel()
        await asyncio.sleep(0.1)
        assert not task.done()
        stopped.set()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    (delivery,) = await hooks.deliveries(webhook)
    assert delivery["status"] == "delivered"


async def test_a_worker_may_be_told_twice_to_stop(
    hooks: Hooks, town: Town, receiver: Receiver, worker: Worker, service: FastAPI
) -> None:
    webhook = await hooks.make(receiver)
    stopped = asyncio.Event()

    async def wait(writer: asyncio.StreamWriter) -> None:
        await stopped.wait()
        writer.write(b"HTTP/1.1 204 So\r\n\r\n")

    receiver.answers = [wait]
    bell = service.state.site.database.bell
    with working(worker) as (task,):
        await town.prompt()
        await until_there_are(receiver, 1)
        try:
            bell.close()
            await asyncio.sleep(0.1)
            task.cancel()
            await asyncio.sleep(0.1)
            assert not task.done()
            stopped.set()
            await asyncio.wait([task])
        finally:
            bell.is_closing = False
    (delivery,) = await hooks.deliveries(webhook)
    assert delivery["status"] == "delivered"


async def test_workers_side_by_side_send_nothing_twice(
    hooks: Hooks, town: Town, service: FastAPI
) -> None:
    workers = [Worker(service.state.site) for _ in range(3)]
    async with receiving() as one, receiving() as other:
        webhooks = [await hooks.make(each) for each in (one, other)]
        with working(*workers):
            posted = [town.prompt(body=f"A lamp, {number}.") for number in range(40)]
            await asyncio.gather(*posted)
            for each in (one, other):
                await until_there_are(each, 40)
        await asyncio.sleep(0.3)
        for each in (one, other):
            assert max(Counter(each.ids).values()) == 1
    for webhook in webhooks:
        log = await hooks.deliveries(webhook)
        assert [each["status"] for each in log] == ["delivered"] * 40
        assert {len(each["attempts"]) for each in log} == {1}


@asynccontextmanager
async def hooks_at(url: str, keeper: str, slug: str) -> AsyncIterator[Hooks]:
    async with visitors(url) as client:
        town = Town(client, Person(client, keeper))
        town.slug = slug
        yield Hooks(town)


@pytest.mark.thorough
async def test_nothing_is_lost_when_the_service_is_killed_between_commit_and_send(
    empty_database_url: str, tmp_path: Path
) -> None:
    """It is killed again and again: before anything was sent, while receivers are waited for, and
    after they have answered. Each event arrives at least once, and those that arrive twice have the
    id that they had.
    """
    migrate(parsed(empty_database_url))
    keeper, slug = await keeper_of(empty_database_url), "lamps"
    settings = {"database_url": empty_database_url, "webhook_allow_local": "true"}
    made: list[str] = []
    async with receiving() as receiver:

        async def hang(_writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(PATIENCE)

        webhook: JSON = {}
        for number in range(3):
            with serving(tmp_path, **settings) as service:
                async with hooks_at(service.url, keeper, slug) as hooks:
                    if number == 0:
                        await hooks.town.found_board(slug)
                        webhook = await hooks.make(receiver, event_types=["prompt.created"])
                    if number == 1:
                        receiver.answers = [hang] * 4
                    posted = [await hooks.town.prompt(body=f"{number}") for _ in range(12)]
                    made += [each["id"] for each in posted]
                    if number == 1:
                        await receiver.heard()
                service.kill()
        receiver.answers = []
        with serving(tmp_path, **settings) as service:
            await until_there_are(receiver, len(made))
            async with hooks_at(service.url, keeper, slug) as hooks:
                events = await hooks.town.administrator.every_page(
                    f"/boards/{slug}/events?types=prompt.created&limit=100"
                )
                log = await hooks.deliveries(webhook)
            assert service.stop() == 0
    ids = {each["data"]["prompt"]["id"]: each["id"] for each in events}
    told: dict[str, set[str]] = {}
    for hit in receiver.hits:
        said = hit.verify(webhook["secret"])
        told.setdefault(said["data"]["prompt"]["id"], set()).add(hit.id)
    assert told == {each: {ids[each]} for each in made}
    assert len(log) == len(made)


@pytest.mark.thorough
@pytest.mark.only_on("postgresql")
async def test_a_worker_apart_sends_what_happens_on_a_service_that_sends_nothing(
    empty_database_url: str, tmp_path: Path
) -> None:
    migrate(parsed(empty_database_url))
    keeper = await keeper_of(empty_database_url)
    settings = {
        "database_url": empty_database_url,
        "webhook_allow_local": "true",
        "worker": "apart",
    }
    async with receiving() as receiver:
        with serving(tmp_path, **settings) as service:
            async with visitors(service.url) as client:
                town = Town(client, Person(client, keeper))
                await town.found_board()
                webhook = await Hooks(town).make(receiver)
                await town.prompt()
                await asyncio.sleep(3)
                assert receiver.hits == []
                with running_worker(tmp_path, public_url=service.url, **settings) as worker:
                    await until_there_are(receiver, 1)
                    await town.prompt()
                    await until_there_are(receiver, 2)
                    assert worker.stop() == 0
            log = service.log + worker.log
    assert {hit.verify(webhook["secret"])["board"] for hit in receiver.hits} == {town.slug}
    assert "/hook?of=me" not in log
    assert webhook["secret"] not in log


@pytest.mark.only_on("sqlite")
def test_a_worker_apart_is_refused_on_sqlite(empty_database_url: str, tmp_path: Path) -> None:
    for command in (("worker",), ("serve", "--port", "0")):
        done = fillboard(*command, folder=tmp_path, database_url=empty_database_url, worker="apart")
        assert done.returncode == 1
        assert "need PostgreSQL" in done.stderr


@pytest.mark.only_on("postgresql")
def test_a_worker_apart_must_know_what_addresses_begin_with(
    empty_database_url: str, tmp_path: Path
) -> None:
    done = fillboard("worker", folder=tmp_path, database_url=empty_database_url)
    assert done.returncode == 1
    assert "FILLBOARD_PUBLIC_URL" in done.stderr


async def test_a_service_sends_by_itself_unless_told_not_to(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with migrated_database(kind, request, tmp_path) as url:
        keeper = await keeper_of(url)
        for setting, many in (("apart", 0), ("within", 2)):
            app = new_app(settings_for(url, data_dir=tmp_path / setting, worker=setting))
            async with (
                receiving() as receiver,
                app.router.lifespan_context(app),
                new_client(app) as client,
            ):
                town = Town(client, Person(client, keeper))
                await town.found_board()
                await Hooks(town).make(receiver)
                await town.prompt()
                await town.prompt()
                if many:
                    await until_there_are(receiver, many)
                await asyncio.sleep(0.2)
                assert len(receiver.hits) == many
