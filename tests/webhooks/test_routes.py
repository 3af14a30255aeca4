"""Making webhooks, and who may."""

import base64
import json
import uuid
from typing import Any

import pytest
from fastapi import FastAPI
from jsonschema_rs import Draft202012, Draft202012Validator, Registry

from app.webhooks.worker import Worker
from tests.backstage import new_account
from tests.clocks import Clock
from tests.moderation.keeping import act
from tests.people import JSON, Person, Town, code_of, faults_of, path_of
from tests.tables import stored_bytes
from tests.webhooks.conftest import Hooks
from tests.webhooks.receivers import Receiver, receiving, work

pytestmark = pytest.mark.anyio

URL = "https://bot.example/fillboard"


async def bot(owner: Person, *scopes: str, **more: Any) -> Person:
    receipt = await owner.make("/me/api-keys", {"name": "a bot", "scopes": scopes, **more})
    return Person(owner.client, receipt["key"])


async def test_a_webhook_is_made_and_shown_without_its_secret(hooks: Hooks, town: Town) -> None:
    keeper = town.administrator
    body = {
        "url": URL,
        "description": "Tells the chat.",
        "event_types": ["fill.created", "fill.completed", "fill.created"],
        "fandoms": ["Original Work"],
        "relationships": ["Storm & Keeper"],
        "adult": True,
    }
    answer = await keeper.post(hooks.path, body)
    made = answer.json()
    assert answer.status_code == 201
    secret = made.pop("secret")
    assert secret.startswith("whsec_")
    assert 24 <= len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) <= 64
    assert made["event_types"] == ["fill.created", "fill.completed"]
    assert made["relationships"] == ["Keeper & Storm"]
    assert (made["is_enabled"], made["disabled_because"], made["tags"]) == (True, None, [])
    assert answer.headers["location"].endswith(hooks.of(made))
    assert await keeper.read(answer.headers["location"]) == made
    assert (await keeper.read(hooks.path))["items"] == [made]


async def test_a_webhook_is_changed_as_far_as_is_said(hooks: Hooks, town: Town) -> None:
    keeper = town.administrator
    made = await keeper.make(hooks.path, {"url": URL, "fandoms": ["One"], "tags": ["two"]})
    del made["secret"]
    changed = await keeper.change(hooks.of(made), {"tags": ["three"], "url": f"{URL}/2"})
    assert changed == {**made, "tags": ["three"], "url": f"{URL}/2"}
    changed = await keeper.change(hooks.of(made), {"description": None, "event_types": []})
    assert changed["fandoms"] == ["One"]
    for body in ({}, {"url": None}, {"secret": "whsec_"}, {"position": 1}, {"is_enabled": "no"}):
        assert (await keeper.patch(hooks.of(made), body)).status_code == 422
    stale = await keeper.patch(hooks.of(made), {"adult": True}, If_Match='"0-0"')
    assert code_of(stale) == "precondition-failed"
    await keeper.take_away(hooks.of(made))
    assert (await keeper.get(hooks.of(made))).status_code == 404


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, ("/url", "missing")),
        ({"url": "http://bot.example/"}, ("/url", "not_reachable")),
        ({"url": "https://bot.example:22/"}, ("/url", "not_reachable")),
        ({"url": f"https://bot.example/{'x' * 2048}"}, ("/url", "text_too_long")),
        ({"url": URL, "event_types": ["fill.eaten"]}, ("/event_types/0", "enum")),
        ({"url": URL, "event_types": ["webhook.ping"]}, ("/event_types/0", "enum")),
        ({"url": URL, "tags": ["x"] * 21}, ("/tags", "too_long")),
        ({"url": URL, "adult": "yes"}, ("/adult", "bool_type")),
    ],
)
async def test_what_makes_no_sense_is_refused(
    hooks: Hooks, town: Town, body: JSON, fault: tuple[str, str]
) -> None:
    assert faults_of(await town.administrator.post(hooks.path, body)) == {fault}


async def test_who_may(hooks: Hooks, town: Town, service: FastAPI) -> None:
    moderator, _ = await new_account(service, town.client, moderates=town.slug)
    member, _ = await new_account(service, town.client)
    masked = town.somebody()
    await masked.make("/masks", {})
    body = {"url": URL}
    await moderator.make(hooks.path, body)
    assert code_of(await town.somebody().post(hooks.path, body)) == "token-required"
    for person in (member, masked, await new_account_elsewhere(service, town)):
        assert code_of(await person.post(hooks.path, body)) == "not-moderator"
        assert code_of(await person.get(hooks.path)) == "not-moderator"
    wrong = await bot(member, "prompts:write")
    elsewhere = (await town.found_board(f"x-{uuid.uuid4().hex[:8]}"))["slug"]
    other_board = await bot(member, "webhooks", board=elsewhere)
    for robot in (wrong, other_board, await bot(moderator, "moderate")):
        assert code_of(await robot.post(hooks.path, body)) == "scope-required"
        assert code_of(await robot.get(hooks.path)) == "scope-required"
    await (await bot(member, "webhooks", board=town.slug)).make(hooks.path, body)


