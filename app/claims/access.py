"""How a request obtains a claim, or a prompt to claim."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Path, Request

from app.boards.access import check_posting
from app.boards.settings import settings_of
from app.claims import queries
from app.claims.errors import ClaimsOff
from app.core.errors import NotAllowed, NotFound
from app.core.sessions import CurrentSession, held
from app.core.sources import TheSource
from app.core.tables import table_of
from app.identity.access import KnownCaller, MaybeCaller
from app.identity.people import Caller, has_name
from app.kit.ids import PATTERN
from app.labels.access import AdultAsked
from app.prompts.access import OpenPrompt, open_prompt, present_prompt, readable_prompt
from app.prompts.models import Prompt

ClaimId = Annotated[str, Path(pattern=PATTERN, description="The claim's `id`.")]


async def claimable_prompt(
    session: CurrentSession, caller: MaybeCaller, prompt: OpenPrompt, source: TheSource
) -> Any:
    """A prompt that may be claimed.

    :raises ClaimsOff: its board wants no claims.
    :raises NameRequired: for the time being its board takes nothing from those without a name.
    :raises PostingPaused: its board takes nothing now.
    """
    settings = settings_of(prompt)
    await check_posting(
        session, caller, prompt.board_id, settings, is_named=has_name(caller), source=source
    )
    if not settings["claims"]:
        raise ClaimsOff
    return prompt


ClaimablePrompt = Annotated[Any, Depends(claimable_prompt)]


@dataclass(frozen=True)
class Claimed:
    """A claim with the prompt that it is on."""

    claim: Any
    prompt: Any


def is_own(claim: Any, caller: Caller | None) -> bool:
    """Whether a claim is the caller's."""
    return caller is not None and caller.owns_mask(claim.mask_id)


async def standing_claim(request: Request, session: CurrentSession, claim: ClaimId) -> Claimed:
    """A claim on a prompt that is not out of sight. In a request that writes, the prompt is held
    before the claim is read.
    """
    prompt = await session.first(held(request, queries.claimed_prompt(claim), table_of(Prompt)))
    row = await session.first(queries.claim(claim))
    if prompt is None or row is None:
        raise NotFound
    return Claimed(row, prompt)


StandingClaim = Annotated[Claimed, Depends(standing_claim)]


async def readable_claim(
    caller: MaybeCaller, claimed: StandingClaim, adult: AdultAsked = False
) -> Claimed:
    """A claim to be read. Where a board shows no counts, only its owner knows of it.

    :raises AdultContent: its prompt is adult, and that was not asked for.
    :raises Gone: its prompt was deleted.
    """
    if not is_own(claimed.claim, caller) and not settings_of(claimed.prompt)["show_counts"]:
        raise NotFound
    await readable_prompt(await present_prompt(claimed.prompt), adult)
    return claimed


ReadableClaim = Annotated[Claimed, Depends(readable_claim)]


async def own_claim(caller: KnownCaller, claimed: StandingClaim) -> Claimed:
    """The caller's own claim, whatever has become of its prompt.

    :raises NotAllowed: it is somebody else's.
    """
    if not caller.owns_mask(claimed.claim.mask_id):
        raise NotAllowed
    return claimed


OwnClaim = Annotated[Claimed, Depends(own_claim)]


async def renewable_claim(
    session: CurrentSession, caller: KnownCaller, claimed: OwnClaim, source: TheSource
) -> Claimed:
    """The caller's own claim on a prompt that may be claimed."""
    prompt = await open_prompt(session, await present_prompt(claimed.prompt))
    await claimable_prompt(session, caller, prompt, source)
    return claimed


RenewableClaim = Annotated[Claimed, Depends(renewable_claim)]
