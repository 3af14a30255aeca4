"""The words of a text as a search knows them: one way for every text, every query, every database.

Terms are runs of letters and digits, folded (NFKC, case, accents: "CAFÉ" is ``cafe``, "ﬁn" is
``fin``). Nothing is left out and nothing stemmed: no list of stop words knows every language. What
is neither letter nor digit separates words, emoji included, except:

- apostrophes within a word, which go: "don't" and "dont" are one word;
- characters that nobody sees (soft hyphens, joiners, marks of direction), which go as well;
- vowel signs and other marks that spell a word in its script (Devanagari, Thai, the voicing of
  kana); only accents and points go.

Scripts written without spaces between words, and Hangul, whose particles hang on their nouns, give
one term for each character. A run of them in a query is then a phrase, and finds itself anywhere.
"""

import re
import unicodedata
from collections.abc import Iterator
from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple

#: A longer term is cut: nobody types it, and databases limit what they index.
MAX_TERM = 64
#: No letter of any language has so many marks; folding takes quadratic time in long runs of them.
_MAX_CLUSTER = 32
#: One code point may stand for four (㌀), or for a whole sentence in Arabic, which would let a text
#: grow eighteenfold. Of such a one only the beginning is taken.
_MAX_GROWTH = 4
#: Longer runs without a space are folded anew each time.
_REMEMBERED = 40

_ASCII_TERM = re.compile("[a-z0-9]+(?:'[a-z0-9]+)*")
#: What no space and no ASCII punctuation cuts; most are words, some are sentences of Chinese.
_RUN = re.compile(r"[^\s\x00-\x26\x28-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+")
_APOSTROPHES = frozenset("'’‘ʼʻ")
_ZERO_WIDTH_SPACE = "\u200b"
#: Accents and points, and the selectors of a character's variants.
_ACCENT = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef]+"
)
#: Thai and Lao, Tibetan, Myanmar, Khmer and the scripts of Tai and Lanna, kana and bopomofo, Han,
#: Yi, Hangul syllables.
_UNSPACED = re.compile(
    "[\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf\u0f40-\u0fbc\u1000-\u103f\u1050-\u109d"
    "\u1780-\u17d3\u1950-\u19df\u1a00-\u1aad\u3005-\u3007\u3021-\u302f\u3038-\u303c\u3041-\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f"
    "\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua48c\ua9e0-\ua9fe\uaa60-\uaadf\uac00-\ud7a3"
    "\uf900-\ufaff\U0001aff0-\U0001b2ff\U00020000-\U000323af]"
)

_PLAIN = "\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff\uac00-\ud7a3"
#: Characters that are their own terms as they stand, since nothing behind them melts into them.
#: Without this short way, half a million characters of Japanese take a second.
_PLAIN_RUN = re.compile(f"[{_PLAIN}]+(?=[{_PLAIN}\x00-\x7f\u3000-\u3029\uff01-\uff5e]|$)")


class _Kind(Enum):
    """What a character does to the term before it: goes on with it, or ends it."""

    LETTER = auto()
    APOSTROPHE = auto()
    #: A term by itself.
    ALONE = auto()
    SEPARATOR = auto()
    #: It is as if it were not there.
    UNSEEN = auto()


class Found(NamedTuple):
    """A term, and from where to where in the text it stands."""

    term: str
    start: int
    stop: int


def terms(text: str) -> list[str]:
    """The terms of a text, in its order. Any text has them, or has none."""
    if text.isascii():
        return [each.replace("'", "")[:MAX_TERM] for each in _ASCII_TERM.findall(text.lower())]
    found: list[str] = []
    for run in _RUN.findall(text):
        if run.isascii():
            found += terms(run)
        else:
            for piece, is_plain in _pieces(run):
                found += piece if is_plain else [each.term for each in _folded(piece)]
    return found


