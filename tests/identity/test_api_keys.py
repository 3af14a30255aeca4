"""Bots do what their key was made for, under their owner's name, and nothing else."""

import uuid
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from app.identity import service as identity
from app.identity.scopes import SCOPES
from app.identity.service import write_uses
from tests.backstage import new_account
from tests.clocks import Clock
from tests.moderation.keeping import target
from tests.people import JSON, Person, Town, code_of, faults_of, path_of

ALL = [
    *("prompts:write", "fills:write", "comments:write", "seconds:write"),
    *("reports:write", "moderate", "webhooks"),
]


@pytest.fixture
async def owner(town: Town, service: FastAPI) -> tuple[Person, str]:
    return await new_account(service, town.client)


async def bot(owner: Person, *scopes: str, **more: Any) -> Person:
    receipt = await owner.make("/me/api-keys", {"name": "a bot", "scopes": scopes, **more})
    return Person(owner.client, receipt["key"])


async def test_a_bot_posts_under_its_owners_name_and_says_that_it_is_one(
    town: Town, owner: tuple[Person, str]
) -> None:
    person, name = owner
    robot = await bot(person, "prompts:write")
    path = f"/boards/{town.slug}/prompts"
    prompt = await robot.make(path, {"body": "Prompt of the day"})
    assert (prompt["author"]["kind"], prompt["author"]["name"]) == ("bot", name)
    hidden = await robot.make(path, {"body": "Another", "anonymous": True})
    assert (hidden["author"]["kind"], hidden["author"]["name"]) == ("anonymous", None)
    await robot.change(path_of(prompt), {"title": "By the bot"})
    # What a bot posted is its owner's; nothing of its owner's is a bot's.
    for each in (prompt, hidden):
        await person.change(path_of(each), {"title": "By its owner"})
    own = await person.make(path, {"body": "By a person"})
    assert (await robot.patch(path_of(own), {"title": "?"})).status_code == 403
    found = (await town.somebody().read(f"{path}?author={name}"))["items"]
    assert {each["id"] for each in found} == {prompt["id"], own["id"]}
    mine = (await robot.read("/me/posts"))["items"]
    assert {each["prompt"]["id"] for each in mine} == {prompt["id"], hidden["id"]}
    assert len((await person.read("/me/posts"))["items"]) == 3
    await robot.take_away(path_of(hidden))


async def test_a_key_is_shown_once_and_listed_without_it(owner: tuple[Person, str]) -> None:
    person, _ = owner
    receipt = await person.make("/me/api-keys", {"name": "a bot", "scopes": ["moderate"]})
    assert receipt["key"].startswith("fbk_")
    listed = (await person.read("/me/api-keys"))["items"]
    assert [{**each, "key": receipt["key"]} for each in listed] == [receipt]
    assert receipt["key"] not in str(listed)


async def test_a_revoked_key_stops_at_once(town: Town, owner: tuple[Person, str]) -> None:
    person, _ = owner
    receipt = await person.make("/me/api-keys", {"name": "a bot", "scopes": ["prompts:write"]})
    robot = Person(person.client, receipt["key"])
    prompt = await robot.make(f"/boards/{town.slug}/prompts", {"body": "A lantern"})
    shown = await person.read(f"/me/api-keys/{receipt['id']}")
    assert shown["last_used_on"] is not None
    await person.take_away(f"/me/api-keys/{receipt['id']}")
    assert (await robot.get("/me")).status_code == 401
    assert (await robot.delete(path_of(prompt))).status_code == 401
    assert (await person.read(f"/me/api-keys/{receipt['id']}"))["is_revoked"]
    assert (await town.somebody().get(path_of(prompt))).status_code == 200


async def test_a_key_runs_out(owner: tuple[Person, str], clock: Clock) -> None:
    robot = await bot(owner[0], "prompts:write", expires_at=clock.after(days=3))
    assert (await robot.get("/me")).status_code == 200
    clock.move(days=3, seconds=1)
    assert (await robot.get("/me")).status_code == 401


