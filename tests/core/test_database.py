"""What a write promises, on both databases."""

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy import RootTransaction, func, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.boards.models import BOARD, Board
from app.boards.schemas import BoardCreate
from app.boards.service import found_board
from app.core.database import Database, sqlite
from app.core.sessions import CurrentSession
from app.identity.models import Mask, Token
from app.identity.service import mint_mask
from tests.people import Town, path_of

pytestmark = pytest.mark.anyio


@pytest.fixture
def own_database(own_service: FastAPI) -> Database:
    """The open database of the test's own service."""
    database: Database = own_service.state.site.database
    return database


async def masks_in(database: Database) -> int:
    """How many masks are stored."""
    async with database.reading() as session:
        count: int = await session.scalar(select(func.count()).select_from(Mask))
        return count


async def test_an_exception_undoes_all_of_a_request(
    own_service: FastAPI, own_database: Database
) -> None:
    async def half_done(session: CurrentSession) -> None:
        await mint_mask(session)
        await session.execute(text("UPDATE mask SET created_at = created_at"))
        raise RuntimeError("in the middle")

    own_service.add_api_route("/v1/half", half_done, methods=["POST"])
    transport = httpx.ASGITransport(own_service, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://board.test") as client:
        assert (await client.post("/v1/half")).status_code == 500
        assert await masks_in(own_database) == 0
        assert (await client.post("/v1/masks")).status_code == 201
    assert await masks_in(own_database) == 1


async def test_a_refused_post_leaves_no_mask_behind(town: Town, service: FastAPI) -> None:
    prompt = await town.prompt()
    before = await masks_in(service.state.site.database)
    for body in ({"body": "x", "parent_id": "0" * 16}, {"body": "x", "as_moderator": True}):
        refused = await town.somebody().post(f"{path_of(prompt)}/comments", body)
        assert refused.status_code in (403, 422)
    assert await masks_in(service.state.site.database) == before


async def test_requests_that_fail_do_no_harm_to_those_beside_them(
    town: Town, service: FastAPI
) -> None:
    prompt = await town.prompt()
    before = await masks_in(service.state.site.database)

    async def post(number: int) -> int:
        # Every third names a parent that is not there, which shows after the first writes.
        bad = {"parent_id": "0" * 16} if number % 3 == 0 else {}
        body = {"body": f"said {number}", **bad}
        return (await town.somebody().post(f"{path_of(prompt)}/comments", body)).status_code

    statuses = await asyncio.gather(*(post(number) for number in range(30)))
    assert statuses == [422 if number % 3 == 0 else 201 for number in range(30)]
    shown = await town.somebody().every_page(f"{path_of(prompt)}/comments")
    assert {each["body"] for each in shown} == {f"said {n}" for n in range(30) if n % 3}
    assert await masks_in(service.state.site.database) == before + 20


async def test_a_session_that_fails_undoes_its_own_writes_and_no_others(
    own_database: Database,
) -> None:
    async def write(number: int) -> None:
        async with own_database.writing() as session:
            await session.add(Mask())
            if number % 2:
                raise RuntimeError(str(number))

    outcomes = await asyncio.gather(*(write(n) for n in range(20)), return_exceptions=True)
    assert [str(each) for each in outcomes if each] == [str(n) for n in range(20) if n % 2]
    assert await masks_in(own_database) == 10


async def test_whoever_goes_away_takes_nobody_elses_write_along(own_database: Database) -> None:
    async def write() -> None:
        async with own_database.writing() as session:
            await session.add(Mask())

    for _ in range(5):
        before = await masks_in(own_database)
        writers = [asyncio.create_task(write()) for _ in range(6)]
        await asyncio.sleep(0)
        writers[0].cancel()
        writers[3].cancel()
        outcomes = await asyncio.gather(*writers, return_exceptions=True)
        stayed = [each for n, each in enumerate(outcomes) if n not in (0, 3)]
        assert stayed == [None] * 4
        assert before + 4 <= await masks_in(own_database) <= before + 6


async def test_a_read_cannot_write(own_service: FastAPI, own_database: Database) -> None:
    async with own_database.writing() as session:
        await session.add(Mask())
    with pytest.raises(DBAPIError):
        async with own_database.reading() as session:
            await session.run(update(Mask).values(account_id=None))
    with pytest.raises(DBAPIError):
        async with own_database.reading() as session:
            await session.add(Mask())

    async def write(session: CurrentSession) -> None:
        await mint_mask(session)

    own_service.add_api_route("/v1/sly", write)
    transport = httpx.ASGITransport(own_service, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://board.test") as client:
        assert (await client.get("/v1/sly")).status_code >= 500
        assert (await client.head("/v1/sly")).status_code >= 500
    assert await masks_in(own_database) == 1


async def test_a_reference_to_nothing_is_refused(own_database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with own_database.writing() as session:
            await session.add(Token(kind="edit", hash=b"x", mask_id=12345))
    async with own_database.writing() as session:
        await session.add(Mask())
    assert await masks_in(own_database) == 1


async def test_a_read_sees_what_was_committed_and_nothing_else(own_database: Database) -> None:
    async with own_database.writing() as session:
        await session.add(Mask())
        assert await masks_in(own_database) == 0
    assert await masks_in(own_database) == 1
    async with own_database.reading() as session:
        first = await session.scalar(select(func.count()).select_from(Mask))
        async with own_database.writing() as writing:
            await writing.add(Mask())
        second = await session.scalar(select(func.count()).select_from(Mask))
    assert (first, second) == (1, 2)


def failing_commits(database_url: str) -> AbstractContextManager[None]:
    """Make every commit of new masks fail as a full disk makes it fail."""
    if make_url(database_url).get_backend_name() == "sqlite":
        return _file_cannot_grow(Path(str(make_url(database_url).database) + "-wal"))
    return _commits_find_the_disk_full(database_url)


@contextmanager
def _file_cannot_grow(path: Path) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def _commits_find_the_disk_full(database_url: str) -> Iterator[None]:
    with psycopg.connect(database_url, autocommit=True) as keeper:
        keeper.execute(
            "CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE EXCEPTION 'disk full' USING ERRCODE = '53100'; END$$"
        )
        keeper.execute(
            "CREATE CONSTRAINT TRIGGER disk_full AFTER INSERT ON mask "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION disk_full()"
        )
        yield
        keeper.execute("DROP FUNCTION disk_full CASCADE")


async def test_what_could_not_be_committed_is_not_answered_as_made(
    own_client: httpx.AsyncClient, own_database: Database, own_database_url: str
) -> None:
    for _ in range(20):
        assert (await own_client.post("/v1/masks")).status_code == 201
    for _ in range(2):
        with failing_commits(own_database_url):
            answers = await asyncio.gather(*(own_client.post("/v1/masks") for _ in range(5)))
            for each in answers:
                assert each.status_code == 503
                assert each.json()["code"] == "storage-unavailable"
                assert each.headers["retry-after"]
                assert "fbe_" not in each.text
            assert (await own_client.get("/readyz")).status_code == 200
    assert await masks_in(own_database) == 20
    assert (await own_client.post("/v1/masks")).status_code == 201
    assert await masks_in(own_database) == 21


@pytest.mark.only_on("sqlite")
async def test_a_connection_that_can_neither_commit_nor_undo_is_replaced(
    own_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def write() -> None:
        async with own_database.writing() as session:
            await session.add(Mask())

    def break_down(_transaction: RootTransaction) -> None:
        raise OSError("the disk has gone away")

    await write()
    for _ in range(2):
        with monkeypatch.context() as fault:
            fault.setattr(RootTransaction, "commit", break_down)
            fault.setattr(RootTransaction, "close", break_down)
            async with asyncio.timeout(10):
                outcomes = await asyncio.gather(
                    *(write() for _ in range(3)), return_exceptions=True
                )
        assert [type(each) for each in outcomes] == [OSError] * 3
        assert await masks_in(own_database) == 1
    async with asyncio.timeout(10):
        await asyncio.gather(*(write() for _ in range(3)))
    assert await masks_in(own_database) == 4


@asynccontextmanager
async def somebody_else_writing(database_url: str) -> AsyncIterator[Callable[[], None]]:
    """Hold what a new prompt needs in a transaction of another connection; call it to let go."""
    engine_url = make_url(database_url)
    if engine_url.get_backend_name() == "sqlite":
        file = sqlite3.connect(str(engine_url.database), isolation_level=None, timeout=0)
        file.execute("PRAGMA wal_autocheckpoint = 0")
        await begin_writing(file)
        file.execute("UPDATE board SET description = 'changed beside'")
        yield lambda: file.execute("COMMIT").close()
        file.close()
    else:
        with psycopg.connect(database_url) as connection:
            connection.execute("UPDATE board SET description = 'changed beside'")
            yield connection.commit


async def begin_writing(file: sqlite3.Connection) -> None:
    """Begin once nobody writes: a service that has just started writes by itself, and ends only if
    its loop goes on meanwhile.
    """
    async with asyncio.timeout(10):
        while True:
            try:
                file.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                await asyncio.sleep(0.01)
            else:
                return


async def found_a_board(database: Database) -> None:
    """Put a board in, without anybody to ask."""
    sent = BoardCreate.model_validate(
        {"slug": "lanterns", "name": "Lanterns", "settings": {"default_rating": "general"}}
    )
    async with database.writing() as session:
        await found_board(session, sent, None)


async def test_writes_from_elsewhere_at_the_same_time_only_delay(
    own_client: httpx.AsyncClient, own_database: Database, own_database_url: str
) -> None:
    await found_a_board(own_database)
    prompts = "/v1/boards/lanterns/prompts"
    async with somebody_else_writing(own_database_url) as let_go:
        posting = [
            asyncio.create_task(own_client.post(prompts, json={"body": f"Lantern {number}"}))
            for number in range(4)
        ]
        # Reading goes on meanwhile, in the same loop.
        for _ in range(5):
            assert (await own_client.get(prompts)).json()["items"] == []
            await asyncio.sleep(0.02)
        assert not any(each.done() for each in posting)
        let_go()
        answers = await asyncio.gather(*posting)
    assert [each.status_code for each in answers] == [201] * 4
    board = (await own_client.get("/v1/boards/lanterns")).json()
    assert (board["description"], board["prompts_count"]) == ("changed beside", 4)


async def test_a_writer_that_gives_up_waiting_leaves_the_way_free(
    own_client: httpx.AsyncClient,
    own_database: Database,
    own_database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT", 300)
    await found_a_board(own_database)

    async def write() -> None:
        async with own_database.writing() as session:
            await session.run(update(Board).values(name="Paper lanterns"))

    async with somebody_else_writing(own_database_url) as let_go:
        waiting = asyncio.create_task(write())
        await asyncio.sleep(0.05)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        let_go()
    for number in range(3):
        response = await own_client.post(
            "/v1/boards/lanterns/prompts", json={"body": f"Lantern {number}"}
        )
        assert response.status_code == 201
    async with own_database.reading() as session:
        assert await session.scalar(select(BOARD.name)) == "Lanterns"


@pytest.mark.only_on("sqlite")
async def test_sqlite_is_durable_on_every_connection(own_database: Database) -> None:
    def asked(connection: Any, name: str) -> Any:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()

    assert "synchronous=FULL" in own_database.durability
    reader, writer = own_database.engines
    for engine in (reader, writer):
        with engine.connect() as connection:
            assert asked(connection, "journal_mode") == "wal"
            assert asked(connection, "synchronous") == 2
            assert asked(connection, "foreign_keys") == 1
            assert asked(connection, "query_only") == int(engine is reader)


@pytest.mark.only_on("postgresql")
async def test_postgresql_says_how_durable_it_is(own_database: Database) -> None:
    assert "fsync=" in own_database.durability
    assert "synchronous_commit=on" in own_database.durability
    async with own_database.reading() as session:
        assert await session.scalar(text("SHOW default_transaction_read_only")) == "on"
    async with own_database.writing() as session:
        assert await session.scalar(text("SHOW default_transaction_read_only")) == "off"
