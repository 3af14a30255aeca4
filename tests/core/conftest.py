"""A service of a test's own, for what must not happen to the one that all share."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from app.core.migrations import migrate
from app.main import create_app
from tests.conftest import settings_for


@pytest.fixture
def own_database_url(empty_database_url: str) -> str:
    """A migrated database that no other test uses."""
    migrate(settings_for(empty_database_url).database())
    return empty_database_url


@pytest.fixture
async def own_service(own_database_url: str) -> AsyncIterator[FastAPI]:
    """The application on a database of its own."""
    app = create_app(settings_for(own_database_url))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def own_client(own_service: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of it."""
    transport = httpx.ASGITransport(own_service)
    async with httpx.AsyncClient(transport=transport, base_url="http://board.test") as fresh:
        yield fresh
