"""PostgreSQL through psycopg 3, for boards that outgrow one machine."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from sqlalchemy import (
    Dialect,
    Engine,
    Executable,
    Result,
    String,
    TableClause,
    cast,
    func,
    insert,
    literal_column,
    select,
    text,
)
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from app.core.database.base import Database, Session, explained, tell
from app.core.database.calls import Calls
from app.core.database.prepared import Prepared

#: Connections a process keeps for each of reading and writing. Whoever finds all of them taken
#: waits for one: to open another for one request costs more than most requests do, and the server
#: has 100 for everybody.
_CONNECTIONS = 10
_SNAPSHOT = Prepared(select(cast(func.pg_current_snapshot(), String)))
#: How reading is planned. To merge a page of a list with the threads that its rows lead to looks
#: cheap, but passes by all threads that are newer, on whichever board they are.
_PLANNING = "-c enable_mergejoin=off"
#: Seconds after which a statement, or the wait for a row lock, is given up.
_STATEMENT_LIMIT, _LOCK_LIMIT = 30, 10


class PostgreSQLSession(Session):
    """A session whose statements are awaited."""

    dialect = "postgresql"

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__()
        self._connection = connection
        self._driver: psycopg.AsyncConnection[Any] | None = None

    async def execute(self, statement: Executable) -> Result[Any]:
        return await self._connection.execute(statement)

    async def execute_for_each(
        self, statement: Executable, rows: Sequence[Mapping[str, Any]]
    ) -> Result[Any]:
        return await self._connection.execute(statement, list(rows))

    async def put(self, table: TableClause, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            # Where something is returned, many rows go into one statement. The triggers that count
            # what pages of threads show count each statement, and each count leaves a dead row
            # behind that the transaction's next one has to pass by.
            await self.execute_for_each(insert(table).returning(literal_column("1")), rows)

    async def numbers(self, table: TableClause, many: int) -> Sequence[int]:
        sequence = func.pg_get_serial_sequence(table.name, "id")
        each = func.generate_series(1, many).table_valued("place")
        taken = await self._connection.scalars(select(func.nextval(sequence)).select_from(each))
        return sorted(taken)

    async def fetch(self, prepared: Prepared, **parameters: Any) -> list[tuple[Any, ...]]:
        compiled = prepared.compiled(self.dialect_in_use)
        arguments = compiled.arguments(parameters)
        tell(self._connection.sync_engine, compiled.sql, arguments)
        driver = self._driver
        if driver is None:
            raw = (await self._connection.get_raw_connection()).driver_connection
            assert isinstance(raw, psycopg.AsyncConnection)
            driver = self._driver = raw
        try:
            cursor = await driver.execute(compiled.sql.encode(), arguments)
            # Whether it has columns. To describe them takes longer.
            returns_rows = cursor.pgresult is not None and cursor.pgresult.nfields
            return await cursor.fetchall() if returns_rows else []
        except psycopg.Error as error:
            raise explained(error, psycopg.Error, compiled.sql) from error

    @property
    def dialect_in_use(self) -> Dialect:
        return self._connection.dialect


class PostgreSQLDatabase(Database):
    """Two pools: one that the server holds to reading, one that writes."""

    name = "PostgreSQL"

    def __init__(self, url: URL) -> None:
        super().__init__()
        self._calls = Calls(url, self.bell)
        self._asking: asyncio.Task[object] | None = None
        self._to_ask: asyncio.Task[object] | None = None
        limits = f"-c statement_timeout={_STATEMENT_LIMIT}s -c lock_timeout={_LOCK_LIMIT}s"
        # Reads are single statements that need no snapshot in common, so they spare the round
        # trips of BEGIN and ROLLBACK.
        self._reader = create_async_engine(
            url,
            pool_size=_CONNECTIONS,
            max_overflow=0,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
            connect_args={"options": f"{limits} {_PLANNING} -c default_transaction_read_only=on"},
        )
        self._writer = create_async_engine(
            url,
            pool_size=_CONNECTIONS,
            max_overflow=0,
            # What people write stays out of the messages of errors, and so out of the log.
            hide_parameters=True,
            connect_args={"options": limits},
        )

    async def start(self) -> None:
        async with self.reading() as session:
            self.version = await session.scalar(text("SHOW server_version"))
            settings = [
                f"{name}={await session.scalar(text(f'SHOW {name}'))}"
                for name in ("fsync", "synchronous_commit", "full_page_writes")
            ]
        self.durability = ", ".join(settings)

    async def stop(self) -> None:
        await self._calls.stop()
        await self._reader.dispose()
        await self._writer.dispose()

    async def listen(self) -> None:
        await self._calls.listen()

    async def stamp(self) -> object:
        # What is on its way to the server was asked before, and may not know what was committed
        # meanwhile. So all who come while it is away are answered together by the next question.
        if self._to_ask is None:
            self._to_ask = asyncio.create_task(self._ask_for_stamp())
        return await asyncio.shield(self._to_ask)

    async def _ask_for_stamp(self) -> object:
        if self._asking is not None:
            await asyncio.wait([self._asking])
        self._asking, self._to_ask = self._to_ask, None
        # Which transactions are visible, written out. Every transaction that writes is in it.
        async with self.reading() as session:
            return (await session.fetch(_SNAPSHOT))[0][0]

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Session]:
        async with self._reader.connect() as connection:
            yield PostgreSQLSession(connection)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Session]:
        async with self._writer.begin() as connection:
            session = PostgreSQLSession(connection)
            yield session
            news = await session.finish()
        if news:
            self.bell.ring(news)
            self._calls.call(news)

    @property
    def engines(self) -> tuple[Engine, ...]:
        return self._reader.sync_engine, self._writer.sync_engine
