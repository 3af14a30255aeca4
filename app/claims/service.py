"""What can be done with claims.

Whoever calls these holds the prompt's row, so that a mask has one claim on a prompt, and the prompt
knows until when it is claimed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update

from app.boards.settings import settings_of
from app.claims import queries
from app.claims.models import CLAIM, Claim
from app.core.database import Session
from app.core.tables import row_of, table_of
from app.kit.clock import now
from app.prompts.service import note_claimed


async def claim_prompt(session: Session, prompt: Any, mask_id: int) -> tuple[str, bool]:
    """Claim a prompt. Who has a claim on it already, even one that ran out, renews that. Returns
    the claim's public id, and whether it is new.
    """
    standing = await session.first(queries.by_mask(prompt.id, mask_id))
    if standing is not None:
        await renew_claim(session, prompt, standing)
        return standing.public_id, False
    claim = Claim(prompt_id=prompt.id, mask_id=mask_id, expires_at=_expiry(prompt))
    await session.add(claim)
    await _tell_prompt(session, prompt.id)
    return claim.public_id, True


async def put_claims(
    session: Session, claims: Sequence[tuple[int, int, datetime, datetime]]
) -> None:
    """Note claims: on which prompt, of which mask, from when and until when. Their prompts know of
    them already.
    """
    rows = [
        row_of(Claim, prompt_id=prompt_id, mask_id=mask_id, created_at=since, expires_at=until)
        for prompt_id, mask_id, since, until in claims
    ]
    await session.put(table_of(Claim), rows)


async def renew_claim(session: Session, prompt: Any, claim: Any) -> None:
    """Have a claim run out as late as if it were made now."""
    await session.run(
        update(table_of(Claim))
        .where(CLAIM.id == claim.id)
        .values(expires_at=_expiry(prompt), renewals=CLAIM.renewals + 1)
    )
    await _tell_prompt(session, prompt.id)


async def withdraw_claim(session: Session, claim: Any) -> None:
    """Take a claim back."""
    await session.run(delete(table_of(Claim)).where(CLAIM.id == claim.id))
    await _tell_prompt(session, claim.prompt_id)


async def keep_claim(session: Session, prompt: Any, mask_id: int | None) -> None:
    """A mask has filled a prompt: a claim that it had on it has been kept, and ends."""
    if prompt.claimed_until is None or mask_id is None:
        return
    theirs = (CLAIM.prompt_id == prompt.id, CLAIM.mask_id == mask_id)
    if await session.run(delete(table_of(Claim)).where(*theirs)):
        await _tell_prompt(session, prompt.id)


def _expiry(prompt: Any) -> datetime:
    days: int = settings_of(prompt)["claim_days"]
    return now() + timedelta(days=days)


async def _tell_prompt(session: Session, prompt_id: int) -> None:
    await note_claimed(session, prompt_id, await session.scalar(queries.claimed_until(prompt_id)))
