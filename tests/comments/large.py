"""A thread as large as threads get: 100,000 comments, some of them 2,100 deep."""

import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import pytest
from fastapi import FastAPI
from sqlalchemy import select, text

from app.accounts.service import register_administrator
from app.comments.models import COMMENT
from app.core.migrations import migrate
from app.identity.service import enrol
from app.main import create_app
from app.prompts.models import PROMPT
from tests.comments.talks import Expected, put_talk
from tests.conftest import fresh_database, new_client, settings_for
from tests.people import JSON, Person, Town

COMMENTS, ROOTS, LEVELS = 100_000, 10, 2_100
#: The place of the comment that most others answer.
POPULAR = LEVELS + 1


def answers() -> list[int | None]:
    """What each comment of the thread answers (see :func:`tests.comments.talks.put_talk`): first a
    chain, each the reply to the one before; then all else, in branches that grow side by side.
    """
    chance = random.Random(11)
    said: list[int | None] = [None, *range(LEVELS - 1)]
    while len(said) < COMMENTS:
        place = len(said)
        if place <= POPULAR or (place % (COMMENTS // ROOTS) == 0):
            said.append(None)
        elif chance.random() < 0.3:
            said.append(POPULAR)
        else:
            said.append(max(POPULAR, place - 1 - int(chance.expovariate(0.002))))
    return said


@dataclass(frozen=True)
class LargeThread:
    """A service with the thread, its prompt, and its comments in the order of their ``seq``."""

    service: FastAPI
    prompt: JSON
    comments: Sequence[JSON]

    @cached_property
    def expected(self) -> Expected:
        return Expected(self.comments)


@pytest.fixture(scope="session")
async def large_thread(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[LargeThread]:
    """The thread in a database of its own."""
    with fresh_database(kind, request, tmp_path_factory.mktemp("thread")) as url:
        settings = settings_for(url)
        migrate(settings.database())
        app = create_app(settings)
        async with app.router.lifespan_context(app), new_client(app) as client:
            async with app.state.site.database.writing() as session:
                account = await register_administrator(session, "keeper")
                keeper = Person(client, await enrol(session, account))
            town = Town(client, keeper)
            await town.found_board()
            prompt = await town.prompt()
            said = answers()
            await put_talk(app, prompt, said)
            if kind == "postgresql":
                # Its own daemon would, after a minute.
                async with app.state.site.database.writing() as session:
                    await session.execute(text("ANALYZE"))
            yield LargeThread(app, prompt, await _comments(app, prompt, said))


async def _comments(app: FastAPI, prompt: JSON, said: Sequence[int | None]) -> list[JSON]:
    """What the thread should hold: ids by the database, all else by what was to be said."""
    thread_id = select(PROMPT.thread_id).where(PROMPT.public_id == prompt["id"]).scalar_subquery()
    async with app.state.site.database.reading() as session:
        rows = await session.all(
            select(COMMENT.public_id, COMMENT.body)
            .where(COMMENT.thread_id == thread_id)
            .order_by(COMMENT.seq)
        )
    assert [row.body for row in rows] == list(map(str, range(COMMENTS)))
    comments: list[JSON] = []
    for place, (row, answer) in enumerate(zip(rows, said, strict=True)):
        above = None if answer is None else comments[answer]
        comments.append(
            {
                "id": row.public_id,
                "seq": place + 1,
                "parent_id": above and above["id"],
                "depth": above["depth"] + 1 if above else 0,
            }
        )
    return comments
