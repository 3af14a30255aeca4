"""Questions about claims. Whose one is, nobody is told but its owner."""

from functools import cache
from typing import Any

from sqlalchemy import Select, func, select

from app.boards.models import BOARD, Board
from app.claims.models import CLAIM
from app.core.tables import table_of
from app.prompts.models import PROMPT, Prompt
from app.prompts.queries import brief_columns, standing_prompts


@cache
def claims() -> Select[Any]:
    """All claims, with what names their prompt."""
    return (
        select(*CLAIM, *brief_columns(), BOARD.slug)
        .join(table_of(Prompt), PROMPT.id == CLAIM.prompt_id)
        .join(table_of(Board), BOARD.id == PROMPT.board_id)
    )


def claim(public_id: str) -> Select[Any]:
    """One claim."""
    return claims().where(CLAIM.public_id == public_id)


def on_prompt(prompt_id: int) -> Select[Any]:
    """The claims on a prompt, those that have run out included."""
    return claims().where(CLAIM.prompt_id == prompt_id)


def by_mask(prompt_id: int, mask_id: int | None) -> Select[Any]:
    """The claim of a mask on a prompt."""
    return on_prompt(prompt_id).where(CLAIM.mask_id == mask_id)


def claimed_prompt(public_id: str) -> Select[Any]:
    """The prompt that a claim is on, unless it is out of sight."""
    prompt_id = select(CLAIM.prompt_id).where(CLAIM.public_id == public_id).scalar_subquery()
    return standing_prompts().where(PROMPT.id == prompt_id)


def claimed_until(prompt_id: int) -> Select[Any]:
    """When the last of a prompt's claims runs out, or did."""
    return select(func.max(CLAIM.expires_at)).where(CLAIM.prompt_id == prompt_id)
