"""A large board, made of copies of what a smaller one says.

To seed a million comments as the command does takes the better part of an hour: it makes each with
words of its own. What is measured on a large board is whether the cost of a page grows with all
that stands beside it, and for that copies will do. Each is a thread without a head, so nobody comes
upon it: it is there in the tables, and in every index.
"""

from typing import Any

from sqlalchemy import ColumnElement, String, Table, cast, func, insert, literal, select

from app.comments.models import Comment
from app.core.tables import table_of
from app.threads.models import Thread
from tests.tables import connected

#: What has a name of its own, or refers to a row that is copied with it.
_NUMBERS = {
    "thread": {"id": "thread"},
    "comment": {
        "id": "comment",
        "thread_id": "thread",
        "parent_id": "comment",
        "anchor_id": "comment",
    },
}
_NAMED = frozenset(("public_id", "conversation"))


def grow(url: str, copies: int) -> None:
    """Have all that is said on a migrated database stand there so many times."""
    tables = [table_of(Thread), table_of(Comment)]
    with connected(url) as connection:
        steps = {
            table.name: connection.scalar(select(func.max(table.c.id))) or 0 for table in tables
        }
        name = _random_id(connection.dialect.name)
        for table in tables:
            columns = [column.name for column in table.columns]
            own = table.c.id <= steps[table.name]
            for number in range(1, copies):
                copied = [_copied(table, each, number, steps, name) for each in columns]
                copies_of = select(*copied).where(own)
                connection.execute(insert(table).from_select(columns, copies_of))
            if connection.dialect.name == "postgresql":
                # The server counts on from the last number that it has given.
                numbers = func.pg_get_serial_sequence(table.name, "id")
                connection.execute(select(func.setval(numbers, func.max(table.c.id))))
        connection.commit()


def _copied(
    table: Table, column: str, number: int, steps: dict[str, int], name: ColumnElement[Any]
) -> ColumnElement[Any]:
    """A column of a row in its copy: so many rows further on, if it is a number of one."""
    if column in _NAMED:
        return name
    of_table = _NUMBERS[table.name].get(column)
    value = table.c[column]
    return value if of_table is None else value + literal(number * steps[of_table])


def _random_id(dialect: str) -> ColumnElement[Any]:
    """Sixteen characters that public ids may have."""
    if dialect == "sqlite":
        return func.lower(func.hex(func.randomblob(8)))
    return func.substr(func.md5(cast(func.random(), String)), 1, 16)
