"""Questions about what is in a file. Who may see a fill is decided in ``fills``."""

from typing import Any

from sqlalchemy import Select, select

from app.fills.models import PART


def parts_in_order(fill_id: int) -> Select[Any]:
    """The parts of a fill in their order, without their text, each with its version: ``edits``."""
    return (
        select(
            PART.public_id,
            PART.number,
            PART.title,
            PART.content_notes,
            PART.words_count,
            PART.posted_at,
            PART.edited_at,
            PART.edits,
        )
        .where(PART.fill_id == fill_id)
        .order_by(PART.number)
    )


def part_text(public_id: str) -> Select[Any]:
    """The text of one part, with its version."""
    return select(PART.body, PART.body_html, PART.edits).where(PART.public_id == public_id)
