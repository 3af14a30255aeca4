"""Prompts and fills to fill a board with, in the order in which they were posted."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from app.boards.schemas import SEVERITY
from app.core.tables import row_of
from app.fills.models import Fill, Part
from app.kit.chunks import Stretch, stretches
from app.kit.markup import render
from app.kit.text import count_words, title_from
from app.labels.reading import medium_bits
from app.prompts.models import Prompt
from app.seed import tags, words
from app.seed.crowd import Author, pick_author

#: How long a board has been there.
AGE = timedelta(days=730)
_RATINGS = (
    *("general", "general", "general", "teen", "teen", "teen"),
    *("mature", "explicit", "not_rated"),
)
_MEDIUMS = ("fic", "fic", "fic", "fic", "art", "podfic", "vid", "fanmix", "icons", "other")
_LANGUAGES = ("en", "en", "en", "en", "en", "de", "fr", "es", "pt-BR", None, None)
_STATUSES = ("complete", "complete", "complete", "wip", "wip", "abandoned")
_PARTS = (1, 1, 1, 1, 1, 2, 2, 3, 4, 6, 10)
_FEW = 3
#: One prompt of so many is in a language that is written without spaces, or with few.
_UNSPACED_EVERY = 40


@dataclass
class PlannedPrompt:
    """A prompt. ``place`` is its own among the prompts, ``row`` what its author has sent of it;
    ``seconds`` and ``claims`` say when, ``seconders`` and ``claimants`` who of the crowd it was, as
    far as that is known.
    """

    place: int
    at: datetime
    author: Author
    row: dict[str, Any]
    body: Sequence[Stretch]
    seconds: list[datetime]
    seconders: list[int]
    claims: list[datetime]
    claimants: list[int]


@dataclass
class PlannedFill:
    """A fill of the prompt at ``place``. ``is_own``: the prompt's author wrote it."""

    place: int
    at: datetime
    author: Author
    is_own: bool
    row: dict[str, Any]
    parts: list[tuple[dict[str, Any], Sequence[Stretch]]] = field(default_factory=list)


