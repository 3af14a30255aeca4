"""Opaque public ids.

An id that grows with time, or that can be guessed from its neighbour, tells which anonymous posts
belong together. So ids are 80 random bits, and the order of rows is kept by a number that never
leaves the database.
"""

import secrets

#: Crockford's base 32 in lower case: no i, l, o or u, so that an id survives being read aloud.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 16
PATTERN = rf"^[{ALPHABET}]{{{LENGTH}}}$"
#: A digit for each byte: the 256 of them come to each of the 32 digits equally often.
_DIGIT_OF = ALPHABET.encode() * (256 // len(ALPHABET))


def new_id() -> str:
    """Make a fresh id of :data:`LENGTH` characters."""
    return secrets.token_bytes(LENGTH).translate(_DIGIT_OF).decode()
