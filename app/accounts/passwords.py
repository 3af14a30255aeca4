"""Passwords: argon2id, away from the loop, a few at a time.

To hash one takes a core tens of milliseconds and 64 MiB (RFC 9106, 4: the second recommended
option). A flood of them waits in line and leaves room for everybody else.
"""

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: Characters of a password, after NFKC. There are no other rules: they make passwords that are
#: easier to guess, not harder (NIST SP 800-63B, 5.1.1.2).
LEAST, MOST = 8, 200
#: A few that whoever guesses tries first. Longer lists would be needed against whoever can guess
#: without being slowed down; here nobody can.
_TRIED_FIRST = frozenset(
    (
        *("password", "password1", "password123", "passw0rd", "12345678", "123456789"),
        *("1234567890", "qwertyui", "qwertyuiop", "qwerty123", "iloveyou", "sunshine"),
        *("princess", "football", "baseball", "starwars", "letmein1", "welcome1", "trustno1"),
    )
)

Worked = TypeVar("Worked")
_AT_ONCE = 2
_THREADS = ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="passwords")
_HASHER = PasswordHasher()


def objection(password: str, name: str | None = None) -> str | None:
    """Say in one phrase why a password can't be taken, or return ``None`` for one that can."""
    plain = _normal(password)
    if not LEAST <= len(plain) <= MOST:
        return f"must have {LEAST} to {MOST} characters"
    if plain.lower() in _TRIED_FIRST or len(set(plain)) == 1:
        return "is one of those that are tried first"
    if name is not None and plain.lower() == name.lower():
        return "is the name itself"
    return None


async def hashed(password: str) -> str:
    """The hash under which a password is kept, with its salt and its parameters."""
    return await _aside(_HASHER.hash, _normal(password))


async def is_right(password: str, kept: str | None) -> bool:
    """Whether it is the password of which a hash is kept. Where there is none it takes as long to
    say no.
    """
    return await _aside(_verify, _normal(password), kept)


def is_outdated(kept: str) -> bool:
    """Whether a hash was made with less effort than is made now."""
    return _HASHER.check_needs_rehash(kept)


def _verify(password: str, kept: str | None) -> bool:
    try:
        return _HASHER.verify(kept or _nobodys(), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _HASHER.hash("")


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


async def _aside(work: Callable[..., Worked], *arguments: str | None) -> Worked:
    return await asyncio.get_running_loop().run_in_executor(_THREADS, work, *arguments)
