"""Answers that are kept ready in memory, as long as what they were made of stays as it is."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from app.core.answers import Ready

#: Bytes that an answer takes beside its body: its headers, its key and its stamp.
_BESIDE_BODY = 2000


@dataclass(frozen=True)
class _Kept:
    stamp: tuple[Any, ...]
    answer: Ready


class KeptAnswers:
    """Answers by what was asked, the latest used up to so many bytes together.

    Each is kept with its *stamp*: all that it was made of, or numbers that move with it, as the
    database said it just before. Whoever asks reads the stamp anew, each time, and gets the answer
    only if nothing has moved: so it is right beside other processes, and what is out of sight is
    gone at once.
    """

    def __init__(self, size: int) -> None:
        #: Whether there is room for anything at all.
        self.keeps = size > 0
        self._left = size
        self._kept: OrderedDict[tuple[str, bytes], _Kept] = OrderedDict()

    def get(self, asked: tuple[str, bytes], stamp: tuple[Any, ...]) -> Ready | None:
        """The answer to what was asked, if it was made under this stamp."""
        kept = self._kept.get(asked)
        if kept is None or kept.stamp != stamp:
            return None
        self._kept.move_to_end(asked)
        return kept.answer

    def clear(self) -> None:
        """Let go of all of them."""
        for kept in self._kept.values():
            self._left += _size(kept.answer)
        self._kept.clear()

    def put(self, asked: tuple[str, bytes], stamp: tuple[Any, ...], answer: Ready) -> None:
        """Keep an answer, and let go of those that were not used for longest. The stamp was read
        before whatever the answer is made of.
        """
        former = self._kept.pop(asked, None)
        if former is not None:
            self._left += _size(former.answer)
        self._kept[asked] = _Kept(stamp, answer)
        self._left -= _size(answer)
        while self._left < 0:
            _, gone = self._kept.popitem(last=False)
            self._left += _size(gone.answer)


def _size(answer: Ready) -> int:
    return len(answer.body) + _BESIDE_BODY
