"""Who is asking: from the ``Authorization`` header to a caller, and to a poster."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from app.core.answers import note_token
from app.core.errors import NotAllowed, TokenRequired, UnknownToken
from app.core.sessions import CurrentSession
from app.identity import queries, service
from app.identity.errors import NotAdministrator
from app.identity.people import Authored, Caller, Poster
from app.kit.tokens import hash_of, kind_of

#: For the description only: it says that a bearer token may be sent.
bearer = HTTPBearer(
    scheme_name="token",
    bearerFormat="fbe_... or fbs_...",
    description="An edit token (`fbe_`, from the receipt of an anonymous post or from "
    "`POST /v1/masks`) or an account's token (`fbs_`).",
    auto_error=False,
)


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
    return Caller(
        owner.mask_id,
        owner.account_id,
        owner.name,
        bool(owner.is_administrator),
        owner.kind,
        frozenset(map(int, owner.bots.split(","))) if owner.bots else frozenset(),
    )


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


async def find_poster(session: CurrentSession, caller: MaybeCaller) -> Poster:
    """Whoever posts needs nothing: a stranger gets a mask, whose edit token the receipt carries.
    If the post is refused, the mask is undone with it.
    """
    if caller is not None:
        return Poster(caller.mask_id, caller)
    return await service.mint_mask(session)


ThePoster = Annotated[Poster, Depends(find_poster)]


def check_owner(caller: Caller, post: Authored) -> None:
    """:raises NotAllowed: somebody else made it."""
    if not caller.owns(post):
        raise NotAllowed
