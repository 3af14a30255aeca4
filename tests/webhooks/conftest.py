"""What tests of webhooks stand on: receivers, and a worker that works when it is told to."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI

from app.webhooks.worker import Worker
from tests.people import JSON, Town
from tests.webhooks.receivers import Receiver, receiving


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver on this machine."""
    async with receiving() as each:
        yield each


@pytest.fixture
def worker(service: FastAPI) -> Worker:
    """A worker of the service."""
    return Worker(service.state.site)


class Hooks:
    """Webhooks of a town, made by a moderator."""

    def __init__(self, town: Town) -> None:
        self.town = town

    @property
    def path(self) -> str:
        return f"/boards/{self.town.slug}/webhooks"

    def of(self, webhook: JSON) -> str:
        return f"{self.path}/{webhook['id']}"

    async def make(self, receiver: Receiver, **more: Any) -> JSON:
        return await self.town.administrator.make(self.path, {"url": receiver.url, **more})

    async def deliveries(self, webhook: JSON, query: str = "") -> list[JSON]:
        """The log, the oldest first."""
        path = f"{self.of(webhook)}/deliveries{query}"
        return (await self.town.administrator.every_page(path))[::-1]

    async def read(self, webhook: JSON) -> JSON:
        return await self.town.administrator.read(self.of(webhook))


@pytest.fixture
def hooks(town: Town) -> Hooks:
    return Hooks(town)
