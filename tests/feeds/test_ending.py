"""When a private feed ends: at once, in every way in which it should, and in no other."""

import asyncio

import pytest
from fastapi import FastAPI

from tests.clocks import Clock
from tests.feeds.places import TOKENS, feed_of, is_there
from tests.people import Person, Town

pytestmark = pytest.mark.anyio


async def test_a_feed_that_was_revoked_is_nowhere_at_once(town: Town) -> None:
    person, reader = town.somebody(), town.somebody()
    await town.prompt(person)
    first, second = await feed_of(person), await feed_of(person)
    newest, oldest = (await person.read(TOKENS))["items"]
    assert await is_there(reader, first)
    await person.take_away(f"{TOKENS}/{oldest['id']}")
    assert not await is_there(reader, first)
    assert await is_there(reader, second)
    assert [each["id"] for each in (await person.read(TOKENS))["items"]] == [newest["id"]]
    for path in (f"{TOKENS}/{oldest['id']}", f"{TOKENS}/nothing"):
        assert (await person.get(path)).status_code == 404
        assert (await person.delete(path)).status_code == 404


async def test_it_ends_with_the_edit_token_that_made_it(town: Town) -> None:
    person, reader = town.somebody(), town.somebody()
    await town.prompt(person)
    second = Person(town.client, (await person.make("/me/tokens", {}))["token"])
    of_first, of_second = await feed_of(person), await feed_of(second)
    (mine,) = [each for each in (await person.read("/me/tokens"))["items"] if each["is_current"]]
    await person.take_away(f"/me/tokens/{mine['id']}")
    assert not await is_there(reader, of_first)
    assert await is_there(reader, of_second)
    await second.make("/me/tokens", {"revoke_others": True})
    assert not await is_there(reader, of_second)


async def test_it_outlives_the_session_that_made_it_and_not_a_new_password(
    town: Town, service: FastAPI, clock: Clock
) -> None:
    credentials = {"name": f"keeper{town.slug[-8:]}", "password": "nine lanterns on the pier"}
    left = Person(town.client, (await town.somebody().make("/accounts", credentials))["token"])
    reader = town.somebody()

    async def session() -> Person:
        begun = await town.client.post("/v1/sessions", json=credentials)
        return Person(town.client, begun.json()["token"])

    of_left = await feed_of(left)
    await left.take_away("/sessions")
    assert await is_there(reader, of_left)
    stolen, present = await session(), await session()
    of_stolen = await feed_of(stolen)
    shown = (await present.read("/me/tokens"))["items"]
    (theirs,) = [each for each in shown if not each["is_current"]]
    await present.take_away(f"/me/tokens/{theirs['id']}")
    assert not await is_there(reader, of_stolen)
    assert await is_there(reader, of_left)
    of_present = await feed_of(present)
    new = {"password": credentials["password"], "new_password": "ten lanterns on the pier"}
    await present.change("/me", new)
    assert not await is_there(reader, of_left)
    assert await is_there(reader, of_present)
    clock.move(days=91)
    assert (await present.get("/me")).status_code == 401
    assert await is_there(reader, of_present)
    assert service


async def test_it_ends_with_everything_else(town: Town) -> None:
    person, other, reader = town.somebody(), town.somebody(), town.somebody()
    prompt = await town.prompt(person)
    await town.prompt(other)
    url, of_other = await feed_of(person), await feed_of(other)
    await town.fill(prompt)
    await person.send("DELETE", f"/me/posts?board={town.slug}x")
    assert await is_there(reader, url)
    await person.send("DELETE", "/me/posts")
    assert not await is_there(reader, url)
    assert (await person.read(TOKENS))["items"] == []
    assert await is_there(reader, of_other)


async def test_none_is_left_that_was_made_while_its_token_was_revoked(town: Town) -> None:
    person, reader = town.somebody(), town.somebody()
    await town.prompt(person)
    made = 0
    for _ in range(12):
        leaked = await person.make("/me/tokens", {})
        thief = Person(town.client, leaked["token"])
        answer, revoked = await asyncio.gather(
            thief.post(TOKENS, {}), person.delete(f"/me/tokens/{leaked['id']}")
        )
        assert revoked.status_code == 204
        assert answer.status_code in (201, 401)
        if answer.status_code == 201:
            made += 1
            assert not await is_there(reader, answer.json()["url"])
    assert (await person.read(TOKENS))["items"] == []
    assert made <= 12
