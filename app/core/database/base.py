"""What both databases offer: sessions that read, and sessions that write."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from functools import cache
from typing import Any, ClassVar, Literal, TypeVar

from sqlalchemy import CursorResult, Dialect, Engine, Executable, Result, Row, TableClause, insert
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from app.core.database.bell import Bell
from app.core.database.prepared import Prepared, parameter
from app.core.tables import row_of, table_of

Words = TypeVar("Words", bound="LastWords")


@cache
def _insertion(model: type[SQLModel]) -> tuple[Prepared, tuple[str, ...]]:
    """The INSERT of one row of a table, and the columns that it takes. What the database makes by
    itself (numbers, computed columns) is left to it; it returns the number.
    """
    table = table_of(model)
    is_numbered = "id" in table.columns and issubclass(table.c.id.type.python_type, int)
    taken = [
        each
        for each in table.columns
        if each.computed is None and not (is_numbered and each.name == "id")
    ]
    statement = insert(table).values({each.name: parameter(each.name, each.type) for each in taken})
    if is_numbered:
        statement = statement.returning(table.c.id)
    return Prepared(statement), tuple(each.name for each in taken)


class LastWords(ABC):
    """What a transaction writes last, after all else that it does: what it takes hold of is held
    for the shortest time there is, and nothing is held after it.
    """

    @abstractmethod
    async def write(self, session: "Session") -> None:
        """Write it. What goes wrong here undoes the transaction."""

    @property
    @abstractmethod
    def topics(self) -> Collection[int]:
        """What there is news of once it is committed (:class:`Bell`)."""


class Session(ABC):
    """A conversation with the database, as short as one request."""

    #: Which database it is, for the few statements that are written for one of them.
    dialect: ClassVar[Literal["sqlite", "postgresql"]]

    def __init__(self) -> None:
        self._last_words: dict[type[LastWords], LastWords] = {}

    def last_words(self, kind: type[Words]) -> Words:
        """What is written last in this transaction, of one kind. It is made when asked for."""
        found = self._last_words.get(kind)
        if found is None:
            found = self._last_words[kind] = kind()
        assert isinstance(found, kind)
        return found

    async def finish(self) -> frozenset[int]:
        """Write what is written last; say what there is news of once it is committed."""
        topics: set[int] = set()
        for each in self._last_words.values():
            await each.write(self)
            topics.update(each.topics)
        return frozenset(topics)

    @abstractmethod
    async def execute(self, statement: Executable) -> Result[Any]:
        """Run a statement and return its buffered result."""

    @abstractmethod
    async def fetch(self, prepared: Prepared, **parameters: Any) -> list[tuple[Any, ...]]:
        """Run a prepared statement: all rows that it returns, as the driver gives them."""

    async def add(self, *rows: SQLModel) -> None:
        """Insert rows of tables, in their order, and fill in the numbers that the database gives
        them.
        """
        for row in rows:
            prepared, names = _insertion(type(row))
            made = await self.fetch(prepared, **{name: getattr(row, name) for name in names})
            if made:
                ((row.id,),) = made

    async def insert(self, model: type[SQLModel], **values: Any) -> int:
        """Insert a row of a table, with the model's defaults for what is not given; return its
        number. It makes no object, which for a row that nobody looks at again takes longer than the
        database does.
        """
        prepared, _ = _insertion(model)
        ((number,),) = await self.fetch(prepared, **row_of(model, **values))
        return int(number)

    async def insert_unnumbered(self, model: type[SQLModel], **values: Any) -> None:
        """As :meth:`insert`, into a table whose rows have another key than a number."""
        prepared, _ = _insertion(model)
        await self.fetch(prepared, **row_of(model, **values))

    async def rows(self, prepared: Prepared, **parameters: Any) -> list[Any]:
        """As :meth:`fetch`, each row with the names of its columns and values as they are declared,
        as :meth:`all` has them.
        """
        return prepared.read(await self.fetch(prepared, **parameters), self.dialect_in_use)

    @property
    @abstractmethod
    def dialect_in_use(self) -> Dialect:
        """The dialect that statements are compiled in."""

    @abstractmethod
    async def execute_for_each(
        self, statement: Executable, rows: Sequence[Mapping[str, Any]]
    ) -> Result[Any]:
        """Run one statement for each of many rows of parameters, at the pace of the driver. There
        must be a row at least.
        """

    async def put(self, table: TableClause, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows, all with the same columns: many, where :meth:`add` would make an object of
        each.
        """
        if rows:
            await self.execute_for_each(insert(table), rows)

    async def put_numbered(
        self, table: TableClause, rows: Sequence[Mapping[str, Any]]
    ) -> list[int]:
        """As :meth:`put`; return the number that each row has been given, in their order."""
        if not rows:
            return []
        numbered = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        return list((await self.execute_for_each(numbered, rows)).scalars())

    @abstractmethod
    async def numbers(self, table: TableClause, many: int) -> Sequence[int]:
        """So many numbers for new rows of a table, in ascending order and nobody else's, for rows
        that name one another.
        """

    async def all(self, statement: Executable) -> Sequence[Row[Any]]:
        """All rows that a statement returns."""
        return (await self.execute(statement)).all()

    async def all_aside(self, statement: Executable) -> Sequence[Row[Any]]:
        """As :meth:`all`, for a statement that may take long: nobody else waits for it."""
        return await self.all(statement)

    async def first(self, statement: Executable) -> Row[Any] | None:
        """The first row that a statement returns, or ``None``."""
        return (await self.execute(statement)).first()

    async def scalar(self, statement: Executable) -> Any:
        """The first column of the first row, or ``None``."""
        return (await self.execute(statement)).scalar()

    async def run(self, statement: Executable) -> int:
        """Run an UPDATE, DELETE or INSERT; say how many rows it touched."""
        result = await self.execute(statement)
        assert isinstance(result, CursorResult)
        return result.rowcount


