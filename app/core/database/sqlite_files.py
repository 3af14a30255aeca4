"""An SQLite file: whose it is, and how it is written."""

import fcntl
import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

#: Seconds between two attempts at what SQLite does not wait for by itself.
_PAUSE = 0.02


class AlreadyServedError(RuntimeError):
    """Another process is serving the file. The message is for the operator."""


def turn_to_wal(driver: sqlite3.Connection, patience: float) -> None:
    """Have a file keep a log of what is written. A fresh one is turned to that under a lock. Where
    two processes are about to do it at once, SQLite refuses one of them without waiting, whatever
    its timeout says, and it tries again for so many seconds.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            driver.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)
        else:
            return


def check_unserved(path: Path) -> None:
    """:raises AlreadyServedError: another process is serving an SQLite file."""
    # What else is wrong with the file is said when it is opened.
    with suppress(OSError):
        if path.exists():
            claim(path).close()


def claim(path: Path) -> BinaryIO:
    """Hold an SQLite file for this serving process alone, for as long as what is returned is open.

    :raises AlreadyServedError: another process is serving it.
    """
    claim = path.with_name(f"{path.name}.serving").open("wb")
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        claim.close()
        raise AlreadyServedError(
            f"{path} is being served by another process: more than one needs PostgreSQL"
        ) from error
    return claim
