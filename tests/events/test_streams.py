"""A board is followed live, over a real connection to a service that was started as people do."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TypeVar

import httpx
import orjson
import pytest

from tests.events.following import Sent, stream
from tests.people import Person, Town, code_of
from tests.servers import serving
from tests.stories.conftest import (
    evening,
    running,
    town_at,
    visitors,
)

__all__ = ["evening", "running"]

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

T = TypeVar("T")
#: Seconds after which something that should have come is given up. It is no measure of anything.
PATIENCE = 20


async def soon(what: Awaitable[T]) -> T:
    return await asyncio.wait_for(what, PATIENCE)


async def following(events: AsyncIterator[Sent]) -> Sent:
    """The next event with something in it."""
    while True:
        sent = await soon(anext(events))
        if sent.data:
            return sent


async def test_what_happens_is_sent_while_it_happens(evening: Town) -> None:
    reader = evening.somebody()
    async with stream(reader, f"/boards/{evening.slug}/events/stream") as events:
        first = await soon(anext(events))
        assert first.id
        assert first.retry == "3000"
        assert not first.data
        prompt = await evening.prompt()
        created = await following(events)
        assert created.event == "prompt.created"
        page = await reader.read(f"/boards/{evening.slug}/events?since={first.id}")
        assert [orjson.loads(created.data)] == page["items"]
        # Its id is the cursor that pages have.
        assert created.id == page["cursor"]
        await evening.comment(prompt)
        assert (await following(events)).event == "comment.created"


async def test_a_browser_that_connects_anew_goes_on_where_it_was(evening: Town) -> None:
    reader, path = evening.somebody(), f"/boards/{evening.slug}/events/stream"
    async with stream(reader, path) as events:
        await soon(anext(events))
        await evening.prompt()
        seen = await following(events)
    missed = [await evening.prompt() for _ in range(3)]
    async with stream(reader, f"{path}?since=latest", Last_Event_ID=seen.id) as events:
        told = [orjson.loads((await following(events)).data) for _ in missed]
    assert [each["data"]["prompt"]["id"] for each in told] == [each["id"] for each in missed]
    async with stream(reader, f"{path}?since={seen.id}") as events:
        assert orjson.loads((await following(events)).data) == told[0]
    async with stream(reader, f"{path}?since=") as events:
        assert (await following(events)).id == seen.id


async def test_a_stream_is_filtered_by_type_and_tag(evening: Town) -> None:
    path = f"/boards/{evening.slug}/events/stream?types=prompt.created&tag=storm"
    async with stream(evening.somebody(), path) as events:
        await soon(anext(events))
        calm = await evening.prompt(tags=["calm"])
        await evening.comment(calm)
        await evening.prompt(tags=["storm"], rating="explicit")
        storm = await evening.prompt(tags=["storm"])
        sent = await following(events)
        assert orjson.loads(sent.data)["data"]["prompt"]["id"] == storm["id"]


async def test_a_stream_that_cannot_be_is_refused(evening: Town) -> None:
    person, path = evening.somebody(), f"/boards/{evening.slug}/events/stream"
    assert (await person.get("/boards/no-such-board/events/stream")).status_code == 404
    assert code_of(await person.get(f"{path}?since=elsewhere")) == "bad-cursor"
    assert code_of(await person.get(path, Last_Event_ID="elsewhere")) == "bad-cursor"
    assert code_of(await person.get(f"{path}?types=prompt.burned")) == "invalid"
    head = await person.send("HEAD", path)
    assert head.status_code == 200
    assert head.headers["content-type"].startswith("text/event-stream")


async def test_a_stream_ends_when_its_token_is_revoked(evening: Town) -> None:
    owner = evening.somebody()
    await evening.prompt(owner)
    second = await owner.make("/me/tokens", {})
    holder = Person(evening.client, second["token"])
    async with stream(holder, f"/boards/{evening.slug}/events/stream") as events:
        await soon(anext(events))
        await owner.take_away(f"/me/tokens/{second['id']}")
        with pytest.raises(httpx.RemoteProtocolError):
            await soon(_to_the_end(events))


async def test_only_so_many_streams_are_open_at_once(tmp_path: Path) -> None:
    limits = {"streams": "4", "streams_per_network": "3"}
    async with AsyncExitStack() as open_streams:
        town = await open_streams.enter_async_context(_town_on(tmp_path, **limits))
        path = f"/boards/{town.slug}/events/stream"
        # A stream that nobody holds any more is closed.
        held = [
            await open_streams.enter_async_context(stream(town.somebody(), path)) for _ in range(3)
        ]
        for events in held:
            await soon(anext(events))
        refused = await town.somebody().get(path)
        assert refused.status_code == 503
        assert code_of(refused) == "streams-full"
        assert refused.headers["retry-after"] == "30"
        # Another network has room for one more, and then nobody has.
        base = str(town.client.base_url)
        async with httpx.AsyncClient(base_url=base, timeout=30) as elsewhere:
            other = Person(elsewhere)
            async with stream(other, path) as events:
                await soon(anext(events))
                assert code_of(await other.get(path)) == "streams-full"


async def test_a_closed_stream_makes_room(tmp_path: Path) -> None:
    async with _town_on(tmp_path, streams_per_network="1") as town:
        path = f"/boards/{town.slug}/events/stream"
        async with stream(town.somebody(), path) as events:
            await soon(anext(events))

        deadline = time.monotonic() + PATIENCE
        while (await town.somebody().send("HEAD", path)).status_code != 200:
            assert time.monotonic() < deadline


async def test_a_service_that_stops_does_not_wait_for_its_streams(tmp_path: Path) -> None:
    migrated = f"sqlite:///{tmp_path / 'board.db'}"
    with serving(tmp_path, database_url=migrated) as service:
        async with (
            town_at(service.url, migrated) as town,
            stream(town.somebody(), f"/boards/{town.slug}/events/stream") as events,
        ):
            await soon(anext(events))
            stopping = asyncio.create_task(asyncio.to_thread(service.stop))
            await soon(_to_the_end(events))
            assert await soon(stopping) == 0
        assert "Traceback" not in service.log
        assert "timeout" not in service.log.lower()


@pytest.mark.only_on("postgresql")
async def test_streams_of_several_processes_tell_the_same(
    empty_database_url: str, tmp_path: Path
) -> None:
    with (
        serving(tmp_path, database_url=empty_database_url) as one,
        serving(tmp_path, database_url=empty_database_url) as another,
    ):
        async with town_at(one.url, empty_database_url) as town, visitors(another.url) as there:
            path = f"/boards/{town.slug}/events/stream"
            async with stream(Person(there), path) as events, stream(town.somebody(), path) as own:
                await soon(anext(events))
                await soon(anext(own))
                for _ in range(5):
                    prompt = await town.prompt()
                    sent = await following(events)
                    assert orjson.loads(sent.data)["data"]["prompt"]["id"] == prompt["id"]
                    same = await following(own)
                    # Each names things where it listens itself.
                    assert same.data == sent.data.replace(another.url, one.url)
                    assert same.id == sent.id


async def test_a_round_that_opens_by_its_date_is_told_of_when_it_does(evening: Town) -> None:
    async with stream(evening.somebody(), f"/boards/{evening.slug}/events/stream") as events:
        await soon(anext(events))
        soon_after = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 2))
        await evening.round(opens_at=soon_after)
        added = await following(events)
        assert orjson.loads(added.data)["data"]["round"]["number"] == 2
        told = [orjson.loads((await following(events)).data) for _ in range(2)]
        assert {each["type"] for each in told} == {"round.phase_changed"}
        phases = {each["data"]["round"]["number"]: each["data"]["round"]["phase"] for each in told}
        assert phases == {1: "fill_only", 2: "prompting"}


async def _to_the_end(events: AsyncIterator[Sent]) -> None:
    async for _ in events:
        pass


@asynccontextmanager
async def _town_on(folder: Path, **settings: str) -> AsyncIterator[Town]:
    """A board on a service of a test's own, with settings of its own."""
    url = f"sqlite:///{folder / 'board.db'}"
    with serving(folder, database_url=url, **settings) as service:
        async with town_at(service.url, url) as town:
            yield town