async def new_account_elsewhere(service: FastAPI, town: Town) -> Person:
    elsewhere = (await town.found_board(f"y-{uuid.uuid4().hex[:8]}"))["slug"]
    person, _ = await new_account(service, town.client, moderates=elsewhere)
    return person


async def test_a_bot_sees_its_accounts_webhooks_and_a_moderator_all(
    hooks: Hooks, town: Town, service: FastAPI
) -> None:
    moderator, _ = await new_account(service, town.client, moderates=town.slug)
    first, _ = await new_account(service, town.client)
    second, _ = await new_account(service, town.client)
    robots = [await bot(each, "webhooks") for each in (first, second, moderator)]
    made = [await each.make(hooks.path, {"url": URL}) for each in robots]
    twin = await bot(first, "webhooks")
    for robot, own in ((robots[0], 0), (robots[1], 1), (robots[2], 2), (twin, 0)):
        seen = [each["id"] for each in (await robot.read(hooks.path))["items"]]
        assert seen == [made[own]["id"]]
        for number, webhook in enumerate(made):
            path = hooks.of(webhook)
            asked = [
                await robot.get(path),
                await robot.get(f"{path}/deliveries"),
                await robot.get(f"{path}/secrets"),
                await robot.patch(path, {"adult": False}),
                await robot.post(f"{path}/pings"),
                await robot.post(f"{path}/secrets"),
            ]
            is_found = {each.status_code < 300 for each in asked}
            assert is_found == {number == own}
    for keeper in (moderator, await bot(moderator, "webhooks", "moderate"), town.administrator):
        seen = [each["id"] for each in (await keeper.read(hooks.path))["items"]]
        assert seen == [each["id"] for each in reversed(made)]
    await moderator.take_away(hooks.of(made[0]))
    # Under another board it is not there.
    elsewhere = (await town.found_board(f"z-{uuid.uuid4().hex[:8]}"))["slug"]
    lost = await town.administrator.get(f"/boards/{elsewhere}/webhooks/{made[1]['id']}")
    assert lost.status_code == 404


async def test_there_are_not_too_many(hooks: Hooks, town: Town, service: FastAPI) -> None:
    for number in range(11):
        person, _ = await new_account(service, town.client)
        robot = await bot(person, "webhooks")
        for _ in range(5 if number < 10 else 0):
            await robot.make(hooks.path, {"url": URL})
        answer = await robot.post(hooks.path, {"url": URL})
        assert (answer.status_code, code_of(answer)) == (409, "too-many-webhooks")
    elsewhere = (await town.found_board(f"z-{uuid.uuid4().hex[:8]}"))["slug"]
    await robot.make(f"/boards/{elsewhere}/webhooks", {"url": URL})


async def test_nothing_is_asked_of_a_webhook_that_is_disabled(hooks: Hooks, town: Town) -> None:
    keeper = town.administrator
    made = await keeper.make(hooks.path, {"url": URL})
    await keeper.change(hooks.of(made), {"is_enabled": False})
    for path, body in (("pings", {}), ("replays", {"deliveries": ["0" * 16]})):
        answer = await keeper.post(f"{hooks.of(made)}/{path}", body)
        assert (answer.status_code, code_of(answer)) == (409, "webhook-disabled")


async def test_a_replay_says_one_thing_and_no_more_than_is_kept(
    hooks: Hooks, town: Town, clock: Clock
) -> None:
    path = f"{hooks.of(await town.administrator.make(hooks.path, {'url': URL}))}/replays"
    both = {"deliveries": ["0" * 16], "since": clock.after(hours=-1)}
    for body in ({}, both, {"deliveries": None}):
        assert (await town.administrator.post(path, body)).status_code == 422
    for since in (clock.after(days=-91), clock.after(hours=1)):
        answer = await town.administrator.post(path, {"since": since})
        assert faults_of(answer) == {("/since", "out_of_range")}
        assert (await town.somebody().post(path, {"since": since})).status_code == 401
    many = {"deliveries": ["0" * 16] * 101}
    assert faults_of(await town.administrator.post(path, many)) == {("/deliveries", "too_long")}
    nothing = await town.administrator.post(path, {"deliveries": ["0" * 16]})
    assert nothing.json() == {"events_count": 0}