def located_terms(text: str) -> Iterator[Found]:
    """The terms of a text with the places where they stand."""
    if text.isascii():
        for each in _ASCII_TERM.finditer(text.lower()):
            yield Found(each[0].replace("'", "")[:MAX_TERM], each.start(), each.end())
        return
    for run in _RUN.finditer(text):
        first = run.start()
        for piece, is_plain in _pieces(run[0]):
            if is_plain:
                for at, character in enumerate(piece, first):
                    yield Found(character, at, at + 1)
            else:
                for term, start, stop in _folded(piece):
                    yield Found(term, first + start, first + stop)
            first += len(piece)


def _pieces(run: str) -> Iterator[tuple[str, bool]]:
    """A run cut into pieces whose characters are plainly their own terms, and the others."""
    seen = 0
    for plain in _PLAIN_RUN.finditer(run):
        if plain.start() > seen:
            yield run[seen : plain.start()], False
        yield plain[0], True
        seen = plain.end()
    if seen < len(run):
        yield run[seen:], False


def _folded(run: str) -> tuple[Found, ...]:
    return _remembered(run) if len(run) <= _REMEMBERED else _fold(run)


def _fold(run: str) -> tuple[Found, ...]:
    """The terms of a run of characters."""
    found: list[Found] = []
    word: list[str] = []
    start = stop = 0
    # An apostrophe belongs to a word if the word goes on right behind it.
    is_pending = False

    def end_word() -> None:
        if word:
            found.append(Found("".join(word)[:MAX_TERM], start, stop))
            word.clear()

    at = 0
    for cluster in _clusters(run):
        here, at = at, at + len(cluster)
        for character, kind in _fold_cluster(cluster):
            if kind is _Kind.LETTER:
                start = start if word else here
                word.append(character)
                stop = at
                is_pending = False
            elif kind is _Kind.APOSTROPHE and word and not is_pending:
                is_pending = True
            else:
                end_word()
                is_pending = False
                if kind is _Kind.ALONE:
                    found.append(Found(character, here, at))
    end_word()
    return tuple(found)


_remembered = lru_cache(maxsize=20_000)(_fold)


def _clusters(run: str) -> Iterator[str]:
    """Characters with all that belongs to them, so that each can be folded by itself."""
    first = 0
    for place in range(1, len(run)):
        if place - first >= _MAX_CLUSTER or not _continues(run[place]):
            yield run[first:place]
            first = place
    if run:
        yield run[first:]


@lru_cache(maxsize=20_000)
def _continues(character: str) -> bool:
    """Whether a character may melt into the one before it: a mark, or a vowel or final of Hangul
    that is spelt out.
    """
    return character > "\u02ff" and (
        _is_mark(character)
        or "\u1160" <= character <= "\u11ff"
        or unicodedata.normalize("NFKC", character)[0] in "\u3099\u309a"
        or unicodedata.combining(unicodedata.normalize("NFKD", character)[0]) != 0
    )


@lru_cache(maxsize=20_000)
def _fold_cluster(cluster: str) -> tuple[tuple[str, _Kind], ...]:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", cluster).casefold())
    # Folding can bring characters that have to be folded themselves.
    plain = unicodedata.normalize("NFKD", _ACCENT.sub("", plain).casefold())
    plain = unicodedata.normalize("NFC", _ACCENT.sub("", plain))
    kinds = [(each, _kind(each)) for each in plain]
    seen = [(each, kind) for each, kind in kinds if kind is not _Kind.UNSEEN]
    return tuple(seen[: _MAX_GROWTH * len(cluster)])


def _kind(character: str) -> _Kind:
    category = unicodedata.category(character)
    if character in _APOSTROPHES:
        return _Kind.APOSTROPHE
    if _UNSPACED.match(character) and category[0] not in "PS":
        return _Kind.ALONE
    if character.isalnum() or category[0] == "M":
        return _Kind.LETTER
    if category == "Cf" and character != _ZERO_WIDTH_SPACE:
        return _Kind.UNSEEN
    return _Kind.SEPARATOR


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"
