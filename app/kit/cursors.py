"""Sealed page cursors: where a reader is in a list, unreadable and unforgeable.

A cursor holds the keys of the last row seen, so it keeps working when that row is deleted. It is
sealed with AES-SIV (RFC 5297), which needs no random nonce: the same page always has the same
bytes, and so the same ETag. What the cursor belongs to (the list, its filters, its order) is
authenticated beside it, so that it opens nowhere else.
"""

import base64
import binascii
import json
import zlib
from datetime import datetime
from typing import Any, TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

#: A key value in a cursor.
CursorValue: TypeAlias = str | int | datetime | None

KEY_LENGTH = 64

#: What is longer than this is pressed together, so that an address stays one that proxies take.
_LONG = 256
#: What begins pressed bytes; JSON never begins so.
_PRESSED = b"z"


class BadCursorError(ValueError):
    """The cursor was edited, or belongs to another list or other filters."""


class CursorSealer:
    """Seals and opens cursors under one key of :data:`KEY_LENGTH` bytes."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESSIV(key)

    def seal(self, values: list[CursorValue], belongs_to: str) -> str:
        """Turn key values into an opaque URL-safe text that opens only with ``belongs_to``."""
        plain = json.dumps(values, separators=(",", ":"), default=_mark_instant).encode()
        if len(plain) > _LONG:
            plain = _PRESSED + zlib.compress(plain, 9)
        return _text(self._cipher.encrypt(plain, [belongs_to.encode()]))

    def open(self, cursor: str, belongs_to: str) -> list[CursorValue]:
        """Read the key values back; raise :class:`BadCursorError` for any other text."""
        try:
            sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
            plain = self._cipher.decrypt(sealed, [belongs_to.encode()])
        except (binascii.Error, ValueError, InvalidTag) as error:
            raise BadCursorError from error
        # Several texts stand for the same bytes in base 64; only one of them was given out.
        if _text(sealed) != cursor:
            raise BadCursorError
        if plain.startswith(_PRESSED):
            plain = zlib.decompress(plain.removeprefix(_PRESSED))
        values: list[CursorValue] = json.loads(plain, object_hook=_instant)
        return values


def _text(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def _mark_instant(value: object) -> dict[str, str]:
    assert isinstance(value, datetime)
    return {"at": value.isoformat()}


def _instant(marked: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(marked["at"])
