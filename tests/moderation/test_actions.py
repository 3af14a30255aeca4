"""Moderators keep order, everybody reads that they did, and authors read why."""

import pytest
from fastapi import FastAPI

from tests.backstage import new_account
from tests.comments.ledger import check_books
from tests.moderation.keeping import act, ask, log_of, target
from tests.people import JSON, Person, Town, code_of, faults_of, path_of
from tests.recount import recount
from tests.stories.drift import drifted_counters

pytestmark = pytest.mark.anyio


async def test_what_is_hidden_is_gone_for_all_but_its_author_and_moderators_and_comes_back(
    town: Town, service: FastAPI, stranger: Person, database_url: str
) -> None:
    moderator, _ = await new_account(service, town.client, moderates=town.slug)
    author, other = town.somebody(), town.somebody()
    prompt = await town.prompt()
    fill = await town.fill(prompt, author)
    comment = await town.comment(fill, author)
    reply = await town.comment(fill, other, comment, body="reply")
    for thing in (comment, fill):
        entry = await act(town, "hide", thing, by=moderator, reason="labels", note="See rule 2.")
        assert code_of(await stranger.get(path_of(thing))) == "not-found"
        assert code_of(await other.get(path_of(thing))) == "not-found"
        for who in (author, moderator):
            seen = await who.get(path_of(thing))
            assert (seen.status_code, seen.json()["state"]) == (200, "hidden")
            assert seen.headers["cache-control"] == "private, no-store"
            # What moderators did is told to the author alone.
            told = {
                "action": "hide",
                "reason": "labels",
                "note": "See rule 2.",
                "at": entry["created_at"],
                "log_id": entry["id"],
                "appeal": "none",
            }
            assert seen.json().get("moderation") == (told if who is author else None)
        assert code_of(await ask(town, "hide", thing)) == "nothing-to-do"
        assert code_of(await ask(town, "unscreen", thing)) == "nothing-to-do"
        if thing is comment:
            shown = (await stranger.read(f"{path_of(fill)}/comments"))["items"]
            assert [(each["state"], each["body"]) for each in shown] == [
                *(("hidden", None), ("visible", "reply")),
            ]
            # Nobody reads from it whether moderators will look again.
            await act(town, "screen", thing)
            assert (await stranger.read(f"{path_of(fill)}/comments"))["items"] == shown
            await act(town, "hide", thing)
    await recount(town)
    for thing in (fill, comment):
        await act(town, "unhide", thing)
        assert (await stranger.read(path_of(thing)))["state"] == "visible"
        assert "moderation" not in await stranger.read(path_of(thing))
        assert (await author.read(path_of(thing)))["moderation"]["action"] == "unhide"
    assert (await stranger.read(path_of(reply)))["body"] == "reply"
    await check_books(service, fill)
    await recount(town)
    assert drifted_counters(database_url) == {}


async def test_what_is_frozen_takes_nothing_below_it_until_it_is_opened_again(
    town: Town, stranger: Person
) -> None:
    author = town.somebody()
    prompt = await town.prompt()
    fill = await town.fill(prompt, author, status="wip")
    top = await town.comment(fill)
    middle = await town.comment(fill, reply_to=top)
    aside = await town.comment(fill)

    async def replies(to: JSON | None) -> int:
        parent = {} if to is None else {"parent_id": to["id"]}
        answer = await stranger.post(f"{path_of(fill)}/comments", {"body": "!", **parent})
        assert answer.status_code == 201 or code_of(answer) == "frozen"
        return answer.status_code

    await act(town, "freeze", top)
    assert (await stranger.read(path_of(top)))["is_frozen"] is True
    assert [await replies(each) for each in (top, middle, aside, None)] == [409, 409, 201, 201]
    await act(town, "unfreeze", top)
    assert await replies(middle) == 201
    for head in (fill, prompt):
        await act(town, "freeze", head)
        assert (await stranger.read(path_of(head)))["is_frozen"] is True
        assert [await replies(each) for each in (top, None)] == [409, 409]
        assert code_of(await author.post(f"{path_of(fill)}/parts", {"body": "More."})) == "frozen"
        assert code_of(await ask(town, "freeze", head)) == "nothing-to-do"
        if head is prompt:
            for what in ("fills", "comments"):
                answer = await stranger.post(f"{path_of(prompt)}/{what}", {"body": "!"})
                assert code_of(answer) == "frozen"
        await act(town, "unfreeze", head)
        assert await replies(top) == 201


