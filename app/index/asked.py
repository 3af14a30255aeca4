"""What somebody looks for, read from what they typed. Any text at all is a valid query.

Words must all be there, in any order; ``"a phrase"`` as it stands; ``-word`` and ``-"a phrase"``
must not be; ``cat or dog``, or ``cat | dog``, asks for one of them. A word that gives several terms
(slow-burn, 東京) is a phrase. An ``or`` that does not stand between two words or phrases is a word.
A query in which nothing can be found (no text, ``?!``, an emoji) has no hits; one that only
excludes has all the others.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple, TypeVar

from app.kit.chunks import MAX_PHRASE
from app.kit.terms import terms

#: Terms that stand side by side.
Run = tuple[str, ...]
#: A phrase is one run; a long one is several that overlap, all of which must be there.
Phrase = tuple[Run, ...]
#: One of these phrases.
Choice = tuple[Phrase, ...]

#: How many words and phrases are required at most, since each takes time to look for; those behind
#: them are left out of account.
MAX_WANTED = 16
#: The same for their terms, of those that are wanted and of those that are not. A phrase in a
#: script without spaces has as many as it has characters, and a text may repeat them all.
MAX_TERMS = 64

_T = TypeVar("_T")
_QUOTES = str.maketrans("“”„‟＂", '"""""')
_TOKEN = re.compile(r'(?P<minus>-*)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"|]+))|(?P<bar>\|)')
_STRIDE = MAX_PHRASE // 2


@dataclass(frozen=True)
class Asked:
    """What is looked for: all choices of ``wanted``, and no phrase of ``unwanted``."""

    wanted: tuple[Choice, ...] = ()
    unwanted: tuple[Phrase, ...] = ()

    def is_nothing(self) -> bool:
        """Whether the query had nothing in it that could be found."""
        return not self.wanted and not self.unwanted


class _Token(NamedTuple):
    """A word or phrase of a query, or an ``or``; a bar has no words."""

    words: Run
    is_unwanted: bool = False
    is_or: bool = False

    @property
    def phrase(self) -> Phrase:
        return _runs(self.words)

    def is_wanted(self) -> bool:
        return not self.is_unwanted and not self.is_or


def read_query(text: str) -> Asked:
    """Read a query. Every text is one."""
    tokens = list(_bounded(_tokens(text)))
    unwanted = (each.phrase for each in tokens if each.is_unwanted)
    return Asked(_once(_choices(tokens))[:MAX_WANTED], _once(unwanted))


def _tokens(text: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(text.translate(_QUOTES)):
        if found["bar"]:
            yield _Token((), is_or=True)
            continue
        is_or = not found["minus"] and (found["word"] or "").casefold() == "or"
        words = tuple(terms(found["phrase"] or found["word"] or ""))
        if words:
            yield _Token(words, is_unwanted=bool(found["minus"]), is_or=is_or)


def _bounded(tokens: Iterable[_Token]) -> Iterator[_Token]:
    """The tokens up to :data:`MAX_TERMS`, the last of them cut."""
    left = {"wanted": MAX_TERMS, "unwanted": MAX_TERMS}
    for token in tokens:
        kind = "unwanted" if token.is_unwanted else "wanted"
        words = token.words[: left[kind]]
        if not token.is_or:
            left[kind] -= len(words)
        # An "or" behind the last word has nothing left to stand between.
        if words or (token.is_or and left[kind]):
            yield token._replace(words=words)


def _runs(words: Run) -> Phrase:
    """Cut what is longer than a chunk keeps whole."""
    if not words:
        return ()
    last = max(0, len(words) - MAX_PHRASE)
    return _once(words[at : at + MAX_PHRASE] for at in (*range(0, last, _STRIDE), last))


def _choices(tokens: list[_Token]) -> Iterator[Choice]:
    choice: list[Phrase] = []
    is_joined = False
    for token, following in zip_longest(tokens, tokens[1:]):
        stands_between = bool(choice) and following is not None and following.is_wanted()
        if token.is_or and stands_between and not is_joined:
            is_joined = True
            continue
        if not is_joined and choice:
            yield _once(choice)
            choice = []
        is_joined = False
        if token.phrase and not token.is_unwanted:
            choice.append(token.phrase)
    if choice:
        yield _once(choice)


def _once(each: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(each))
