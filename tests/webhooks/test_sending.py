"""What happens on a board reaches those who want to hear of it, signed, once it has happened."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from standardwebhooks import Webhook, WebhookVerificationError

from app.webhooks.service import forget_old_deliveries
from app.webhooks.worker import Worker
from tests.backstage import new_account
from tests.clocks import Clock, later
from tests.moderation.keeping import act
from tests.people import Person, Town, path_of
from tests.webhooks.conftest import Hooks
from tests.webhooks.receivers import Receiver, receiving, work

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
        await hooks.make(of_tag, tags=["two kettles"], fandoms=["Original Work"])
        await hooks.make(adult, adult=True, event_types=["prompt.created"])
        plain = await town.prompt(tags=["Two Kettles", "rescue"], fandoms=["original work"])
        await town.prompt(tags=["two kettles"])
        await town.prompt(rating="explicit", tags=["two kettles"], fandoms=["Original Work"])
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


@pytest.mark.parametrize("what", ["url", "secret"])
async def test_what_was_changed_with_a_key_that_leaked_ends_with_that_key(
    hooks: Hooks, town: Town, service: FastAPI, worker: Worker, receiver: Receiver, what: str
) -> None:
    """Whoever has it re-points a webhook that its owner has made otherwise, or gets to know what it
    is signed with.
    """
    owner, _ = await new_account(service, town.client, moderates=town.slug)
    leaked = await owner.make("/me/api-keys", {"name": "a bot", "scopes": ["webhooks"]})
    kept = await owner.make("/me/api-keys", {"name": "another bot", "scopes": ["webhooks"]})
    thief, bot = (Person(town.client, each["key"]) for each in (leaked, kept))
    async with receiving() as elsewhere:
        made = [await each.make(hooks.path, {"url": receiver.url}) for each in (owner, bot)]
        untouched = await owner.make(hooks.path, {"url": receiver.url})
        for webhook in made:
            if what == "url":
                await thief.change(hooks.of(webhook), {"url": elsewhere.url})
            else:
                await thief.make(f"{hooks.of(webhook)}/secrets", {})
        await thief.change(hooks.of(untouched), {"url": receiver.url, "adult": True})
        await owner.take_away(f"/me/api-keys/{leaked['id']}")
        await town.prompt()
        await work(worker)
        assert (len(receiver.hits), elsewhere.hits) == (1, [])
    for webhook in made:
        shown = await hooks.read(webhook)
        assert (shown["is_enabled"], shown["disabled_because"]) == (False, "revoked")
        # Whoever enables it takes it over, and it stays enabled.
        await owner.change(hooks.of(webhook), {"url": receiver.url, "is_enabled": True})
    await town.prompt()
    await work(worker)
    assert len(receiver.hits) == 4
    for webhook in (*made, untouched):
        assert (await hooks.read(webhook))["is_enabled"] is True


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
