"""Network sources: who is told apart, whom a caller can pretend to be, and how it is forgotten."""

import asyncio
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from fastapi import Request

from app import main
from app.core.day_keys import DayKeys
from app.core.settings import UnusableKeyError
from app.core.sources import Source, Sources
from tests.clocks import Clock
from tests.conftest import new_app, settings_for

PEER = "198.51.100.7"
PROXY = "10.0.0.1"
#: Far from the day's end, so that none begins while a test runs.
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def keys(tmp_path: Path) -> DayKeys:
    return DayKeys(tmp_path / "data" / "day-keys")


def files(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "data" / "day-keys").iterdir())


def source_of(
    keys: DayKeys, peer: str | None, *forwarded: str, trusted: str = "", **headers: str
) -> Source:
    """The source of a request from a peer, with `X-Forwarded-For` headers."""
    sent = [("x-forwarded-for", each) for each in forwarded]
    sent += [(name.replace("_", "-"), value) for name, value in headers.items()]
    scope = {
        "type": "http",
        "client": None if peer is None else (peer, 4711),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in sent],
    }
    networks = tuple(ip_network(each) for each in trusted.split())
    return Sources(keys, networks).of(Request(scope))


def same(one: Source, other: Source) -> bool:
    return one.hashes("here") == other.hashes("here")


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (PEER, PEER, True),
        (PEER, "198.51.100.8", False),
        (PEER, f"::ffff:{PEER}", True),
        (PEER, "::ffff:198.51.100.8", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:0DB8:1:2:0:0:0:1", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::1", True),
        ("c633:6407::", PEER, False),
        (None, "testclient", True),
        (None, PEER, False),
    ],
)
def test_sources_are_told_apart_by_their_network(
    keys: DayKeys, one: str | None, other: str, is_same: bool
) -> None:
    assert same(source_of(keys, one), source_of(keys, other)) is is_same


@pytest.mark.parametrize(
    ("peer", "forwarded", "source"),
    [
        # Who is no trusted proxy says nothing about itself.
        (PEER, ["203.0.113.9"], PEER),
        (PROXY, [], PROXY),
        (PROXY, ["203.0.113.9"], "203.0.113.9"),
        (f"::ffff:{PROXY}", ["203.0.113.9"], "203.0.113.9"),
        # What stands left of the last that is no trusted proxy was sent by the caller.
        (PROXY, ["192.0.2.1, 203.0.113.9"], "203.0.113.9"),
        (PROXY, ["192.0.2.1", "203.0.113.9"], "203.0.113.9"),
        (PROXY, ["192.0.2.1, 203.0.113.9, 10.9.9.9"], "203.0.113.9"),
        (PROXY, ["192.0.2.1, 203.0.113.9", "2001:db8:ffff::5"], "203.0.113.9"),
        (PROXY, ["10.2.2.2, 10.3.3.3"], "10.2.2.2"),
        # As some proxies write it.
        (PROXY, ["203.0.113.9:51200"], "203.0.113.9"),
        (PROXY, ["[2001:db8:1:2::1]:51200"], "2001:db8:1:2::1"),
        (PROXY, ["[2001:db8:1:2::1]"], "2001:db8:1:2::1"),
        (PROXY, ["  203.0.113.9\t"], "203.0.113.9"),
        (PROXY, ["::ffff:203.0.113.9"], "203.0.113.9"),
        # What nobody can read is nobody's address.
        (PROXY, [""], PROXY),
        (PROXY, ["203.0.113.9,"], PROXY),
        (PROXY, ["203.0.113.9, unknown"], PROXY),
        (PROXY, ["203.0.113.9, lantern, 10.2.2.2"], "10.2.2.2"),
        (PROXY, ["999.1.1.1"], PROXY),
        (PROXY, ["203.0.113.09"], PROXY),
        (PROXY, ["[", "]", "[]:", ":::", "%", "١.١.١.١".encode().decode("latin-1")], PROXY),
        (PROXY, ["1" * 60_000], PROXY),
        (PROXY, [":" * 60_000], PROXY),
        (PROXY, ["," * 60_000], PROXY),
    ],
)
def test_a_caller_can_not_choose_its_address(
    keys: DayKeys, peer: str, forwarded: list[str], source: str
) -> None:
    trusted = "10.0.0.0/8 2001:db8:ffff::/48"
    found = source_of(keys, peer, *forwarded, trusted=trusted)
    assert same(found, source_of(keys, source))


def test_without_trusted_proxies_no_header_counts(keys: DayKeys) -> None:
    plain = source_of(keys, "127.0.0.1")
    assert same(source_of(keys, "127.0.0.1", "203.0.113.9"), plain)


@pytest.mark.parametrize("header", ["forwarded", "x_real_ip", "client_ip", "cf_connecting_ip"])
def test_no_other_header_counts(keys: DayKeys, header: str) -> None:
    named = {header: "for=203.0.113.9" if header == "forwarded" else "203.0.113.9"}
    assert same(source_of(keys, PROXY, trusted=PROXY, **named), source_of(keys, PROXY))


