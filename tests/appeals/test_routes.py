"""An author asks once for another look, and another moderator decides."""

from dataclasses import dataclass

import pytest
from fastapi import FastAPI

from tests.backstage import new_account
from tests.moderation.keeping import act, ask, log_of
from tests.people import JSON, Person, Town, code_of, path_of
from tests.recount import recount


@dataclass
class Quarrel:
    """A board with two moderators, and an author."""

    town: Town
    one: Person
    two: Person
    author: Person

    async def appeal(self, entry: JSON, by: Person | None = None) -> JSON:
        path = f"/mod-log/{entry['id']}/appeals"
        return await (by or self.author).make(path, {"note": "It was a quotation."})

    async def decide(self, entry: JSON, appeal: JSON, status: str, by: Person) -> JSON:
        path = f"/mod-log/{entry['id']}/appeals/{appeal['id']}"
        return await by.change(path, {"status": status, "answer": "We talked."})


@pytest.fixture
async def quarrel(town: Town, service: FastAPI) -> Quarrel:
    one, _ = await new_account(service, town.client, moderates=town.slug)
    two, _ = await new_account(service, town.client, moderates=town.slug)
    return Quarrel(town, one, two, town.somebody())


@pytest.mark.parametrize("action", ["hide", "screen", "freeze"])
async def test_a_decision_is_overturned_by_another_moderator(quarrel: Quarrel, action: str) -> None:
    town = quarrel.town
    prompt = await town.prompt(quarrel.author)
    entry = await act(town, action, prompt, by=quarrel.one)
    assert (await quarrel.author.read(path_of(prompt)))["moderation"]["appeal"] == "none"
    appeal = await quarrel.appeal(entry)
    assert (appeal["status"], appeal["entry"]) == ("open", entry["id"])
    assert (await log_of(town))[0]["appeal"] == "open"
    path = f"/mod-log/{entry['id']}/appeals/{appeal['id']}"
    refused = await quarrel.one.patch(path, {"status": "upheld"})
    assert (refused.status_code, code_of(refused)) == (403, "same-moderator")
    decided = await quarrel.decide(entry, appeal, "overturned", quarrel.two)
    assert (decided["status"], decided["answer"]) == ("overturned", "We talked.")
    shown = await town.somebody().read(path_of(prompt))
    assert (shown["state"], shown["is_frozen"]) == ("visible", False)
    newest, older = await log_of(town)
    assert (
        newest["action"] == {"hide": "unhide", "screen": "unscreen", "freeze": "unfreeze"}[action]
    )
    assert older["appeal"] == "overturned"
    read = await quarrel.author.read(path)
    assert read["answer"] == "We talked."
    assert code_of(await quarrel.two.patch(path, {"status": "upheld"})) == "already-decided"
    await recount(town)


async def test_a_decision_that_stands_is_told_to_its_author(quarrel: Quarrel) -> None:
    comment = await quarrel.town.comment(await quarrel.town.prompt(), quarrel.author)
    entry = await act(quarrel.town, "hide", comment, by=quarrel.one)
    appeal = await quarrel.appeal(entry)
    await quarrel.decide(entry, appeal, "upheld", quarrel.town.administrator)
    told = (await quarrel.author.read(path_of(comment)))["moderation"]
    assert (told["appeal"], told["action"]) == ("upheld", "hide")
    again = await quarrel.author.post(f"/mod-log/{entry['id']}/appeals", {})
    assert (again.status_code, code_of(again)) == (409, "already-appealed")


async def test_only_an_author_appeals(quarrel: Quarrel, service: FastAPI) -> None:
    town = quarrel.town
    member, _ = await new_account(service, town.client)
    stranger = town.somebody()
    await town.prompt(stranger)
    prompt = await town.prompt(quarrel.author)
    entry = await act(town, "hide", prompt, by=quarrel.one)
    path = f"/mod-log/{entry['id']}/appeals"
    for who in (member, stranger, quarrel.one):
        assert (await who.post(path, {})).status_code == 404
    assert (await town.somebody().post(path, {})).status_code == 401
    appeal = await quarrel.appeal(entry)
    for who in (member, stranger):
        assert (await who.get(f"{path}/{appeal['id']}")).status_code == 404
        answer = await who.patch(f"{path}/{appeal['id']}", {"status": "overturned"})
        assert answer.status_code == 404
    assert (
        await quarrel.author.patch(f"{path}/{appeal['id']}", {"status": "overturned"})
    ).status_code == 404
    assert (await quarrel.two.get(f"{path}/{appeal['id']}")).status_code == 200


