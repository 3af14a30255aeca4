"""Claims on one prompt that change at once."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.claims.models import CLAIM
from app.prompts.models import PROMPT
from tests.clocks import later
from tests.people import JSON, Town, path_of
from tests.recount import recount

pytestmark = pytest.mark.anyio


@pytest.fixture
async def town(town: Town) -> Town:
    """A place to meet whose board takes claims."""
    changes = {"settings": {"claims": True}}
    await town.administrator.change(f"/boards/{town.slug}", changes)
    return town


async def expiries(service: FastAPI, prompt: JSON) -> tuple[Any, list[Any]]:
    """Until when a prompt says that it is claimed, and when each of its claims runs out."""
    async with service.state.site.database.reading() as session:
        row = await session.first(
            select(PROMPT.id, PROMPT.claimed_until).where(PROMPT.public_id == prompt["id"])
        )
        assert row is not None
        claims = await session.all(select(CLAIM.expires_at).where(CLAIM.prompt_id == row.id))
    return row.claimed_until, [each.expires_at for each in claims]


async def test_one_who_claims_twenty_times_at_once_has_one_claim(
    town: Town, service: FastAPI
) -> None:
    prompt, owner = await town.prompt(), town.somebody()
    await owner.make("/masks", {})
    answers = await asyncio.gather(*(owner.post(f"{path_of(prompt)}/claims") for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    until, claims = await expiries(service, prompt)
    assert claims == [until]


async def test_whoever_claims_renews_fills_and_withdraws_at_once_the_prompt_knows_until_when(
    town: Town, service: FastAPI
) -> None:
    for _ in range(4):
        prompt = await town.prompt()
        people = [town.somebody() for _ in range(8)]
        claims = [await town.claim(prompt, person) for person in people]
        path = path_of(prompt)
        with later(days=1):
            answers = await asyncio.gather(
                people[0].delete(path_of(claims[0])),
                people[1].send("PUT", path_of(claims[1])),
                people[2].post(f"{path}/fills", {"body": "They came."}),
                people[3].send("PUT", path_of(claims[3])),
                people[3].delete(path_of(claims[3])),
                people[4].post(f"{path}/fills", {"body": "It snowed."}),
                people[4].send("PUT", path_of(claims[4])),
                people[5].post(f"{path}/claims"),
                people[6].delete(path_of(claims[6])),
                town.somebody().post(f"{path}/claims"),
            )
        assert {answer.status_code for answer in answers} <= {200, 201, 204, 404}
        until, standing = await expiries(service, prompt)
        assert len(standing) == 4
        assert until == max(standing)
    await recount(town)


async def test_a_prompt_whose_last_claim_goes_is_claimed_no_longer(
    town: Town, service: FastAPI
) -> None:
    prompt = await town.prompt()
    people = [town.somebody() for _ in range(6)]
    claims = [await town.claim(prompt, person) for person in people]
    await asyncio.gather(
        *(person.delete(path_of(each)) for person, each in zip(people, claims, strict=True))
    )
    assert await expiries(service, prompt) == (None, [])


async def test_claims_cost_a_prompt_that_has_none_nothing(town: Town, service: FastAPI) -> None:
    """The claims are looked at where the prompt itself says that there are some."""
    shown = await town.prompt()
    claimed = await town.prompt()
    await town.claim(claimed)
    async with service.state.site.database.writing() as session:
        # With the note gone, the claims are no longer asked.
        await session.run(
            PROMPT.id.table.update()
            .where(PROMPT.public_id == claimed["id"])
            .values(claimed_until=None)
        )
    reader = town.somebody()
    for prompt in (shown, claimed):
        assert (await reader.read(path_of(prompt)))["claims_count"] == 0
    # Other tests look for notes that are wrong.
    owner = town.somebody()
    await owner.take_away(path_of(await town.claim(claimed, owner)))
