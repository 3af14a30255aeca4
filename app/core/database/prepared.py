"""Statements that are asked so often that building them anew each time would be felt.

SQLAlchemy takes 0.1 ms or more to find a statement in its cache, to convert what goes in and to
dress up what comes out; for a page of a thread that is more than SQLite takes to answer. A prepared
statement is compiled once for each database, goes to the driver as text, and its rows come back as
the driver's own tuples. What the driver gives for an instant or for JSON differs: on SQLite it is
the text that is stored. :func:`app.core.database.instant` reads either.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Dialect, Executable, Select, bindparam
from sqlalchemy.sql.compiler import SQLCompiler

from app.kit.clock import rfc3339


class _Place(NamedTuple):
    """A parameter on its place: how it is converted, and what stands there where nothing is given,
    or is worked out each time.
    """

    name: str
    convert: Callable[[Any], Any] | None
    own: Any
    work_out: Callable[[], Any] | None


@dataclass(frozen=True)
class Compiled:
    """A statement in the words of one database. ``conversions`` are those of its rows' columns, by
    their places.
    """

    sql: str
    places: tuple[_Place, ...]
    is_positional: bool
    conversions: tuple[tuple[int, Callable[[Any], Any]], ...]

    def arguments(self, given: Mapping[str, Any]) -> Any:
        """What the driver takes along with the text."""
        values = []
        # It is one loop, without a call for each: a row that is inserted has two dozen columns.
        for name, convert, own, work_out in self.places:
            value = given[name] if name in given else own if work_out is None else work_out()
            values.append(value if value is None or convert is None else convert(value))
        if self.is_positional:
            return tuple(values)
        return dict(zip((each.name for each in self.places), values, strict=True))


class Prepared:
    """A statement with parameters (:func:`parameter`), to be run by :meth:`Session.fetch` and
    :meth:`Session.rows`. What the statement is made of in SQLAlchemy's terms decides how parameters
    are converted, as always.
    """

    def __init__(self, statement: Executable, columns: Iterable[ColumnElement[Any]] = ()) -> None:
        """``columns`` are those that it returns, for :meth:`Session.rows`."""
        self._statement = statement
        self._columns = tuple(columns)
        self._compiled: dict[str, Compiled] = {}
        names = [str(each.key) for each in self._columns]
        self._make: Callable[[Iterable[Any]], Any] = _named(names)

    def compiled(self, dialect: Dialect) -> Compiled:
        """The statement for a database."""
        found = self._compiled.get(dialect.name)
        if found is None:
            found = _compile(self._statement, self._columns, dialect)
            self._compiled[dialect.name] = found
        return found

    def read(self, rows: Iterable[Sequence[Any]], dialect: Dialect) -> list[Any]:
        """Rows with names, their values converted as always."""
        conversions = self.compiled(dialect).conversions
        named = []
        for row in rows:
            values = list(row)
            for place, convert in conversions:
                values[place] = convert(values[place])
            named.append(self._make(values))
        return named


def _named(names: Sequence[str]) -> Callable[[Iterable[Any]], Any]:
    """What makes rows with names. Of which types their values are, the columns say."""
    row = namedtuple("Row", names)  # type: ignore[misc]  # noqa: PYI024
    return row._make


def prepared_rows(statement: Select[Any]) -> Prepared:
    """A prepared SELECT for :meth:`Session.rows`."""
    return Prepared(statement, statement.selected_columns)


def parameter(name: str, kind: Any = None) -> BindParameter[Any]:
    """A parameter of a prepared statement. What it is compared with says of which type it is, or
    ``kind`` does.
    """
    return bindparam(name, type_=kind, required=False)


def _compile(
    statement: Executable, columns: Iterable[ColumnElement[Any]], dialect: Dialect
) -> Compiled:
    # What is written out here are lists of values (``IN``) that the statement holds itself.
    compiled = statement.compile(  # type: ignore[attr-defined]
        dialect=dialect, compile_kwargs={"render_postcompile": True}
    )
    assert isinstance(compiled, SQLCompiler)
    own: dict[str, Any] = compiled.params
    places = []
    for name in compiled.positiontup or own:
        bound = compiled.binds.get(name)
        convert = work_out = None
        if bound is not None:
            convert = bound.type.dialect_impl(dialect).bind_processor(dialect)
            work_out = bound.callable
        places.append(_Place(name, convert, own.get(name), work_out))
    converted = [
        (place, each.type.dialect_impl(dialect).result_processor(dialect, None))
        for place, each in enumerate(columns)
    ]
    conversions = tuple((place, convert) for place, convert in converted if convert is not None)
    return Compiled(str(compiled), tuple(places), compiled.positional, conversions)


def instant(value: str | datetime) -> str:
    """An instant of a prepared statement's row, as RFC 3339 writes it."""
    if isinstance(value, str):
        return f"{value[:10]}T{value[11:19]}Z"
    return rfc3339(value)