@pytest.mark.parametrize("is_anonymous", [False, True])
async def test_a_moderator_does_not_decide_about_their_own_post(
    quarrel: Quarrel, *, is_anonymous: bool
) -> None:
    said = {"body": "An umbrella for one.", "anonymous": is_anonymous}
    prompt = await quarrel.two.make(f"/boards/{quarrel.town.slug}/prompts", said)
    entry = await act(quarrel.town, "hide", prompt, by=quarrel.one)
    appeal = await quarrel.appeal(entry, by=quarrel.two)
    path = f"/mod-log/{entry['id']}/appeals/{appeal['id']}"
    key = {"name": "a bot", "scopes": ["moderate"]}
    robot = Person(quarrel.town.client, (await quarrel.two.make("/me/api-keys", key))["key"])
    for who in (quarrel.two, robot):
        refused = await who.patch(path, {"status": "overturned"})
        assert (refused.status_code, code_of(refused)) == (403, "same-moderator")
    await quarrel.decide(entry, appeal, "upheld", quarrel.town.administrator)


async def test_a_ban_is_lifted_on_appeal(quarrel: Quarrel) -> None:
    town = quarrel.town
    prompt = await town.prompt(quarrel.author)
    entry = await act(town, "ban", prompt, by=quarrel.one, reach="mask")
    appeal = await quarrel.appeal(entry)
    # Which of the board's bans somebody appeals against is told to nobody.
    assert (await log_of(town))[0]["appeal"] == "none"
    assert (await quarrel.author.read(path_of(prompt)))["moderation"]["appeal"] == "open"
    await quarrel.decide(entry, appeal, "overturned", quarrel.two)
    await town.prompt(quarrel.author)
    assert [each["action"] for each in await log_of(town)] == ["unban", "ban"]


async def test_each_author_of_many_gets_back_their_own(quarrel: Quarrel) -> None:
    town, other = quarrel.town, quarrel.town.somebody()
    mine = [await town.prompt(quarrel.author) for _ in range(2)]
    theirs = await town.prompt(other)
    entry = await act(town, "hide", *mine, theirs, by=quarrel.one)
    appeal = await quarrel.appeal(entry)
    await quarrel.appeal(entry, by=other)
    await quarrel.decide(entry, appeal, "overturned", quarrel.two)
    reader = town.somebody()
    states = [(await reader.get(path_of(each))).status_code for each in (*mine, theirs)]
    assert states == [200, 200, 404]


async def test_what_was_overturned_already_is_left_alone(quarrel: Quarrel) -> None:
    town = quarrel.town
    prompt = await town.prompt(quarrel.author)
    entry = await act(town, "hide", prompt, by=quarrel.one)
    appeal = await quarrel.appeal(entry)
    await act(town, "unhide", prompt, by=quarrel.one)
    await quarrel.decide(entry, appeal, "overturned", quarrel.two)
    assert len(await log_of(town)) == 2


async def test_what_the_service_hid_is_appealed_to_any_moderator(quarrel: Quarrel) -> None:
    town = quarrel.town
    prompt = await town.prompt(quarrel.author)
    about = {"type": "prompt", "id": prompt["id"]}
    await town.somebody().make("/reports", {"target": about, "category": "outing"})
    (entry,) = await log_of(town)
    appeal = await quarrel.appeal(entry)
    await quarrel.decide(entry, appeal, "overturned", quarrel.one)
    assert (await town.somebody().get(path_of(prompt))).status_code == 200
    assert code_of(await ask(town, "unhide", prompt)) == "nothing-to-do"
