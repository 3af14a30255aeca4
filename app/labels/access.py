"""The adult gate."""

from typing import Annotated

from fastapi import Query

from app.core.fields import Flag
from app.core.replays import is_receipt
from app.labels.errors import AdultContent
from app.labels.reading import is_adult

#: ``adult=true`` on any GET: the reader asks for adult material.
AdultAsked = Annotated[
    Flag,
    Query(
        description="Also show what is rated `mature`, `explicit` or `not_rated`. Without it lists "
        "leave such items out, and a direct look at one answers 403 `adult-content`."
    ),
]


def check_adult(
    asked: bool, rating: str, content_notes: list[str], board: str, number: int
) -> None:
    """Keep adult material from whoever did not ask for it, and did not make it just now.

    :raises AdultContent: it is adult. The answer says what it is rated and warned for, on which
        board and under which prompt number it is, and holds no word of its text.
    """
    if not asked and is_adult(rating) and not is_receipt():
        raise AdultContent(rating=rating, content_notes=content_notes, board=board, number=number)
