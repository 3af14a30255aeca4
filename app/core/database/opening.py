"""Choosing the database that a URL names."""

from pathlib import Path

from sqlalchemy.engine import URL

from app.core.database.base import Database
from app.core.database.postgresql import PostgreSQLDatabase
from app.core.database.sqlite import SQLiteDatabase
from app.core.database.sqlite_files import check_unserved


def open_database(url: URL, *, is_server: bool = True) -> Database:
    """Make the database for a URL that the settings have checked. Nothing connects before
    ``start``. A command line that works beside the server says so with ``is_server``.
    """
    if url.get_backend_name() == "sqlite":
        return SQLiteDatabase(url, checkpoints=is_server)
    return PostgreSQLDatabase(url)


def check_free_to_serve(url: URL) -> None:
    """See whether a new serving process may have a database. PostgreSQL takes any number.

    :raises AlreadyServedError: it is an SQLite file that another process is serving.
    """
    if url.get_backend_name() == "sqlite":
        check_unserved(Path(str(url.database)))
