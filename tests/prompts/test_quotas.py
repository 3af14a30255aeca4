"""`prompts_per_day`: how many prompts one may post, and how whoever has no token is forgotten."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.boards.marks import forget_old_marks
from app.boards.models import BOARD, SOURCE_MARK
from tests.backstage import new_account
from tests.clocks import Clock
from tests.conftest import new_client
from tests.people import Person, Town, code_of, path_of

pytestmark = pytest.mark.anyio

#: Far from the hour's and the day's end, so that nothing else happens while a test runs.
NOON = datetime(2027, 3, 1, 12, 30, tzinfo=UTC)


async def set_quota(town: Town, most: int | None, **settings: Any) -> None:
    changes = {"settings": {"prompts_per_day": most, **settings}}
    await town.administrator.change(f"/boards/{town.slug}", changes)


async def ask(town: Town, who: Person, **fields: Any) -> httpx.Response:
    return await who.post(f"/boards/{town.slug}/prompts", {"body": "Tea for two.", **fields})


async def asks(town: Town, who: Person, times: int) -> list[int]:
    """What somebody gets who asks so often; without a token they stay without one."""
    return [(await ask(town, who)).status_code for _ in range(times)]


async def marks(town: Town, service: FastAPI) -> list[Any]:
    async with service.state.site.database.reading() as session:
        board_id = await session.scalar(select(BOARD.id).where(BOARD.slug == town.slug))
        of_board = select(*SOURCE_MARK).where(SOURCE_MARK.board_id == board_id)
        return list(await session.all(of_board))


@pytest.fixture
async def masked(town: Town) -> Person:
    person = town.somebody()
    await person.make("/masks", {})
    return person


async def test_a_mask_posts_so_many_prompts_in_a_day(
    town: Town, masked: Person, clock: Clock
) -> None:
    clock.set(NOON)
    await set_quota(town, 2)
    assert await asks(town, masked, 1) == [201]
    clock.move(hours=10)
    assert await asks(town, masked, 1) == [201]
    refusal = await ask(town, masked)
    assert (refusal.status_code, code_of(refusal)) == (429, "prompt-quota")
    assert 14 * 3600 - 60 <= int(refusal.headers["retry-after"]) <= 14 * 3600
    clock.move(hours=13, minutes=59)
    assert await asks(town, masked, 1) == [429]
    clock.move(minutes=2)
    assert await asks(town, masked, 2) == [201, 429]
    clock.move(hours=10)
    assert await asks(town, masked, 2) == [201, 429]


async def test_what_retry_after_says_is_true(town: Town, masked: Person, clock: Clock) -> None:
    clock.set(NOON)
    await set_quota(town, 1)
    for who in (masked, town.somebody()):
        stays = Person(town.client, who.token)
        assert (await ask(town, stays)).status_code == 201
        clock.move(hours=5)
        refusal = await ask(town, stays)
        clock.move(seconds=int(refusal.headers["retry-after"]) + 1)
        assert (await ask(town, stays)).status_code == 201


async def test_an_account_has_one_quota_under_its_name_and_without(
    town: Town, service: FastAPI
) -> None:
    await set_quota(town, 2)
    named, _ = await new_account(service, town.client)
    assert (await ask(town, named)).status_code == 201
    assert (await ask(town, named, anonymous=True)).status_code == 201
    assert (await ask(town, named)).status_code == 429
    assert (await ask(town, named, anonymous=True)).status_code == 429


async def test_deleting_gives_nothing_back_and_a_refused_prompt_costs_nothing(
    town: Town, masked: Person, service: FastAPI
) -> None:
    await set_quota(town, 1, prompt_max_words=5)
    stranger = town.somebody()
    for who in (masked, stranger):
        refused = await ask(town, who, body="kettle " * 6)
        assert refused.status_code == 422
    assert await marks(town, service) == []
    prompt = (await ask(town, masked)).json()
    await masked.take_away(path_of(prompt))
    assert (await ask(town, masked)).status_code == 429
    # Who may post no more is told that, whatever they send.
    assert (await ask(town, masked, body="kettle " * 6)).status_code == 429


async def test_whoever_has_no_token_is_told_apart_by_the_source(
    town: Town, service: FastAPI
) -> None:
    await set_quota(town, 2)
    async with (
        new_client(service, "203.0.113.9") as one,
        new_client(service, "203.0.113.10") as other,
    ):
        assert await asks(town, Person(one), 3) == [201, 201, 429]
        assert await asks(town, Person(other), 3) == [201, 201, 429]
    neighbours = ("2001:db8:1:2::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:3::1")
    seen = []
    for address in neighbours:
        async with new_client(service, address) as client:
            seen += await asks(town, Person(client), 2)
    assert seen == [201, 201, 429, 429, 201, 201]


async def test_a_mask_is_no_source(town: Town, masked: Person, stranger: Person) -> None:
    """People behind one network don't use up each other's quota once they have a token."""
    await set_quota(town, 1)
    assert await asks(town, stranger, 2) == [201, 429]
    assert await asks(town, masked, 2) == [201, 429]
    assert (await ask(town, town.somebody())).status_code == 429


async def test_a_header_gets_nobody_a_quota_of_their_own(town: Town, stranger: Person) -> None:
    await set_quota(town, 1)
    path = f"/boards/{town.slug}/prompts"
    answers = [
        await stranger.post(path, {"body": "Tea."}, X_Forwarded_For=f"203.0.113.{number}")
        for number in range(3)
    ]
    assert [each.status_code for each in answers] == [201, 429, 429]


async def test_a_source_is_counted_over_midnight(
    town: Town, stranger: Person, clock: Clock
) -> None:
    clock.set(datetime(2027, 3, 1, 23, 30, tzinfo=UTC))
    await set_quota(town, 1)
    assert await asks(town, stranger, 1) == [201]
    clock.move(hours=1)
    assert await asks(town, stranger, 1) == [429]
    clock.move(hours=22)
    assert await asks(town, stranger, 1) == [429]
    clock.move(hours=1)
    assert await asks(town, stranger, 1) == [201]


async def test_quotas_belong_to_a_board_and_count_no_fills_and_comments(
    town: Town, masked: Person, stranger: Person
) -> None:
    await set_quota(town, 1)
    elsewhere = Town(town.client, town.administrator)
    await elsewhere.found_board(prompts_per_day=1)
    for who in (masked, stranger):
        assert await asks(town, who, 2) == [201, 429]
        assert await asks(elsewhere, who, 2) == [201, 429]
    prompt = (await stranger.read(f"/boards/{town.slug}/prompts"))["items"][0]
    for who in (masked, stranger):
        for below in ("fills", "fills", "comments", "comments"):
            answer = await who.post(f"{path_of(prompt)}/{below}", {"body": "Rain."})
            assert answer.status_code == 201


async def test_trusted_accounts_are_spared(town: Town, service: FastAPI) -> None:
    bot, name = await new_account(service, town.client)
    other, _ = await new_account(service, town.client)
    await set_quota(town, 1, trusted_accounts=[name.upper()])
    assert await asks(town, bot, 3) == [201] * 3
    assert (await ask(town, bot, anonymous=True)).status_code == 201
    assert await asks(town, other, 2) == [201, 429]
    await set_quota(town, 1, trusted_accounts=[])
    assert await asks(town, bot, 1) == [429]


async def test_of_prompts_at_once_no_more_are_taken_than_the_quota_has(
    town: Town, service: FastAPI, masked: Person
) -> None:
    await set_quota(town, 3)
    for who in (masked, town.somebody()):
        answers = await asyncio.gather(*(ask(town, who) for _ in range(8)))
        assert sorted(each.status_code for each in answers) == [201] * 3 + [429] * 5
    assert len(await marks(town, service)) == 3


async def test_a_mark_says_nothing_of_the_post_and_nothing_of_the_caller(
    town: Town, service: FastAPI, clock: Clock
) -> None:
    clock.set(NOON)
    await set_quota(town, 5)
    async with new_client(service, "203.0.113.9") as client:
        await asks(town, Person(client), 2)
    found = await marks(town, service)
    assert set(SOURCE_MARK.keys()) == {"id", "board_id", "what", "source", "created_at"}
    assert len(found) == 2
    for mark in found:
        assert mark.created_at == NOON.replace(minute=0)
        assert len(mark.source) == 32
        assert bytes([203, 0, 113, 9]) not in mark.source
    assert len({mark.id for mark in found}) == 2


async def test_nobody_is_marked_where_nothing_is_counted(
    town: Town, service: FastAPI, masked: Person, stranger: Person
) -> None:
    await asks(town, stranger, 2)
    await set_quota(town, 9)
    await asks(town, masked, 2)
    assert await marks(town, service) == []


async def test_marks_are_deleted_when_nobody_needs_them(
    town: Town, service: FastAPI, stranger: Person, clock: Clock
) -> None:
    clock.set(NOON)
    await set_quota(town, 1)
    await asks(town, stranger, 1)
    (first,) = await marks(town, service)
    clock.move(days=1)
    await asks(town, stranger, 1)
    (second,) = await marks(town, service)
    assert first.id != second.id


async def test_after_seven_days_a_mark_is_traced_to_nobody_and_deleted(
    town: Town, service: FastAPI, stranger: Person, clock: Clock
) -> None:
    clock.set(NOON)
    await set_quota(town, 1)
    await asks(town, stranger, 1)
    (mark,) = await marks(town, service)
    keys = service.state.site.sources.keys
    kept = keys.newest_first()[0]
    database = service.state.site.database
    clock.move(days=6)
    async with database.writing() as session:
        await forget_old_marks(session)
    assert await marks(town, service) == [mark]
    assert kept in keys.newest_first()
    clock.move(days=1)
    assert kept not in keys.newest_first()
    async with database.writing() as session:
        await forget_old_marks(session)
    assert await marks(town, service) == []


async def test_a_settings_change_counts_from_the_prompts_that_stand(
    town: Town, masked: Person
) -> None:
    await asks(town, masked, 3)
    await set_quota(town, 2)
    assert await asks(town, masked, 1) == [429]
    await set_quota(town, 4)
    assert await asks(town, masked, 2) == [201, 429]
    await set_quota(town, None)
    assert await asks(town, masked, 1) == [201]
