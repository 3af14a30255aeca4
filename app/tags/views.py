"""How labels are shown."""

from typing import Any

from app.tags.access import is_adult

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


def labels(row: Any) -> dict[str, Any]:
    """The labels of a row of prompts or fills."""
    return {name: getattr(row, name) for name in LABELS}


def notices(rating: str) -> list[dict[str, str]]:
    """What the author of something so rated should know."""
    if not is_adult(rating):
        return []
    message = "Readers see this only with adult=true, since its rating counts as adult."
    return [{"code": "shown-as-adult", "message": message}]
