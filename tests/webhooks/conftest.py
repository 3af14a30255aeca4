"""What tests of webhooks stand on: receivers, and a worker that works when it is told to."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import update

from app.core.tables import table_of
from app.webhooks import retries
from app.webhooks.models import Webhook
from app.webhooks.retries import SCHEDULE
from app.webhooks.worker import Worker
from tests.people import JSON, Town
from tests.webhooks.receivers import Receiver, receiving


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver on this machine."""
    async with receiving() as each:
        yield each


@pytest.fixture
async def worker(service: FastAPI) -> Worker:
    """A worker of the service, which has nothing to send that other tests have left: it would take
    its time, and some of what is to be tried again be due by then.
    """
    async with service.state.site.database.writing() as session:
        await session.run(update(table_of(Webhook)).values(is_enabled=False))
    return Worker(service.state.site)


@pytest.fixture(autouse=True)
def _what_is_tried_again_waits(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a machine that is busy with other things, seconds pass in no time. Where a test moves the
    clock itself, the times are as they are.
    """
    if "clock" in request.fixturenames:
        return
    schedule = (SCHEDULE[0], timedelta(minutes=1), *SCHEDULE[2:])
    monkeypatch.setattr(retries, "SCHEDULE", schedule)


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
