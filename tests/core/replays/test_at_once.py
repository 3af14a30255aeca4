"""Requests that come at once, or break off, are done once."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import RootTransaction

from app.core.database import Session, postgresql
from app.core.migrations import migrate
from app.core.replays.records import find
from app.identity import service as service_of_masks
from app.prompts import service as prompts
from tests.conftest import new_app, new_client, settings_for
from tests.core.replays.sending import is_replayed, new_key, prompts_of, sizes, twice
from tests.people import JSON, Person, Town, code_of, path_of
from tests.statements import statements
from tests.stories.conftest import keeper_of
from tests.stories.test_durability import town_of
from tests.tables import parsed

pytestmark = pytest.mark.anyio

FIND = "app.core.replays.replaying.find"


async def test_whoever_broke_off_before_the_commit_is_done_again(
    town: Town, path: str, service: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = prompts.post_prompt
    key, before = new_key(), await sizes(service)

    async def break_off(*given: Any, **more: Any) -> Any:
        await post(*given, **more)
        raise RuntimeError

    async with unguarded(service) as client:
        nobody = Person(client)
        with monkeypatch.context() as patch:
            patch.setattr(prompts, "post_prompt", break_off)
            broken = await nobody.post(path, {"body": "A lamp."}, Idempotency_Key=key)
        assert broken.status_code == 500
        assert await sizes(service) == before
        first, second = await twice(nobody, path, {"body": "A lamp."}, key)
    assert (first.status_code, is_replayed(first), is_replayed(second)) == (201, False, True)
    assert len(await prompts_of(town)) == 1


async def test_two_hundred_requests_each_sent_three_times_at_once_are_two_hundred_posts(
    town: Town, service: FastAPI
) -> None:
    prompt = await town.prompt()
    where = f"{path_of(prompt)}/comments"

    async def send(number: int, key: str) -> httpx.Response:
        return await town.somebody().post(where, {"body": f"No. {number}"}, Idempotency_Key=key)

    keys = [new_key() for _ in range(200)]
    before = await sizes(service)
    sent = [send(number, key) for _ in range(3) for number, key in enumerate(keys)]
    answers = await asyncio.gather(*sent)
    assert {each.status_code for each in answers} == {201}
    assert sum(map(is_replayed, answers)) == 400
    for number in range(200):
        first, *others = (answers[number + 200 * turn].json() for turn in range(3))
        assert all(each["edit_token"] == first["edit_token"] for each in others)
        assert {each["id"] for each in others} == {first["id"]}
    after = await sizes(service)
    assert {
        name: after[name] - before[name] for name in ("comment", "mask", "replay", "token")
    } == {**dict.fromkeys(("comment", "mask", "replay", "token"), 200)}
    listed = await town.somebody().every_page(where)
    assert sorted(each["body"] for each in listed) == sorted(f"No. {n}" for n in range(200))


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("fails", [True, False], ids=["the group fails", "the group is committed"])
async def test_nothing_is_answered_from_a_group_that_is_not_committed(
    town: Town, path: str, service: FastAPI, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    commit, key = RootTransaction.commit, new_key()

    def commit_or_fail(transaction: RootTransaction) -> None:
        monkeypatch.setattr(RootTransaction, "commit", commit)
        if fails:
            raise OSError("the disk has gone away")
        commit(transaction)

    async with unguarded(service) as client:
        monkeypatch.setattr(RootTransaction, "commit", commit_or_fail)
        with statements(service) as asked:
            first, second = await asyncio.gather(
                *(Person(client).post(path, {"body": "A."}, Idempotency_Key=key) for _ in range(2))
            )
    # The second one met the first one's record before that was committed.
    claims = sum(each.startswith("INSERT INTO replay") for each in asked)
    assert claims >= (3 if fails else 2)
    assert (first.status_code, second.status_code) == (500 if fails else 201, 201)
    assert is_replayed(second) is not fails
    assert [each["id"] for each in await prompts_of(town)] == [second.json()["id"]]


async def test_whoever_waited_for_what_broke_off_does_it(
    town: Town, path: str, service: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, key, calls = prompts.post_prompt, new_key(), []

    async def break_off_once(*given: Any, **more: Any) -> Any:
        calls.append(given)
        is_first = len(calls) == 1
        made = await post(*given, **more)
        if is_first:
            await asyncio.sleep(0.2)
            raise RuntimeError
        return made

    monkeypatch.setattr(prompts, "post_prompt", break_off_once)
    async with unguarded(service) as client:
        answers = await asyncio.gather(
            *(Person(client).post(path, {"body": "A."}, Idempotency_Key=key) for _ in range(4))
        )
    assert sorted(each.status_code for each in answers) == [201, 201, 201, 500]
    assert len(calls) == 2
    made = [each for each in answers if each.status_code == 201]
    assert sorted(map(is_replayed, made)) == [False, True, True]
    assert {each.json()["edit_token"] for each in made} == {made[0].json()["edit_token"]}
    assert len(await prompts_of(town)) == 1


async def test_whoever_had_to_queue_for_long_gets_the_answer_all_the_same(
    town: Town, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.core.replays.replaying.PATIENCE", 0)
    key = new_key()
    first = await town.somebody().post(path, {"body": "A."}, Idempotency_Key=key)

    async def find_in_vain(*_asked: Any) -> None:
        monkeypatch.setattr(FIND, find)

    monkeypatch.setattr(FIND, find_in_vain)
    again = await town.somebody().post(path, {"body": "A."}, Idempotency_Key=key)
    assert (again.json(), is_replayed(again)) == (first.json(), True)


async def test_whoever_finds_no_answer_in_time_is_told_to_come_again(
    town: Town, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.core.replays.replaying.PATIENCE", 0.05)
    key = new_key()
    first = await town.somebody().post(path, {"body": "A."}, Idempotency_Key=key)

    async def find_nothing(*_asked: Any) -> None:
        # As if the commit took for ever.
        return

    with monkeypatch.context() as patch:
        patch.setattr(FIND, find_nothing)
        refused = await town.somebody().post(path, {"body": "A."}, Idempotency_Key=key)
    assert (refused.status_code, code_of(refused)) == (409, "still-running")
    assert refused.headers["retry-after"] == "5"
    again = await town.somebody().post(path, {"body": "A."}, Idempotency_Key=key)
    assert (again.json(), is_replayed(again)) == (first.json(), True)


@pytest.mark.only_on("postgresql")
async def test_whoever_waits_too_long_is_told_to_come_again(
    own_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "_LOCK_LIMIT", 1)
    app = new_app(settings_for(own_database_url))
    mint, key, goes_on, is_begun = (
        service_of_masks.mint_mask,
        new_key(),
        asyncio.Event(),
        asyncio.Event(),
    )

    async def mint_slowly(session: Session) -> Any:
        is_begun.set()
        await goes_on.wait()
        return await mint(session)

    monkeypatch.setattr(service_of_masks, "mint_mask", mint_slowly)
    async with app.router.lifespan_context(app), new_client(app) as client:
        nobody = Person(client)
        running = asyncio.create_task(nobody.post("/masks", {}, Idempotency_Key=key))
        await is_begun.wait()
        refused = await nobody.post("/masks", {}, Idempotency_Key=key)
        assert (refused.status_code, code_of(refused)) == (409, "still-running")
        assert refused.headers["retry-after"] == "5"
        goes_on.set()
        first = await running
        again = await nobody.post("/masks", {}, Idempotency_Key=key)
        assert (again.json(), is_replayed(again)) == (first.json(), True)


def unguarded(service: FastAPI) -> httpx.AsyncClient:
    """A client that is told of a fault as clients are, and not as the test would be."""
    transport = httpx.ASGITransport(service, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://board.test")


@pytest.mark.thorough
async def test_whatever_was_cut_off_by_a_crash_is_done_once(
    empty_database_url: str, tmp_path: Path
) -> None:
    migrate(parsed(empty_database_url))
    keeper = await keeper_of(empty_database_url)
    sent: dict[str, httpx.Response | None] = {}
    answered = asyncio.Semaphore(0)

    async def post_until_cut_off(town: Town, prompt: JSON) -> None:
        with suppress(httpx.TransportError):
            while True:
                key = new_key()
                sent[key] = None
                sent[key] = await send(town, prompt, key)
                answered.release()

    async def send(town: Town, prompt: JSON, key: str) -> httpx.Response:
        where = f"{path_of(prompt)}/comments"
        return await town.somebody().post(where, {"body": key}, Idempotency_Key=key)

    async with town_of(empty_database_url, tmp_path, keeper) as (town, service):
        await town.found_board()
        slug, prompt = town.slug, await town.prompt()
    for _ in range(2):
        async with town_of(empty_database_url, tmp_path, keeper) as (town, service):
            writers = [asyncio.create_task(post_until_cut_off(town, prompt)) for _ in range(8)]
            for _ in range(10):
                await answered.acquire()
            service.kill()
            await asyncio.gather(*writers)
    assert {each.status_code for each in sent.values() if each} == {201}
    assert None in sent.values()
    async with town_of(empty_database_url, tmp_path, keeper) as (town, service):
        town.slug = slug
        for key, first in sent.items():
            again = await send(town, prompt, key)
            assert again.status_code == 201
            if first is not None:
                assert is_replayed(again)
                assert again.json()["edit_token"] == first.json()["edit_token"]
        said = await town.somebody().every_page(f"{path_of(prompt)}/comments?limit=100")
    assert sorted(each["body"] for each in said) == sorted(sent)
