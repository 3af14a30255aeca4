"""A board with a bit of everything on it, and what is known about each work without asking."""

import random
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import FastAPI

from tests.backstage import new_account, set_state
from tests.clocks import Clock
from tests.people import JSON, Person, Town, path_of

ADULT = {"not_rated", "mature", "explicit"}
RATINGS = ("general", "general", "teen", "mature", "explicit", "not_rated")
MEDIUMS = ("fic", "art", "podfic", "vid", "fanmix", "icons", "other")
LANGUAGES = (None, "en", "en-GB", "en-gb", "EN", "pt-BR", "pt", "ptx", "eng")
WORDS = ("lantern", "kettle", "harbour")
#: Kinds of tags, with the field of a work that holds them.
FIELDS = {
    "fandom": "fandoms",
    "character": "characters",
    "relationship": "relationships",
    "tag": "tags",
    "content_note": "content_notes",
}
VOCABULARY = {
    "fandom": ("Original Work", "original  work", "The Straße", "THE STRASSE", "Lighthouses"),
    "character": ("The Keeper", "the keeper", "Otter", "Keeper"),
    "relationship": ("Keeper/Otter", "Otter/Keeper", "Keeper & Otter", "Otter / Keeper"),
    "tag": ("found family", "families we choose", "kin by choice", "banter", "Café", "Cafe\u0301"),
    "content_note": ("storms at sea", "Storms", "cliffhanger"),
}
#: Tags that the board files under another, kind and folded name.
ALIASES = {
    ("tag", "families we choose"): "found family",
    ("tag", "kin by choice"): "found family",
    ("content_note", "storms"): "storms at sea",
    ("character", "keeper"): "the keeper",
}


@dataclass
class Work:
    """A prompt or a fill, as whoever posted it knows it."""

    kind: str
    place: int
    shown: JSON
    owner: Person
    created_at: datetime
    title: str
    head: str
    body: str
    author: str | None
    filled_at: datetime | None = None
    state: str = "visible"
    prompt: "Work | None" = None
    seconds: int = 0
    claims: list[datetime] = field(default_factory=list)
    fills: list["Work"] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)

    @property
    def id(self) -> str:
        return str(self.shown["id"])

    def above(self) -> "Work":
        return self.prompt or self

    def is_listed(self) -> bool:
        """Whether lists show it to somebody."""
        return self.state == "visible" and self.above().state in ("visible", "deleted")

    def is_adult(self) -> bool:
        return self.shown["rating"] in ADULT

    def tags(self) -> set[tuple[str, str]]:
        """What it is filed under."""
        found = {(kind, name) for kind, names in FIELDS.items() for name in self.shown[names]}
        found |= {("content_note", note) for note in self.notes}
        return {filed(kind, name) for kind, name in found}

    def last_filled_at(self) -> datetime | None:
        if self.kind == "fill":
            return self.filled_at
        return max((each.filled_at for each in self.fills if each.state == "visible"), default=None)

    def mediums(self) -> set[str]:
        return set(self.shown["mediums"]) if self.kind == "prompt" else {self.shown["medium"]}

    def nearness(self, words: list[str]) -> int:
        if all(word in self.title for word in words):
            return 2
        return int(all(word in self.title + self.head for word in words))

    def has(self, word: str) -> bool:
        return word in " ".join((self.title, self.head, self.body))


def filed(kind: str, name: str) -> tuple[str, str]:
    """What a tag is filed under on the board: kind and folded name."""
    if kind == "relationship":
        sign = "/" if "/" in name else "&"
        name = f" {sign} ".join(sorted(each.strip().lower() for each in name.split(sign)))
    folded = " ".join(unicodedata.normalize("NFC", name).casefold().split())
    return kind, ALIASES.get((kind, folded), folded)


