"""SQLite: reads in the event loop, one writer, commits grouped and away from the loop.

One connection writes, because SQLite before 3.51.3 can lose a committed write when two connections
write and checkpoint at once, and because a second writer could only wait. A request that writes
takes its turn on that connection and does its work inside a savepoint, which costs microseconds.
Requests that took their turns while the last COMMIT was waiting for the disk are committed
together: one fsync makes all of them durable, and only then is any of them answered.
"""

import asyncio
import sqlite3
from abc import abstractmethod
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy
import structlog
from sqlalchemy import (
    Connection,
    Dialect,
    Engine,
    Executable,
    Result,
    RootTransaction,
    Row,
    StaticPool,
    TableClause,
    event,
    func,
    select,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from app.core.database.base import Database, Session, explained, tell
from app.core.database.prepared import Prepared
from app.core.database.sqlite_files import claim, turn_to_wal
from app.core.errors import StorageUnavailable
from app.core.logs import frames_of

log = structlog.get_logger("fillboard.database")

#: Milliseconds to wait for another process, such as the command line, that is writing.
BUSY_TIMEOUT = 10_000
_PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA mmap_size = 268435456",
)
#: What only readers are held to, and what only a writer beside the server is.
_READER = ("PRAGMA query_only = ON", f"PRAGMA busy_timeout = {BUSY_TIMEOUT}")
_BESIDE = ("PRAGMA wal_autocheckpoint = 0",)


class SQLiteSession(Session):
    """A session whose statements run at once."""

    dialect = "sqlite"

    def __init__(self, engine: Engine, driver: sqlite3.Connection) -> None:
        """``driver`` runs what is prepared."""
        super().__init__()
        self._engine = engine
        self._driver = driver

    @property
    @abstractmethod
    def _connection(self) -> Connection:
        """What runs all other statements."""

    async def execute(self, statement: Executable) -> Result[Any]:
        return self._connection.execute(statement)

    async def all_aside(self, statement: Executable) -> Sequence[Row[Any]]:
        connection = self._connection

        def fetch() -> Sequence[Row[Any]]:
            # The module lets go of the interpreter while SQLite works.
            return connection.execute(statement).all()

        fetching = asyncio.get_running_loop().run_in_executor(None, fetch)
        try:
            return await asyncio.shield(fetching)
        finally:
            # Whoever asked may go away, and may be told so again. The connection is only given back
            # when the thread has done with it.
            while not fetching.done():
                with suppress(asyncio.CancelledError, SQLAlchemyError):
                    await asyncio.shield(fetching)

    async def execute_for_each(
        self, statement: Executable, rows: Sequence[Mapping[str, Any]]
    ) -> Result[Any]:
        return self._connection.execute(statement, list(rows))

    async def numbers(self, table: TableClause, many: int) -> Sequence[int]:
        # There is one writer, and it is this one.
        first = (self._connection.scalar(select(func.max(table.c.id))) or 0) + 1
        return range(first, first + many)

    async def fetch(self, prepared: Prepared, **parameters: Any) -> list[tuple[Any, ...]]:
        compiled = prepared.compiled(self.dialect_in_use)
        arguments = compiled.arguments(parameters)
        tell(self._engine, compiled.sql, arguments)
        try:
            return self._driver.execute(compiled.sql, arguments).fetchall()
        except sqlite3.Error as error:
            raise explained(error, sqlite3.Error, compiled.sql) from error

    @property
    def dialect_in_use(self) -> Dialect:
        return self._engine.dialect


class _Reading(SQLiteSession):
    """A session that reads. It takes a connection of its own when it first needs one."""

    def __init__(self, engine: Engine, driver: sqlite3.Connection) -> None:
        super().__init__(engine, driver)
        self._own: Connection | None = None

    @property
    def _connection(self) -> Connection:
        if self._own is None:
            self._own = self._engine.connect()
        return self._own

    def close(self) -> None:
        """Give the connection back."""
        if self._own is not None:
            self._own.close()


