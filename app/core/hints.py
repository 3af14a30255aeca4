"""What a database is told of a statement that it can't know itself."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, String, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class in_no_index(FunctionElement[Any]):  # noqa: N801 - it is called as functions of SQL are
    """A column that SQLite looks for in no index. It has no statistics to tell it which index
    leads to fewer rows; PostgreSQL has, and gets the column itself.
    """

    name = "in_no_index"
    inherit_cache = True


@compiles(in_no_index)
def _column(element: in_no_index, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(in_no_index, "sqlite")
def _column_by_itself(element: in_no_index, compiler: SQLCompiler, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"


def written_out(value: int | str) -> ColumnElement[Any]:
    """A value that stands in the statement itself: one that is always the same, such as a state, or
    nearly always, such as how many rows are wanted (``limit()``).

    PostgreSQL plans what it is asked often only once, for whatever it may be given, unless that
    seems to cost more. Where it knows neither how many rows have a state nor how few are wanted it
    does seem so, and it plans a list anew each time, which takes longer than to read it.
    """
    return literal(value, Integer() if isinstance(value, int) else String(), literal_execute=True)