async def test_what_waits_is_released_and_the_log_does_not_say_which_it_was(
    town: Town, stranger: Person, database_url: str
) -> None:
    keeper, author = town.administrator, town.somebody()
    prompt = await town.prompt(keeper)
    await keeper.change(f"/boards/{town.slug}", {"settings": {"screening": "first_posts"}})
    waiting = await author.hand_in(f"{path_of(prompt)}/comments", {"body": "waits"})
    asked = await author.hand_in(f"/boards/{town.slug}/prompts", {"body": "A rescue."})
    for thing in (waiting, asked):
        assert code_of(await ask(town, "unhide", thing)) == "nothing-to-do"
        entry = await act(town, "unscreen", thing, reason="other")
        assert (entry["target"], entry["count"]) == (None, 1)
        assert (await stranger.read(path_of(thing)))["state"] == "visible"
        assert (await author.read(path_of(thing)))["moderation"]["log_id"] == entry["id"]
    # From now on everybody knows it.
    entry = await act(town, "hide", asked)
    assert entry["target"] == {**target(asked), "url": asked["url"]}
    assert drifted_counters(database_url) == {}


async def test_many_things_at_once_are_one_entry_without_targets(
    town: Town, stranger: Person, database_url: str
) -> None:
    author = town.somebody()
    prompts = [await town.prompt(tags=["steady"]) for _ in range(2)]
    fills = [await town.fill(each, author, tags=["steady", "new"]) for each in prompts]
    comments = [await town.comment(each, author) for each in (*prompts, *fills)]
    deleted = await town.comment(prompts[0], author)
    await author.take_away(path_of(deleted))
    await act(town, "hide", comments[0])
    entries = len(await log_of(town))
    # What is so already, or gone, is passed over; what stands twice counts once.
    everything = [*comments, deleted, fills[0], prompts[0], *fills]
    entry = await act(town, "hide", *everything, reason="spam", note="One and the same text.")
    assert (entry["target"], entry["count"]) == (None, 6)
    assert await log_of(town, "?reason=spam&action=hide&action=move") == [entry]
    assert len(await log_of(town)) == entries + 1
    for each in (*comments, *fills, prompts[0]):
        assert code_of(await stranger.get(path_of(each))) == "not-found"
    assert (await author.read(path_of(comments[1])))["moderation"]["log_id"] == entry["id"]
    await recount(town)
    assert drifted_counters(database_url) == {}
    assert (await act(town, "unhide", *everything))["count"] == 7
    assert code_of(await ask(town, "unhide", *everything)) == "nothing-to-do"
    await recount(town)
    assert drifted_counters(database_url) == {}


async def test_an_action_that_can_not_be_is_refused_whole(
    town: Town, service: FastAPI, stranger: Person
) -> None:
    elsewhere = Town(town.client, town.administrator)
    await elsewhere.found_board()
    far, prompt = await elsewhere.prompt(), await town.prompt()
    nowhere = {"id": "0" * 16, "url": "http://board.test/v1/fills/" + "0" * 16}
    answer = await ask(town, "hide", prompt, far, nowhere)
    assert faults_of(answer) == {
        *((f"/targets/{at}/id", "no_such_target") for at in (1, 2)),
    }
    assert (await stranger.read(path_of(prompt)))["state"] == "visible"
    path = f"/boards/{town.slug}/mod-actions"
    sent = {"action": "hide", "reason": "spam", "target": target(prompt)}
    for wrong, pointer in (
        ({"action": "bless"}, "/action"),
        ({"reason": "because"}, "/reason"),
        ({"note": ""}, "/note"),
        ({"note": "n" * 1001}, "/note"),
        ({"target": {"type": "board", "id": town.slug}}, "/target/type"),
        ({"targets": [target(prompt)]}, ""),
        ({"target": None}, ""),
        ({"target": None, "targets": []}, "/targets"),
        ({"target": None, "targets": [target(prompt)] * 101}, "/targets"),
        ({"to": {**target(prompt)}}, ""),
        ({"action": "move"}, ""),
        ({"action": "move", "to": target(far)}, ""),
        ({"by": "system"}, "/by"),
    ):
        refused = await town.administrator.post(path, {**sent, **wrong})
        assert pointer in {each for each, _ in faults_of(refused)}, wrong
    keeper_of_other, _ = await new_account(service, town.client, moderates=elsewhere.slug)
    author = town.somebody()
    mine = await town.prompt(author)
    for who, code in (
        *((stranger, "token-required"), (keeper_of_other, "not-moderator")),
        (author, "not-moderator"),
    ):
        assert code_of(await ask(town, "hide", mine, by=who)) == code
    nothing = Town(town.client, town.administrator, "nothing-here")
    assert code_of(await ask(nothing, "hide", mine)) == "not-found"
    assert await log_of(town) == []


