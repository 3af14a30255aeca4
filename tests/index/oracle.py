"""What a search has to find, worked out in the simplest way: by looking at every word."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from app.index.asked import Asked, Phrase
from app.index.models import Look
from app.index.queries import Where
from app.kit.terms import terms
from app.threads.models import ThreadKind


@cache
def _spelt(text: str) -> str:
    """The terms of a text, each between spaces."""
    return f" {' '.join(terms(text))} "


@dataclass
class Work:
    """A work as it was filed; a body that is ``None`` leaves it to the parts."""

    board_id: int
    kind: ThreadKind
    title: str
    head: list[str] = field(default_factory=list)
    body: str | None = None
    parts: list[str] = field(default_factory=list)
    thread_id: int = 0
    part_ids: list[int] = field(default_factory=list)

    def fields(self, look: Look) -> Iterable[str]:
        """Each text that a phrase can stand in."""
        texts = [self.title]
        if look is not Look.TITLE:
            texts += self.head
        if look is Look.EVERYWHERE:
            texts += [self.body or "", *self.parts]
        return map(_spelt, texts)


def has(work: Work, look: Look, phrase: Phrase) -> bool:
    """Whether each run of a phrase stands in some text of a work."""
    fields = list(work.fields(look))
    return all(any(f" {' '.join(run)} " in each for each in fields) for run in phrase)


def matches(work: Work, asked: Asked, where: Where) -> bool:
    """Whether a work is to be found."""
    if asked.is_nothing():
        return False
    if where.board_id not in (None, work.board_id) or where.kind not in (None, work.kind):
        return False
    return all(
        any(has(work, where.look, phrase) for phrase in choice) for choice in asked.wanted
    ) and not any(has(work, where.look, phrase) for phrase in asked.unwanted)
