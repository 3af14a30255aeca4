"""Labels of a row: what a work says of itself, and whether that makes it adult."""

from collections.abc import Iterable
from typing import Any

#: Which ratings nobody is shown who did not ask for adult material.
ADULT_RATINGS = ("not_rated", "mature", "explicit")

#: The columns in which a work says what it is, in the order of the public shape.
LABELS = (
    "fandoms",
    "characters",
    "relationships",
    "tags",
    "content_notes",
    "notes_choice",
    "rating",
    "language",
)


def is_adult(rating: str) -> bool:
    """Whether a rating counts as adult."""
    return rating in ADULT_RATINGS


def labels(row: Any) -> dict[str, Any]:
    """The labels of a row of prompts or fills."""
    return {name: getattr(row, name) for name in LABELS}


#: The kind of tag that each list of labels holds.
KINDS = {
    "fandoms": "fandom",
    "characters": "character",
    "relationships": "relationship",
    "tags": "tag",
    "content_notes": "content_note",
}
#: Each medium's bit where several mediums are kept as one number.
MEDIUM_BITS = {
    medium: 1 << place
    for place, medium in enumerate(("fic", "art", "podfic", "vid", "fanmix", "icons", "other"))
}


def tags(row: Any) -> list[tuple[str, str]]:
    """Kind and name of each tag of a row of prompts or fills, as they were typed."""
    return [(kind, name) for column, kind in KINDS.items() for name in getattr(row, column)]


def medium_bits(mediums: Iterable[str]) -> int:
    """Mediums as one number, in which each is a bit."""
    return sum({MEDIUM_BITS[medium] for medium in mediums})


def every_label(row: Any) -> list[str]:
    """All that the author of a row of prompts or fills wrote into its labels, in one list."""
    lists = (value for value in labels(row).values() if isinstance(value, list))
    return [each for value in lists for each in value]
