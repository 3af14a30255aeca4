"""What every table is made with: keys, references, times, JSON, and names of constraints.

Rows are numbered by an integer that never leaves the database; the public name of a thing is its
random ``public_id`` (see ``kit/ids.py``). Rooms are tied by foreign keys named as strings, never by
ORM relations.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, cast

from sqlalchemy import JSON, BigInteger, Column, Integer, String, Table
from sqlalchemy.dialects.postgresql import JSONB, Insert
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlmodel import Field, SQLModel

from app.kit.ids import LENGTH, new_id

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

#: 64 bits on both; SQLite numbers rows by itself only where the type is called INTEGER.
BIG_INTEGER = BigInteger().with_variant(Integer(), "sqlite")
#: The columns of a table.
Columns = ReadOnlyColumnCollection[str, Column[Any]]
_JSON = JSON().with_variant(JSONB(), "postgresql")
#: Text that compares bytewise on both, whatever the locale of the database.
BYTEWISE = String().with_variant(String(collation="C"), "postgresql")


def row_id() -> Any:
    """The integer that numbers a table's rows. It is there after the row was added."""
    return Field(default=None, primary_key=True, sa_type=BIG_INTEGER)


def public_id() -> Any:
    """The opaque id under which a thing is known outside."""
    return Field(default_factory=new_id, max_length=LENGTH, unique=True)


def reference(column: str, *, index: bool = False, **options: Any) -> Any:
    """A foreign key to a column such as ``board.id``."""
    return Field(foreign_key=column, sa_type=BIG_INTEGER, index=index, **options)


def json_list() -> Any:
    """A list kept as JSON, empty by default."""
    return Field(default_factory=list, sa_type=_JSON)


def json_object() -> Any:
    """An object kept as JSON, empty by default."""
    return Field(default_factory=dict, sa_type=_JSON)


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a model."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


def columns_of(model: type[SQLModel]) -> Columns:
    """The columns of the table behind a model, for Core statements: ``PROMPT.state`` is a column,
    where ``Prompt.state`` is, to a type checker, the text in it.
    """
    return table_of(model).columns


def row_of(model: type[SQLModel], **values: Any) -> dict[str, Any]:
    """The columns of a new row, with the model's defaults for what is not given. What the database
    makes (numbers, computed columns) is left to it.
    """
    row = {
        name: make() if make is not None else default
        for name, default, make in _defaults(model)
        if name not in values
    }
    return row | values


@cache
def _defaults(model: type[SQLModel]) -> tuple[tuple[str, Any, Callable[[], Any] | None], ...]:
    """Name, default, and maker of defaults, of each column that has either."""
    made_by_database = {"id"} | {
        column.name for column in table_of(model).columns if column.computed is not None
    }
    return tuple(
        (name, field.default, cast("Callable[[], Any] | None", field.default_factory))
        for name, field in model.model_fields.items()
        if not field.is_required() and name not in made_by_database
    )


def insert_new(table: Table) -> Insert:
    """An INSERT that passes over rows whose keys are there already, on either database: SQLite has
    taken ``ON CONFLICT`` over from PostgreSQL.
    """
    return Insert(table).on_conflict_do_nothing()


def is_unchanged(row: Any, changes: Mapping[str, Any]) -> bool:
    """Whether changes to a row would leave it as it is. Then nothing is written, and its version
    stays.
    """
    return all(getattr(row, name) == value for name, value in changes.items())
