"""Numbers in base 62, whose digits sort bytewise as they count."""

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

#: Two digits at once take half as long.
_PAIRS = [first + second for first in DIGITS for second in DIGITS]


def base62(number: int, width: int) -> str:
    """The last ``width`` digits of a number, with leading zeros."""
    pairs = []
    for _ in range((width + 1) // 2):
        number, pair = divmod(number, 62 * 62)
        pairs.append(_PAIRS[pair])
    return "".join(reversed(pairs))[-width:]
