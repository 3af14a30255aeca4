"""Everything by one author at once; comments that were fills; what the law wants withheld."""

import pytest
from fastapi import FastAPI

from app.moderation import access
from tests.backstage import new_account
from tests.clocks import Clock
from tests.moderation.keeping import act, ask, log_of
from tests.people import JSON, Person, Town, code_of, path_of
from tests.recount import recount


def by_author(thing: JSON, **more: object) -> JSON:
    return {"target": {"type": "author_of", "id": thing["id"], **more}}


async def test_all_that_somebody_posted_lately_goes_at_once(town: Town, clock: Clock) -> None:
    spammer, other, reader = town.somebody(), town.somebody(), town.somebody()
    standing = await town.prompt(other)
    old = await town.prompt(spammer, body="An old one")
    clock.move(hours=30)
    things = [await town.prompt(spammer), await town.fill(standing, spammer)]
    things.append(await town.comment(standing, spammer))
    things.append(await town.discussion(spammer))
    elsewhere = await town.found_board(f"{town.slug[:30]}-b")
    there = await spammer.make(f"/boards/{elsewhere['slug']}/prompts", {"body": "There"})
    entry = await act(town, "hide", **by_author(things[2]), reason="spam")
    assert (entry["count"], entry["target"]) == (4, None)
    for thing in things:
        assert code_of(await reader.get(path_of(thing))) == "not-found"
        assert (await spammer.read(path_of(thing)))["moderation"]["reason"] == "spam"
    for thing in (standing, old, there):
        assert (await reader.get(path_of(thing))).status_code == 200
    assert code_of(await ask(town, "hide", **by_author(things[0]))) == "nothing-to-do"
    await recount(town)
    entry = await act(town, "unhide", **by_author(things[0], within_hours=720))
    assert entry["count"] == 4
    await recount(town)
    assert len(await log_of(town)) == 2


async def test_what_an_account_posted_in_its_name_and_behind_its_mask_are_two_things(
    town: Town, service: FastAPI
) -> None:
    person, _ = await new_account(service, town.client)
    path = f"/boards/{town.slug}/prompts"
    named = await person.make(path, {"body": "In my name"})
    masked = await person.make(path, {"body": "In none", "anonymous": True})
    entry = await act(town, "hide", **by_author(named))
    assert entry["count"] == 1
    assert (await town.somebody().get(path_of(masked))).status_code == 200
    await act(town, "hide", **by_author(masked))
    await act(town, "unhide", **by_author(named))
    assert code_of(await town.somebody().get(path_of(masked))) == "not-found"


async def test_one_moderator_acts_upon_so_much_in_an_hour(
    town: Town, clock: Clock, monkeypatch: pytest.MonkeyPatch, service: FastAPI
) -> None:
    monkeypatch.setattr(access, "MAX_IN_AN_HOUR", 3)
    moderator, _ = await new_account(service, town.client, moderates=town.slug)
    things = [await town.prompt(town.somebody()) for _ in range(5)]
    await act(town, "hide", *things[:2], by=moderator)
    refused = await ask(town, "hide", *things[2:4], by=moderator)
    assert code_of(refused) == "too-many-actions"
    assert int(refused.headers["Retry-After"]) > 0
    await act(town, "hide", things[2], by=moderator)
    clock.move(hours=1, seconds=1)
    await act(town, "hide", *things[3:], by=moderator)


@pytest.mark.parametrize("action", ["move", "relabel", "convert", "ban"])
async def test_what_suits_one_thing_is_not_done_to_all(town: Town, action: str) -> None:
    prompt = await town.prompt(town.somebody())
    more: dict[str, JSON] = {
        "move": {"to": {"type": "prompt", "id": prompt["id"]}},
        "convert": {"to": {"type": "prompt", "id": prompt["id"]}},
        "relabel": {"changes": {"rating": "teen"}},
        "ban": {"reach": "mask"},
    }
    sent = {**by_author(prompt), **more[action]}
    assert (await ask(town, action, **sent)).status_code == 422


