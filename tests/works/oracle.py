"""What lists, counts and picks ought to say, worked out in the plainest way from all works."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from app.kit.clock import rfc3339
from tests.works.library import FIELDS, Work, filed

#: A filter as it is sent, with what it lets through.
Test = Callable[[Work, list[str], datetime], bool]


def _seen(work: Work, name: str) -> str:
    return str(work.shown[name])


def _claim(work: Work, values: list[str], now: datetime) -> bool:
    ends = [made + timedelta(days=14) for made in work.above().claims]
    state = "none" if not ends else "active" if max(ends) > now else "expired"
    return state in values


def _speaks(work: Work, values: list[str]) -> bool:
    language = (work.shown["language"] or "").lower()
    return any(
        language == each.lower() or language.startswith(f"{each.lower()}-") for each in values
    )


def _says(work: Work, query: str) -> bool:
    return all(work.has(word.removeprefix("-")) != word.startswith("-") for word in query.split())


_TESTS: dict[str, Test] = {
    "status": lambda work, values, _: work.shown["status"] in values,
    "rating": lambda work, values, _: work.shown["rating"] in values,
    "round": lambda work, values, _: str(work.above().shown["round"]) in values,
    "medium": lambda work, values, _: bool(work.mediums() & set(values)),
    "language": lambda work, values, _: _speaks(work, values),
    "author": lambda work, values, _: (work.author or "").lower() == values[0].lower(),
    "id": lambda work, values, _: work.id in values,
    "q": lambda work, values, _: _says(work, values[0]),
    "created_after": lambda work, values, _: _seen(work, "created_at") > values[0],
    "created_before": lambda work, values, _: _seen(work, "created_at") < values[0],
    "active_after": lambda work, values, _: _seen(work, "last_activity_at") > values[0],
    "min_seconds": lambda work, values, _: work.above().seconds >= int(values[0]),
    "max_seconds": lambda work, values, _: work.above().seconds <= int(values[0]),
    "claim": _claim,
}


@dataclass
class Question:
    """What is asked of a list, as parameters that may be repeated."""

    kind: str
    filters: dict[str, list[str]]
    sort: str = "newest"
    adult: bool = False

    def query(self, **more: Any) -> str:
        """As it is sent."""
        pairs = [(name, value) for name, values in self.filters.items() for value in values]
        pairs += [("adult", "true")] * self.adult
        pairs += [("sort", self.sort)] * (self.sort != "newest")
        return urlencode([*pairs, *more.items()])

    def matching(self, works: Iterable[Work], now: datetime) -> list[Work]:
        """All works that the filters let through, adult or not, in the order asked for."""
        found = [
            work
            for work in works
            if work.kind == self.kind
            and work.is_listed()
            and all(self._lets_through(work, name, now) for name in self.filters)
            and (self.sort != "recently_filled" or work.last_filled_at() is not None)
        ]
        return sorted(found, key=self._key, reverse=self.sort != "oldest")

    def listed(self, works: Iterable[Work], now: datetime) -> list[Work]:
        """Those of them that are shown."""
        return [work for work in self.matching(works, now) if self.adult or not work.is_adult()]

    def _lets_through(self, work: Work, name: str, now: datetime) -> bool:
        values = self.filters[name]
        if name in _TESTS:
            return _TESTS[name](work, values, now)
        kind = name.removeprefix("not_")
        asked = {filed(kind, value) for value in values}
        return not asked & work.tags() if name.startswith("not_") else asked <= work.tags()

    def _key(self, work: Work) -> Any:
        first: dict[str, Callable[[], Any]] = {
            "active": lambda: work.shown["last_activity_at"],
            "recently_filled": work.last_filled_at,
            "most_seconded": lambda: work.above().seconds,
            "relevance": lambda: work.nearness(self.filters["q"][0].split()),
        }
        return (first[self.sort](), work.place) if self.sort in first else work.place


def facets(works: Iterable[Work]) -> dict[str, Counter[str | int]]:
    """How many works have each value of each facet, tags by their folded names, languages (with
    all that the filter takes for them) in small letters.
    """
    works = list(works)
    counts: dict[str, Counter[str | int]] = {
        name: Counter() for name in ("status", "rating", "round", "medium", "language", *FIELDS)
    }
    for work in works:
        for name in ("status", "rating"):
            counts[name][work.shown[name]] += 1
        counts["round"][work.above().shown["round"]] += 1
        counts["medium"].update(work.mediums())
        for kind, name in work.tags():
            counts[kind][name] += 1
    spoken = {language.lower() for work in works if (language := work.shown["language"])}
    for language in spoken:
        counts["language"][language] = sum(_speaks(work, [language]) for work in works)
    return counts


def between(works: list[Work]) -> list[str]:
    """Instants at which nothing happened, as they are sent: one after each tenth post."""
    return [rfc3339(work.created_at + timedelta(minutes=30)) for work in works[::10]]
