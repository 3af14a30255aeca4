"""Stories are told over HTTP, to a service that was started as people start it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest

from app.accounts.service import register_administrator
from app.core.database import open_database
from app.identity.service import enrol
from tests.conftest import fresh_database
from tests.people import Person, Town
from tests.servers import Service, serving
from tests.tables import parsed

#: Where visitors come from.
VISITORS_ADDRESS = "127.0.0.77"


@dataclass(frozen=True)
class Running:
    """A service, and the token of somebody who may found boards on it."""

    service: Service
    keeper: str


@pytest.fixture(scope="session")
async def running(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Running]:
    """A service that the stories of this process share."""
    folder = tmp_path_factory.mktemp("running")
    with fresh_database(kind, request, folder) as url, serving(folder, database_url=url) as service:
        yield Running(service, await keeper_of(url))


@pytest.fixture
async def evening(running: Running) -> AsyncIterator[Town]:
    """A board of the story's own, reached over a real connection."""
    async with visitors(running.service.url) as client:
        town = Town(client, Person(client, running.keeper))
        await town.found_board()
        yield town


async def keeper_of(database_url: str) -> str:
    """The token of a new administrator, made beside the service as the command line does it."""
    database = open_database(parsed(database_url), is_server=False)
    await database.start()
    async with database.writing() as session:
        token = await enrol(session, await register_administrator(session, "keeper"))
    await database.stop()
    return token


@asynccontextmanager
async def town_at(url: str, database_url: str) -> AsyncIterator[Town]:
    """A board on a service that runs somewhere, founded by a new administrator."""
    async with visitors(url) as client:
        town = Town(client, Person(client, await keeper_of(database_url)))
        await town.found_board()
        yield town


@asynccontextmanager
async def visitors(url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a service over a real connection. It comes from an address of its own, which
    can be told from the service's wherever it might turn up.
    """
    transport = httpx.AsyncHTTPTransport(local_address=VISITORS_ADDRESS)
    async with httpx.AsyncClient(transport=transport, base_url=url, timeout=30) as client:
        yield client
