"""Serving: what an operator sees, and what somebody finds who tries it out."""

import json
import re
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from tests.conftest import fresh_database
from tests.people import Person, path_of
from tests.servers import Service, fillboard, serving
from tests.tables import rows

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]


@dataclass(frozen=True)
class Demo:
    """``fillboard serve --demo``, the second time on the same database, and what the first left."""

    service: Service
    database_url: str
    first: Service
    first_exit_code: int
    rows_before: dict[str, list[str]]
    rows_after: dict[str, list[str]]


@pytest.fixture(scope="session")
def demo(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("demo")
    with fresh_database(kind, request, folder) as url:
        with serving(folder, "--demo", database_url=url) as first:
            exit_code = first.stop()
        before = rows(url)
        with serving(folder, "--demo", database_url=url) as second:
            yield Demo(second, url, first, exit_code, before, rows(url))


@pytest.fixture
async def guest(demo: Demo) -> AsyncIterator[Person]:
    async with httpx.AsyncClient(base_url=demo.service.url, timeout=30) as client:
        yield Person(client)


async def test_the_demo_says_where_documentation_and_boards_are(demo: Demo, guest: Person) -> None:
    printed = re.findall(r"http://\S+", demo.service.printed)
    assert {urlsplit(url).path for url in printed} == {
        "",
        "/docs",
        "/v1/boards",
        "/v1/boards/found-family",
    }
    for url in printed:
        if urlsplit(url).path:
            assert (await guest.client.get(url)).status_code == 200
    assert (await guest.read("/boards"))["items"][0]["slug"] == "found-family"


async def test_the_documentation_needs_no_other_host(demo: Demo, guest: Person) -> None:
    page = await guest.client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    named = re.findall(r"""(?:src|href|url)\s*[=:]\s*["']([^"']+)["']""", page.text)
    assert len(named) >= 3
    for reference in named:
        absolute = urljoin(f"{demo.service.url}/docs", reference)
        assert absolute.startswith(f"{demo.service.url}/")
        assert (await guest.client.get(absolute)).status_code == 200, reference
    assert set(re.findall(r"https?://[^/\"'\s<]+", page.text)) <= {demo.service.url}
    assert not re.search(r"""["']//""", page.text)


async def test_the_demo_has_prompts_a_fill_in_parts_and_a_thread(guest: Person) -> None:
    board = await guest.read("/boards/found-family")
    prompts = (await guest.read("/boards/found-family/prompts"))["items"]
    assert len(prompts) == board["prompts_count"] >= 2
    assert {each["status"] for each in prompts} == {"open", "filled"}
    assert {each["rating"] for each in prompts} == {"general"}
    (fill,) = (await guest.read("/boards/found-family/fills"))["items"]
    assert fill["status"] == "complete"
    assert fill["parts_count"] == fill["parts_expected"] == len(fill["parts"]) > 1
    for part in fill["parts"]:
        read = await guest.read(f"{path_of(fill)}/parts/{part['number']}")
        assert read["body_html"].startswith("<p>")
    talk = (await guest.read(f"{path_of(fill)}/comments"))["items"]
    assert max(each["depth"] for each in talk) >= 1
    assert any(each["author"]["is_op"] for each in talk)
    assert any(each["author"]["is_filler"] for each in talk)
    (discussion,) = (await guest.read("/boards/found-family/discussions"))["items"]
    assert discussion["comments_count"] >= 1


def test_a_second_demo_changes_nothing(demo: Demo) -> None:
    assert len(demo.rows_before["prompt"]) >= 2
    assert demo.rows_after == demo.rows_before
    # But for the port, it says the same.
    assert [re.sub(r":\d+", "", service.printed) for service in (demo.first, demo.service)] == [
        re.sub(r":\d+", "", demo.first.printed)
    ] * 2


def test_the_start_is_logged_with_database_version_and_durability(demo: Demo, kind: str) -> None:
    lines = [json.loads(line) for line in demo.service.log.splitlines()]
    (opened,) = [line for line in lines if line["event"] == "database_open"]
    assert opened["database"] == {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[kind]
    assert re.match(r"\d+\.\d+", opened["version"])
    promised = {
        "sqlite": ("WAL", "synchronous=FULL", "foreign keys", "one writer"),
        "postgresql": ("fsync=", "synchronous_commit=", "full_page_writes="),
    }
    for word in promised[kind]:
        assert word in opened["durability"]


def test_a_service_that_is_asked_to_stop_ends_cleanly(demo: Demo) -> None:
    assert '"level": "error"' not in demo.first.log
    assert "Traceback" not in demo.first.log
    assert demo.first_exit_code == 0


async def test_an_administrator_made_beside_a_running_service_can_found_a_board(
    demo: Demo, guest: Person, tmp_path: Path
) -> None:
    body = {"slug": "lanterns", "name": "Lanterns", "settings": {"default_rating": "general"}}
    assert (await guest.post("/boards", body)).status_code == 401
    done = fillboard("admin", "create", "keeper", folder=tmp_path, database_url=demo.database_url)
    assert done.returncode == 0, done.stderr
    keeper = Person(guest.client, done.stdout.splitlines()[-1])
    board = await keeper.make("/boards", body)
    assert board["moderators"] == [{"name": "keeper", "role": "owner"}]
    assert (await guest.read("/boards/lanterns"))["name"] == "Lanterns"


def test_a_port_that_is_taken_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = fillboard("serve", "--port", port, folder=tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    (line,) = [each for each in done.stderr.splitlines() if each.startswith("fillboard: ")]
    assert f"127.0.0.1:{port}" in line


def test_a_second_service_on_one_file_is_refused_in_one_line(tmp_path: Path) -> None:
    with serving(tmp_path) as first:
        done = fillboard("serve", "--port", "0", folder=tmp_path)
        assert (done.returncode, done.stdout) == (1, "")
        (line,) = done.stderr.splitlines()
        assert line.startswith("fillboard: ")
        assert "being served by another process" in line
        assert httpx.get(f"{first.url}/readyz").status_code == 200


def test_a_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    key = tmp_path / "data" / "secret.key"
    with serving(tmp_path) as service:
        assert service.url.startswith("http://127.0.0.1:")
        made = key.read_text()
        assert len(made.strip()) >= 32
        assert key.stat().st_mode & 0o077 == 0
        assert (tmp_path / "data" / "fillboard.db").exists()
        assert made.strip() not in service.log + service.printed