async def test_a_log_has_pages_and_is_sifted(
    hooks: Hooks, town: Town, receiver: Receiver, worker: Worker
) -> None:
    webhook = await hooks.make(receiver)
    receiver.answers = [204, 500, 204]
    for _ in range(3):
        await town.prompt()
    await work(worker)
    log = f"{hooks.of(webhook)}/deliveries"
    every = await town.administrator.every_page(f"{log}?limit=2")
    assert len(every) == 3
    for query, many in (("status=pending", 1), ("status=delivered", 2), ("status=failed", 0)):
        assert len(await town.administrator.every_page(f"{log}?{query}")) == many
    both = await town.administrator.every_page(f"{log}?status=pending&status=delivered&limit=1")
    assert both == every
    assert (await town.administrator.get(f"{log}?status=lost")).status_code == 422
    one = await town.administrator.read(f"{log}/{every[0]['id']}")
    assert one == every[0]
    assert (await town.administrator.get(f"{log}/{'0' * 16}")).status_code == 404


async def test_a_secret_is_in_no_answer_no_log_and_no_database(
    hooks: Hooks,
    town: Town,
    receiver: Receiver,
    worker: Worker,
    database_url: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    keeper = town.administrator
    webhook = await hooks.make(receiver, description="canary of webhooks")
    path = hooks.of(webhook)
    other = (await keeper.make(f"{path}/secrets", {}))["secret"]
    await town.prompt()
    await keeper.post(f"{path}/pings")
    await work(worker)
    said = [hit.body + json.dumps(hit.headers).encode() for hit in receiver.hits]
    shown = (hooks.path, path, f"{path}/deliveries", f"{path}/secrets")
    said += [(await keeper.get(each)).content for each in shown]
    said += [stored_bytes(database_url), capfd.readouterr().err.encode()]
    assert b"canary of webhooks" in said[-2]
    for secret in (webhook["secret"], other):
        plain = secret.removeprefix("whsec_")
        raw = base64.b64decode(plain)
        for spelling in (plain.encode(), raw, raw.hex().encode()):
            assert [each for each in said if spelling in each] == []
    # Addresses are secrets, too: whoever knows one can send there.
    assert b"/hook?of=me" not in said[-1]


async def test_a_post_that_is_sent_again_makes_one_webhook_and_tells_the_secret_again(
    hooks: Hooks, town: Town
) -> None:
    keeper = town.administrator

    async def post_twice(path: str, body: JSON) -> JSON:
        key = uuid.uuid4().hex
        first, second = [await keeper.post(path, body, Idempotency_Key=key) for _ in range(2)]
        assert first.status_code == second.status_code
        assert second.headers["idempotency-replayed"] == "true"
        assert first.json() == second.json()
        made: JSON = first.json()
        return made

    path = hooks.of(await post_twice(hooks.path, {"url": URL}))
    for below in ("secrets", "pings"):
        await post_twice(f"{path}/{below}", {})
    assert len((await keeper.read(f"{path}/secrets"))["items"]) == 2
    assert len((await keeper.read(f"{path}/deliveries"))["items"]) == 1
    assert len((await keeper.read(hooks.path))["items"]) == 1


async def test_what_is_sent_is_what_the_description_says(
    hooks: Hooks, town: Town, service: FastAPI, worker: Worker
) -> None:
    async with receiving() as receiver:
        webhook = await hooks.make(receiver, adult=True)
        await be_busy(town)
        await town.administrator.post(f"{hooks.of(webhook)}/pings")
        await work(worker)
    assert len(set(receiver.types)) > 12, sorted(set(receiver.types))
    for hit in receiver.hits:
        shape = f"#/webhooks/{hit.said['type']}/post/requestBody/content/application~1json/schema"
        registry = Registry([("urn:described", service.openapi())], draft=Draft202012)
        validator = Draft202012Validator({"$ref": f"urn:described{shape}"}, registry=registry)
        validator.validate(hit.said)


async def be_busy(town: Town) -> None:
    """Have much happen."""
    author, board = town.somebody(), f"/boards/{town.slug}"
    prompt = await town.prompt(author, rating="explicit")
    fill = await town.fill(prompt, author, status="wip", parts_expected=None)
    await town.part(fill, author)
    comment = await town.comment(fill, author)
    discussion = await town.discussion(author)
    await town.administrator.change(board, {"name": "Lamps"})
    await town.administrator.change(f"{board}/rounds/1", {"phase": "closed"})
    for thing in (comment, discussion, fill, prompt):
        await author.change(
            path_of(thing), {"body": "A lamp."} if thing != fill else {"title": "L"}
        )
    await author.change(path_of(fill), {"status": "complete"})
    for action in ("hide", "unhide"):
        for thing in (comment, discussion, fill, prompt):
            await act(town, action, thing)
    for thing in (comment, discussion, fill, prompt):
        await author.take_away(path_of(thing))
