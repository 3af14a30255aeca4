"""Paths of ordinals: where a comment stands in the reading order of its thread.

Each comment hands out 0, 1, 2 ... to its replies. A reply's path is its parent's path followed by
one segment that encodes its ordinal, so that plain bytewise order of paths is the reading order
(preorder) and everything below a comment is one range. Ordinals are only ever appended, so a page
that was read never shifts.

A segment is 1 character for ordinals up to 47 and 2, 3, 4 or 6 characters above. Its first
character says how long it is and grows with the length: segments keep their order, and none is the
beginning of another.
"""

from app.kit.base62 import DIGITS, base62

#: For each length of a segment: how many first characters mark it.
_LEADS = ((1, 48), (2, 10), (3, 2), (4, 1), (6, 1))

#: Sorts after every character of a path: a subtree ends before ``path + END``.
END = "~"
#: The longest path. Rows of a PostgreSQL index end at 2,704 bytes, so a reply that would be deeper
#: is placed after its parent, under the last path that fits.
MAX_LENGTH = 2000
LONGEST_SEGMENT = 6


def segment(ordinal: int) -> str:
    """Encode one ordinal; raise ``ValueError`` below 0 or above 916,379,515."""
    if ordinal < 0:
        raise ValueError("an ordinal counts from 0")
    rest, first_lead = ordinal, 0
    for width, leads in _LEADS:
        capacity = leads * 62 ** (width - 1)
        if rest < capacity:
            lead, tail = divmod(rest, 62 ** (width - 1))
            return DIGITS[first_lead + lead] + base62(tail, width - 1)
        rest -= capacity
        first_lead += leads
    raise ValueError("no comment has so many replies")


def has_room(path: str) -> bool:
    """Whether replies can stand below a path, whatever their ordinal."""
    return len(path) + LONGEST_SEGMENT <= MAX_LENGTH


def is_near_end(path: str) -> bool:
    """Whether what answers to a reply to a path may stand beside that reply, and not below it."""
    return len(path) + 2 * LONGEST_SEGMENT > MAX_LENGTH


def just_before(path: str) -> str:
    """What sorts before a path, and after every path that does."""
    return path[:-1] + chr(ord(path[-1]) - 1) + END
