"""Who is asking: from the ``Authorization`` header to a caller, and to a poster."""

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from app.core.answers import note_token
from app.core.database import Session
from app.core.errors import NotAllowed, ScopeRequired, TokenRequired, UnknownToken, invalid
from app.core.replays import tells_who_asks
from app.core.sessions import CurrentSession
from app.core.site import site_of
from app.core.sources import TheSource
from app.identity import queries, service
from app.identity.errors import NotAdministrator
from app.identity.people import Authored, Caller, Poster
from app.identity.schemas import BylineSent
from app.identity.scopes import SCOPES
from app.kit.tokens import hash_of, kind_of

#: For the description only: it says that a bearer token may be sent.
bearer = HTTPBearer(
    scheme_name="token",
    bearerFormat="fbe_..., fbs_... or fbk_...",
    description="An edit token (`fbe_`, from the receipt of an anonymous post or from "
    "`POST /v1/masks`), the token of an account's session (`fbs_`, from `POST /v1/sessions`), or "
    "an API key (`fbk_`, from `POST /v1/me/api-keys`), which does only what its scopes say.",
    auto_error=False,
)


@tells_who_asks
async def find_caller(
    request: Request, session: CurrentSession, _shown: Annotated[object, Depends(bearer)]
) -> Caller | None:
    """Resolve the token of a request; without one the caller is a stranger, ``None``.

    :raises UnknownToken: what was sent is no token, a mistyped one, or a revoked one.
    """
    note_token(request)
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or kind_of(token) is None:
        raise UnknownToken
    owner = await session.first(queries.owner_of_token(hash_of(token)))
    if owner is None:
        raise UnknownToken
    if owner.kind == "key":
        _check_scope(request, owner.scopes)
        caller = Caller(
            owner.mask_id,
            owner.account_id,
            owner.name,
            # Keys are copied to many places: none founds boards.
            is_administrator=False,
            kind="key",
            token_id=owner.id,
            scopes=frozenset(owner.scopes),
            board_id=owner.board_id,
            max_rating=owner.max_rating,
        )
        site_of(request).uses.note(owner.id, owner.last_used_on)
        return caller
    return Caller(
        owner.mask_id,
        owner.account_id,
        owner.name,
        bool(owner.is_administrator),
        owner.kind,
        service.numbers_of(owner.bots),
        owner.id,
    )


def _check_scope(request: Request, scopes: list[str]) -> None:
    """Whether a request is one that a key with these scopes may make. To read it needs none."""
    if request.method == "GET":
        return
    needed = SCOPES.get(request.scope["endpoint"])
    if needed is None:
        raise ScopeRequired("This takes no API keys.")
    if needed not in scopes:
        raise ScopeRequired(f"The key needs the scope {needed}.")


MaybeCaller = Annotated[Caller | None, Depends(find_caller)]


async def require_caller(caller: MaybeCaller) -> Caller:
    """:raises TokenRequired: no token was sent."""
    if caller is None:
        raise TokenRequired
    return caller


KnownCaller = Annotated[Caller, Depends(require_caller)]


async def require_administrator(caller: KnownCaller) -> Caller:
    """:raises NotAdministrator: the token is somebody else's."""
    if not caller.is_administrator:
        raise NotAdministrator
    return caller


Administrator = Annotated[Caller, Depends(require_administrator)]


async def find_poster(session: CurrentSession, caller: MaybeCaller, source: TheSource) -> Poster:
    """Whoever posts needs nothing: a stranger gets a mask, whose edit token the receipt carries.
    If the post is refused, the mask is undone with it.
    """
    if caller is not None:
        return Poster(caller.mask_id, caller, source=source)
    return replace(await service.mint_mask(session), source=source)


ThePoster = Annotated[Poster, Depends(find_poster)]


async def posting_for(session: Session, poster: Poster, sent: BylineSent) -> Poster:
    """Whoever a post is made for: the poster, or somebody for whom a bot makes a mask.

    :raises Invalid: a new mask is asked for, and it is no bot that asks; or one with the badge.
    """
    if not sent.new_mask:
        return poster
    if poster.caller is None or poster.caller.kind != "key":
        raise invalid("body", "/new_mask", "for_keys_alone", "Only API keys post for others.")
    if sent.as_moderator:
        raise invalid("body", "/as_moderator", "for_moderators", "Nobody else wears your badge.")
    minted = await service.mint_mask(session)
    return replace(minted, caller=poster.caller, source=poster.source)


def check_owner(caller: Caller, post: Authored) -> None:
    """:raises NotAllowed: somebody else made it."""
    if not caller.owns(post):
        raise NotAllowed
