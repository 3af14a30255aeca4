"""Questions about seconds. Nobody is told who seconded a prompt but whoever did."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select

from app.prompts.models import PROMPT
from app.seconds.models import SECOND
from app.seconds.people import Seconder


def place(prompt_id: int) -> str:
    """As what a prompt's sources are known."""
    return f"second/{prompt_id}"


def is_by(seconder: Seconder, prompt_id: int) -> ColumnElement[bool]:
    """Which seconds of a prompt are somebody's: by their mask, or by the source that they came from
    on any of the days for which it is still known.
    """
    if seconder.mask_id is not None:
        return SECOND.mask_id == seconder.mask_id
    sources = seconder.source.hashes(place(prompt_id))
    return and_(SECOND.mask_id.is_(None), SECOND.source.in_(sources))


def second(prompt_id: int, seconder: Seconder) -> Select[Any]:
    """Somebody's second of a prompt."""
    return select(SECOND.id).where(SECOND.prompt_id == prompt_id, is_by(seconder, prompt_id))


def seconds_count(prompt_id: int) -> Select[Any]:
    """How many want a prompt, too."""
    return select(PROMPT.seconds_count).where(PROMPT.id == prompt_id)


def to_be_forgotten(before: datetime, at_most: int) -> Select[Any]:
    """Seconds that still know their source and were given before an instant, the oldest first.
    Those that another request is forgetting at this moment are left to it.
    """
    return (
        select(SECOND.id)
        .where(SECOND.source.is_not(None), SECOND.created_at < before)
        .order_by(SECOND.created_at)
        .limit(at_most)
        .with_for_update(skip_locked=True)
    )