def test_a_source_shows_no_address(keys: DayKeys) -> None:
    source = source_of(keys, PEER)
    shown = f"{source!r} {source}"
    assert PEER not in shown
    assert repr(bytes([198, 51, 100, 7]))[2:-1] not in shown
    assert {len(each) for each in source.hashes("here")} == {32}


def test_what_a_source_did_at_two_places_can_not_be_matched(keys: DayKeys) -> None:
    source = source_of(keys, PEER)
    assert not set(source.hashes("here")) & set(source.hashes("there"))


def test_a_key_is_its_owners_alone(keys: DayKeys, tmp_path: Path, clock: Clock) -> None:
    clock.set(NOON)
    keys.newest_first()
    (name,) = files(tmp_path)
    assert name == clock.now().date().isoformat()
    folder = tmp_path / "data" / "day-keys"
    assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_source_has_another_hash_each_day_and_is_found_under_all(
    keys: DayKeys, clock: Clock
) -> None:
    clock.set(datetime(2027, 3, 1, 23, 59, tzinfo=UTC))
    source = source_of(keys, PEER)
    (first,) = source.hashes("here")
    clock.move(minutes=2)
    second, yesterdays = source.hashes("here")
    assert yesterdays == first != second


def test_after_seven_days_the_key_is_gone_and_nothing_can_be_traced(
    keys: DayKeys, tmp_path: Path, clock: Clock
) -> None:
    clock.set(datetime(2027, 3, 1, 0, 0, 1, tzinfo=UTC))
    source = source_of(keys, PEER)
    (stored,) = source.hashes("here")
    key = (tmp_path / "data" / "day-keys" / "2027-03-01").read_bytes()
    for _day in range(6):
        clock.move(days=1)
        assert stored in source.hashes("here")
    assert len(source.hashes("here")) == 7
    clock.move(days=1)
    assert stored not in source.hashes("here")
    assert "2027-03-01" not in files(tmp_path)
    assert len(files(tmp_path)) == 7
    assert all(key != each.read_bytes() for each in tmp_path.rglob("2027-*"))
    # Neither does it come back with the time.
    clock.move(days=-7)
    assert stored not in source.hashes("here")


def test_another_process_finds_the_same_source(keys: DayKeys, tmp_path: Path, clock: Clock) -> None:
    clock.set(NOON)
    source = source_of(keys, PEER)
    source.hashes("here")
    clock.move(days=2)
    hashes = source.hashes("here")
    again = source_of(DayKeys(tmp_path / "data" / "day-keys"), PEER)
    assert again.hashes("here") == hashes
    assert len(hashes) == 2


def test_what_a_broken_process_left_goes_with_the_key(
    keys: DayKeys, tmp_path: Path, clock: Clock
) -> None:
    clock.set(NOON)
    keys.newest_first()
    folder = tmp_path / "data" / "day-keys"
    today = clock.now().date()
    for left in (
        f"{today}.0badcafe",
        f"{today - timedelta(days=7)}",
        f"{today - timedelta(days=7)}.0badcafe",
        f"{today + timedelta(days=400)}",
        "README",
    ):
        (folder / left).write_text("left behind")
    again = DayKeys(folder)
    again.newest_first()
    assert files(tmp_path) == [f"{today}", f"{today}.0badcafe", "README"]
    clock.move(days=7)
    again.newest_first()
    assert files(tmp_path) == [f"{today + timedelta(days=7)}", "README"]


@pytest.mark.thorough
def test_processes_that_start_at_once_have_one_key(tmp_path: Path) -> None:
    folder = tmp_path / "day-keys"
    script = (
        "from pathlib import Path; from app.core.day_keys import DayKeys; "
        f"print(DayKeys(Path({str(folder)!r})).newest_first()[0].hex())"
    )
    command = [sys.executable, "-c", script]
    starting = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    found = {each.communicate()[0].strip() for each in starting}
    assert [each.returncode for each in starting] == [0] * 6
    assert len(found) == 1
    assert len(list(folder.iterdir())) == 1


def test_a_key_that_was_cut_off_is_not_used(keys: DayKeys, tmp_path: Path, clock: Clock) -> None:
    clock.set(NOON)
    keys.newest_first()
    path = tmp_path / "data" / "day-keys" / clock.now().date().isoformat()
    path.write_text("short")
    with pytest.raises(UnusableKeyError, match="cut off"):
        DayKeys(path.parent).newest_first()


def test_a_folder_that_can_not_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "day-keys").write_text("a file stands here")
    with pytest.raises(UnusableKeyError, match="day-keys"):
        DayKeys(tmp_path / "day-keys").newest_first()


@pytest.mark.anyio
async def test_keys_are_destroyed_though_nobody_asks_for_anything(
    own_database_url: str, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main, "SECONDS_BETWEEN_LOOKS", 0.01)
    clock.set(NOON)
    app = new_app(settings_for(own_database_url, data_dir=tmp_path / "data"))
    async with app.router.lifespan_context(app):
        (first,) = files(tmp_path)
        assert first == clock.now().date().isoformat()
        clock.move(days=7)
        for _ in range(500):
            if first not in files(tmp_path):
                break
            await asyncio.sleep(0.01)
        assert files(tmp_path) == [clock.now().date().isoformat()]
