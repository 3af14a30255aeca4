"""What every test stands on: a running service on each database, and people who use it.

A service is started once for each database and process; every test makes boards of its own on it,
so that rows of other boards, prompts and fills are always there and a missing WHERE shows.
"""

import gc
import logging
import shutil
import socket
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI

from app import main
from app.accounts import passwords
from app.accounts.service import register_administrator
from app.core.logs import set_up_logs
from app.core.migrations import migrate
from app.core.settings import Settings
from app.identity.service import enrol
from app.main import create_app
from tests.clocks import Clock
from tests.people import Person, Town
from tests.servers import new_postgresql_database, postgresql_server, redis_server
from tests.truth import checked_against_description

DATABASES = ("sqlite", "postgresql")
#: The name of an SQLite file, in a folder of its own.
_FILE = "fillboard.db"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave a test that is about one database out of the run on the other."""

    def belongs(item: pytest.Item) -> bool:
        marker = item.get_closest_marker("only_on")
        callspec = getattr(item, "callspec", None)
        return marker is None or callspec is None or callspec.params["kind"] in marker.args

    items[:] = filter(belongs, items)


def pytest_collection_finish() -> None:
    """What is there now stays until the end. Looking through it again and again for what can be
    thrown away would take a tenth of the time of all tests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def _sockets_stay_at_home() -> Iterator[None]:
    """No test talks to anything but this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(scope="session", autouse=True)
def _files_stay_in_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No service that a test starts keeps anything in the folder where the tests were started."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FILLBOARD_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(scope="session", autouse=True)
def _nobody_looks_for_news_meanwhile() -> Iterator[None]:
    """What a service in this process looks for by itself, every few seconds, is no answer to what a
    test asks, and is not to be counted among its statements.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in ("SECONDS_BETWEEN_LOOKS_FOR_NEWS", "SECONDS_BETWEEN_SETTLINGS"):
            patch.setattr(main, name, 3600.0)
        yield


@pytest.fixture(scope="session", autouse=True)
def _the_client_is_no_part_of_the_service() -> None:
    """What the tests' own client logs is not the service's log."""
    logging.getLogger("httpx").setLevel(logging.WARNING)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL server on which databases may be made."""
    with postgresql_server() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The URL of a Redis server."""
    with redis_server() as url:
        yield url


@pytest.fixture(scope="session", params=DATABASES)
def kind(request: pytest.FixtureRequest) -> str:
    """Which database a test runs on: each test runs on both."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def database_url(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A migrated database that the tests of this process share."""
    with migrated_database(kind, request, tmp_path_factory.mktemp("service")) as url:
        yield url


@pytest.fixture(scope="session")
def template_url(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A migrated database that nobody uses: others are copied from it, which is far quicker than
    to migrate each.
    """
    with fresh_database(kind, request, tmp_path_factory.mktemp("template")) as url:
        migrate(settings_for(url).database())
        yield url


@pytest.fixture
def empty_database_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of one test's own, without any table."""
    with fresh_database(kind, request, tmp_path) as url:
        yield url


def fresh_database(
    kind: str, request: pytest.FixtureRequest, folder: Path
) -> AbstractContextManager[str]:
    """A new database, as a context manager that gives its URL."""
    if kind == "postgresql":
        return new_postgresql_database(request.getfixturevalue("postgresql"))
    return nullcontext(_file_in(folder))


def migrated_database(
    kind: str, request: pytest.FixtureRequest, folder: Path, *, waits_for_disk: bool = False
) -> AbstractContextManager[str]:
    """A new database with all tables, as a context manager that gives its URL. What is written into
    one on PostgreSQL is only waited for until it is on the disk where a test is about that.
    """
    template = settings_for(request.getfixturevalue("template_url")).database().database
    assert template is not None
    if kind == "postgresql":
        server, options = request.getfixturevalue("postgresql"), f'TEMPLATE "{template}"'
        return new_postgresql_database(server, options, waits_for_disk=waits_for_disk)
    shutil.copy(template, folder / _FILE)
    return nullcontext(_file_in(folder))


def _file_in(folder: Path) -> str:
    return f"sqlite:///{folder / _FILE}"


def settings_for(url: str, **more: Any) -> Settings:
    """Settings for a test's service. Nobody is limited there, but where limits are tested, and
    webhooks are sent when a test has a worker send them.
    """
    more = {"rate_limits": "off", "worker": "apart", "webhook_allow_local": True, **more}
    return Settings(database_url=url, secret_key="s" * 32, public_url="http://board.test", **more)


def new_app(settings: Settings) -> FastAPI:
    """The application, not yet started. What it says of itself depends on no setting, and is worked
    out only for the first: it takes longer than all the rest of a start.
    """
    app = create_app(settings)
    app.openapi_schema = _description()
    return app


@cache
def _description() -> dict[str, Any]:
    return create_app(settings_for("sqlite:///never-opened.db")).openapi()


@pytest.fixture(scope="session")
async def service(
    database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[FastAPI]:
    """The application, started. Its folder is its own: tests move the clock, and of two services
    with one folder the one that is back in the present would destroy the other's keys.
    """
    set_up_logs("info", "json")
    app = new_app(settings_for(database_url, data_dir=tmp_path_factory.mktemp("service-data")))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture(scope="session")
async def administrator_token(service: FastAPI) -> str:
    """The token of somebody who may found boards."""
    async with service.state.site.database.writing() as session:
        account = await register_administrator(session, f"keeper-{uuid.uuid4().hex[:8]}")
        return await enrol(session, account)


@pytest.fixture
async def client(service: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A stranger's client. Each answer that it gets is checked against the description."""
    async with new_client(service) as fresh:
        yield fresh


def new_client(service: FastAPI, address: str = "127.0.0.1") -> httpx.AsyncClient:
    """A client of the application, without a server between them, coming from an address."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(service, raise_app_exceptions=True, client=(address, 4711)),
        base_url="http://board.test",
        event_hooks={"response": [checked_against_description(service)]},
    )


@pytest.fixture
def administrator(client: httpx.AsyncClient, administrator_token: str) -> Person:
    """Somebody who may found boards."""
    return Person(client, administrator_token)


@pytest.fixture
def stranger(client: httpx.AsyncClient) -> Person:
    """Somebody without a token, who stays without one."""
    return Person(client)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of everything in this process."""
    return Clock(monkeypatch)


@pytest.fixture
async def town(client: httpx.AsyncClient, administrator: Person) -> Town:
    """A place to meet: a board of the test's own, and people who come to it."""
    town = Town(client, administrator)
    await town.found_board()
    return town


@pytest.fixture(scope="session", autouse=True)
def _passwords_are_hashed_quickly() -> Iterator[None]:
    """What keeps a stolen database safe would only keep the tests waiting."""
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "_HASHER", quick)
        yield
