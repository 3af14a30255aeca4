"""Keys that live for a week: what was hashed under one can't be traced once it is gone.

A key is made for each day (UTC), kept in a file of its own beside the database and never in it, and
destroyed seven days after its day began. A copy of the database holds none; a copy of the folder
holds those of a week. To overwrite a file before it is unlinked would be for show: file systems and
disks write elsewhere.
"""

import secrets
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

from app.core.files import write_once
from app.core.settings import SECRET_LENGTH, UnusableKeyError
from app.kit.clock import now

#: Days whose keys are kept, today included. What is keyed in the first hour of a day is the oldest
#: that a key protects, and it may be known for seven days.
KEPT_DAYS = 7


class DayKeys:
    """The keys of the last days, in a folder that several processes may share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys: dict[date, bytes] = {}
        self._turned_on: date | None = None

    def newest_first(self) -> list[bytes]:
        """Today's key, and those of the days before that are kept."""
        self.turn_over()
        return list(self._keys.values())

    def turn_over(self) -> bool:
        """Where a day has begun since this was last called, make its key, unless another process
        has, and destroy and forget those that are too old; say whether one has.

        :raises UnusableKeyError: the folder can't be used, or a file in it is no key.
        """
        today = now().date()
        if self._turned_on == today:
            return False
        try:
            self._keys = self._read(today)
        except (OSError, UnicodeDecodeError) as error:
            message = f"can't keep the keys of the day in {self._folder}: {error}"
            raise UnusableKeyError(message) from error
        self._turned_on = today
        return True

    def _read(self, today: date) -> dict[date, bytes]:
        self._folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._destroy_old(today)
        path = self._folder / today.isoformat()
        if not path.exists():
            write_once(path, secrets.token_urlsafe(SECRET_LENGTH))
        days = (today - timedelta(days=ago) for ago in range(KEPT_DAYS))
        return {day: key for day in days if (key := self._key(day)) is not None}

    def _key(self, day: date) -> bytes | None:
        path = self._folder / day.isoformat()
        try:
            key = path.read_bytes().strip()
        except FileNotFoundError:
            return None
        if len(key) < SECRET_LENGTH:
            raise UnusableKeyError(f"{path} is empty or cut off: delete it")
        return key

    def _destroy_old(self, today: date) -> None:
        """Unlink the keys of other days than those that are kept, and what a process that broke off
        has left of them. A clock may run ahead by a day; what is dated later is an error.
        """
        first, last = today - timedelta(days=KEPT_DAYS - 1), today + timedelta(days=1)
        for path in self._folder.iterdir():
            with suppress(ValueError):
                if not first <= date.fromisoformat(path.name[:10]) <= last:
                    path.unlink(missing_ok=True)
