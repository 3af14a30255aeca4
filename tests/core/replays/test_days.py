"""A request is known by its key for a day, whatever the clock does."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from app import main
from app.core.replays.records import find
from tests.clocks import Clock
from tests.conftest import new_app, new_client, settings_for
from tests.core.replays.sending import is_replayed, new_key, prompts_of
from tests.people import Person, Town
from tests.tables import connected

pytestmark = pytest.mark.anyio

NOON = datetime(2027, 5, 3, 12, tzinfo=UTC)
FIND = "app.core.replays.replaying.find"


async def test_a_record_is_kept_for_a_day(town: Town, path: str, clock: Clock) -> None:
    clock.set(NOON)
    author, key = town.somebody(), new_key()
    author.token = (await town.somebody().post("/masks")).json()["edit_token"]
    first = await author.post(path, {"body": "A lamp."}, Idempotency_Key=key)
    clock.move(hours=23, minutes=59)
    again = await author.post(path, {"body": "A lamp."}, Idempotency_Key=key)
    assert (again.json(), is_replayed(again)) == (first.json(), True)
    clock.move(minutes=2)
    new = await author.post(path, {"body": "A lamp."}, Idempotency_Key=key)
    assert (new.status_code, is_replayed(new)) == (201, False)
    assert new.json()["id"] != first.json()["id"]
    again = await author.post(path, {"body": "A lamp."}, Idempotency_Key=key)
    assert again.json() == new.json()


async def test_a_network_is_known_over_midnight(town: Town, path: str, clock: Clock) -> None:
    clock.set(NOON.replace(hour=23, minute=59))
    nobody, key = town.somebody(), new_key()
    first = await nobody.post(path, {"body": "A lamp."}, Idempotency_Key=key)
    for minutes in (2, 60, 20 * 60):
        clock.move(minutes=minutes)
        again = await nobody.post(path, {"body": "A lamp."}, Idempotency_Key=key)
        assert (again.json(), is_replayed(again)) == (first.json(), True)
    clock.move(hours=3)
    new = await nobody.post(path, {"body": "A lamp."}, Idempotency_Key=key)
    assert (new.status_code, is_replayed(new)) == (201, False)


async def test_what_runs_over_midnight_is_done_once(
    town: Town, path: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.set(NOON.replace(hour=23, minute=59, second=50))
    nobody, key = town.somebody(), new_key()

    async def find_in_vain(*_asked: Any) -> None:
        # The first request was not committed yet when the second looked.
        monkeypatch.setattr(FIND, find)

    first = await nobody.post(path, {"body": "A lamp."}, Idempotency_Key=key)
    clock.move(seconds=15)
    monkeypatch.setattr(FIND, find_in_vain)
    again = await nobody.post(path, {"body": "A lamp."}, Idempotency_Key=key)
    assert (again.json(), is_replayed(again)) == (first.json(), True)
    assert len(await prompts_of(town)) == 1


async def test_old_records_are_deleted_though_nobody_asks_for_anything(
    own_database_url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def count() -> int:
        with connected(own_database_url) as connection:
            return int(connection.scalar(text("SELECT count(*) FROM replay")) or 0)

    monkeypatch.setattr(main, "SECONDS_BETWEEN_LOOKS", 0.01)
    clock.set(NOON)
    app = new_app(settings_for(own_database_url))
    async with app.router.lifespan_context(app), new_client(app) as client:
        for _ in range(3):
            made = await Person(client).post("/masks", {}, Idempotency_Key=new_key())
            assert made.status_code == 201
            clock.move(hours=10)
        await asyncio.sleep(0.1)
        assert count() == 2
        clock.move(hours=4)
        for _ in range(500):
            if count() == 1:
                break
            await asyncio.sleep(0.01)
        assert count() == 1
