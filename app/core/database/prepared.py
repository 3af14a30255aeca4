"""Statements that are asked so often that building them anew each time would be felt.

SQLAlchemy takes 0.1 ms or more to find a statement in its cache, to convert what goes in and to
dress up what comes out; for a page of a thread that is more than SQLite takes to answer. A prepared
statement is compiled once for each database, goes to the driver as text, and its rows come back as
the driver's own tuples. What the driver gives for an instant or for JSON differs: on SQLite it is
the text that is stored. :func:`app.core.database.instant` reads either.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Dialect, Executable, bindparam
from sqlalchemy.sql.compiler import SQLCompiler

from app.kit.clock import rfc3339


@dataclass(frozen=True)
class Compiled:
    """A statement in the words of one database. ``places`` are its parameters in their order: name,
    conversion, and value where the statement itself holds it.
    """

    sql: str
    places: tuple[tuple[str, Callable[[Any], Any] | None, Any], ...]
    is_positional: bool

    def arguments(self, given: dict[str, Any]) -> Any:
        """What the driver takes along with the text."""
        values = [
            (name, convert(given.get(name, own)) if convert else given.get(name, own))
            for name, convert, own in self.places
        ]
        return [value for _, value in values] if self.is_positional else dict(values)


class Prepared:
    """A statement with parameters (:func:`parameter`), to be run by :meth:`Session.fetch`. What the
    statement is made of in SQLAlchemy's terms decides how parameters are converted, as always.
    """

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._compiled: dict[str, Compiled] = {}

    def compiled(self, dialect: Dialect) -> Compiled:
        """The statement for a database."""
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = _compile(self._statement, dialect)
        return found


def parameter(name: str, kind: Any = None) -> BindParameter[Any]:
    """A parameter of a prepared statement. What it is compared with says of which type it is, or
    ``kind`` does.
    """
    return bindparam(name, type_=kind, required=False)


def _compile(statement: Executable, dialect: Dialect) -> Compiled:
    # What is written out here are lists of values (``IN``) that the statement holds itself.
    compiled = statement.compile(  # type: ignore[attr-defined]
        dialect=dialect, compile_kwargs={"render_postcompile": True}
    )
    assert isinstance(compiled, SQLCompiler)
    own: dict[str, Any] = compiled.params
    order: Sequence[str] = compiled.positiontup or list(own)
    places = []
    for name in order:
        parameter = compiled.binds.get(name)
        convert = (
            None
            if parameter is None
            else parameter.type.dialect_impl(dialect).bind_processor(dialect)
        )
        places.append((name, convert, own.get(name)))
    return Compiled(str(compiled), tuple(places), compiled.positional)


def instant(value: str | datetime) -> str:
    """An instant of a prepared statement's row, as RFC 3339 writes it."""
    if isinstance(value, str):
        return f"{value[:10]}T{value[11:19]}Z"
    return rfc3339(value)
