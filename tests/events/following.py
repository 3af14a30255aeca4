"""Following a board in a test."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from fastapi import FastAPI

from tests.people import JSON, Person, Town


@dataclass
class Reader:
    """Somebody who reads on from where they were, as a bot does."""

    person: Person
    slug: str
    query: str = ""
    cursor: str = "latest"
    heard: list[JSON] = field(default_factory=list)

    async def read_on(self) -> list[JSON]:
        """What has happened since the last time."""
        new: list[JSON] = []
        following: str | None = (
            f"/boards/{self.slug}/events?since={self.cursor}&limit=100{self.query}"
        )
        while following is not None:
            page = await self.person.read(following)
            new += page["items"]
            self.cursor, following = page["cursor"], page["next"]
        self.heard += new
        return new

    async def types(self) -> list[str]:
        """Of which types that was."""
        return [each["type"] for each in await self.read_on()]


async def reader_of(town: Town, query: str = "") -> Reader:
    """Somebody who follows the town's board from now on."""
    reader = Reader(town.somebody(), town.slug, query)
    await reader.read_on()
    return reader


@dataclass
class Sent:
    """One event of a stream, as it came over the line."""

    id: str = ""
    event: str = ""
    data: str = ""
    retry: str = ""


@asynccontextmanager
async def stream(person: Person, path: str, **headers: str) -> AsyncIterator[AsyncIterator[Sent]]:
    """The events of a stream, with those that only say where it is."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if person.token is not None:
        sent["Authorization"] = f"Bearer {person.token}"
    async with person.client.stream("GET", f"/v1{path}", headers=sent) as answer:
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")

        async def events() -> AsyncIterator[Sent]:
            current = Sent()
            async for line in answer.aiter_lines():
                if not line:
                    yield current
                    current = Sent()
                elif not line.startswith(":"):
                    name, _, value = line.partition(": ")
                    setattr(current, name, value)

        yield events()


@contextmanager
def brief_streams(service: FastAPI) -> Iterator[None]:
    """Have streams end after what there is, as they do when the service stops: whoever reads
    everything could otherwise read nothing after the first.
    """
    bell = service.state.site.database.bell
    bell.is_closing = True
    try:
        yield
    finally:
        bell.is_closing = False
