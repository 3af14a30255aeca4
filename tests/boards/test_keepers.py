"""Who keeps a board: appointed by its owners, and never without one."""

import asyncio
from dataclasses import dataclass

import pytest
from fastapi import FastAPI

from tests.backstage import new_account
from tests.people import Person, Town


@dataclass
class Keepers:
    """A board with an owner, a moderator, and somebody with an account."""

    town: Town
    path: str
    owner: Person
    moderator: Person
    member: Person
    names: dict[str, str]

    def at(self, who: str) -> str:
        return f"{self.path}/{self.names[who]}"

    async def roles(self) -> dict[str, str]:
        listed = (await self.town.somebody().read(self.path))["items"]
        board = await self.town.somebody().read(f"/boards/{self.town.slug}")
        assert board["moderators"] == listed
        return {each["name"]: each["role"] for each in listed}


@pytest.fixture
async def keepers(service: FastAPI, town: Town) -> Keepers:
    path = f"/boards/{town.slug}/moderators"
    people, names = {}, {}
    for who in ("owner", "moderator", "member"):
        people[who], names[who] = await new_account(service, town.client)
    for who in ("owner", "moderator"):
        answer = await town.administrator.put(f"{path}/{names[who]}", {"role": who})
        assert answer.status_code == 200
    founder = (await town.administrator.read("/me"))["name"]
    await town.administrator.take_away(f"{path}/{founder}")
    return Keepers(town, path, **people, names=names)


async def test_an_owner_appoints_and_dismisses(keepers: Keepers) -> None:
    appointed = await keepers.owner.put(keepers.at("member"), {"role": "moderator"})
    assert appointed.json() == {"name": keepers.names["member"], "role": "moderator"}
    assert (await keepers.roles())[keepers.names["member"]] == "moderator"
    assert (await keepers.member.get(f"/boards/{keepers.town.slug}/mod-log")).status_code == 200
    await keepers.owner.take_away(keepers.at("member"))
    assert keepers.names["member"] not in await keepers.roles()


async def test_names_are_found_in_whatever_case(keepers: Keepers) -> None:
    path = keepers.at("member").replace("Named", "nAMED")
    answer = await keepers.owner.put(path, {"role": "moderator"})
    assert answer.json()["name"] == keepers.names["member"]


@pytest.mark.parametrize("who", ["moderator", "member"])
async def test_nobody_else_appoints(keepers: Keepers, who: str) -> None:
    person: Person = getattr(keepers, who)
    before = await keepers.roles()
    for answer in (
        await person.put(keepers.at("member"), {"role": "owner"}),
        await person.put(keepers.at("owner"), {"role": "moderator"}),
        await person.delete(keepers.at("owner")),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not-owner")
    assert await keepers.roles() == before


async def test_strangers_need_a_token_first(keepers: Keepers) -> None:
    stranger = keepers.town.somebody()
    assert (await stranger.put(keepers.at("member"), {"role": "owner"})).status_code == 401
    assert (await stranger.delete(keepers.at("owner"))).status_code == 401


async def test_a_moderator_may_leave_and_sees_no_more_at_once(
    keepers: Keepers, service: FastAPI
) -> None:
    _ = service
    settings = {"settings": {"screening": "all"}}
    await keepers.owner.change(f"/boards/{keepers.town.slug}", settings)
    waiting = await keepers.town.somebody().hand_in(
        f"/boards/{keepers.town.slug}/prompts", {"body": "A lantern that waits"}
    )
    path = f"/prompts/{waiting['id']}"
    assert (await keepers.moderator.get(path)).status_code == 200
    await keepers.moderator.take_away(keepers.at("moderator"))
    assert (await keepers.moderator.get(path)).status_code == 404
    hide = {"action": "hide", "reason": "spam", "target": {"type": "prompt", "id": waiting["id"]}}
    answer = await keepers.moderator.post(f"/boards/{keepers.town.slug}/mod-actions", hide)
    assert answer.status_code == 403


async def test_the_last_owner_stays(keepers: Keepers) -> None:
    for answer in (
        await keepers.owner.delete(keepers.at("owner")),
        await keepers.owner.put(keepers.at("owner"), {"role": "moderator"}),
        await keepers.town.administrator.delete(keepers.at("owner")),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "last-owner")
    assert (await keepers.roles())[keepers.names["owner"]] == "owner"


async def test_a_board_is_handed_over(keepers: Keepers) -> None:
    assert (await keepers.owner.put(keepers.at("moderator"), {"role": "owner"})).status_code == 200
    await keepers.owner.take_away(keepers.at("owner"))
    assert await keepers.roles() == {keepers.names["moderator"]: "owner"}
    answer = await keepers.owner.put(keepers.at("owner"), {"role": "owner"})
    assert answer.status_code == 403


async def test_of_two_owners_who_leave_at_once_one_stays(keepers: Keepers) -> None:
    await keepers.owner.put(keepers.at("moderator"), {"role": "owner"})
    answers = await asyncio.gather(
        keepers.owner.delete(keepers.at("owner")), keepers.moderator.delete(keepers.at("moderator"))
    )
    assert sorted(each.status_code for each in answers) == [204, 409]
    assert list((await keepers.roles()).values()) == ["owner"]


@pytest.mark.parametrize("name", ["nobody-has-this", "%00", "-", "x" * 41])
async def test_names_that_nobody_has_are_not_there(keepers: Keepers, name: str) -> None:
    path = f"{keepers.path}/{name}"
    assert (await keepers.owner.put(path, {"role": "moderator"})).status_code == 404
    assert (await keepers.owner.delete(path)).status_code == 404


async def test_whoever_keeps_no_order_is_not_dismissed(keepers: Keepers) -> None:
    assert (await keepers.owner.delete(keepers.at("member"))).status_code == 404


@pytest.mark.parametrize("role", ["administrator", "", None, "Owner"])
async def test_there_are_two_roles(keepers: Keepers, role: str | None) -> None:
    answer = await keepers.owner.put(keepers.at("member"), {"role": role})
    assert answer.status_code == 422