async def doings(town: Town) -> dict[str, tuple[str, str, Any]]:
    """For each scope something that needs it."""
    prompt = await town.prompt()
    about = {"target": target(prompt), "category": "spam"}
    return {
        "prompts:write": ("POST", f"/boards/{town.slug}/prompts", {"body": "A lantern"}),
        "fills:write": ("POST", f"{path_of(prompt)}/fills", {"body": "It burned."}),
        "comments:write": ("POST", f"{path_of(prompt)}/comments", {"body": "Hello."}),
        "seconds:write": ("PUT", f"{path_of(prompt)}/second", None),
        "reports:write": ("POST", "/reports", about),
        "moderate": (
            "POST",
            f"/boards/{town.slug}/mod-actions",
            {"action": "freeze", "reason": "rules", "target": target(await town.prompt())},
        ),
    }


@pytest.mark.parametrize("scope", ALL[:-1])
async def test_each_scope_opens_what_it_says_and_nothing_else(
    town: Town, owner: tuple[Person, str], scope: str
) -> None:
    person, name = owner
    await town.administrator.put(f"/boards/{town.slug}/moderators/{name}", {"role": "moderator"})
    robot = await bot(person, scope)
    for needed, (method, path, body) in (await doings(town)).items():
        answer = await robot.send(method, path, body)
        if needed == scope:
            assert answer.status_code in (200, 201, 204), answer.text
        else:
            assert (answer.status_code, code_of(answer)) == (403, "scope-required"), needed


async def test_whatever_names_no_scope_takes_no_key(
    town: Town, owner: tuple[Person, str], service: FastAPI
) -> None:
    robot = await bot(owner[0], *ALL)
    checked = 0
    for route in service.router.routes:
        if not isinstance(route, APIRoute) or not route.path.startswith("/v1"):
            continue
        for method in sorted((route.methods or set()) - {"GET", "HEAD"}):
            if route.endpoint in SCOPES or route.path in _WITHOUT_TOKENS:
                continue
            path = route.path.removeprefix("/v1").replace("{board}", town.slug)
            for name in route.param_convertors:
                path = path.replace(f"{{{name}}}", "z" * 16)
            answer = await robot.send(method, path, _any_body(route))
            assert code_of(answer) in ("scope-required", "invalid"), (method, path, answer.text)
            checked += code_of(answer) == "scope-required"
    assert checked >= 12
    assert (await robot.delete("/me/posts")).status_code == 403


#: These look at no token.
_WITHOUT_TOKENS = {"/v1/masks", "/v1/accounts", "/v1/sessions"}


def _any_body(route: APIRoute) -> Any:
    examples = {
        "sign_": {"anonymous": True},
        "make_token": {},
        "make_api_key": {"name": "x", "scopes": ["moderate"]},
        "found_board": {"slug": "x", "name": "X", "settings": {"default_rating": "general"}},
        "appoint": {"role": "owner"},
        "appeal": {},
        "save_filters": {},
    }
    name = route.operation_id or ""
    return next((body for start, body in examples.items() if name.startswith(start)), None)


async def test_a_key_of_one_board_writes_on_no_other(town: Town, owner: tuple[Person, str]) -> None:
    person, name = owner
    elsewhere = (await town.found_board(f"{town.slug[:30]}-b"))["slug"]
    for board in (town.slug, elsewhere):
        role = {"role": "moderator"}
        await town.administrator.put(f"/boards/{board}/moderators/{name}", role)
    robot = await bot(person, *ALL, board=town.slug)
    assert (await robot.read("/me"))["board"] == town.slug
    await robot.make(f"/boards/{town.slug}/prompts", {"body": "Here"})
    answer = await robot.post(f"/boards/{elsewhere}/prompts", {"body": "There"})
    assert (answer.status_code, code_of(answer)) == (403, "scope-required")
    there = await town.somebody().make(f"/boards/{elsewhere}/prompts", {"body": "A lantern"})
    for method, path, body in (
        ("POST", f"{path_of(there)}/fills", {"body": "It burned."}),
        ("POST", f"{path_of(there)}/comments", {"body": "Hello."}),
        ("PUT", f"{path_of(there)}/second", None),
        ("POST", f"/boards/{elsewhere}/discussions", {"body": "Who?"}),
    ):
        assert code_of(await robot.send(method, path, body)) == "scope-required", path
    about = {"target": target(there), "category": "spam"}
    assert code_of(await robot.post("/reports", about)) == "scope-required"
    freeze = {"action": "freeze", "reason": "rules", "target": target(there)}
    assert code_of(await robot.post(f"/boards/{elsewhere}/mod-actions", freeze)) == "not-moderator"
    assert code_of(await robot.get(f"/boards/{elsewhere}/queue")) == "not-moderator"
    refused = await person.post("/me/api-keys", {"name": "x", "scopes": ALL, "board": "nowhere"})
    assert faults_of(refused) == {("/board", "no_such_board")}


