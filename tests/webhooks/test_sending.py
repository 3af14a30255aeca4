"""What happens on a board reaches those who want to hear of it, signed, once it has happened."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from standardwebhooks import Webhook, WebhookVerificationError

from app.core import outgoing
from app.webhooks.retries import SCHEDULE, next_attempt
from app.webhooks.service import forget_old_deliveries
from app.webhooks.worker import Worker
from tests.backstage import new_account
from tests.clocks import Clock, later
from tests.moderation.keeping import act
from tests.people import Person, Town, path_of
from tests.webhooks.conftest import Hooks
from tests.webhooks.receivers import Manner, Receiver, receiving, work

pytestmark = pytest.mark.anyio


async def test_an_event_is_sent_signed_and_says_what_happened(
    hooks: Hooks, town: Town, receiver: Receiver, worker: Worker
) -> None:
    webhook = await hooks.make(receiver)
    prompt = await town.prompt(title="An umbrella for two")
    await work(worker)
    (hit,) = receiver.hits
    said = hit.verify(webhook["secret"])
    (event,) = (await town.administrator.read(f"/boards/{town.slug}/events"))["items"][-1:]
    assert said == {
        "id": event["id"],
        "type": "prompt.created",
        "timestamp": event["created_at"],
        "board": town.slug,
        "data": event["data"],
    }
    assert said["data"]["prompt"]["id"] == prompt["id"]
    assert (hit.id, hit.path) == (event["id"], "/hook?of=me")
    assert hit.headers["content-type"] == "application/json"
    assert hit.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert "authorization" not in hit.headers
    assert "cookie" not in hit.headers
    (delivery,) = await hooks.deliveries(webhook)
    assert (delivery["status"], delivery["next_attempt_at"]) == ("delivered", None)
    assert (delivery["event_id"], delivery["type"]) == (event["id"], "prompt.created")
    (attempt,) = delivery["attempts"]
    assert (attempt["status_code"], attempt["error"]) == (204, None)
    assert (await hooks.read(webhook))["last_success_at"] is not None


async def test_what_another_has_signed_or_changed_does_not_verify(
    hooks: Hooks, town: Town, receiver: Receiver, worker: Worker
) -> None:
    webhook, other = await hooks.make(receiver), await hooks.make(receiver)
    await town.prompt()
    await work(worker)
    first, second = receiver.hits
    if first.headers["webhook-signature"] == second.headers["webhook-signature"]:
        raise AssertionError("two webhooks sign alike")
    secrets = {webhook["secret"], other["secret"]}
    for hit in receiver.hits:
        verified = 0
        for secret in secrets:
            try:
                hit.verify(secret)
            except WebhookVerificationError:
                continue
            verified += 1
        assert verified == 1
    first.body += b" "
    for secret in secrets:
        with pytest.raises(WebhookVerificationError):
            first.verify(secret)


async def test_only_what_is_wanted_is_sent(hooks: Hooks, town: Town, worker: Worker) -> None:
    async with receiving() as of_type, receiving() as of_tag, receiving() as adult:
        await hooks.make(of_type, event_types=["comment.created", "fill.created"])
        await hooks.make(of_tag, tags=["banter"], fandoms=["Original Work"])
        await hooks.make(adult, adult=True, event_types=["prompt.created"])
        plain = await town.prompt(tags=["Banter", "rescue"], fandoms=["original work"])
        await town.prompt(tags=["banter"])
        await town.prompt(rating="explicit", tags=["banter"], fandoms=["Original Work"])
        await town.fill(plain)
        await town.comment(plain)
        await town.discussion()
        await work(worker)
    assert sorted(of_type.types) == ["comment.created", "fill.created"]
    told = {hit.said["data"]["prompt"]["id"] for hit in of_tag.hits if "prompt" in hit.said["data"]}
    assert told == {plain["id"]}
    assert "discussion.created" not in of_tag.types
    assert len(adult.hits) == 3


async def test_a_webhook_hears_of_nothing_that_happened_before(
    hooks: Hooks, town: Town, receiver: Receiver, worker: Worker
) -> None:
    await town.prompt()
    await hooks.make(receiver)
    await work(worker)
    assert receiver.hits == []
    await town.found_board(f"x{town.slug}"[:40])
    await town.administrator.make(f"/boards/{f'x{town.slug}'[:40]}/prompts", {"body": "Else."})
    await work(worker)
    assert receiver.hits == []


async def test_what_was_hidden_in_between_is_sent_without_a_word_of_it(
    hooks: Hooks, town: Town, receiver: Receiver, worker: Worker
) -> None:
    await hooks.make(receiver, event_types=["prompt.created"])
    prompt = await town.prompt(title="A secret title", body="Words that nobody should read.")
    await act(town, "hide", prompt)
    await work(worker)
    (hit,) = receiver.hits
    gone = {"id": prompt["id"], "type": "prompt", "state": "hidden"}
    assert hit.said["data"] == {"prompt": gone}
    assert b"secret title" not in hit.body


async def test_what_became_adult_while_it_waited_is_skipped(
    hooks: Hooks, town: Town, receiver: Receiver, worker: Worker, clock: Clock
) -> None:
    webhook = await hooks.make(receiver, event_types=["prompt.created"])
    receiver.answers = [500]
    author = town.somebody()
    prompt = await town.prompt(author)
    await work(worker)
    await author.change(path_of(prompt), {"rating": "explicit"})
    clock.move(minutes=1)
    await work(worker)
    assert len(receiver.hits) == 1
    (delivery,) = await hooks.deliveries(webhook)
    assert (delivery["status"], len(delivery["attempts"])) == ("skipped", 1)


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


async def test_secrets_change_and_for_a_day_both_sign(
    hooks: Hooks, town: Town, receiver: Receiver, worker: Worker, clock: Clock
) -> None:
    webhook = await hooks.make(receiver, event_types=["prompt.created"])
    keeper, path = town.administrator, f"{hooks.of(webhook)}/secrets"
    made = await keeper.make(path, {})
    assert made["secret"] != webhook["secret"]
    assert made["expires_at"] is None
    shown = (await keeper.read(path))["items"]
    assert shown[0]["id"] == made["id"]
    assert [each["expires_at"] is None for each in shown] == [True, False]
    assert all(set(each) == {"id", "created_at", "expires_at"} for each in shown)
    await town.prompt()
    await work(worker)
    (hit,) = receiver.hits
    assert len(hit.headers["webhook-signature"].split(" ")) == 2
    assert hit.verify(webhook["secret"]) == hit.verify(made["secret"])
    clock.move(hours=25)
    await town.prompt()
    await work(worker)
    last = receiver.hits[-1]
    # The library looks at the time of this machine, which the service is ahead of.
    signer = Webhook(made["secret"])
    at = datetime.fromtimestamp(int(last.headers["webhook-timestamp"]), UTC)
    assert last.headers["webhook-signature"] == signer.sign(last.id, at, last.body.decode())
    assert [each["id"] for each in (await keeper.read(path))["items"]] == [made["id"]]


async def test_of_many_secrets_only_the_last_few_sign(
    hooks: Hooks, town: Town, receiver: Receiver, worker: Worker
) -> None:
    webhook = await hooks.make(receiver)
    for _ in range(8):
        await town.administrator.make(f"{hooks.of(webhook)}/secrets", {})
    await town.prompt()
    await work(worker)
    assert len(receiver.hits[0].headers["webhook-signature"].split(" ")) == 5


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


async def test_what_is_deleted_or_disabled_or_revoked_gets_nothing_more(
    hooks: Hooks, town: Town, service: FastAPI, worker: Worker
) -> None:
    owner, _ = await new_account(service, town.client)
    receipt = await owner.make("/me/api-keys", {"name": "a bot", "scopes": ["webhooks"]})
    bot = Person(town.client, receipt["key"])
    async with receiving() as of_deleted, receiving() as of_disabled, receiving() as of_revoked:
        for each in (of_deleted, of_disabled, of_revoked):
            each.answers = [500] * 9
        deleted, disabled = await hooks.make(of_deleted), await hooks.make(of_disabled)
        revoked = await bot.make(hooks.path, {"url": of_revoked.url})
        await town.prompt()
        await work(worker)
        await town.prompt()
        await town.administrator.take_away(hooks.of(deleted))
        await town.administrator.change(hooks.of(disabled), {"is_enabled": False})
        await owner.take_away(f"/me/api-keys/{receipt['id']}")
        with later(hours=1):
            await work(worker)
            await town.prompt()
            await work(worker)
        hits = [len(each.hits) for each in (of_deleted, of_disabled, of_revoked)]
        assert hits == [1, 1, 1]
        shown = await hooks.read(disabled)
        assert (shown["is_enabled"], shown["disabled_because"]) == (False, "by_owner")
        assert {each["status"] for each in await hooks.deliveries(disabled)} == {"failed"}
        shown = await hooks.read(revoked)
        assert (shown["is_enabled"], shown["disabled_because"]) == (False, "revoked")
        assert (await town.administrator.get(hooks.of(deleted))).status_code == 404
        # Whoever enables it stands for it from now on.
        await town.administrator.change(hooks.of(revoked), {"is_enabled": True})
        of_revoked.answers = []
        await town.prompt()
        await work(worker)
        assert len(of_revoked.hits) == 2


async def test_with_another_key_of_the_service_secrets_have_to_be_made_anew(
    hooks: Hooks, town: Town, service: FastAPI, receiver: Receiver, clock: Clock
) -> None:
    webhook = await hooks.make(receiver)
    other = Worker(replace(service.state.site, webhook_key=b"k" * 32))
    await town.prompt()
    await work(other)
    (delivery,) = await hooks.deliveries(webhook)
    assert [each["error"] for each in delivery["attempts"]] == ["no-secret"]
    assert receiver.hits == []
    clock.move(minutes=1)
    await work(Worker(service.state.site))
    assert len(receiver.hits) == 1


async def test_deliveries_are_forgotten_after_a_month(
    hooks: Hooks, town: Town, service: FastAPI, receiver: Receiver, worker: Worker, clock: Clock
) -> None:
    webhook = await hooks.make(receiver)
    await town.prompt()
    await work(worker)
    for days, many in ((29, 1), (2, 0)):
        clock.move(days=days)
        forgotten = 1
        while forgotten:
            async with service.state.site.database.writing() as session:
                forgotten = await forget_old_deliveries(session)
        assert len(await hooks.deliveries(webhook)) == many


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
