"""What of a text is shown of a hit: a few words around the first place that was looked for."""

import html
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from app.index.asked import Asked, Run
from app.kit.terms import Found, located_terms
from app.kit.text import without_directions, without_markdown

#: How many characters are shown, about.
LENGTH = 200
#: How much of the text is looked at around a place, for each character shown: Markdown and white
#: space go from it.
_LOOK = 3


class Snippet(NamedTuple):
    """Plain text in one line, with an ellipsis where it was cut, and from where to where in it
    stands what was looked for.
    """

    text: str
    marks: tuple[tuple[int, int], ...] = ()

    def html(self) -> str:
        """The same as HTML, with ``<mark>`` around what was looked for."""
        pieces = []
        seen = 0
        for start, stop in self.marks:
            marked = html.escape(self.text[start:stop])
            pieces += [html.escape(self.text[seen:start]), f"<mark>{marked}</mark>"]
            seen = stop
        return "".join([*pieces, html.escape(self.text[seen:])])


def snippet(text: str, asked: Asked, length: int = LENGTH) -> Snippet:
    """A snippet of a text, or of a stretch of it: around the first place where something that was
    asked for stands, or of the beginning.
    """
    first = next(_places(list(located_terms(text)), asked), (0, 0))[0]
    start, stop = max(0, first - length * _LOOK), first + length * _LOOK
    plain = _plain(text[start:stop])
    # What was found may have stood in the address of a link, which has gone.
    marks = _merged(_places(list(located_terms(plain)), asked))
    here = marks[0][0] if marks and first else 0
    cut = _cut(plain, here, length, is_start=start == 0, is_end=stop >= len(text))
    return _shown(plain, marks, *cut)


def _places(found: Sequence[Found], asked: Asked) -> Iterator[tuple[int, int]]:
    """From where to where in a text each run stands that was asked for, in its order."""
    runs: dict[str, list[Run]] = {}
    for run in dict.fromkeys(run for choice in asked.wanted for phrase in choice for run in phrase):
        runs.setdefault(run[0], []).append(run)
    words = [each.term for each in found]
    for at, each in enumerate(found):
        for run in runs.get(each.term, ()):
            last = at + len(run)
            if tuple(words[at:last]) == run:
                yield each.start, found[last - 1].stop


def _merged(places: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, stop in places:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    return merged


def _plain(text: str) -> str:
    lines = map(without_markdown, without_directions(text).splitlines())
    return " ".join(" ".join(lines).split())


def _cut(
    plain: str, here: int, length: int, *, is_start: bool, is_end: bool
) -> tuple[int, int, str, str]:
    """Where the snippet begins and ends, between words if there are any, and the ellipses."""
    start = max(0, min(here - length // 4, len(plain) - length))
    if start > 0:
        space = plain.find(" ", start, here)
        start = space + 1 if space >= 0 else start
    stop = min(len(plain), start + length)
    if stop < len(plain) and plain[stop] != " ":
        space = plain.rfind(" ", here + 1, stop)
        stop = space if space > start else stop
    before = "" if start == 0 and is_start else "…"
    after = "" if stop == len(plain) and is_end else "…"
    return start, stop, before, after


def _shown(
    plain: str, marks: list[tuple[int, int]], start: int, stop: int, before: str, after: str
) -> Snippet:
    """What is cut out, with its marks where they stand in it."""
    shift = len(before) - start
    first = bisect_left(marks, (start, start))
    inside = ((max(a, start) + shift, min(b, stop) + shift) for a, b in marks[first:] if a < stop)
    return Snippet(before + plain[start:stop].rstrip() + after, tuple(inside))