async def test_a_key_posts_nothing_above_its_rating(town: Town, owner: tuple[Person, str]) -> None:
    robot = await bot(owner[0], "prompts:write", "fills:write", max_rating="teen")
    path = f"/boards/{town.slug}/prompts"
    prompt = await robot.make(path, {"body": "A lantern", "rating": "teen"})
    assert code_of(await robot.post(path, {"body": "X", "rating": "mature"})) == "rating-above-key"
    answer = await robot.patch(path_of(prompt), {"rating": "not_rated"})
    assert code_of(answer) == "rating-above-key"
    adult = await town.prompt(rating="explicit")
    answer = await robot.post(f"{path_of(adult)}/fills", {"body": "It burned."})
    assert code_of(answer) == "rating-above-key"
    assert (await town.somebody().read(path_of(prompt)))["rating"] == "teen"


async def test_a_bot_posts_for_somebody_else(town: Town, owner: tuple[Person, str]) -> None:
    robot = await bot(owner[0], "prompts:write", "comments:write")
    path = f"/boards/{town.slug}/prompts"
    relayed = await robot.make(path, {"body": "From a form", "new_mask": True})
    assert relayed["author"]["kind"] == "anonymous"
    somebody = Person(town.client, relayed["edit_token"])
    await somebody.change(path_of(relayed), {"title": "Mine"})
    for other in (robot, owner[0]):
        assert (await other.patch(path_of(relayed), {"title": "?"})).status_code == 403
    for who in (owner[0], somebody, town.somebody()):
        refused = await who.post(path, {"body": "X", "new_mask": True})
        assert faults_of(refused) == {("/new_mask", "for_keys_alone")}


async def test_a_key_never_administers(town: Town) -> None:
    robot = await bot(town.administrator, *ALL)
    body = {
        "slug": f"b-{uuid.uuid4().hex[:8]}",
        "name": "X",
        "settings": {"default_rating": "general"},
    }
    assert (await robot.post("/boards", body)).status_code == 403
    me = await robot.read("/me")
    assert (me["kind"], me["is_administrator"]) == ("key", False)
    elsewhere = (await town.found_board(f"{town.slug[:30]}-b"))["slug"]
    founder = (await town.administrator.read("/me"))["name"]
    assert founder
    answer: httpx.Response = await robot.get(f"/boards/{elsewhere}/queue")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["everything"]},
        {"name": "x", "scopes": ["moderate", "moderate"]},
        {"name": "", "scopes": ["moderate"]},
        {"name": "x"},
        {"name": "x", "scopes": ["moderate"], "max_rating": "adult"},
    ],
)
async def test_a_key_that_makes_no_sense_is_refused(owner: tuple[Person, str], sent: JSON) -> None:
    assert (await owner[0].post("/me/api-keys", sent)).status_code == 422
    assert (await owner[0].read("/me/api-keys"))["items"] == []


async def test_nobody_else_wears_the_owners_badge(town: Town, owner: tuple[Person, str]) -> None:
    person, name = owner
    await town.administrator.put(f"/boards/{town.slug}/moderators/{name}", {"role": "moderator"})
    robot = await bot(person, *ALL)
    sent = {"body": "From a form", "new_mask": True, "as_moderator": True}
    refused = await robot.post(f"/boards/{town.slug}/prompts", sent)
    assert faults_of(refused) == {("/as_moderator", "for_moderators")}