class Timeline:
    """What is posted on a board until an instant: always the same for the same seed."""

    def __init__(self, seed: int, prompts: int, fills: int, until: datetime, settings: Any) -> None:
        self.began = until - AGE
        self._until = until
        self._settings = settings
        self._rng = Random(f"{seed}:works")  # noqa: S311 - it is to be the same again
        most = SEVERITY[settings["max_rating"]]
        self._ratings = [each for each in _RATINGS if SEVERITY[each] <= most]
        self._posted = sorted(self._rng.random() ** 0.8 for _ in range(prompts))
        self._fills = self._planned_fills(fills)

    def works(self) -> Iterator[PlannedPrompt | PlannedFill]:
        """All works, the oldest first."""
        left = Counter(place for _, place in self._fills)
        labels: dict[int, dict[str, Any]] = {}
        fills = iter([*self._fills, (2.0, -1)])
        due, of = next(fills)
        for place, when in enumerate(self._posted):
            while due <= when:
                yield self._fill(of, due, labels[of])
                left[of] -= 1
                if not left[of]:
                    del labels[of]
                due, of = next(fills)
            prompt = self._prompt(place, when)
            if left[place]:
                labels[place] = prompt.row
            yield prompt
        while of >= 0:
            yield self._fill(of, due, labels[of])
            due, of = next(fills)

    def _planned_fills(self, many: int) -> list[tuple[float, int]]:
        """When each fill is posted, and of which prompt; a few prompts have many."""
        rng, prompts = self._rng, len(self._posted)
        planned = []
        for _ in range(many if prompts else 0):
            place = rng.randrange(prompts)
            if rng.random() < 1 / 4:
                place = place * 20 % prompts // 20 * 20
            posted = self._posted[place]
            planned.append((posted + (1 - posted) * rng.random() ** 3, place))
        return sorted(planned)

    def _instant(self, when: float) -> datetime:
        """An instant from 0, when the board was founded, to 1."""
        at = self.began + AGE * when
        return min(at.replace(microsecond=0), self._until)

    def _after(self, at: datetime, days: float) -> datetime:
        """Some time within so many days, but not later than now."""
        return min(at + timedelta(days=days * self._rng.random()), self._until)

    def _prompt(self, place: int, when: float) -> PlannedPrompt:
        rng, at = self._rng, self._instant(when)
        language, body = rng.choice(_LANGUAGES), words.paragraphs(rng, rng.randint(2, 8))
        if place % _UNSPACED_EVERY == _UNSPACED_EVERY // 2:
            language, body = words.unspaced(rng)
        is_titled = rng.random() < 2 / 3
        mediums = sorted({rng.choice(_MEDIUMS) for _ in range(rng.choice((0, 1, 1, 2)))})
        seconds = 0 if rng.random() < 13 / 20 else int(61 ** (rng.random() ** 2))
        claims = rng.choice((1, 1, 2)) if self._has_claim() else 0
        return PlannedPrompt(
            place,
            at,
            pick_author(rng, self._settings["anonymity_prompts"]),
            {
                **tags.labels(rng),
                "rating": rng.choice(self._ratings),
                "language": language,
                "title": words.title(rng) if is_titled else title_from(body),
                "is_title_made": not is_titled,
                "body": body,
                "body_html": render(body),
                "mediums": mediums,
                "mediums_bits": medium_bits(mediums),
                "do_not_want": words.sentence(rng) if rng.random() < 1 / 5 else None,
            },
            stretches(body),
            seconds=sorted(self._after(at, 90) for _ in range(seconds)),
            seconders=rng.sample(range(100), min(seconds, _FEW)),
            claims=[self._after(at, 200) for _ in range(claims)],
            claimants=rng.sample(range(100), claims),
        )

    def _has_claim(self) -> bool:
        return bool(self._settings["claims"]) and self._rng.random() < 1 / 16

    def _fill(self, place: int, when: float, prompt: dict[str, Any]) -> PlannedFill:
        rng, at = self._rng, self._instant(when)
        status = rng.choice(_STATUSES)
        medium = rng.choice(_MEDIUMS)
        is_elsewhere = medium != "fic" and rng.random() < 1 / 2
        link = f"https://art.example/{rng.getrandbits(40):x}" if is_elsewhere else None
        row = {
            **{name: prompt[name] for name in ("rating", "notes_choice", "language")},
            **{name: prompt[name] for name in ("fandoms", "characters", "relationships", "tags")},
            "content_notes": prompt["content_notes"],
            "medium": medium,
            "status": "complete" if is_elsewhere else status,
            "summary": words.sentence(rng) if rng.random() < 1 / 2 else None,
            "title": words.title(rng),
            "external_url": link,
        }
        author = pick_author(rng, self._settings["anonymity_fills"])
        fill = PlannedFill(place, at, author, rng.random() < 1 / 30, row)
        fill.parts = [] if is_elsewhere else self._parts(at, rng.choice(_PARTS))
        self._complete(fill)
        return fill

    def _parts(self, at: datetime, many: int) -> list[tuple[dict[str, Any], Sequence[Stretch]]]:
        rng = self._rng
        parts: list[tuple[dict[str, Any], Sequence[Stretch]]] = []
        for number in range(1, many + 1):
            body = words.paragraphs(rng, rng.randint(6, 40))
            row = row_of(
                Part,
                fill_id=0,
                number=number,
                title=words.title(rng) if many > 1 and rng.random() < 1 / 2 else None,
                body=body,
                body_html=render(body),
                content_notes=[rng.choice(tags.NOTES)] if rng.random() < 1 / 10 else [],
                words_count=count_words(body),
                posted_at=at,
            )
            parts.append((row, stretches(body)))
            at = self._after(at, 21)
        return parts

    def _complete(self, fill: PlannedFill) -> None:
        """What follows of a fill from its parts."""
        count, row = len(fill.parts), fill.row
        latest = max((part["posted_at"] for part, _ in fill.parts), default=fill.at)
        is_done = row["status"] == "complete"
        row |= {
            "parts_count": count,
            "parts_expected": (count or None) if is_done else None,
            "words_count": sum(part["words_count"] for part, _ in fill.parts),
            "created_at": fill.at,
            "updated_at": latest,
            "last_activity_at": latest,
            "filled_at": latest if is_done else fill.at,
        }


def prompt_row(planned: PlannedPrompt, **more: Any) -> dict[str, Any]:
    """All columns of a prompt, as it stands before anybody has filled it."""
    return row_of(
        Prompt,
        **planned.row,
        created_at=planned.at,
        last_activity_at=planned.at,
        seconds_count=len(planned.seconds),
        **more,
    )


def fill_row(planned: PlannedFill, **more: Any) -> dict[str, Any]:
    """All columns of a fill."""
    return row_of(Fill, **planned.row, **more)
