"""Bearer tokens: a prefix for each kind, 256 random bits in base 62, and a CRC-32 tail.

The prefix lets leak scanners find a token by its pattern. The tail lets a mistyped one be refused
without a look-up. Only the SHA-256 of a token is ever stored; 256 random bits need no slow hash.
"""

import hashlib
import secrets
import zlib
from enum import StrEnum

from app.kit.base62 import base62

#: 43 digits of base 62 hold 256 bits, 6 hold 32.
_BODY, _TAIL = 43, 6


class TokenKind(StrEnum):
    """What a token was made for, and the prefix that says so."""

    EDIT = "fbe_"
    SESSION = "fbs_"
    KEY = "fbk_"
    RECEIPT = "fbr_"
    FEED = "fbf_"


def new_token(kind: TokenKind) -> str:
    """Make a fresh token: its prefix, 43 random characters and 6 of checksum."""
    body = base62(secrets.randbits(256), _BODY)
    return kind.value + body + _checksum(kind.value + body)


def kind_of(token: str) -> TokenKind | None:
    """The kind of a well-formed token, or ``None`` for anything else, misspelt tokens included."""
    for kind in TokenKind:
        if token.startswith(kind.value):
            head, tail = token[:-_TAIL], token[-_TAIL:]
            length = len(kind.value) + _BODY + _TAIL
            well_formed = len(token) == length and token.isascii() and tail == _checksum(head)
            return kind if well_formed else None
    return None


def hash_of(token: str) -> bytes:
    """The SHA-256 under which a token is stored and found again.

    Finding it by an index over hashes leaks nothing through time: an attacker can't choose a
    token's hash by choosing its first characters.
    """
    return hashlib.sha256(token.encode()).digest()


def _checksum(text: str) -> str:
    return base62(zlib.crc32(text.encode()), _TAIL)
