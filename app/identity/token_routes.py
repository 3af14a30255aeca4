"""Tokens of a mask or an account, and API keys, over HTTP."""

from fastapi import Request, Response

from app.core.answers import edit_tag, no_content, own_answer, seen_answer
from app.core.description import refusals
from app.core.errors import BadCursor, NotFound, invalid
from app.core.paging import Address, ThePage, page_answer, read_page
from app.core.parameters import ACCEPTS_ADULT
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.core.site import TheSite
from app.identity import queries, service, token_views
from app.identity.access import KnownCaller
from app.identity.account_access import InOwnName, OwnKey, OwnToken
from app.identity.errors import AccountRequired, TooManyTokens
from app.identity.lists import NEWEST_FIRST
from app.identity.token_schemas import (
    ApiKeyCreate,
    ApiKeyPage,
    ApiKeyPublic,
    ApiKeyReceipt,
    TokenCreate,
    TokenPage,
    TokenPublic,
    TokenReceipt,
)

router = room_router("Tokens")


@router.get(
    "/me/tokens",
    response_model=TokenPage,
    operation_id="list_tokens",
    dependencies=[ACCEPTS_ADULT],
    summary="List your tokens",
    responses=refusals(BadCursor),
)
async def list_tokens(
    request: Request, caller: KnownCaller, session: CurrentSession, site: TheSite, page: ThePage
) -> Response:
    """All tokens that stand for the same mask, or for the same account, as the one that you send,
    the newest first. The tokens themselves are kept nowhere, so none is shown.
    """
    mine = queries.tokens_of(caller.mask_id, caller.kind)
    read = await read_page(session, site, Address.of(request), mine, NEWEST_FIRST, page)
    items = [token_views.token(row, caller) for row in read.rows]
    return page_answer(request, {"items": items, "next": read.next}, is_public=False)


@router.post(
    "/me/tokens",
    status_code=201,
    response_model=TokenReceipt,
    operation_id="make_token",
    summary="Make another token",
    responses=refusals(TooManyTokens),
)
async def make_token(
    sent: TokenCreate, caller: KnownCaller, session: CurrentSession, site: TheSite
) -> Response:
    """Make another token that is worth the same: for a second device, or, with `revoke_others`,
    instead of one that has leaked: your private feeds end then, too. A new token changes nothing
    else: faces, posts and names stay.

    With `revoke_others` the token that you send stops, too. If the answer might be lost on its way,
    make a token first, and send `revoke_others` with that one.
    """
    token, public_id = await service.add_token(
        session, caller, sent.label, revoke_others=sent.revoke_others
    )
    row = await session.first(queries.token_of(caller.mask_id, caller.kind, public_id))
    content = {**token_views.token(row, caller), "token": token}
    where = site.url(f"/me/tokens/{public_id}")
    return own_answer(content, status=201, edit=edit_tag(public_id, 0), location=where)


@router.get(
    "/me/tokens/{token}",
    response_model=TokenPublic,
    operation_id="read_token",
    dependencies=[ACCEPTS_ADULT],
    summary="Read about one of your tokens",
    responses=refusals(NotFound),
)
async def read_token(request: Request, token: OwnToken, caller: KnownCaller) -> Response:
    """When a token was made, what you call it, and whether it is the one that you are asking with.
    The token itself is shown once, when it is made, and never again.
    """
    return seen_answer(request, token_views.token(token, caller), is_public=False)


@router.delete(
    "/me/tokens/{token}",
    status_code=204,
    operation_id="revoke_token",
    summary="Revoke one of your tokens",
    responses=refusals(NotFound),
)
async def revoke_token(token: OwnToken, session: CurrentSession) -> Response:
    """Have a token stop, at once and for good. It may be the one that you send. The last token of a
    mask takes with it the only way to show that its posts are yours: they stay, and nobody can edit
    or delete them any more but moderators. Private feeds that were made with the token end with it.
    """
    await service.revoke_token(session, token.id)
    return no_content()


@router.get(
    "/me/api-keys",
    response_model=ApiKeyPage,
    operation_id="list_api_keys",
    dependencies=[ACCEPTS_ADULT],
    summary="List your API keys",
    responses=refusals(AccountRequired, BadCursor),
)
async def list_api_keys(
    request: Request, caller: InOwnName, session: CurrentSession, site: TheSite, page: ThePage
) -> Response:
    """The API keys of your account, the newest first, revoked ones included: what each may do, and
    when it was last used. The keys themselves are shown once, when they are made.
    """
    assert caller.account_id is not None
    mine = queries.keys_of(caller.account_id)
    read = await read_page(session, site, Address.of(request), mine, NEWEST_FIRST, page)
    items = [token_views.key(site, row) for row in read.rows]
    return page_answer(request, {"items": items, "next": read.next}, is_public=False)


@router.post(
    "/me/api-keys",
    status_code=201,
    response_model=ApiKeyReceipt,
    operation_id="make_api_key",
    summary="Make an API key",
    responses=refusals(AccountRequired, TooManyTokens),
)
async def make_api_key(
    sent: ApiKeyCreate, caller: InOwnName, session: CurrentSession, site: TheSite
) -> Response:
    """Make a key for a bot. It may do what its `scopes` say, and read; on one `board` only, if you
    name one, and with nothing rated above `max_rating`. With `moderate` it keeps order where you
    do. It never administers, and makes no keys.

    What it posts shows your account's name, and says that a bot posted it (`author.kind` is
    `bot`). It owns what it posted and nothing else of yours; you own what it posted. With
    `"new_mask": true` it posts for somebody else: the receipt carries an edit token for them.
    """
    assert caller.account_id is not None
    board_id = None
    if sent.board is not None:
        board_id = await session.scalar(queries.board_with(sent.board))
        if board_id is None:
            raise invalid("body", "/board", "no_such_board", "There is no such board.")
    key, public_id = await service.make_key(session, caller.account_id, sent, board_id)
    row = await session.first(queries.key_of(caller.account_id, public_id))
    content = {**token_views.key(site, row), "key": key}
    where = site.url(f"/me/api-keys/{public_id}")
    return own_answer(content, status=201, edit=edit_tag(public_id, 0), location=where)


@router.get(
    "/me/api-keys/{key}",
    response_model=ApiKeyPublic,
    operation_id="read_api_key",
    dependencies=[ACCEPTS_ADULT],
    summary="Read about one of your API keys",
    responses=refusals(AccountRequired, NotFound),
)
async def read_api_key(request: Request, key: OwnKey, site: TheSite) -> Response:
    """What a key of yours may do, on which board, until when, and when it was last used. The key
    itself is not shown again.
    """
    return seen_answer(request, token_views.key(site, key), is_public=False)


@router.delete(
    "/me/api-keys/{key}",
    status_code=204,
    operation_id="revoke_api_key",
    summary="Revoke an API key",
    responses=refusals(AccountRequired, NotFound),
)
async def revoke_api_key(key: OwnKey, session: CurrentSession) -> Response:
    """Have a key stop, at once and for good. What the bot posted with it stays, and is yours: you
    can edit and delete it with your account.
    """
    await service.revoke_token(session, key.id)
    return no_content()