async def test_bots_count_for_their_account_and_not_beside_it(
    town: Town, owner: tuple[Person, str]
) -> None:
    person, _ = owner
    board = (await town.found_board(f"{town.slug[:30]}-q", prompts_per_day=2))["slug"]
    path = f"/boards/{board}/prompts"
    robots = [await bot(person, "prompts:write") for _ in range(2)]
    for each in robots:
        await each.make(path, {"body": "A lantern"})
    for each in (*robots, person):
        assert code_of(await each.post(path, {"body": "One too many"})) == "prompt-quota"


async def test_a_bot_posts_no_more_for_others_than_they_may_themselves(
    town: Town, owner: tuple[Person, str]
) -> None:
    robot = await bot(owner[0], "prompts:write")
    wishes = {"prompts_per_day": 2, "screening": "first_posts"}
    board = (await town.found_board(f"{town.slug[:30]}-q", **wishes))["slug"]
    path = f"/boards/{board}/prompts"
    own = await robot.hand_in(path, {"body": "A lantern"})
    release = {"action": "unscreen", "reason": "rules", "target": target(own)}
    await town.administrator.make(f"/boards/{board}/mod-actions", release)
    await robot.make(path, {"body": "Known by now"})
    for _ in range(2):
        # Whoever it is for has never posted here.
        await robot.hand_in(path, {"body": "From a form", "new_mask": True})
    refused = await robot.post(path, {"body": "From a form", "new_mask": True})
    assert code_of(refused) == "prompt-quota"


async def test_a_bot_is_no_second_person(town: Town, owner: tuple[Person, str]) -> None:
    person, _ = owner
    robot = await bot(person, "seconds:write")
    board = (await town.found_board(f"{town.slug[:30]}-q", seconds_by="accounts"))["slug"]
    prompt = await town.somebody().make(f"/boards/{board}/prompts", {"body": "A lantern"})
    path = f"{path_of(prompt)}/second"
    assert code_of(await robot.put(path)) == "account-required"
    assert (await person.put(path)).status_code == 200


async def test_the_day_of_the_last_use_is_kept_also_of_reading(
    owner: tuple[Person, str], service: FastAPI, clock: Clock
) -> None:
    person, _ = owner
    receipt = await person.make("/me/api-keys", {"name": "a reader", "scopes": ["webhooks"]})
    path = f"/me/api-keys/{receipt['id']}"
    assert (await person.read(path))["last_used_on"] is None
    site = service.state.site

    async def write_down() -> int:
        taken = site.uses.take()
        async with site.database.writing() as session:
            await write_uses(session, taken)
        return len(taken)

    robot = Person(person.client, receipt["key"])
    await robot.read("/me")
    first = (await person.read(path))["last_used_on"]
    assert first == clock.after(days=0)[:10]
    assert await write_down() >= 1
    assert (await person.read(path))["last_used_on"] == first
    await robot.read("/me")
    assert await write_down() == 0
    clock.move(days=2)
    await robot.read("/me")
    await write_down()
    assert (await person.read(path))["last_used_on"] == clock.after(days=0)[:10]


async def test_there_is_an_end_to_keys_and_tokens(
    town: Town, owner: tuple[Person, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    person, _ = owner
    monkeypatch.setattr(identity, "MAX_KEYS", 2)
    monkeypatch.setattr(identity, "MAX_TOKENS", 2)
    for _ in range(2):
        made = await person.make("/me/api-keys", {"name": "a bot", "scopes": ALL})
        await person.take_away(f"/me/api-keys/{made['id']}")
    refused = await person.post("/me/api-keys", {"name": "a bot", "scopes": ALL})
    assert (refused.status_code, code_of(refused)) == (409, "too-many-tokens")
    masked = town.somebody()
    await town.prompt(masked)
    await masked.make("/me/tokens", {})
    assert code_of(await masked.post("/me/tokens", {})) == "too-many-tokens"
    await masked.make("/me/tokens", {"revoke_others": True})


@pytest.mark.parametrize("board", ["a\x00b", "A B", "x" * 41, ""])
async def test_a_board_that_no_key_can_be_for_is_refused(
    owner: tuple[Person, str], board: str
) -> None:
    sent = {"name": "a bot", "scopes": ALL, "board": board}
    refused = await owner[0].post("/me/api-keys", sent)
    assert faults_of(refused) == {("/board", "string_pattern_mismatch")}
