"""Labels of a row: what a work says of itself, and whether that makes it adult."""

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


def every_label(row: Any) -> list[str]:
    """All that the author of a row of prompts or fills wrote into its labels, in one list."""
    lists = (value for value in labels(row).values() if isinstance(value, list))
    return [each for value in lists for each in value]
