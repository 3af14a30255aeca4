"""Choosing the database that a URL names."""

from sqlalchemy.engine import URL

from app.core.database.base import Database
from app.core.database.postgresql import PostgreSQLDatabase
from app.core.database.sqlite import SQLiteDatabase


def open_database(url: URL, *, is_server: bool = True) -> Database:
    """Make the database for a URL that the settings have checked. Nothing connects before
    ``start``. A command line that works beside the server says so with ``is_server``.
    """
    if url.get_backend_name() == "sqlite":
        return SQLiteDatabase(url, checkpoints=is_server)
    return PostgreSQLDatabase(url)