class Library:
    """The board, and everything that ever was posted on it."""

    def __init__(self, town: Town, service: FastAPI, clock: Clock) -> None:
        self.town, self.service, self.clock = town, service, clock
        self.works: list[Work] = []
        self.names: list[str] = []
        self._people: list[tuple[Person, str | None]] = []
        self._chance = random.Random(7)

    async def build(self) -> None:
        """Fill the board, and another beside it."""
        await self.town.found_board(claims=True, claim_days=14)
        self._people = [(self.town.somebody(), None) for _ in range(6)]
        self._people += [await new_account(self.service, self.town.client) for _ in range(2)]
        self.names = [name for _, name in self._people if name]
        for place in range(120):
            self.clock.move(hours=1)
            if place in (40, 80):
                await self.town.round()
            await (self._fill() if place % 2 else self._prompt())
            if place % 40 == 20:
                await self._merge(list(ALIASES.items())[place // 40 :: 3])
        await self._ask_for_more()
        await self._take_away_and_return()
        await self._post_elsewhere()
        reader = self.town.somebody()
        for work in self.works:
            if work.is_listed():
                work.shown = await reader.read(f"{path_of(work.shown)}?adult=true")

    async def _prompt(self) -> None:
        owner, sent, author = self._labelled()
        title, head, body = (self._words() for _ in range(3))
        sent |= {"title": title, "body": body, "do_not_want": head}
        mediums = self._chance.choices(MEDIUMS, k=self._chance.randrange(4))
        sent["mediums"] = list(dict.fromkeys(mediums))
        shown = await self.town.prompt(owner, **sent)
        self._put(Work("prompt", 0, shown, owner, self.clock.now(), title, head, body, author))

    async def _fill(self) -> None:
        prompt = self._chance.choice([each for each in self.works if each.kind == "prompt"][-12:])
        owner, sent, author = self._labelled()
        title, head, body = (self._words() for _ in range(3))
        status = self._chance.choice(("wip", "complete", "abandoned"))
        sent |= {"title": title, "body": body, "summary": head, "status": status}
        sent["medium"] = self._chance.choice(MEDIUMS)
        shown = await self.town.fill(prompt.shown, owner, **sent)
        now = self.clock.now()
        work = Work("fill", 0, shown, owner, now, title, head, body, author, now, prompt=prompt)
        prompt.fills.append(work)
        self._put(work)
        self.clock.move(minutes=2)
        if self._chance.random() < 0.3:
            note = self._chance.choice(VOCABULARY["content_note"])
            work.notes.add(note)
            await self.town.part(shown, owner, content_notes=[note])
        if status == "wip" and self._chance.random() < 0.3:
            await owner.change(path_of(shown), {"status": "complete"})
            work.filled_at = self.clock.now()

    def _put(self, work: Work) -> None:
        work.place = len(self.works)
        self.works.append(work)

    def _labelled(self) -> tuple[Person, JSON, str | None]:
        """Somebody who posts, labels of what they post, and the name that they sign with."""
        owner, name = self._chance.choice(self._people)
        sent: JSON = {
            "rating": self._chance.choice(RATINGS),
            "language": self._chance.choice(LANGUAGES),
        }
        for kind, names in VOCABULARY.items():
            sent[FIELDS[kind]] = self._chance.sample(names, self._chance.choice((0, 0, 1, 2)))
        if name and self._chance.random() < 0.4:
            sent["anonymous"], name = True, None
        return owner, sent, name

    def _words(self) -> str:
        return "words " + " ".join(word for word in WORDS if self._chance.random() < 0.3)

    async def _merge(self, aliases: list[tuple[tuple[str, str], str]]) -> None:
        for (kind, alias), canonical in aliases:
            sent = {"kind": kind, "alias": alias, "canonical": canonical}
            await self.town.administrator.make(f"/boards/{self.town.slug}/tag-aliases", sent)

    async def _ask_for_more(self) -> None:
        """Seconds, and claims that have run out, or stand, by the end."""
        masks = [self.town.somebody() for _ in range(4)]
        for mask in masks:
            await mask.make("/masks", {})
        prompts = [each for each in self.works if each.kind == "prompt"]
        for days, step in ((10, 4), (5, 6)):
            for work in prompts[::step]:
                await self.town.claim(work.shown)
                work.claims.append(self.clock.now())
            self.clock.move(days=days)
        for work in prompts:
            work.seconds = self._chance.choice((0, 0, 1, 2, 4))
            for mask in masks[: work.seconds]:
                assert (await mask.put(f"{path_of(work.shown)}/second")).status_code in (200, 201)

    async def _take_away_and_return(self) -> None:
        for place, work in enumerate(self.works[3::8]):
            self.clock.move(minutes=5)
            work.state = ("hidden", "screened", "deleted")[place % 3]
            if work.state == "deleted":
                await work.owner.take_away(path_of(work.shown))
                continue
            await set_state(self.service, work.shown, work.state)
            if place % 4 == 0:
                await set_state(self.service, work.shown, "visible")
                work.state = "visible"

    async def _post_elsewhere(self) -> None:
        """The same words and tags on another board."""
        slug = f"{self.town.slug}-2"
        await self.town.found_board(slug)
        for _ in range(3):
            body = {"body": "kettle", "title": "lantern", "tags": ["found family", "banter"]}
            await self.town.somebody().make(f"/boards/{slug}/prompts", body)