class _Writing(SQLiteSession):
    """A session on the one connection that writes."""

    def __init__(self, connection: Connection, driver: sqlite3.Connection) -> None:
        super().__init__(connection.engine, driver)
        self._writer = connection

    @property
    def _connection(self) -> Connection:
        return self._writer


@dataclass
class _Group:
    """The writes that one COMMIT will make durable."""

    transaction: RootTransaction
    written: asyncio.Future[None] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    #: What there is news of once it is durable.
    news: set[int] = field(default_factory=set)


class SQLiteDatabase(Database):
    """An SQLite file with many readers and one writer, for one serving process."""

    name = "SQLite"

    def __init__(self, url: URL, *, checkpoints: bool = True) -> None:
        """``checkpoints`` says whether this process moves the log into the file: the server alone
        does, whoever else writes beside it.
        """
        super().__init__()
        assert url.database is not None
        self._path = Path(url.database)
        self._checkpoints = checkpoints
        self._reader = _engine(url, _READER)
        self._writer = _engine(url, () if checkpoints else _BESIDE)
        self._turn = asyncio.Lock()
        self._group: _Group | None = None
        self._committing: set[asyncio.Task[None]] = set()
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite-commit")

    async def start(self) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._checkpoints:
            self._claim = claim(self._path)
        self._connection: Connection = self._writer.connect()
        self._is_discarded = False
        driver = self._driver()
        # Prepared statements of all who read run on one connection: each is done before anything
        # else happens in the loop.
        lasting = self._lasting = self._reader.raw_connection()
        assert isinstance(lasting.driver_connection, sqlite3.Connection)
        self._prepared = lasting.driver_connection
        self.version = sqlite3.sqlite_version
        journal, full, keys = (
            driver.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys")
        )
        if (journal, full, keys) != ("wal", 2, 1):
            raise RuntimeError(f"SQLite refuses to be durable: {journal=}, {full=}, {keys=}")
        self.durability = "WAL, synchronous=FULL, foreign keys, one writer, grouped commits"

    async def stop(self) -> None:
        await asyncio.gather(*self._committing)
        self._disk.shutdown()
        self._lasting.close()
        self._reader.dispose()
        self._connection.close()
        self._writer.dispose()
        if self._checkpoints:
            self._claim.close()

    async def listen(self) -> None:
        return

    async def stamp(self) -> object:
        # It moves when any other connection commits, the writer's or another process's.
        return self._prepared.execute("PRAGMA data_version").fetchone()[0]

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Session]:
        session = _Reading(self._reader, self._prepared)
        try:
            yield session
        finally:
            session.close()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Session]:
        async with self._turn:
            group = self._group or await self._begin()
            self._check_unbroken()
            driver = self._driver()
            driver.execute("SAVEPOINT request")
            try:
                session = _Writing(self._connection, driver)
                yield session
                group.news.update(await session.finish())
            except BaseException:
                # Some faults have undone everything already.
                if driver.in_transaction:
                    driver.execute("ROLLBACK TO request")
                    driver.execute("RELEASE request")
                raise
            self._check_unbroken()
            driver.execute("RELEASE request")
        # Whoever goes away now must not take the others' COMMIT along.
        await asyncio.shield(group.written)

    @property
    def engines(self) -> tuple[Engine, ...]:
        return self._reader, self._writer

    async def _begin(self) -> _Group:
        """Open a group, and queue for the turn in which it will be committed: behind everybody who
        is waiting already, so that they get into it.
        """
        if self._is_discarded:
            self._connection = self._writer.connect()
            self._is_discarded = False
        driver = self._driver()
        try:
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            await self._wait_for_other_process(driver)
        self._group = _Group(self._connection.begin())
        committing = asyncio.create_task(self._commit())
        self._committing.add(committing)
        committing.add_done_callback(self._committing.discard)
        return self._group

    async def _wait_for_other_process(self, driver: sqlite3.Connection) -> None:
        """Another process, such as the command line, is writing. Wait for it in a thread, since
        SQLite waits by sleeping.
        """

        def begin() -> None:
            driver.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}")
            try:
                driver.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                raise StorageUnavailable from error
            finally:
                driver.execute("PRAGMA busy_timeout = 0")

        waiting = asyncio.get_running_loop().run_in_executor(self._disk, begin)
        try:
            await asyncio.shield(waiting)
        except asyncio.CancelledError:
            # Whoever asked has gone away, and may be told so again. The thread has not: what it
            # began belongs to nobody.
            while not waiting.done():
                with suppress(asyncio.CancelledError, StorageUnavailable):
                    await asyncio.shield(waiting)
            if waiting.exception() is None:
                driver.rollback()
            raise

    async def _commit(self) -> None:
        async with self._turn:
            group, self._group = self._group, None
            assert group is not None
            loop = asyncio.get_running_loop()
            try:
                self._check_unbroken()
                await loop.run_in_executor(self._disk, group.transaction.commit)
            except Exception as error:  # noqa: BLE001 - whoever waits is told, whatever it is
                self._undo(group)
                group.written.set_exception(error)
                # A group in which every request failed has nobody left to be told.
                group.written.exception()
            else:
                group.written.set_result(None)
                self.bell.ring(group.news)
            finally:
                # Whatever happened, nobody waits for ever; neither when the service is stopped.
                if not group.written.done():
                    group.written.cancel()

    def _undo(self, group: _Group) -> None:
        """Take back what a group wrote. A connection on which even that fails is not to be trusted
        again: it is let go of, and the next group opens another.
        """
        try:
            group.transaction.close()
            if self._driver().in_transaction:
                self._driver().rollback()
        except Exception as error:  # noqa: BLE001 - whatever it is, the connection is done with
            log.error(  # noqa: TRY400 - the message of the exception may quote what was sent
                "writer_discarded", exception=frames_of(error)
            )
            self._is_discarded = True
            for let_go in (self._driver().close, self._connection.invalidate, self._writer.dispose):
                with suppress(Exception):
                    let_go()

    def _check_unbroken(self) -> None:
        """Some faults, such as a full disk, make SQLite undo the whole transaction by itself. What
        the group wrote is gone then, and a COMMIT would say nothing of it.

        :raises StorageUnavailable: that has happened.
        """
        if not self._driver().in_transaction:
            raise StorageUnavailable

    def _driver(self) -> sqlite3.Connection:
        driver = self._connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        return driver


