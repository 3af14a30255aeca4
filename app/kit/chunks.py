"""Cutting what is searched into chunks, the rows of a full-text index.

The databases limit a row: PostgreSQL keeps at most 255 places of a term, 16,383 places in all and a
megabyte of terms. A text of any length is cut below that. Chunks overlap, so that a phrase of up to
:data:`MAX_PHRASE` terms stands whole in one of them.

This takes a tenth of a second and more for the longest texts, and needs nothing but them: call
:func:`stretches` away from the loop.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from app.kit.terms import located_terms, terms

#: The longest phrase that is never torn.
MAX_PHRASE = 32
#: How many terms a chunk has of a body, and how many of what stands above it; and how often at
#: most the same one.
_BODY = (2000, 150)
_HEAD = (1000, 100)
#: Stands between tags, where no phrase passes. No term is or holds it.
BREAK = "·"


class Stretch(NamedTuple):
    """A stretch of a body: its terms with spaces between them, and where in the body it stands."""

    terms: str
    start: int
    stop: int


class Chunk(NamedTuple):
    """What one row of the index files: terms with spaces between them, by the field they are of."""

    title: str = ""
    head: str = ""
    body: str = ""
    start: int = 0
    stop: int = 0


def stretches(text: str) -> tuple[Stretch, ...]:
    """Cut a body. One without any term is one stretch too."""
    found = list(located_terms(text))
    words = [each.term for each in found]
    cuts = list(_cuts(words, *_BODY)) or [(0, 0)]
    return tuple(
        Stretch(
            " ".join(words[first:last]),
            found[first].start if first else 0,
            found[last - 1].stop if last < len(words) else len(text),
        )
        for first, last in cuts
    )


def chunks(
    title: str, head: Iterable[str], body: Sequence[Stretch] | None = None
) -> tuple[Chunk, ...]:
    """The chunks of a title, of what else stands at the head (tags, a summary: no phrase passes
    from one to another), and of a body. If all are short it is one.
    """
    above = _above(title, head)
    below = list(body or ())
    rows = max(len(above), len(below))
    above += [("", "")] * (rows - len(above))
    below += [Stretch("", 0, 0)] * (rows - len(below))
    return tuple(
        Chunk(title, head, *stretch) for (title, head), stretch in zip(above, below, strict=True)
    )


def _above(title: str, head: Iterable[str]) -> list[tuple[str, str]]:
    """Title and head, cut. There is always a first of it."""
    named = [*((True, each) for each in _cut(terms(title)))]
    named += [(False, each) for item in head for each in _cut(terms(item))]
    cut: list[tuple[list[str], list[str]]] = [([], [])]
    seen: Counter[str] = Counter()
    for is_title, words in named:
        added = seen + Counter(words)
        if added.total() > _HEAD[0] or max(added.values()) > _HEAD[1]:
            cut.append(([], []))
            added = Counter(words)
        seen = added
        field = cut[-1][0 if is_title else 1]
        field += [BREAK, *words] if field else words
    return [(" ".join(one), " ".join(other)) for one, other in cut]


def _cut(words: list[str]) -> Iterator[list[str]]:
    for first, last in _cuts(words, *_HEAD):
        yield words[first:last]


def _cuts(words: Sequence[str], most: int, most_of_one: int) -> Iterator[tuple[int, int]]:
    """From where to where the pieces go; each shares its last terms with the next."""
    first = last = 0
    while last < len(words):
        first = max(0, last - MAX_PHRASE + 1)
        last = first
        seen: Counter[str] = Counter()
        while last < min(len(words), first + most) and seen[words[last]] < most_of_one:
            seen[words[last]] += 1
            last += 1
        yield first, last
