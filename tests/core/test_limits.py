"""Who asks for too much is sent away, and nobody else."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from fastapi import FastAPI, Request

from app.accounts.service import register_administrator
from app.core.errors import RateLimited
from app.core.limits import Counters, Guesses
from app.identity.service import enrol
from app.kit.tokens import TokenKind, new_token
from tests.clocks import Clock
from tests.conftest import migrated_database, new_app, new_client, settings_for
from tests.people import Person, Town

#: Just after all windows have begun.
NOON = datetime(2027, 3, 1, 12, 0, 1, tzinfo=UTC)
READS, WRITES = 6, 3


@pytest.fixture(params=["memory", "redis"])
def counted_in(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Where is counted."""
    if request.param == "memory":
        return {}
    return {"redis_url": request.getfixturevalue("redis_url")}


Opening = Callable[..., Awaitable[FastAPI]]


@pytest.fixture
async def opening(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, clock: Clock
) -> AsyncIterator[Opening]:
    """Opens services that give little, each with a database of its own, all with the same keys."""
    clock.set(NOON)
    async with AsyncExitStack() as stack:

        async def open_one(**more: Any) -> FastAPI:
            folder = tmp_path / uuid.uuid4().hex
            folder.mkdir()
            url = stack.enter_context(migrated_database(kind, request, folder))
            limits = {"reads_per_minute": READS, "writes_per_minute": WRITES}
            keys = {"data_dir": tmp_path / "keys"}
            app = new_app(settings_for(url, rate_limits="on", **limits, **keys, **more))
            await stack.enter_async_context(app.router.lifespan_context(app))
            return app

        yield open_one


@pytest.fixture
async def limited(opening: Opening, counted_in: dict[str, Any]) -> FastAPI:
    """A service that gives little."""
    return await opening(**counted_in)


@pytest.fixture
async def town(limited: FastAPI) -> Town:
    """A board of that service."""
    async with limited.state.site.database.writing() as session:
        account = await register_administrator(session, f"keeper-{uuid.uuid4().hex[:8]}")
        token = await enrol(session, account)
    client = new_client(limited, somewhere())
    town = Town(client, Person(client, token))
    await town.found_board()
    return town


def somewhere() -> str:
    """The address of a network that nobody has come from."""
    return f"2001:db8:{uuid.uuid4().hex[:4]}:{uuid.uuid4().hex[:4]}::1"


async def test_writing_says_what_is_left_until_nothing_is(limited: FastAPI, town: Town) -> None:
    client = new_client(limited, somewhere())
    for left in (2, 1, 0):
        answer = await client.post("/v1/masks")
        assert answer.status_code == 201
        policies, counts = (answer.headers[name] for name in ("RateLimit-Policy", "RateLimit"))
        assert policies == '"write";q=3;w=60, "mask";q=60;w=3600'
        assert counts.startswith(f'"write";r={left};t=')
    refused = await client.post(f"/v1/boards/{town.slug}/prompts", json={"body": "A rescue"})
    assert refused.status_code == 429
    assert refused.json()["code"] == "rate-limited"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["RateLimit"].startswith('"write";r=0;t=')
    listed = await new_client(limited, somewhere()).get(f"/v1/boards/{town.slug}/prompts")
    assert listed.json()["items"] == []


async def test_when_a_window_is_over_there_is_more(limited: FastAPI, clock: Clock) -> None:
    client = new_client(limited, somewhere())
    answers = [(await client.post("/v1/masks")).status_code for _ in range(WRITES + 1)]
    assert answers == [201] * WRITES + [429]
    clock.move(seconds=60)
    assert (await client.post("/v1/masks")).status_code == 201


async def test_many_at_once_are_counted_one_by_one(limited: FastAPI) -> None:
    client = new_client(limited, somewhere())
    answers = []
    async with anyio.create_task_group() as group:

        async def post() -> None:
            answers.append((await client.post("/v1/masks")).status_code)

        for _ in range(WRITES + 4):
            group.start_soon(post)
    assert sorted(answers) == [201] * WRITES + [429] * 4


async def test_each_network_has_its_own(limited: FastAPI) -> None:
    here, there = somewhere(), somewhere()
    neighbour = f"{here[:-1]}2"
    for _ in range(WRITES):
        await new_client(limited, here).post("/v1/masks")
    assert (await new_client(limited, neighbour).post("/v1/masks")).status_code == 429
    assert (await new_client(limited, there).post("/v1/masks")).status_code == 201


async def test_nobody_chooses_a_network_by_a_header(limited: FastAPI) -> None:
    client = new_client(limited, somewhere())
    answers = [
        (await client.post("/v1/masks", headers={"X-Forwarded-For": f"198.51.100.{at}"}))
        for at in range(WRITES + 1)
    ]
    assert answers[-1].status_code == 429


async def test_a_token_counts_for_itself(limited: FastAPI) -> None:
    client = new_client(limited, somewhere())
    writers = []
    for _ in range(WRITES):
        minted = (await client.post("/v1/masks")).json()["edit_token"]
        writers.append(Person(client, minted))
    assert (await client.post("/v1/masks")).status_code == 429
    missing = f"/prompts/{'z' * 16}"
    for writer in writers:
        for _ in range(WRITES):
            assert (await writer.delete(missing)).status_code == 404
        assert (await writer.delete(missing)).status_code == 429


