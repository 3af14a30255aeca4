"""Whoever is banned posts no more on a board, and nobody learns who they are."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.core.tables import table_of
from app.main import _forget
from app.threads.models import POST_SOURCE, PostSource
from tests.backstage import new_account
from tests.clocks import Clock
from tests.conftest import new_client
from tests.moderation.keeping import act, ask, log_of
from tests.people import JSON, Person, Town, code_of, faults_of, path_of

HOME, NEIGHBOUR, ELSEWHERE = "2001:db8:1:2::7", "2001:db8:1:2::8", "2001:db8:9:9::7"
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


async def ways(town: Town, person: Person) -> list[tuple[str, str, Any]]:
    """Every way for somebody to bring words, or themselves, onto the town's board."""
    await town.administrator.change(f"/boards/{town.slug}", {"settings": {"claims": True}})
    prompt, other = await town.prompt(person), await town.prompt()
    fill = await town.fill(prompt, person)
    comment = await town.comment(fill, person)
    return [
        ("POST", f"/boards/{town.slug}/prompts", {"body": "A rescue."}),
        ("POST", f"/boards/{town.slug}/discussions", {"body": "Who else?"}),
        ("POST", f"{path_of(other)}/fills", {"body": "They came."}),
        ("POST", f"{path_of(other)}/comments", {"body": "Hello."}),
        ("POST", f"{path_of(fill)}/parts", {"body": "And then."}),
        ("PUT", f"{path_of(other)}/second", None),
        ("POST", f"{path_of(other)}/claims", {}),
        ("PATCH", path_of(prompt), {"body": "A rescue at sea."}),
        ("PATCH", path_of(fill), {"title": "The rescue"}),
        ("PATCH", path_of(comment), {"body": "Hello again."}),
    ]


def ban(reach: str, **more: Any) -> JSON:
    return {"reach": reach, "reason": "harassment", **more}


async def test_a_banned_mask_posts_nothing_and_keeps_what_is_its_own(town: Town) -> None:
    person = town.somebody()
    doings = await ways(town, person)
    insult = await town.prompt(person, body="An insult")
    entry = await act(town, "ban", insult, **ban("mask"))
    assert (entry["action"], entry["target"], entry["count"]) == ("ban", None, 1)
    for method, path, body in doings:
        answer = await person.send(method, path, body)
        assert (answer.status_code, code_of(answer)) == (403, "banned"), (method, path)
        assert (answer.json()["until"], answer.json()["reason"]) == (None, "harassment")
    told = (await person.read(path_of(insult)))["moderation"]
    assert (told["action"], told["log_id"]) == ("ban", entry["id"])
    await person.take_away(path_of(insult))
    elsewhere = await town.found_board(f"{town.slug[:30]}-b")
    await person.make(f"/boards/{elsewhere['slug']}/prompts", {"body": "A lantern"})
    assert (await town.somebody().post(*doings[0][1:])).status_code == 201


async def test_a_ban_runs_out(town: Town, clock: Clock) -> None:
    person = town.somebody()
    prompt = await town.prompt(person)
    until = clock.after(hours=2)
    await act(town, "ban", prompt, **ban("mask", expires_at=until))
    path, body = f"/boards/{town.slug}/prompts", {"body": "Another"}
    answer = await person.post(path, body)
    assert answer.json()["until"] == until
    clock.move(hours=2, seconds=1)
    assert (await person.post(path, body)).status_code == 201
    listed = (await town.administrator.read(f"/boards/{town.slug}/bans"))["items"]
    assert [each["is_active"] for each in listed] == [False]


async def test_a_ban_is_lifted_on_record(town: Town) -> None:
    person = town.somebody()
    prompt = await town.prompt(person)
    entry = await act(town, "ban", prompt, **ban("mask", note="Third time."))
    bans = f"/boards/{town.slug}/bans"
    (listed,) = (await town.administrator.read(bans))["items"]
    assert {**listed, "id": 0, "created_at": 0} == {
        "id": 0,
        "created_at": 0,
        "reach": "mask",
        "reason": "harassment",
        "note": "Third time.",
        "expires_at": None,
        "is_active": True,
        "log_id": entry["id"],
    }
    await town.administrator.take_away(f"{bans}/{listed['id']}")
    assert code_of(await town.administrator.delete(f"{bans}/{listed['id']}")) == "nothing-to-do"
    assert [each["action"] for each in await log_of(town)] == ["unban", "ban"]
    await town.prompt(person)


async def test_only_moderators_see_and_lift_bans(town: Town, service: FastAPI) -> None:
    member, _ = await new_account(service, town.client)
    elsewhere = await town.found_board(f"{town.slug[:30]}-b")
    other, _ = await new_account(service, town.client, moderates=elsewhere["slug"])
    await act(town, "ban", await town.prompt(town.somebody()), **ban("mask"))
    bans = f"/boards/{town.slug}/bans"
    (listed,) = (await town.administrator.read(bans))["items"]
    for who in (member, other):
        assert code_of(await who.get(bans)) == "not-moderator"
        assert code_of(await who.delete(f"{bans}/{listed['id']}")) == "not-moderator"
    assert (await town.somebody().get(bans)).status_code == 401
    there = f"/boards/{elsewhere['slug']}/bans/{listed['id']}"
    assert code_of(await other.delete(there)) == "not-found"


