"""What one process commits, those that wait in another hear of without looking."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import pytest
from fastapi import FastAPI

from app.boards.queries import lean_board
from app.core.database import Database, open_database
from app.outbox.models import EventType
from app.outbox.service import tell
from tests.people import Town
from tests.tables import parsed

pytestmark = [pytest.mark.anyio, pytest.mark.only_on("postgresql")]

PATIENCE = 30


@asynccontextmanager
async def another_process(url: str) -> AsyncIterator[Database]:
    """A database as another process has it open, which listens, and never looks by itself."""
    database = open_database(parsed(url))
    await database.start()
    listening = asyncio.create_task(database.listen())
    try:
        yield database
    finally:
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening
        await database.stop()


async def board_of(town: Town, service: FastAPI) -> int:
    async with service.state.site.database.reading() as session:
        row = await session.first(lean_board(town.slug))
    number: int = row.id
    return number


async def heard_after(database: Database, board_id: int, town: Town) -> bool:
    """Whether what is posted now is heard of."""
    with database.bell.listening(board_id) as heard:
        for _ in range(PATIENCE):
            heard.clear()
            await town.prompt()
            with contextlib.suppress(TimeoutError):
                # The first calls may come before anybody listens.
                return await asyncio.wait_for(heard.wait(), 1)
    return False


async def test_what_another_process_commits_is_called_out(
    town: Town, service: FastAPI, database_url: str
) -> None:
    board_id = await board_of(town, service)
    async with another_process(database_url) as database:
        assert await heard_after(database, board_id, town)


async def test_a_line_that_breaks_is_made_anew(
    town: Town, service: FastAPI, database_url: str
) -> None:
    board_id = await board_of(town, service)
    async with another_process(database_url) as database:
        assert await heard_after(database, board_id, town)
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query LIKE 'LISTEN %'"
            )
        assert await heard_after(database, board_id, town)


async def test_what_is_undone_rings_no_bell(town: Town, service: FastAPI) -> None:
    board_id = await board_of(town, service)
    database: Database = service.state.site.database
    with database.bell.listening(board_id) as heard:
        with contextlib.suppress(ZeroDivisionError):
            async with database.writing() as session:
                tell(session, board_id, EventType.BOARD_UPDATED, "")
                raise ZeroDivisionError
        assert not heard.is_set()
        await town.prompt()
        assert await asyncio.wait_for(heard.wait(), PATIENCE)
