"""Pings, and what is sent once more because somebody asks for it."""

import pytest

from app.webhooks.worker import Worker
from tests.clocks import Clock
from tests.people import Town, path_of
from tests.webhooks.conftest import Hooks
from tests.webhooks.receivers import Receiver, work

pytestmark = pytest.mark.anyio


async def test_a_ping_is_sent_once_whatever_is_wanted(
    hooks: Hooks, town: Town, receiver: Receiver, worker: Worker, clock: Clock
) -> None:
    webhook = await hooks.make(receiver, event_types=["board.updated"], tags=["banter"])
    answer = await town.administrator.post(f"{hooks.of(webhook)}/pings")
    assert answer.status_code == 202
    await work(worker)
    (hit,) = receiver.hits
    said = hit.verify(webhook["secret"])
    assert (said["type"], said["data"]) == ("webhook.ping", {"webhook": {"id": webhook["id"]}})
    assert said["id"] == hit.id == answer.json()["event_id"]
    receiver.answers = [500]
    await town.administrator.post(f"{hooks.of(webhook)}/pings")
    await work(worker)
    clock.move(days=4)
    await work(worker)
    assert len(receiver.hits) == 2
    path = f"{hooks.of(webhook)}/deliveries/{answer.json()['id']}"
    assert (await town.administrator.read(path))["status"] == "delivered"
    assert (await hooks.read(webhook))["is_enabled"] is True


async def test_deliveries_are_sent_once_more_with_the_same_id(
    hooks: Hooks, town: Town, receiver: Receiver, worker: Worker
) -> None:
    webhook = await hooks.make(receiver)
    author = town.somebody()
    prompt = await town.prompt(author, title="Before")
    await town.prompt()
    await work(worker)
    await author.change(path_of(prompt), {"title": "After"})
    await work(worker)
    first = (await hooks.deliveries(webhook))[0]
    body = {"deliveries": [first["id"], "0000000000000000"]}
    answer = await town.administrator.post(f"{hooks.of(webhook)}/replays", body)
    assert (answer.status_code, answer.json()) == (202, {"events_count": 1})
    await work(worker)
    assert receiver.ids[3] == first["event_id"]
    assert receiver.hits[3].said["data"]["prompt"]["title"] == "After"
    (again, *_) = await hooks.deliveries(webhook)
    assert (again["id"], again["status"]) == (first["id"], "delivered")
    assert len(again["attempts"]) == 2


async def test_all_since_an_instant_is_sent_once_more_also_from_before_there_was_the_webhook(
    hooks: Hooks, town: Town, receiver: Receiver, worker: Worker, clock: Clock
) -> None:
    await town.prompt(body="Long ago.")
    clock.move(minutes=5)
    since = clock.after()
    await town.prompt(body="Before.")
    webhook = await hooks.make(receiver, event_types=["prompt.created"])
    await town.prompt(body="Now.")
    await work(worker)
    asked = {"since": since}
    answer = await town.administrator.post(f"{hooks.of(webhook)}/replays", asked)
    assert (answer.status_code, answer.json()) == (202, {"events_count": 2})
    await work(worker)
    bodies = [hit.said["data"]["prompt"]["body"] for hit in receiver.hits]
    assert bodies in (["Now.", "Before.", "Now."], ["Now.", "Now.", "Before."])
    assert len(set(receiver.ids)) == 2
    await work(worker)
    assert len(receiver.hits) == 3


async def test_what_is_on_its_way_is_not_sent_twice_by_a_replay(
    hooks: Hooks, town: Town, receiver: Receiver, worker: Worker, clock: Clock
) -> None:
    since = clock.after(seconds=-5)
    webhook = await hooks.make(receiver)
    await town.prompt()
    await worker.round()
    for body in ({"since": since}, {"since": since}):
        answer = await town.administrator.post(f"{hooks.of(webhook)}/replays", body)
        assert answer.status_code == 202
        await worker.round()
    await work(worker)
    replayed = len(receiver.hits)
    assert len(set(receiver.ids)) == len(await hooks.deliveries(webhook))
    await work(worker)
    assert len(receiver.hits) == replayed
