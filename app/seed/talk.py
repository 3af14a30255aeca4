"""Comments to fill threads with."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random

from app.kit.markup import render
from app.seed import words
from app.seed.crowd import NAMED, REGULARS


@dataclass(frozen=True)
class Head:
    """A work that stands, as its thread needs it: who wrote it, and what it hangs on."""

    thread_id: int
    prompt_id: int
    fill_id: int | None
    round_id: int
    at: datetime
    mask_id: int
    account_id: int | None
    part_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Remark:
    """A comment. ``author`` is a place in the crowd, -1 the author of the work, and below that
    somebody who is only here. ``part`` is the place of a part.
    """

    body: str
    body_html: str
    at: datetime
    author: int
    reply_to: int | None
    part: int | None


#: Who wrote the work.
AUTHOR = -1


def shares(rng: Random, heads: int, comments: int, deep: int) -> dict[int, int]:
    """How many comments each work has, by its place: ``deep`` of them one that is long posted, and
    of the rest few works many, and many works few.
    """
    if not heads:
        return {}
    long = heads // 10
    places = [place for place in range(heads) if place != long] or [long]
    rng.shuffle(places)
    counts = Counter({long: deep} if deep else {})
    for _ in range(comments - deep):
        counts[places[int(len(places) * rng.random() ** 2)]] += 1
    return dict(sorted(counts.items()))


def conversation(
    rng: Random, head: Head, comments: int, until: datetime, *, is_named: bool
) -> Iterator[Remark]:
    """What is said below a work, in its order. ``is_named`` says whether names may be shown."""
    strangers = comments // 3 + 1
    span = until - head.at
    instants = sorted(rng.random() ** 3 for _ in range(comments))
    for number, instant in enumerate(instants):
        body = words.remark(rng)
        yield Remark(
            body,
            render(body),
            (head.at + span * instant).replace(microsecond=0),
            _author(rng, strangers, is_named=is_named),
            _parent(rng, number),
            rng.randrange(len(head.part_ids)) if head.part_ids and rng.random() < 1 / 4 else None,
        )


def _author(rng: Random, strangers: int, *, is_named: bool) -> int:
    kind = rng.random()
    if kind < 1 / 6:
        return AUTHOR
    if kind < 1 / 2:
        return rng.randrange(0 if is_named else NAMED, NAMED + REGULARS)
    return AUTHOR - 1 - rng.randrange(strangers)


def _parent(rng: Random, number: int) -> int | None:
    """Which of the comments before it one answers: often the last, else one of the last few."""
    kind = rng.random()
    if number == 0 or kind < 1 / 4:
        return None
    if kind < 3 / 5:
        return number - 1
    return rng.randrange(max(0, number - 10), number) if kind < 9 / 10 else rng.randrange(number)
