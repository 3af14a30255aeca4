"""A board for talk, and somebody who moderates it."""

from dataclasses import dataclass

import pytest
from fastapi import FastAPI

from tests.backstage import new_account
from tests.people import Person, Town


@dataclass
class Place:
    """A town with a moderator who is no administrator."""

    town: Town
    moderator: Person
    service: FastAPI

    @property
    def path(self) -> str:
        return f"/boards/{self.town.slug}/discussions"

    async def titles(self, query: str = "") -> list[str]:
        """What the list shows, page after page."""
        return [each["title"] for each in await self.town.somebody().every_page(self.path + query)]


@pytest.fixture
async def place(town: Town, service: FastAPI) -> Place:
    # Discussions of another board are always there.
    await town.found_board(f"{town.slug}-2")
    other = Town(town.client, town.administrator, f"{town.slug}-2")
    await town.comment(await other.discussion(title="elsewhere"))
    moderator, _ = await new_account(service, town.client, moderates=town.slug)
    return Place(town, moderator, service)
