"""Tags to fill a board with: a few that very many works carry, and many that few do."""

from collections.abc import Sequence
from itertools import product
from random import Random
from typing import Any

from app.labels.names import relationship
from app.seed.words import NAMES, name, several, skewed

_FIRST = several(
    "Lantern|Harbour|Winter|Copper|Midnight|Paper|Clockwork|Silver|Orchard|Thunder|Velvet|"
    "Salt|Feather|Amber|Hollow|Northern|Quiet|Crooked|Emerald|Wandering"
)
_SECOND = several(
    "Archive|Brigade|Chronicles|Company|Detectives|Express|Gardens|Guild|Kingdom|Letters|"
    "Library|Meridian|Observatory|Orchestra|Railway|Rangers|Saga|School|Society|Weather"
)
FANDOMS = [f"The {first} {second}" for second, first in product(_SECOND, _FIRST)]
_CAST = 6
_TROPES = several(
    "found family|fluff|banter|rescue|rivals to friends|hurt/comfort|slow burn|cooking|"
    "only one umbrella|mutual pining|sharing clothes|epistolary|time loop|school|space|"
    "road trip|letters|snowed in|animal companions|humour|case fic|missing scene|"
    "alternate universe|crossover"
)
_MOODS = several("quiet|stormy|late|secret|sunlit|frosty|last|first|borrowed|broken|tiny|enormous")
_MATTERS = several(
    "kettles|lanterns|maps|letters|gardens|stations|libraries|birthdays|festivals|dances|"
    "picnics|inventions|voyages|apologies|reunions|misunderstandings|lessons|concerts|races|"
    "holidays"
)
TAGS = [*_TROPES, "昼寝", "灯台", *(f"{mood} {of}" for of, mood in product(_MATTERS, _MOODS))]
NOTES = several(
    "storms at sea|injury|illness|grief|heights|deep water|spiders|small spaces|nightmares|"
    "fire|separation|memory loss|arguments|homesickness|hospital|falling|darkness|needles|"
    "loud noises|stage fright"
)
#: What some people type, and the tags that it stands for.
ALIASES = [
    ("tag", "family of choice", "found family"),
    ("tag", "fluffy", "fluff"),
    ("tag", "witty banter", "banter"),
    ("tag", "AU", "alternate universe"),
    ("content_note", "injuries", "injury"),
    *(("fandom", f"{fandom.removeprefix('The ')} (books)", fandom) for fandom in FANDOMS[:10]),
]
_TYPED = {(kind, canonical): alias for kind, alias, canonical in ALIASES}


def cast(fandom: int) -> list[str]:
    """The characters of a fandom, by its place."""
    return [name((fandom * _CAST + each) * 37 % NAMES) for each in range(_CAST)]


def parents() -> list[tuple[str, str]]:
    """Some characters, and the fandoms that they belong to."""
    return [(each, FANDOMS[fandom]) for fandom in range(20) for each in cast(fandom)[:3]]


def labels(rng: Random) -> dict[str, Any]:
    """The tags of a work, five to eight of them as a rule, and what it says of its notes."""
    fandoms = sorted({skewed(rng, len(FANDOMS)) for _ in range(rng.choice((1, 1, 1, 1, 2)))})
    characters = rng.sample(cast(fandoms[0]), rng.choice((1, 2, 2)))
    pair = len(characters) > 1 and rng.random() < 3 / 4
    joint = rng.choice((" & ", " & ", "/")).join(characters)
    notes = _some(rng, NOTES, rng.choice((0, 0, 1, 1, 2)))
    return {
        "fandoms": _typed(rng, "fandom", [FANDOMS[each] for each in fandoms]),
        "characters": characters,
        "relationships": [relationship(joint) or joint] if pair else [],
        "tags": _typed(rng, "tag", _some(rng, TAGS, rng.choice((2, 2, 3, 4)))),
        "content_notes": _typed(rng, "content_note", notes),
        "notes_choice": "listed" if notes else rng.choice(("none_apply", "not_warned", "unset")),
    }


def _some(rng: Random, names: Sequence[str], many: int) -> list[str]:
    return list(dict.fromkeys(names[skewed(rng, len(names))] for _ in range(many)))


def _typed(rng: Random, kind: str, names: list[str]) -> list[str]:
    """The names as somebody types them: now and then it is another one for the same tag."""
    return [_TYPED.get((kind, each), each) if rng.random() < 1 / 20 else each for each in names]
