"""The board on which lists are tried, filled once for each module and database."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from tests.clocks import Clock
from tests.conftest import new_client
from tests.people import Person, Town
from tests.works.library import Library


@pytest.fixture(scope="module")
async def library(service: FastAPI, administrator_token: str) -> AsyncIterator[Library]:
    """A board with a bit of everything on it. The clock stays where building it has moved it."""
    with pytest.MonkeyPatch.context() as patch:
        clock = Clock(patch)
        async with new_client(service) as client:
            library = Library(Town(client, Person(client, administrator_token)), service, clock)
            await library.build()
            yield library
