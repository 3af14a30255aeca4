"""Seconds that come and go at once."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from app.prompts.models import PROMPT
from app.seconds.models import SECOND
from tests.people import JSON, Person, Town, path_of

pytestmark = pytest.mark.anyio


async def counted_and_stored(service: FastAPI, prompt: JSON) -> tuple[int, int]:
    """What a prompt's counter says, and how many rows there are."""
    is_it = PROMPT.public_id == prompt["id"]
    async with service.state.site.database.reading() as session:
        counted = await session.scalar(select(PROMPT.seconds_count).where(is_it))
        stored = await session.scalar(
            select(func.count(SECOND.id))
            .join(PROMPT.id.table, PROMPT.id == SECOND.prompt_id)
            .where(is_it)
        )
    return counted, stored


@pytest.mark.parametrize("has_token", [True, False], ids=["mask", "network"])
async def test_one_who_seconds_twenty_times_at_once_counts_once(
    town: Town, service: FastAPI, has_token: bool
) -> None:
    prompt, person = await town.prompt(), town.somebody()
    if has_token:
        await person.make("/masks", {})
    path = f"{path_of(prompt)}/second"
    answers = await asyncio.gather(*(person.put(path) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["seconds_count"] for answer in answers} == {1}
    assert await counted_and_stored(service, prompt) == (1, 1)
    answers = await asyncio.gather(*(person.delete(path) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {204}
    assert await counted_and_stored(service, prompt) == (0, 0)


async def test_a_storm_of_seconds_ends_with_as_many_as_are_counted(
    town: Town, service: FastAPI
) -> None:
    prompts = [await town.prompt() for _ in range(2)]
    people = [town.somebody() for _ in range(6)]
    for person in people[1:]:
        await person.make("/masks", {})

    def storm(person: Person, prompt: JSON) -> list[Coroutine[Any, Any, httpx.Response]]:
        path = f"{path_of(prompt)}/second"
        verbs: list[Callable[[str], Coroutine[Any, Any, httpx.Response]]]
        verbs = [person.put, person.delete, person.put, person.get, person.delete, person.put]
        return [verb(path) for verb in verbs]

    answers = await asyncio.gather(
        *(each for prompt in prompts for person in people for each in storm(person, prompt))
    )
    assert {answer.status_code for answer in answers} == {200, 204}
    for prompt in prompts:
        counted, stored = await counted_and_stored(service, prompt)
        standing = [
            (await person.read(f"{path_of(prompt)}/second"))["is_seconded"] for person in people
        ]
        assert counted == stored == sum(standing)
