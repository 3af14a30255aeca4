"""What does not arrive is tried again, for some days, and no longer."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI

from app.webhooks.retries import SCHEDULE, next_attempt
from app.webhooks.worker import Worker
from tests.clocks import Clock
from tests.people import Town
from tests.webhooks.conftest import Hooks
from tests.webhooks.receivers import Receiver, work

pytestmark = pytest.mark.anyio


async def test_it_is_tried_ten_times_within_some_three_days_with_one_id(
    hooks: Hooks, town: Town, receiver: Receiver, worker: Worker, clock: Clock
) -> None:
    webhook = await hooks.make(receiver)
    receiver.answers = [500] * 20
    await town.prompt()
    began = clock.now()
    for number, pause in enumerate(SCHEDULE, 1):
        clock.move(seconds=pause.total_seconds() * 0.99)
        if pause > timedelta(minutes=1):
            await work(worker)
            assert len(receiver.hits) == number - 1, "it came too early"
        clock.move(seconds=pause.total_seconds() * 0.25 + 1)
        await work(worker)
        assert len(receiver.hits) == number
        (delivery,) = await hooks.deliveries(webhook)
        assert len(delivery["attempts"]) == number
        assert delivery["status"] == ("pending" if number < len(SCHEDULE) else "failed")
    assert timedelta(days=3) < clock.now() - began < timedelta(days=4)
    assert len(set(receiver.ids)) == 1
    assert len({hit.headers["webhook-timestamp"] for hit in receiver.hits}) == 10
    clock.move(days=2)
    await work(worker)
    assert len(receiver.hits) == 10


async def test_a_receiver_that_never_answers_well_is_given_up(
    hooks: Hooks, town: Town, receiver: Receiver, worker: Worker, clock: Clock
) -> None:
    webhook = await hooks.make(receiver)
    receiver.answers = [500] * 11
    await town.prompt()
    for _ in SCHEDULE:
        clock.move(days=1, hours=6)
        await work(worker)
    assert len(receiver.hits) == 10
    shown = await hooks.read(webhook)
    assert (shown["is_enabled"], shown["disabled_because"]) == (False, "failing")
    await town.prompt()
    await work(worker)
    assert len(receiver.hits) == 10


async def test_a_receiver_that_takes_other_things_is_not_given_up(
    hooks: Hooks, town: Town, receiver: Receiver, worker: Worker, clock: Clock
) -> None:
    webhook = await hooks.make(receiver)
    receiver.answers = [500]
    await town.prompt()
    await work(worker)
    for number in range(1, len(SCHEDULE)):
        clock.move(days=1, hours=6)
        if number == 3:
            await work(worker)
            await town.prompt()
            receiver.answers = [204]
            await work(worker)
        receiver.answers = [500] * 3
        await work(worker)
    first, _second = await hooks.deliveries(webhook)
    assert first["status"] == "failed"
    assert (await hooks.read(webhook))["is_enabled"] is True


async def test_410_disables_at_once(
    hooks: Hooks, town: Town, receiver: Receiver, worker: Worker
) -> None:
    webhook = await hooks.make(receiver)
    await town.prompt()
    receiver.answers = [410]
    await work(worker)
    await town.prompt()
    await work(worker)
    assert len(receiver.hits) == 1
    shown = await hooks.read(webhook)
    assert (shown["is_enabled"], shown["disabled_because"]) == (False, "gone")
    assert shown["disabled_at"] is not None
    again = await town.administrator.change(hooks.of(webhook), {"is_enabled": True})
    assert (again["is_enabled"], again["disabled_because"], again["disabled_at"]) == (
        True,
        None,
        None,
    )
    await town.prompt()
    await work(worker)
    # It goes on from now.
    assert len(receiver.hits) == 2


async def test_retry_after_is_heeded_where_it_asks_for_more_time(
    hooks: Hooks, town: Town, receiver: Receiver, worker: Worker, clock: Clock
) -> None:
    await hooks.make(receiver)
    receiver.answers = [(503, "Retry-After: 3600\r\n"), (429, "Retry-After: 1\r\n")]
    await town.prompt()
    await work(worker)
    for minutes, hits in ((59, 1), (2, 2), (4, 2), (3, 3)):
        clock.move(minutes=minutes)
        await work(worker)
        assert len(receiver.hits) == hits


def test_retry_after_is_read_as_seconds_and_as_a_date_and_never_beyond_a_day() -> None:
    at = datetime(2026, 12, 1, 18, tzinfo=UTC)

    def pause(asked: str | None) -> timedelta:
        again = next_attempt(2, at, asked)
        assert again is not None
        return again - at

    for asked in (None, "", "soon", "-5", "1.5", "Tue, 99 Dec 2026 18:00:00 GMT", "٣"):
        assert timedelta(minutes=5) <= pause(asked) <= timedelta(minutes=6)
    assert pause("7200") == timedelta(hours=2)
    assert pause("Tue, 01 Dec 2026 21:00:00 GMT") == timedelta(hours=3)
    assert pause("Mon, 30 Nov 2026 21:00:00 GMT") <= timedelta(minutes=6)
    for asked in ("99999999999999", "Fri, 01 Jan 2100 00:00:00 GMT"):
        assert pause(asked) == timedelta(days=1)
    assert next_attempt(10, at, "5") is None
    assert len({pause(None) for _ in range(5)}) > 1


async def test_what_was_taken_up_and_never_heard_of_is_sent_by_whoever_comes_next(
    hooks: Hooks, town: Town, service: FastAPI, receiver: Receiver, worker: Worker, clock: Clock
) -> None:
    await hooks.make(receiver)
    await town.prompt()
    came, gone = asyncio.Event(), asyncio.Event()

    async def hold(_writer: asyncio.StreamWriter) -> None:
        came.set()
        await gone.wait()

    receiver.answers = [hold]
    await worker.round()
    await came.wait()
    second = Worker(service.state.site)
    await work(second)
    assert len(receiver.hits) == 1, "somebody was sending it"
    clock.move(seconds=31)
    await work(second)
    assert len(receiver.hits) == 2
    assert len(set(receiver.ids)) == 1
    gone.set()
    await worker.idle()