async def test_what_is_deleted_while_it_is_hidden_brings_nothing_back(
    town: Town, stranger: Person, database_url: str
) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    fill = await town.fill(prompt)
    comment = await town.comment(fill)
    other = await town.prompt()
    other_fill = await town.fill(other, author)
    below = await town.comment(other_fill)
    for thing, state in ((prompt, "hide"), (other_fill, "screen")):
        await act(town, state, thing, reason="outing")
        changed = await author.change(path_of(thing), {"title": "Nobody"})
        assert changed["title"] == "Nobody"
        await author.take_away(path_of(thing))
        assert code_of(await author.get(path_of(thing))) == "gone"
        assert code_of(await ask(town, "unhide", thing)) == "nothing-to-do"
    for each in (prompt, fill, comment, other_fill, below):
        assert code_of(await stranger.get(path_of(each))) == "not-found"
    await recount(town)
    assert drifted_counters(database_url) == {}


async def test_the_log_is_public_and_tells_of_no_moderator(
    town: Town, service: FastAPI, stranger: Person
) -> None:
    moderator, name = await new_account(service, town.client, moderates=town.slug)
    prompt = await town.prompt()
    path = f"/boards/{town.slug}/mod-actions"
    sent = {
        "action": "freeze",
        "reason": "rules",
        "note": "Calm, please.",
        "target": target(prompt),
    }
    made = await moderator.post(path, sent)
    entry = made.json()
    assert entry == {
        "id": entry["id"],
        "board": town.slug,
        "action": "freeze",
        "reason": "rules",
        "note": "Calm, please.",
        "target": {**target(prompt), "url": prompt["url"]},
        "count": None,
        "by": "moderator",
        "created_at": entry["created_at"],
        "appeal": "none",
        "url": f"http://board.test/v1/mod-log/{entry['id']}",
    }
    assert made.headers["location"] == entry["url"]
    read = await stranger.get(path_of(entry))
    assert (read.json(), read.headers["etag"]) == (entry, made.headers["etag"])
    assert read.headers["cache-control"] == "public, no-cache"
    listed = await stranger.get(f"/boards/{town.slug}/mod-log")
    assert listed.json()["items"] == [entry]
    assert name not in made.text + read.text + listed.text
    for action in ("unfreeze", "hide", "unhide", "freeze", "unfreeze", "screen"):
        await act(town, action, prompt)
    newest = [each["action"] for each in await log_of(town, "?limit=2")]
    assert newest == [
        *("screen", "unfreeze", "freeze", "unhide", "hide", "unfreeze", "freeze"),
    ]
    assert len(await log_of(town, "?action=hide&action=unhide&limit=1")) == 2
    assert await log_of(town, "?reason=spam") == []
    for wrong in ("?action=bless", "?reason=1", "?by=moderator"):
        assert (await stranger.get(f"/boards/{town.slug}/mod-log{wrong}")).status_code == 422
    reasons = (await stranger.read("/reasons"))["items"]
    assert {"misfire", "minor_safety", "off_topic"} < {each["code"] for each in reasons}
    assert len(reasons) == 12
