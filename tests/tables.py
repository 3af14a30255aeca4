"""What a database really holds, read beside the service."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, inspect, text
from sqlalchemy.engine import URL

from app.core.settings import Settings

ROOT = Path(__file__).parent.parent
#: The names of all migrations, the first one first.
REVISIONS = [
    script.revision for script in ScriptDirectory(str(ROOT / "migrations")).walk_revisions()
][::-1]


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection that reads a database, and leaves nothing open."""
    engine = sqlalchemy.create_engine(parsed(url), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def parsed(url: str) -> URL:
    """The URL as the service reads it."""
    return Settings(database_url=url).database()


def table_names(url: str) -> set[str]:
    """All tables but those in which FTS5 keeps its own."""
    with connected(url) as connection:
        names = set(inspect(connection).get_table_names())
    return {name for name in names if not name.startswith("search_terms_")}


def rows(url: str) -> dict[str, list[str]]:
    """Every row of every table, written out, in one order."""
    with connected(url) as connection:
        return {
            name: sorted(str(row) for row in connection.execute(text(f'SELECT * FROM "{name}"')))
            for name in inspect(connection).get_table_names()
        }


def stored_bytes(url: str) -> bytes:
    """All that a thief of the database gets: the file of SQLite with its write-ahead log, or the
    rows of every table of PostgreSQL.
    """
    where = parsed(url)
    if where.get_backend_name() != "sqlite":
        return "\n".join(line for table in rows(url).values() for line in table).encode()
    assert where.database is not None
    file = Path(where.database)
    return b"".join(each.read_bytes() for each in sorted(file.parent.glob(f"{file.name}*")))