async def test_a_comment_becomes_the_fill_that_it_was(town: Town) -> None:
    author, replier, reader = town.somebody(), town.somebody(), town.somebody()
    prompt = await town.prompt()
    comment = await town.comment(prompt, author, body="They came, and it was *late*.")
    reply = await town.comment(prompt, replier, comment, body="Lovely!")
    face = comment["author"]["face"]
    to = {"type": "prompt", "id": prompt["id"]}
    entry = await act(town, "convert", comment, to=to, reason="misfire")
    assert entry["target"]["id"] == comment["id"]
    (fill,) = (await reader.read(f"{path_of(prompt)}/fills"))["items"]
    assert fill["author"]["face"] == face
    part = await reader.read(f"{path_of(fill)}/parts/1")
    assert part["body"] == "They came, and it was *late*."
    stub, below = (await reader.read(f"{path_of(prompt)}/comments"))["items"]
    assert (stub["id"], stub["state"], stub["body"], stub["author"]) == (
        *(comment["id"], "moved", None, None),
    )
    assert (stub["moved_to"]["type"], stub["moved_to"]["id"]) == ("fill", fill["id"])
    assert below["id"] == reply["id"]
    assert (await reader.read(path_of(prompt)))["status"] == "filled"
    await author.change(path_of(fill), {"title": "Late"})
    assert code_of(await author.patch(path_of(comment), {"body": "Mine?"})) != "ok"
    assert code_of(await ask(town, "convert", comment, to=to)) != "ok"
    await recount(town)


async def test_a_comment_becomes_the_next_part_of_its_authors_fill(town: Town) -> None:
    author, other, reader = town.somebody(), town.somebody(), town.somebody()
    prompt = await town.prompt()
    fill = await town.fill(prompt, author, parts_expected=None)
    comment = await town.comment(fill, author, body="And then the lamp went out.")
    foreign = await town.comment(fill, other, body="And then I wrote this.")
    to = {"type": "fill", "id": fill["id"]}
    assert code_of(await ask(town, "convert", foreign, to=to)) == "another-author"
    await act(town, "convert", comment, to=to, reason="misfire")
    shown = await reader.read(path_of(fill))
    assert (shown["parts_count"], shown["status"]) == (2, "wip")
    part = await reader.read(f"{path_of(fill)}/parts/2")
    assert part["body"] == "And then the lamp went out."
    await recount(town)


async def test_a_comment_from_another_conversation_becomes_no_fill(town: Town) -> None:
    author = town.somebody()
    comment = await town.comment(await town.prompt(), author)
    other = await town.prompt()
    to = {"type": "prompt", "id": other["id"]}
    assert code_of(await ask(town, "convert", comment, to=to)) == "another-author"


async def test_what_is_held_is_there_for_administrators_alone(
    town: Town, service: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    moderator, _ = await new_account(service, town.client, moderates=town.slug)
    author = town.somebody()
    prompt = await town.prompt(author)
    fill = await town.fill(prompt, author)
    comment = await town.comment(fill, author)
    talk = await town.discussion(author)
    for thing in (comment, fill, talk, prompt):
        refused = await ask(town, "hold", thing, by=moderator, reason="illegal")
        assert code_of(refused) == "not-administrator"
        entry = await act(town, "hold", thing, reason="illegal")
        assert (entry["target"], entry["count"]) == (None, 1)
        people: tuple[Person, ...] = (author, moderator, town.somebody())
        for person in people:
            assert code_of(await person.get(path_of(thing))) == "not-found"
        assert code_of(await ask(town, "unhide", thing, by=moderator)) != "ok"
        caplog.clear()
        held = await town.administrator.read(path_of(thing))
        assert held["state"] == "held"
        assert "held_viewed" in caplog.text
    for thing in (prompt, talk, fill, comment):
        await act(town, "unhide", thing)
        assert (await town.somebody().get(path_of(thing))).status_code == 200
    await recount(town)