def _engine(url: URL, more_pragmas: tuple[str, ...]) -> Engine:
    # Commits run in a thread of their own, never beside a statement on the same connection.
    arguments = {"check_same_thread": False, "timeout": 0, "cached_statements": 512}
    if more_pragmas is _READER:
        # Waiting for a connection would block the loop, so there is always one more.
        engine = sqlalchemy.create_engine(
            url,
            connect_args=arguments,
            json_deserializer=orjson.loads,
            pool_size=20,
            max_overflow=-1,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
        )
    else:
        engine = sqlalchemy.create_engine(
            url,
            connect_args=arguments,
            json_deserializer=orjson.loads,
            poolclass=StaticPool,
            # What people write stays out of the messages of errors, and so out of the log.
            hide_parameters=True,
        )

    @event.listens_for(engine, "connect")
    def _prepare(driver: sqlite3.Connection, _record: object) -> None:
        # The module begins no transactions by itself then; `_begin` does.
        driver.isolation_level = None
        driver.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}")
        turn_to_wal(driver, BUSY_TIMEOUT / 1000)
        for pragma in _PRAGMAS:
            driver.execute(pragma)
        driver.execute("PRAGMA busy_timeout = 0")
        for pragma in more_pragmas:
            driver.execute(pragma)

    return engine