class Database(ABC):
    """An open database. ``reading`` and ``writing`` are the only ways in."""

    #: What the start-up log says: product, version and what keeps a write safe.
    name: str
    version: str
    durability: str

    def __init__(self) -> None:
        #: Rings for what this process commits, and for what it hears of from others.
        self.bell = Bell()

    @abstractmethod
    async def start(self) -> None:
        """Connect, check that the server answers, and learn what the start-up log says."""

    @abstractmethod
    async def stop(self) -> None:
        """Finish what is being written and let go of all connections."""

    @abstractmethod
    async def listen(self) -> None:
        """Have the bell ring for what other processes commit, until this is cancelled. Where one
        process serves alone there is nothing to listen to.
        """

    @abstractmethod
    async def stamp(self) -> object:
        """How far the database has come: as long as this is equal, so is whatever is read. It may
        change more often than that.
        """

    @abstractmethod
    def reading(self) -> AbstractAsyncContextManager[Session]:
        """A session that can't write. Each statement sees the newest committed state."""

    @abstractmethod
    def writing(self) -> AbstractAsyncContextManager[Session]:
        """A session in one transaction. It is durable when the block has been left; an exception
        in the block undoes all of it. Don't await anything but the session inside.
        """

    @property
    @abstractmethod
    def engines(self) -> tuple[Engine, ...]:
        """The synchronous engines below, for whoever counts or explains statements."""


def tell(engine: Engine, sql: str, arguments: Any) -> None:
    """Tell whoever listens to an engine's statements of one that goes to the driver directly."""
    for listener in engine.dispatch.before_cursor_execute:
        listener(None, None, sql, arguments, None, executemany=False)


def explained(error: Exception, kind: type[Exception], sql: str) -> Exception:
    """A driver's error as SQLAlchemy's, whom everybody above listens to, without what was sent."""
    return DBAPIError.instance(sql, None, error, kind, hide_parameters=True)
