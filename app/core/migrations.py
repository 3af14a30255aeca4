"""Bringing a database to the tables that this version needs.

All migrations that are due run in one transaction, on both databases: whatever interrupts them
leaves the database as it was. Two processes that migrate at once follow each other, and the second
finds nothing to do.
"""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, event
from sqlalchemy.engine import URL

from app.core.database.sqlite_files import turn_to_wal

_PACKAGE = Path(__file__).parent.parent
#: Beside the package in a checkout, inside it where it was installed.
_SCRIPTS = next(
    path for path in (_PACKAGE / "_migrations", _PACKAGE.parent / "migrations") if path.is_dir()
)
#: An arbitrary number that means "migrating Fillboard" among PostgreSQL's advisory locks.
_ADVISORY_LOCK = 4_611_686_018_427_387_001
#: Seconds to wait for whoever else is migrating, or is using a table that is to be altered.
_PATIENCE = 60


def migrate(url: URL) -> list[str]:
    """Bring a database up to date; return the names of the revisions that were applied."""
    if url.database and url.get_backend_name() == "sqlite":
        Path(url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = migrating_engine(url)
    try:
        with engine.begin() as connection:
            hold_alone(connection)
            before = _applied(connection)
            command.upgrade(_config(connection), "head")
            return [name for name in _known() if name in _applied(connection) - before]
    finally:
        engine.dispose()


def made_new(applied: Sequence[str]) -> bool:
    """Whether a database had no tables before these revisions were applied."""
    return _known()[0] in applied


def migrating_engine(url: URL) -> sqlalchemy.Engine:
    """An engine whose transactions hold tables as well as rows."""
    if url.get_backend_name() != "sqlite":
        options = f"-c lock_timeout={_PATIENCE}s"
        return sqlalchemy.create_engine(url, poolclass=NullPool, connect_args={"options": options})
    engine = sqlalchemy.create_engine(url, poolclass=NullPool, connect_args={"timeout": _PATIENCE})

    @event.listens_for(engine, "connect")
    def _prepare(driver: sqlite3.Connection, _record: object) -> None:
        # The module would commit before each CREATE TABLE; transactions are begun by hand instead.
        driver.isolation_level = None
        turn_to_wal(driver, _PATIENCE)
        driver.execute("PRAGMA synchronous = FULL")
        # Checkpoints belong to the serving process, which may be running beside this one.
        driver.execute("PRAGMA wal_autocheckpoint = 0")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def hold_alone(connection: Connection) -> None:
    """Wait until nobody else migrates. ``BEGIN IMMEDIATE`` has done it on SQLite."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _applied(connection: Connection) -> set[str]:
    heads = MigrationContext.configure(connection).get_current_heads()
    scripts = ScriptDirectory(str(_SCRIPTS))
    return {script.revision for head in heads for script in scripts.iterate_revisions(head, "base")}


def _known() -> list[str]:
    scripts = ScriptDirectory(str(_SCRIPTS))
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]
