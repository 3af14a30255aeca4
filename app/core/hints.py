"""What a database is told of a statement that it can't know itself."""

from typing import Any

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
