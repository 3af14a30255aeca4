"""Requests that come at once, or break off, are done once."""

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.prompts import service as prompts
from tests.core.replays.sending import is_replayed, new_key, prompts_of, sizes, twice
from tests.people import Person, Town, path_of

pytestmark = pytest.mark.anyio


async def test_whoever_broke_off_before_the_commit_is_done_again(
    town: Town, path: str, service: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = prompts.post_prompt
    key, before = new_key(), await sizes(service)

    async def break_off(*given: Any, **more: Any) -> Any:
        await post(*given, **more)
        raise RuntimeError

    transport = httpx.ASGITransport(service, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://board.test") as client:
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
