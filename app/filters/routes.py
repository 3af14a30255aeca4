"""Saved filters over HTTP."""

from fastapi import Request, Response

from app.core.answers import seen_answer
from app.core.database import Session
from app.core.description import refusals
from app.core.parameters import ACCEPTS_ADULT
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.filters import service
from app.filters.access import OwnAccount
from app.filters.schemas import FiltersPublic, FiltersSent
from app.identity.errors import AccountRequired

router = room_router("Identity")


@router.get(
    "/me/filters",
    response_model=FiltersPublic,
    operation_id="read_filters",
    dependencies=[ACCEPTS_ADULT],
    summary="Read your saved filters",
    responses=refusals(AccountRequired),
)
async def read_filters(request: Request, account: OwnAccount, session: CurrentSession) -> Response:
    """What you hide from your lists, and what you are warned about: tags, content notes and the
    like that the server leaves out or marks wherever you read. This needs an account's token.
    """
    return await _answer(request, session, account)


@router.put(
    "/me/filters",
    response_model=FiltersPublic,
    operation_id="save_filters",
    summary="Save your filters",
    responses=refusals(AccountRequired),
)
async def save_filters(
    sent: FiltersSent, request: Request, account: OwnAccount, session: CurrentSession
) -> Response:
    """Say which tags you never want to see in a list, and which you want to be warned about. What
    you saved before is replaced.

    It holds wherever you send your account's token: in lists (those that `embed` brings along
    included), searches, facets and random picks. Synonyms count as the tag that a board files them
    under. A direct look at a work shows it whatever you have saved.
    """
    await service.save_filters(session, account, sent)
    return await _answer(request, session, account)


async def _answer(request: Request, session: Session, account: int) -> Response:
    wishes = await service.wishes_of(session, account)
    content = {"hide": list(wishes.hide.values()), "warn": list(wishes.warn.values())}
    return seen_answer(request, content, is_public=False)
