"""A request is known by its key for a day, whatever the clock does."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.core.replays.records import find
from tests.clocks import Clock
from tests.core.replays.sending import is_replayed, new_key, prompts_of
from tests.people import Town

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
