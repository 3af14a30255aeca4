"""A service of a test's own, for what must not happen to the one that all share."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from tests.conftest import migrated_database, new_app, settings_for


@pytest.fixture
def own_database_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database that no other test uses, as durable as one is by itself."""
    with migrated_database(kind, request, tmp_path, waits_for_disk=True) as url:
        yield url


@pytest.fixture
async def own_service(own_database_url: str) -> AsyncIterator[FastAPI]:
    """The application on a database of its own."""
    app = new_app(settings_for(own_database_url))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def own_client(own_service: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of it."""
    transport = httpx.ASGITransport(own_service)
    async with httpx.AsyncClient(transport=transport, base_url="http://board.test") as fresh:
        yield fresh
