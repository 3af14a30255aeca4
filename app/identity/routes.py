"""Masks over HTTP."""

from fastapi import Response

from app.core.answers import own_answer
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.identity import service
from app.identity.schemas import MaskReceipt

router = room_router("Identity")


@router.post(
    "/masks",
    status_code=201,
    response_model=MaskReceipt,
    operation_id="mint_mask",
    summary="Put on a mask",
)
async def mint_mask(session: CurrentSession) -> Response:
    """Make an anonymous identity ahead of the first post.

    You rarely need this: posting without a token makes a mask by itself and returns its edit token
    in the receipt. It is useful for an app that wants to hold the token before the writer presses
    *post*, or that posts a prompt and a comment in one go, to be recognised as one person's.

    Nothing is asked and nothing is stored about you. Two masks of one person can't be told from
    those of two people.
    """
    minted = await service.mint_mask(session)
    return own_answer({"edit_token": minted.edit_token}, status=201)
