"""What was answered as done is there after the service was killed."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import sqlalchemy
from sqlalchemy import NullPool, text

from app.core.migrations import migrate
from app.main import create_app
from tests.conftest import new_client, settings_for
from tests.people import Person, Town, path_of
from tests.servers import Service, serving
from tests.stories.conftest import keeper_of, visitors
from tests.stories.drift import drifted_counters
from tests.tables import connected, parsed

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

ROUNDS, WRITERS, ANSWERS_A_ROUND = 3, 4, 70
GONE = None


@dataclass
class Ledger:
    """What the service has said it did: for each path the words that must be there, or ``GONE``."""

    words: dict[str, str | None] = field(default_factory=dict)
    answers: int = 0
    enough: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, path: str, words: str | None) -> None:
        self.words[path] = words
        self.answers += 1
        if self.answers >= ANSWERS_A_ROUND:
            self.enough.set()

    def forget(self, path: str) -> None:
        """It is about to be changed: without an answer, either state is right."""
        del self.words[path]


async def write_until_cut_off(town: Town, ledger: Ledger, name: str) -> None:
    """Post, edit and delete without a pause, until the service is gone."""
    try:
        for number in itertools.count():
            await _one_evening(town, ledger, f"{name}-{number}")
    except httpx.TransportError:
        return
    finally:
        ledger.enough.set()


async def _one_evening(town: Town, ledger: Ledger, name: str) -> None:
    asker, writer = town.somebody(), town.somebody()
    prompt = await town.prompt(asker, body=f"A prompt, {name}.")
    ledger.note(path_of(prompt), f"A prompt, {name}.")
    assert (await writer.put(f"{path_of(prompt)}/second")).status_code == 200
    await town.claim(prompt)
    await town.claim(prompt, writer)
    fill = await town.fill(prompt, writer, body=f"Part one, {name}.", status="wip")
    first = f"{path_of(fill)}/parts/1"
    ledger.note(first, f"Part one, {name}.")
    await writer.make(f"{path_of(fill)}/parts", {"body": f"Part two, {name}."})
    ledger.note(f"{path_of(fill)}/parts/2", f"Part two, {name}.")
    comment = await town.comment(fill, asker, body=f"A comment, {name}.")
    ledger.note(path_of(comment), f"A comment, {name}.")
    reply = await town.comment(fill, writer, comment, body=f"A reply, {name}.")
    ledger.note(path_of(reply), f"A reply, {name}.")

    ledger.forget(first)
    edited = await writer.patch(first, {"body": f"Better, {name}."}, If_Match="*")
    assert edited.status_code == 200, edited.text
    ledger.note(first, f"Better, {name}.")

    ledger.forget(path_of(reply))
    deleted = await writer.delete(path_of(reply))
    assert deleted.status_code == 204, deleted.text
    ledger.note(path_of(reply), GONE)

    finished = await writer.patch(path_of(fill), {"status": "complete"})
    assert finished.status_code == 200, finished.text


async def check_all_is_there(reader: Person, ledger: Ledger) -> None:
    for path, words in ledger.words.items():
        response = await reader.get(path)
        if words is GONE:
            assert response.status_code in (404, 410), path
        else:
            assert response.status_code == 200, f"{path} was lost"
            assert response.json()["body"] == words


async def test_nothing_that_was_answered_is_lost_when_the_service_is_killed(
    kind: str, empty_database_url: str, tmp_path: Path
) -> None:
    migrate(parsed(empty_database_url))
    keeper = await keeper_of(empty_database_url)
    ledgers: list[Ledger] = []
    for number in range(ROUNDS):
        async with town_of(empty_database_url, tmp_path, keeper) as (town, service):
            await town.found_board(f"round-{number}", claims=True)
            town.slug = f"round-{number}"
            ledgers.append(Ledger())
            writers = [
                asyncio.create_task(write_until_cut_off(town, ledgers[-1], f"{number}-{writer}"))
                for writer in range(WRITERS)
            ]
            await asyncio.wait_for(ledgers[-1].enough.wait(), 60)
            service.kill()
            await asyncio.gather(*writers)
        assert_sound(kind, empty_database_url)

    app = create_app(settings_for(empty_database_url))
    async with app.router.lifespan_context(app), new_client(app) as client:
        for ledger in ledgers:
            await check_all_is_there(Person(client), ledger)
    assert_sound(kind, empty_database_url)

    slip(empty_database_url)
    assert set(drifted_counters(empty_database_url)) == {
        "words of a fill",
        "fills of a prompt",
        "seconds of a prompt",
        "until when a prompt is claimed",
    }


@asynccontextmanager
async def town_of(url: str, folder: Path, keeper: str) -> AsyncIterator[tuple[Town, Service]]:
    with serving(folder, database_url=url) as service:
        async with visitors(service.url) as client:
            yield Town(client, Person(client, keeper)), service


def assert_sound(kind: str, url: str) -> None:
    assert drifted_counters(url) == {}
    if kind == "sqlite":
        with connected(url) as connection:
            assert connection.execute(text("PRAGMA integrity_check")).all() == [("ok",)]
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


def slip(url: str) -> None:
    """Spoil some counters, so that the recount shows that it counts."""
    engine = sqlalchemy.create_engine(parsed(url), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("UPDATE fill SET words_count = words_count + 1"))
        connection.execute(text("UPDATE prompt SET fills_count = fills_count - 1"))
        connection.execute(text("UPDATE prompt SET seconds_count = seconds_count + 1"))
        connection.execute(text("UPDATE prompt SET claimed_until = NULL"))