async def test_tokens_that_are_made_up_are_no_way_around(limited: FastAPI) -> None:
    client = new_client(limited, somewhere())
    answers = [
        (await Person(client, new_token(TokenKind.EDIT)).get("/me/filters")).status_code
        for _ in range(62)
    ]
    assert answers == [401] * 60 + [429] * 2


async def test_new_masks_are_few_whatever_is_sent(limited: FastAPI, clock: Clock) -> None:
    client = new_client(limited, somewhere())
    writer = Person(client, (await client.post("/v1/masks")).json()["edit_token"])
    made, status = 1, 201
    while status == 201:
        if made % WRITES == 0:
            clock.move(seconds=60)
        status = (await writer.post("/masks")).status_code
        made += status == 201
        assert made <= 61
    assert made == 60
    assert (
        (await writer.post("/masks")).headers["RateLimit"].split(", ")[1].startswith('"mask";r=0')
    )


async def test_an_unchanged_page_costs_nothing(limited: FastAPI, town: Town) -> None:
    client, path = new_client(limited, somewhere()), f"/v1/boards/{town.slug}"
    tag = (await client.get(path)).headers["ETag"]
    for _ in range(3 * READS):
        unchanged = await client.get(path, headers={"If-None-Match": tag})
        assert unchanged.status_code == 304
    answers = [(await client.get(path)).status_code for _ in range(READS)]
    assert answers == [200] * (READS - 1) + [429]


async def test_pages_that_are_answered_early_are_counted(limited: FastAPI, town: Town) -> None:
    prompt = await town.somebody().make(f"/boards/{town.slug}/prompts", {"body": "A rescue"})
    client, path = new_client(limited, somewhere()), f"/v1/prompts/{prompt['id']}/comments"
    answers = [(await client.get(path)).status_code for _ in range(READS + 1)]
    assert answers == [200] * READS + [429]


async def test_what_is_shared_does_not_say_what_is_left(limited: FastAPI, town: Town) -> None:
    shared = await new_client(limited, somewhere()).get(f"/v1/boards/{town.slug}")
    assert shared.headers["Cache-Control"].startswith("public")
    assert "RateLimit" not in shared.headers


@pytest.mark.parametrize("path", ["/healthz", "/docs", "/openapi.json", "/problems"])
async def test_what_is_beside_the_contract_is_not_limited(limited: FastAPI, path: str) -> None:
    client = new_client(limited, somewhere())
    answers = {(await client.get(path)).status_code for _ in range(READS + 2)}
    assert answers == {200}


async def test_services_that_share_redis_count_together(opening: Opening, redis_url: str) -> None:
    one, other = [await opening(redis_url=redis_url) for _ in range(2)]
    home = somewhere()
    answers = [
        (await new_client(each, home).post("/v1/masks")).status_code
        for each in (one, other, one, other)
    ]
    assert answers == [201] * WRITES + [429]


async def test_without_redis_each_process_counts_by_itself(
    opening: Opening, tmp_path: Path
) -> None:
    lonely = await opening(redis_url=f"redis+unix://{tmp_path / 'nobody.sock'}")
    client = new_client(lonely, somewhere())
    answers = [(await client.post("/v1/masks")).status_code for _ in range(WRITES + 1)]
    assert answers == [201] * WRITES + [429]


async def test_the_usual_service_in_the_tests_is_not_limited(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/masks")
    assert "RateLimit" not in answer.headers


class Guesser:
    """Somebody who tries passwords for a name from a network."""

    def __init__(self, guesses: Guesses, service: FastAPI, address: str) -> None:
        self._guesses = guesses
        client = {"type": "http", "client": (address, 4711), "headers": []}
        self._source = service.state.site.sources.of(Request(client))

    async def fail(self, name: str, times: int = 1) -> None:
        for _ in range(times):
            await self._guesses.begin(name, self._source)

    async def succeed(self, name: str) -> None:
        await self._guesses.was_right(await self._guesses.begin(name, self._source))


@pytest.fixture
async def guesses(counted_in: dict[str, Any]) -> AsyncIterator[Guesses]:
    counters = Counters(counted_in.get("redis_url"))
    yield Guesses(counters, is_on=True)
    await counters.stop()


async def test_a_network_guesses_one_name_a_few_times(
    service: FastAPI, guesses: Guesses, clock: Clock
) -> None:
    clock.set(NOON)
    guesser, name = Guesser(guesses, service, somewhere()), uuid.uuid4().hex
    await guesser.fail(name, 10)
    with pytest.raises(RateLimited):
        await guesser.fail(name)
    await Guesser(guesses, service, somewhere()).succeed(name)
    clock.move(minutes=15)
    await guesser.succeed(name)


async def test_a_network_guesses_names_a_few_times(
    service: FastAPI, guesses: Guesses, clock: Clock
) -> None:
    clock.set(NOON)
    guesser = Guesser(guesses, service, somewhere())
    for _ in range(30):
        await guesser.fail(uuid.uuid4().hex)
    with pytest.raises(RateLimited):
        await guesser.fail(uuid.uuid4().hex)


async def test_whoever_knows_a_password_is_never_locked_out(
    service: FastAPI, guesses: Guesses, clock: Clock
) -> None:
    clock.set(NOON)
    name = uuid.uuid4().hex
    for _ in range(10):
        await Guesser(guesses, service, somewhere()).fail(name, 5)
    stranger, owner = (Guesser(guesses, service, somewhere()) for _ in range(2))
    await stranger.fail(name)
    with pytest.raises(RateLimited):
        await stranger.fail(name)
    for _ in range(20):
        await owner.succeed(name)
