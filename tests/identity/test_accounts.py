"""Accounts: names, passwords, sessions."""

import asyncio
import uuid
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher, Type
from fastapi import FastAPI

from app.accounts import passwords
from app.accounts.names import check_is_nobody_else, skeleton
from app.accounts.queries import account_named
from tests.clocks import Clock
from tests.conftest import migrated_database, new_app, new_client, settings_for
from tests.people import JSON, Person, Town

PASSWORD = "nine lanterns on the pier"


def a_name() -> str:
    return f"Lamp-{uuid.uuid4().hex[:10]}"


async def account(client: httpx.AsyncClient, name: str | None = None) -> tuple[Person, str]:
    """Somebody who made an account, and their name."""
    name = name or a_name()
    answer = await client.post("/v1/accounts", json={"name": name, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    return Person(client, answer.json()["token"]), name


async def sign_in(client: httpx.AsyncClient, name: str, password: str) -> httpx.Response:
    return await client.post("/v1/sessions", json={"name": name, "password": password})


async def test_whoever_makes_an_account_signs_with_its_name(
    client: httpx.AsyncClient, town: Town
) -> None:
    person, name = await account(client)
    prompt = await person.make(f"/boards/{town.slug}/prompts", {"body": "A rescue at sea"})
    assert prompt["author"] | {"is_op": True} == prompt["author"]
    assert (prompt["author"]["kind"], prompt["author"]["name"]) == ("named", name)
    masked = {"body": "Another one", "anonymous": True}
    hidden = await person.make(f"/boards/{town.slug}/prompts", masked)
    assert (hidden["author"]["kind"], hidden["author"]["name"]) == ("anonymous", None)
    assert "edit_token" not in prompt | hidden


async def test_a_session_is_had_for_name_and_password(client: httpx.AsyncClient) -> None:
    first, name = await account(client)
    answer = await sign_in(client, name.upper(), PASSWORD)
    assert answer.status_code == 201
    assert answer.headers["location"].endswith("/v1/me")
    second = Person(client, answer.json()["token"])
    assert second.token != first.token
    assert answer.json()["name"] == name
    for person in (first, second):
        me = await person.read("/me")
        assert (me["kind"], me["name"], me["is_administrator"]) == ("session", name, False)


@pytest.mark.parametrize("password", ["nine lanterns on the pie", "NINE LANTERNS ON THE PIER", ""])
async def test_another_password_opens_nothing(client: httpx.AsyncClient, password: str) -> None:
    _, name = await account(client)
    wrong = await sign_in(client, name, password)
    nobody = await sign_in(client, a_name(), PASSWORD)
    assert wrong.status_code == nobody.status_code == 401
    assert wrong.json() | {"instance": ""} == nobody.json() | {"instance": ""}
    assert wrong.json()["code"] == "wrong-credentials"


@pytest.mark.parametrize("name", ["a\x00b", "no such name", "ü", "x" * 40])
async def test_names_that_nobody_can_have_open_nothing(
    client: httpx.AsyncClient, name: str
) -> None:
    assert (await sign_in(client, name, PASSWORD)).status_code in (401, 422)


async def test_letters_that_look_the_same_are_the_same_in_a_password(
    client: httpx.AsyncClient,
) -> None:
    name, composed, decomposed = a_name(), "caf\u00e9 au lait", "cafe\u0301 au lait"
    made = await client.post("/v1/accounts", json={"name": name, "password": composed})
    assert made.status_code == 201
    assert (await sign_in(client, name, decomposed)).status_code == 201


@pytest.mark.parametrize(
    "password", ["short", "", "password", "PASSWORD1", "aaaaaaaaaaaa", "x" * 201, "{name}"]
)
async def test_a_password_that_is_guessed_at_once_is_refused(
    client: httpx.AsyncClient, password: str
) -> None:
    name = a_name()
    sent = {"name": name, "password": password.format(name=name)}
    answer = await client.post("/v1/accounts", json=sent)
    assert answer.status_code == 422
    assert answer.json()["code"] == "password-unfit"
    assert (await sign_in(client, name, sent["password"])).status_code == 401


async def test_a_name_is_taken_once(client: httpx.AsyncClient) -> None:
    _, name = await account(client)
    for again in (name, name.lower(), name.upper()):
        answer = await client.post("/v1/accounts", json={"name": again, "password": PASSWORD})
        assert (answer.status_code, answer.json()["code"]) == (409, "name-taken")


async def test_of_many_who_take_a_name_at_once_one_gets_it(client: httpx.AsyncClient) -> None:
    sent = {"name": a_name(), "password": PASSWORD}
    answers = await asyncio.gather(*(client.post("/v1/accounts", json=sent) for _ in range(4)))
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]


@pytest.mark.parametrize(
    "name",
    [
        *("admin", "Admin-of-Lanterns", "m0d", "A-d-m-1-n", "the_moderator", "Fillboard", "STAFF"),
        *("HarbourMod", "anon", "Anonymous", "op", "sysop", "official-news", "0fficial", "system"),
    ],
)
async def test_nobody_is_called_like_somebody_who_keeps_order(
    client: httpx.AsyncClient, name: str
) -> None:
    answer = await client.post("/v1/accounts", json={"name": name, "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (422, "name-imitates-staff")


@pytest.mark.parametrize("name", ["Modern", "lamplighter", "PromptBot", "Admiral", "Commodore"])
def test_names_that_only_begin_so_are_names(name: str) -> None:
    check_is_nobody_else(name)


async def test_nobody_is_called_like_a_moderator_at_a_glance(
    client: httpx.AsyncClient, town: Town
) -> None:
    name = f"Beii{uuid.uuid4().hex[:8].translate(str.maketrans('01345789', 'oieastbg'))}"
    _, owner = await account(client, name)
    path = f"/boards/{town.slug}/moderators/{owner}"
    assert (await town.administrator.send("PUT", path, {"role": "moderator"})).status_code == 200
    twin = name.replace("i", "l")
    assert skeleton(twin) == skeleton(name)
    answer = await client.post("/v1/accounts", json={"name": twin, "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (422, "name-imitates-staff")


async def test_an_ended_session_is_over_at_once(client: httpx.AsyncClient) -> None:
    person, name = await account(client)
    other = Person(client, (await sign_in(client, name, PASSWORD)).json()["token"])
    await person.take_away("/sessions")
    assert (await person.get("/me")).status_code == 401
    assert (await other.get("/me")).status_code == 200


async def test_a_session_runs_out(client: httpx.AsyncClient, clock: Clock) -> None:
    person, _ = await account(client)
    clock.move(days=89)
    assert (await person.get("/me")).status_code == 200
    clock.move(days=2)
    assert (await person.get("/me")).status_code == 401


async def test_a_new_password_ends_all_other_sessions(client: httpx.AsyncClient) -> None:
    person, name = await account(client)
    other = Person(client, (await sign_in(client, name, PASSWORD)).json()["token"])
    changed = "ten lanterns on the pier"
    wrong = {"password": "not it at all", "new_password": changed}
    assert (await person.patch("/me", wrong)).status_code == 401
    assert (await person.patch("/me", {"new_password": changed})).status_code == 401
    unfit = {"password": PASSWORD, "new_password": "short"}
    assert (await person.patch("/me", unfit)).status_code == 422
    assert (await sign_in(client, name, PASSWORD)).status_code == 201
    await person.change("/me", {"password": PASSWORD, "new_password": changed})
    assert (await person.get("/me")).status_code == 200
    assert (await other.get("/me")).status_code == 401
    assert (await sign_in(client, name, PASSWORD)).status_code == 401
    assert (await sign_in(client, name, changed)).status_code == 201


async def test_an_administrator_from_the_command_line_sets_a_first_password(town: Town) -> None:
    me = await town.administrator.read("/me")
    if not me["has_password"]:
        me = await town.administrator.change("/me", {"new_password": PASSWORD})
    assert me["has_password"]
    assert me["is_administrator"]
    answer = await sign_in(town.client, me["name"], PASSWORD)
    renewed = Person(town.client, answer.json()["token"])
    await renewed.make(
        "/boards",
        {
            "slug": f"b-{uuid.uuid4().hex[:8]}",
            "name": "Pier",
            "settings": {"default_rating": "general"},
        },
    )


async def test_a_mask_has_no_password(town: Town) -> None:
    anon = town.somebody()
    await anon.make(f"/boards/{town.slug}/prompts", {"body": "A rescue"})
    for answer in (
        await anon.patch("/me", {"new_password": PASSWORD}),
        await anon.delete("/sessions"),
        await anon.get("/me/api-keys"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "account-required")
    me: JSON = await anon.read("/me")
    assert (me["kind"], me["name"], me["moderates"]) == ("edit", None, [])


async def test_a_password_is_told_by_no_answer(client: httpx.AsyncClient) -> None:
    secret = f"{uuid.uuid4().hex} is my own"
    name = a_name()
    answers = [
        await client.post("/v1/accounts", json={"name": name, "password": secret}),
        await client.post("/v1/accounts", json={"name": name, "password": secret}),
        await client.post("/v1/accounts", json={"name": "?", "password": secret}),
        await client.post("/v1/accounts", json={"name": name, "password": [secret]}),
        await client.post("/v1/accounts", json={"name": name, secret: 1}),
        await sign_in(client, name, f"{secret}!"),
        await sign_in(client, secret, secret),
    ]
    person = Person(client, answers[0].json()["token"])
    answers += [
        await person.patch("/me", {secret: secret}),
        await person.patch("/me", {"password": secret, "new_password": {secret: secret}}),
        await person.patch("/me", {"password": secret, "new_password": name}),
        await person.patch("/me", {"password": secret, "new_password": f"{secret}, still"}),
        await person.get("/me"),
    ]
    assert answers[-2].status_code == 200
    for answer in answers:
        assert secret not in answer.text
        assert secret not in str(answer.headers)


async def test_guessing_is_slowed_down_and_the_owner_gets_in(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        folder = tmp_path / "own"
        folder.mkdir()
        url = stack.enter_context(migrated_database(kind, request, folder))
        app: FastAPI = new_app(settings_for(url, rate_limits="on", data_dir=folder / "data"))
        async with app.router.lifespan_context(app):
            burglar, owner = (new_client(app, address) for address in ("192.0.2.7", "192.0.2.8"))
            _, name = await account(owner)
            answers = [(await sign_in(burglar, name, "guess")).status_code for _ in range(12)]
            assert answers == [401] * 10 + [429] * 2
            assert (await sign_in(burglar, name, PASSWORD)).status_code == 429
            assert (await sign_in(owner, name, PASSWORD)).status_code == 201


async def test_a_password_that_is_changed_meanwhile_opens_nothing_and_stays_changed(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, name = await account(client)
    changed = "ten lanterns on the pier"
    is_right = passwords.is_right
    waiting = [{"password": PASSWORD, "new_password": changed}]

    async def and_then_it_is_changed(password: str, kept: str | None) -> bool:
        answer = await is_right(password, kept)
        if waiting:
            await person.change("/me", waiting.pop())
        return answer

    monkeypatch.setattr(passwords, "is_right", and_then_it_is_changed)
    # What is kept is made anew when somebody signs in: the old password must not come back by that.
    slower = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", slower)
    assert (await sign_in(client, name, PASSWORD)).status_code == 401
    assert not waiting
    assert (await sign_in(client, name, PASSWORD)).status_code == 401
    assert (await sign_in(client, name, changed)).status_code == 201


async def test_a_password_is_hashed_anew_once_more_effort_is_made(
    client: httpx.AsyncClient, service: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def kept(name: str) -> str:
        async with service.state.site.database.reading() as session:
            row = await session.first(account_named(name.lower()))
        assert row is not None
        return str(row.password_hash)

    _, name = await account(client)
    before = await kept(name)
    assert (await sign_in(client, name, PASSWORD)).status_code == 201
    assert await kept(name) == before
    slower = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", slower)
    assert (await sign_in(client, name, PASSWORD)).status_code == 201
    assert "t=2" in await kept(name)
    assert (await sign_in(client, name, PASSWORD)).status_code == 201


def test_passwords_are_hashed_as_rfc_9106_wants_it_where_nobody_tests() -> None:
    made = PasswordHasher()
    assert made.memory_cost >= 64 * 1024
    assert made.time_cost >= 3
    assert made.type is Type.ID


@pytest.mark.only_on("postgresql")
async def test_a_session_and_a_key_stop_in_every_process(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    assert kind == "postgresql"
    with ExitStack() as stack:
        url = stack.enter_context(migrated_database(kind, request, tmp_path))
        apps = [new_app(settings_for(url, data_dir=tmp_path / str(each))) for each in range(2)]
        async with AsyncExitStack() as running:
            for app in apps:
                await running.enter_async_context(app.router.lifespan_context(app))
            here, there = map(new_client, apps)
            person, name = await account(here)
            lent = Person(there, (await sign_in(here, name, PASSWORD)).json()["token"])
            body = {"name": "a bot", "scopes": ["prompts:write"]}
            made = await person.make("/me/api-keys", body)
            robot = Person(there, made["key"])
            for token in (lent, robot):
                assert (await token.get("/me")).status_code == 200
            await person.take_away(f"/me/api-keys/{made['id']}")
            assert (await robot.get("/me")).status_code == 401
            await Person(here, lent.token).take_away("/sessions")
            assert (await lent.get("/me")).status_code == 401
