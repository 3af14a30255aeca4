"""A board that was filled once for each database, and the service that serves it."""

from collections.abc import AsyncIterator, Iterator

import pytest
from fastapi import FastAPI

from app.core.database import open_database
from app.seed import Plan, fill_board
from tests.conftest import migrated_database, new_app, new_client, settings_for
from tests.people import Person, Town

PLAN = Plan("lanterns", prompts=40, fills=50, comments=500, deep=200, seed=7)


async def fill(url: str, plan: Plan) -> list[int]:
    """Fill a board, beside the service if there is one; return how it told of its progress."""
    told: list[int] = []
    database = open_database(settings_for(url).database(), is_server=False)
    await database.start()
    try:
        with pytest.MonkeyPatch.context() as patch:
            # So few that a prompt and its fills come in different transactions.
            patch.setattr("app.seed.filling._WORKS_AT_ONCE", 16)
            await fill_board(database, plan, told.append)
    finally:
        await database.stop()
    return told


@pytest.fixture(scope="session")
def filled_url(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A migrated database of these tests' own."""
    with migrated_database(kind, request, tmp_path_factory.mktemp("filled")) as url:
        yield url


@pytest.fixture(scope="session")
async def told(filled_url: str) -> list[int]:
    """How progress was told of while the board was filled."""
    return await fill(filled_url, PLAN)


@pytest.fixture(scope="session")
async def filled_service(filled_url: str, told: list[int]) -> AsyncIterator[FastAPI]:
    """A service with the board."""
    assert told
    app = new_app(settings_for(filled_url))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def filled_town(filled_service: FastAPI) -> AsyncIterator[Town]:
    """The board, and people who come to it."""
    async with new_client(filled_service) as client:
        yield Town(client, Person(client), PLAN.slug)