async def test_an_account_that_hides_behind_a_mask_is_banned_without_being_named(
    town: Town, service: FastAPI
) -> None:
    person, name = await new_account(service, town.client)
    path = f"/boards/{town.slug}/prompts"
    hidden = await person.make(path, {"body": "An insult", "anonymous": True})
    masked = await town.prompt(town.somebody(), body="Another insult")
    entries = [await act(town, "ban", each, **ban("account")) for each in (hidden, masked)]
    assert [{**each, "id": 0, "url": 0, "created_at": 0} for each in entries[:1]] == [
        {**each, "id": 0, "url": 0, "created_at": 0} for each in entries[1:]
    ]
    for body in ({"body": "In my name"}, {"body": "In none", "anonymous": True}):
        assert code_of(await person.post(path, body)) == "banned"
    shown = await town.administrator.get(f"/boards/{town.slug}/bans")
    assert name not in shown.text
    assert name not in (await town.somebody().get(f"/boards/{town.slug}/mod-log")).text


async def test_the_account_whose_name_was_put_under_a_post_is_banned(
    town: Town, service: FastAPI
) -> None:
    mask, (person, _) = town.somebody(), await new_account(service, town.client)
    prompt = await town.prompt(mask, body="An insult")
    revealed = await person.put(f"{path_of(prompt)}/author", {"edit_token": mask.token})
    assert revealed.status_code == 200, revealed.text
    await act(town, "ban", prompt, **ban("account"))
    for who in (mask, person):
        answer = await who.post(f"/boards/{town.slug}/prompts", {"body": "Another"})
        assert code_of(answer) == "banned"


@pytest.fixture
def at_home(service: FastAPI, clock: Clock) -> Any:
    clock.set(NOON)
    return lambda address: Person(new_client(service, address))


async def test_a_banned_network_posts_nothing_whoever_it_is(
    town: Town, at_home: Any, clock: Clock
) -> None:
    path, body = f"/boards/{town.slug}/prompts", {"body": "A lantern"}
    author = at_home(HOME)
    insult = await author.make(path, {"body": "An insult"})
    entry = await act(town, "ban", insult, **ban("network"))
    (listed,) = (await town.administrator.read(f"/boards/{town.slug}/bans"))["items"]
    assert listed["expires_at"] == "2027-03-08T00:00:00Z"
    assert entry["target"] is None
    for address in (HOME, NEIGHBOUR):
        assert code_of(await at_home(address).post(path, body)) == "banned"
    assert code_of(await author.patch(path_of(insult), {"body": "Another"})) == "banned"
    assert (await at_home(ELSEWHERE).post(path, body)).status_code == 201
    clock.move(days=6, hours=12, seconds=1)
    assert (await at_home(HOME).post(path, body)).status_code == 201


async def test_where_something_was_posted_from_is_forgotten_after_seven_days(
    town: Town, at_home: Any, clock: Clock, service: FastAPI
) -> None:
    insult = await at_home(HOME).make(f"/boards/{town.slug}/prompts", {"body": "An insult"})
    clock.move(days=8)
    service.state.site.sources.keys.turn_over()
    await _forget(service.state.site)
    async with service.state.site.database.reading() as session:
        statement = select(POST_SOURCE.source).where(POST_SOURCE.post_id == insult["id"])
        assert await session.first(statement) is None
    refused = await ask(town, "ban", insult, **ban("network"))
    assert faults_of(refused) == {("/reach", "source_forgotten")}


async def test_no_two_posts_of_a_network_have_anything_in_common(
    town: Town, at_home: Any, service: FastAPI
) -> None:
    path = f"/boards/{town.slug}/prompts"
    ids = [(await at_home(HOME).make(path, {"body": f"No. {n}"}))["id"] for n in range(4)]
    async with service.state.site.database.reading() as session:
        rows = await session.all(
            select(*POST_SOURCE)
            .select_from(table_of(PostSource))
            .where(POST_SOURCE.post_id.in_(ids))
        )
    assert len({bytes(row.source) for row in rows}) == 4
    assert len({row.posted_on for row in rows}) == 1


async def test_moderators_are_not_banned_from_their_board(town: Town, service: FastAPI) -> None:
    moderator, _ = await new_account(service, town.client, moderates=town.slug)
    prompt = await moderator.make(f"/boards/{town.slug}/prompts", {"body": "A lantern"})
    await act(town, "ban", prompt, **ban("account"))
    await moderator.make(f"/boards/{town.slug}/prompts", {"body": "Another"})


@pytest.mark.parametrize(
    "sent",
    [
        {"reach": "mask", "expires_at": "2020-01-01T00:00:00Z"},
        {},
        {"reach": "everybody"},
        {"reach": "mask", "to": {"type": "prompt", "id": "a" * 16}},
    ],
)
async def test_a_ban_that_makes_no_sense_is_refused(town: Town, sent: JSON) -> None:
    person = town.somebody()
    prompt = await town.prompt(person)
    refused = await ask(town, "ban", prompt, **sent)
    assert refused.status_code == 422, json.dumps(refused.json())
    await town.prompt(person)
    assert await log_of(town) == []
