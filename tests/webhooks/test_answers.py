"""Whatever a receiver answers, and however, the service goes on."""

import asyncio

import pytest
from fastapi import FastAPI

from app.core import outgoing
from app.webhooks.worker import Worker
from tests.backstage import new_account
from tests.clocks import Clock
from tests.people import Person, Town
from tests.webhooks.conftest import Hooks
from tests.webhooks.receivers import Held, Manner, Receiver, receiving, work

pytestmark = pytest.mark.anyio


async def test_a_redirect_is_not_followed(
    hooks: Hooks, town: Town, receiver: Receiver, worker: Worker
) -> None:
    async with receiving() as trap:
        webhook = await hooks.make(receiver)
        receiver.answers = [(status, f"Location: {trap.url}\r\n") for status in (301, 307, 308)]
        for _ in range(3):
            await town.prompt()
        await work(worker)
        assert len(receiver.hits) == 3
        assert trap.hits == []
    statuses = {each["attempts"][0]["status_code"] for each in await hooks.deliveries(webhook)}
    assert statuses == {301, 307, 308}


async def _endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"1000\r\n" + b"secret-answer..." * 256 + b"\r\n")
        await writer.drain()


async def _drip(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def _drip_headers(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X: y\r\n")
        await writer.drain()
        await asyncio.sleep(0.05)


async def _silence(_writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def _nonsense(writer: asyncio.StreamWriter) -> None:
    writer.write(b"Good evening!\r\n\r\n")
    await writer.drain()


async def test_an_answers_body_is_neither_read_to_its_end_nor_shown(
    hooks: Hooks, town: Town, receiver: Receiver, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "_READING_ON", 0.3)
    webhook = await hooks.make(receiver)
    receiver.answers = [_endless, _drip]
    await town.prompt()
    await town.prompt()
    async with asyncio.timeout(10):
        await work(worker)
    log = await town.administrator.get(f"{hooks.of(webhook)}/deliveries")
    assert "secret-answer" not in log.text
    assert [each["status"] for each in log.json()["items"]] == ["delivered"] * 2


@pytest.mark.parametrize(
    ("manner", "error"),
    [(_silence, "timeout"), (_drip_headers, "timeout"), (_nonsense, "broken")],
)
async def test_what_takes_too_long_or_is_no_answer_is_noted_as_that(
    hooks: Hooks,
    town: Town,
    receiver: Receiver,
    worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
    manner: Manner,
    error: str,
) -> None:
    monkeypatch.setattr(outgoing, "TOTAL", 0.4)
    webhook = await hooks.make(receiver)
    receiver.answers = [manner]
    await town.prompt()
    await work(worker)
    (delivery,) = await hooks.deliveries(webhook)
    (attempt,) = delivery["attempts"]
    assert (attempt["status_code"], attempt["error"]) == (None, error)
    assert delivery["status"] == "pending"


async def test_where_nobody_listens_is_noted(hooks: Hooks, town: Town, worker: Worker) -> None:
    async with receiving() as receiver:
        webhook = await hooks.make(receiver)
    await town.prompt()
    await work(worker)
    (delivery,) = await hooks.deliveries(webhook)
    assert [each["error"] for each in delivery["attempts"]] == ["refused"]


async def test_a_slow_receiver_holds_up_nobody_else_and_gets_few_at_once(
    hooks: Hooks, town: Town, receiver: Receiver, worker: Worker
) -> None:
    async with receiving() as slow:
        open_now, most, hold = 0, 0, asyncio.Event()

        async def wait(writer: asyncio.StreamWriter) -> None:
            nonlocal open_now, most
            open_now += 1
            most = max(most, open_now)
            await hold.wait()
            open_now -= 1
            writer.write(b"HTTP/1.1 204 So\r\n\r\n")

        slow.answers = [wait] * 20
        await hooks.make(slow)
        await hooks.make(receiver)
        for _ in range(10):
            await town.prompt()
        async with asyncio.timeout(10):
            while len(receiver.hits) < 10:
                await worker.round()
                await asyncio.sleep(0.02)
        assert len(slow.hits) == most == 4
        hold.set()
        await work(worker)
        assert len(slow.hits) == 10
        assert most <= 4


async def bot_of_somebody(service: FastAPI, town: Town) -> Person:
    owner, _ = await new_account(service, town.client)
    made = await owner.make("/me/api-keys", {"name": "a bot", "scopes": ["webhooks"]})
    return Person(town.client, made["key"])


async def until_hit(worker: Worker, receiver: Receiver, many: int) -> None:
    async with asyncio.timeout(30):
        while len(receiver.hits) < many:
            await worker.round()
            await asyncio.sleep(0.02)


async def test_many_slow_receivers_of_one_account_hold_up_nobody_else(
    hooks: Hooks, town: Town, service: FastAPI, receiver: Receiver, worker: Worker
) -> None:
    """However many webhooks it has, on however many boards, and though all take what they get."""
    bot, late = await bot_of_somebody(service, town), Held(204)
    async with receiving() as slow:
        slow.answers = [late] * 48
        boards = [f"{town.slug[:30]}-{name}" for name in "bcd"]
        for board in boards:
            await town.found_board(board)
        for board in (town.slug, *boards) * 3:
            await bot.make(f"/boards/{board}/webhooks", {"url": slow.url})
        await hooks.make(receiver)
        for board in (town.slug, *boards) * 4:
            await town.administrator.make(f"/boards/{board}/prompts", {"body": "A lamp"})
        await until_hit(worker, slow, 8)
        await until_hit(worker, receiver, 4)
        assert (len(slow.hits), len(receiver.hits)) == (8, 4)
        late.over.set()
        await work(worker)
        assert len(slow.hits) == 48


async def test_the_slow_receivers_of_one_board_hold_up_no_other_board(
    hooks: Hooks, town: Town, service: FastAPI, receiver: Receiver, worker: Worker
) -> None:
    late, elsewhere = Held(204), f"{town.slug[:30]}-b"
    async with receiving() as slow:
        slow.answers = [late] * 48
        for _ in range(4):
            bot = await bot_of_somebody(service, town)
            for _ in range(3):
                await bot.make(hooks.path, {"url": slow.url})
        for _ in range(4):
            await town.prompt()
        await until_hit(worker, slow, 16)
        await town.found_board(elsewhere)
        await town.administrator.make(f"/boards/{elsewhere}/webhooks", {"url": receiver.url})
        await town.administrator.make(f"/boards/{elsewhere}/prompts", {"body": "A lamp"})
        await until_hit(worker, receiver, 1)
        assert len(slow.hits) == 16
        late.over.set()
        await work(worker)


async def test_a_410_that_comes_late_says_nothing_of_an_address_that_was_chosen_meanwhile(
    hooks: Hooks, town: Town, receiver: Receiver, worker: Worker, clock: Clock
) -> None:
    async with receiving() as former:
        webhook, late = await hooks.make(former), Held(410)
        former.answers = [late]
        await town.prompt()
        await worker.round()
        await late.came.wait()
        await town.administrator.change(hooks.of(webhook), {"url": receiver.url})
        late.over.set()
        await worker.idle()
    shown = await hooks.read(webhook)
    assert (shown["is_enabled"], shown["disabled_because"]) == (True, None)
    (delivery,) = await hooks.deliveries(webhook)
    assert delivery["status"] == "pending"
    assert [each["status_code"] for each in delivery["attempts"]] == [410]
    clock.move(minutes=2)
    await work(worker)
    assert receiver.ids == former.ids


async def test_thanks_that_come_late_say_nothing_of_an_address_that_was_chosen_meanwhile(
    hooks: Hooks, town: Town, receiver: Receiver, worker: Worker
) -> None:
    async with receiving() as former:
        webhook, late = await hooks.make(former), Held(204)
        former.answers = [late]
        await town.prompt()
        await worker.round()
        await late.came.wait()
        await town.administrator.change(hooks.of(webhook), {"url": receiver.url})
        late.over.set()
        await worker.idle()
    assert (await hooks.read(webhook))["last_success_at"] is None
    (delivery,) = await hooks.deliveries(webhook)
    assert delivery["status"] == "delivered"


async def test_what_is_asked_for_once_more_is_not_ended_by_an_attempt_of_before(
    hooks: Hooks,
    town: Town,
    service: FastAPI,
    receiver: Receiver,
    worker: Worker,
    clock: Clock,
) -> None:
    webhook, late, next_one = await hooks.make(receiver), Held(410), Held(204)
    receiver.answers = [late, next_one]
    await town.prompt()
    await worker.round()
    await late.came.wait()
    for is_enabled in (False, True):
        await town.administrator.change(hooks.of(webhook), {"is_enabled": is_enabled})
    (delivery,) = await hooks.deliveries(webhook)
    clock.move(seconds=1)
    await town.administrator.post(f"{hooks.of(webhook)}/replays", {"deliveries": [delivery["id"]]})
    other = Worker(service.state.site)
    await other.round()
    await next_one.came.wait()
    late.over.set()
    await worker.idle()
    assert (await hooks.read(webhook))["is_enabled"] is True
    (delivery,) = await hooks.deliveries(webhook)
    assert (delivery["status"], delivery["attempts"]) == ("pending", [])
    next_one.over.set()
    await other.idle()
    (delivery,) = await hooks.deliveries(webhook)
    assert delivery["status"] == "delivered"
    assert [each["status_code"] for each in delivery["attempts"]] == [204]
