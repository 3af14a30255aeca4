"""Claims over HTTP."""

from typing import Any

from fastapi import Request, Response

from app.boards.errors import Banned, NameRequired, PostingPaused, RoundClosed
from app.claims import queries, service, views
from app.claims.access import ClaimablePrompt, OwnClaim, ReadableClaim, RenewableClaim, is_own
from app.claims.errors import ClaimsOff
from app.claims.lists import NEWEST_FIRST, shown
from app.claims.schemas import ClaimPage, ClaimPublic, ClaimReceipt
from app.core.answers import check_if_match, edit_tag, no_content, own_answer, seen_answer
from app.core.database import Session
from app.core.description import refusals
from app.core.errors import BadCursor, Gone, NotAllowed, NotFound, PreconditionFailed
from app.core.paging import Address, ThePage, page_answer, read_page
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.core.site import Site, TheSite
from app.identity.access import MaybeCaller, ThePoster
from app.identity.scopes import needs_scope
from app.identity.views import receipt
from app.labels.access import AdultAsked
from app.labels.errors import AdultContent
from app.prompts.access import ReadablePrompt
from app.threads.errors import Frozen

router = room_router("Claims")


@router.get(
    "/prompts/{prompt}/claims",
    response_model=ClaimPage,
    operation_id="list_claims",
    summary="List the claims on a prompt",
    responses=refusals(AdultContent, BadCursor, NotFound, Gone),
)
async def list_claims(
    request: Request,
    prompt: ReadablePrompt,
    caller: MaybeCaller,
    session: CurrentSession,
    site: TheSite,
    page: ThePage,
    adult: AdultAsked = False,
) -> Response:
    """Who is writing for a prompt, without telling who: the newest claim first, those that have run
    out included. Yours are marked, if you send the token that you claimed with.

    Where the board shows no counts, only yours are listed.
    """
    claims = shown(prompt, caller)
    read = await read_page(session, site, Address.of(request), claims, NEWEST_FIRST, page)
    items = [views.claim(site, row, is_yours=is_own(row, caller), adult=adult) for row in read.rows]
    content = {"items": items, "next": read.next}
    return page_answer(request, content, is_public=caller is None)


@router.post(
    "/prompts/{prompt}/claims",
    status_code=201,
    response_model=ClaimReceipt,
    operation_id="claim_prompt",
    summary="Claim a prompt",
    responses={
        200: {"model": ClaimReceipt, "description": "You had claimed it: your claim was renewed."},
        **refusals(
            NotFound, Gone, Frozen, RoundClosed, NameRequired, Banned, PostingPaused, ClaimsOff
        ),
    },
)
@needs_scope("fills:write")
async def claim_prompt(
    prompt: ClaimablePrompt, poster: ThePoster, session: CurrentSession, site: TheSite
) -> Response:
    """Say "I'm writing this". A claim keeps nobody else from writing, too, and runs out after some
    days (`claim_days` of the board) unless it is renewed. It ends when you post your fill with the
    same token.

    Sent without a token, the receipt carries the `edit_token` that renewing, withdrawing and
    filling need. A mask has one claim on a prompt: claiming again renews it, and answers 200.
    """
    public_id, is_new = await service.claim_prompt(session, prompt, poster.mask_id)
    content, edit = await _content(session, site, public_id)
    return own_answer(
        receipt(content, poster, []),
        status=201 if is_new else 200,
        edit=edit,
        location=content["url"] if is_new else None,
    )


@router.get(
    "/claims/{claim}",
    response_model=ClaimPublic,
    operation_id="read_claim",
    summary="Read a claim",
    responses=refusals(AdultContent, NotFound, Gone),
)
async def read_claim(
    request: Request,
    claimed: ReadableClaim,
    caller: MaybeCaller,
    site: TheSite,
    adult: AdultAsked = False,
) -> Response:
    """One claim, by which somebody says "I am writing this": on which prompt it is, and until when.
    Whose it is, only its owner sees (`is_yours`).
    """
    is_yours = is_own(claimed.claim, caller)
    content = views.claim(site, claimed.claim, is_yours=is_yours, adult=adult)
    version = _version(claimed.claim)
    return seen_answer(request, content, is_public=caller is None, edit=version)


@router.put(
    "/claims/{claim}",
    response_model=ClaimPublic,
    operation_id="renew_claim",
    summary="Renew your claim",
    responses=refusals(
        NotAllowed,
        NotFound,
        Gone,
        Frozen,
        RoundClosed,
        NameRequired,
        Banned,
        PostingPaused,
        ClaimsOff,
        PreconditionFailed,
    ),
)
@needs_scope("fills:write")
async def renew_claim(
    request: Request, claimed: RenewableClaim, session: CurrentSession, site: TheSite
) -> Response:
    """Still writing: your claim runs out as late as if you had made it now, even if it had run out
    already. There is nothing to send.
    """
    check_if_match(request, _version(claimed.claim))
    await service.renew_claim(session, claimed.prompt, claimed.claim)
    content, edit = await _content(session, site, claimed.claim.public_id)
    return own_answer(content, edit=edit)


@router.delete(
    "/claims/{claim}",
    status_code=204,
    operation_id="withdraw_claim",
    summary="Withdraw your claim",
    responses=refusals(NotAllowed, NotFound, PreconditionFailed),
)
@needs_scope("fills:write")
async def withdraw_claim(request: Request, claimed: OwnClaim, session: CurrentSession) -> Response:
    """No longer writing it. This is possible whatever the board, the round or the prompt takes by
    now.
    """
    check_if_match(request, _version(claimed.claim))
    await service.withdraw_claim(session, claimed.claim)
    return no_content()


async def _content(session: Session, site: Site, public_id: str) -> tuple[dict[str, Any], str]:
    """A claim as its owner gets it back, and its version. Anybody may claim an adult prompt without
    having asked for adult material, so its title is not told.
    """
    row = await session.first(queries.claim(public_id))
    assert row is not None
    return views.claim(site, row, is_yours=True, adult=False), _version(row)


def _version(claim: Any) -> str:
    return edit_tag(claim.public_id, claim.renewals)
