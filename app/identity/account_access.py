"""How a request proves who somebody is by a password, and obtains their tokens and keys.

Passwords are checked and hashed before the request's transaction begins: each takes a core a while,
and nobody else's write shall wait for it.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Path, Request

from app.accounts import passwords
from app.accounts import queries as account_queries
from app.accounts.errors import WrongCredentials
from app.accounts.names import is_name
from app.core.errors import NotFound
from app.core.sessions import CurrentSession
from app.core.site import Site, TheSite
from app.core.sources import Source, TheSource
from app.identity import queries
from app.identity.access import KnownCaller, find_caller, require_caller
from app.identity.errors import AccountRequired, PasswordUnfit
from app.identity.people import Caller
from app.identity.token_schemas import AccountCreate, Credentials, MeUpdate
from app.kit.ids import PATTERN


@dataclass(frozen=True)
class NewAccount:
    """A name, and the hash of a password."""

    name: str
    password_hash: str


@dataclass(frozen=True)
class Proven:
    """An account whose password somebody knew: that of the hash ``was``. ``renewed`` is the hash
    made anew, where the one that is kept was made with less effort than is made now.
    """

    account_id: int
    name: str
    was: str
    renewed: str | None


@dataclass(frozen=True)
class NewPassword:
    """The hash of a new password for an account, and that of the old one, which was known."""

    password_hash: str
    was: str | None


async def new_account(sent: AccountCreate) -> NewAccount:
    """:raises PasswordUnfit: nobody should have such a password."""
    _check(sent.password, sent.name)
    return NewAccount(sent.name, await passwords.hashed(sent.password))


TheNewAccount = Annotated[NewAccount, Depends(new_account)]


async def proven(sent: Credentials, site: TheSite, source: TheSource) -> Proven:
    """:raises WrongCredentials: nobody has the name, or the password is another.
    :raises RateLimited: too many wrong ones were tried.
    """
    account = None
    if is_name(sent.name):
        async with site.database.reading() as session:
            account = await session.first(account_queries.account_named(sent.name.lower()))
    kept = account.password_hash if account else None
    await _try(site, source, sent.name, sent.password, kept)
    assert account is not None
    was: str = account.password_hash
    renewed = await passwords.hashed(sent.password) if passwords.is_outdated(was) else None
    return Proven(account.id, account.name, was, renewed)


ThePerson = Annotated[Proven, Depends(proven)]


async def new_password(
    sent: MeUpdate, request: Request, site: TheSite, source: TheSource
) -> NewPassword:
    """:raises AccountRequired: a mask has no password, and an API key changes none.
    :raises WrongCredentials: the present password is another.
    """
    async with site.database.reading() as session:
        caller = own_account_of(await require_caller(await find_caller(request, session, None)))
        assert caller.account_id is not None
        account = await session.first(account_queries.account(caller.account_id))
    assert account is not None
    if account.password_hash is not None:
        await _try(site, source, account.name, sent.password or "", account.password_hash)
    _check(sent.new_password, account.name)
    return NewPassword(await passwords.hashed(sent.new_password), account.password_hash)


TheNewPassword = Annotated[NewPassword, Depends(new_password)]


async def in_own_name(caller: KnownCaller) -> Caller:
    """Somebody with the session of an account.

    :raises AccountRequired: it is a mask, or a bot.
    """
    return own_account_of(caller)


def own_account_of(caller: Caller) -> Caller:
    """:raises AccountRequired: there is no session of an account."""
    if caller.kind != "session" or caller.account_id is None:
        raise AccountRequired
    return caller


InOwnName = Annotated[Caller, Depends(in_own_name)]


async def own_token(
    session: CurrentSession,
    caller: KnownCaller,
    token: Annotated[str, Path(pattern=PATTERN, description="The token's `id`.")],
) -> Any:
    """The row of a token that stands for the same mask or account as the one that was sent."""
    row = await session.first(queries.token_of(caller.mask_id, caller.kind, token))
    if row is None:
        raise NotFound
    return row


OwnToken = Annotated[Any, Depends(own_token)]


async def own_feed(
    session: CurrentSession,
    caller: KnownCaller,
    feed: Annotated[str, Path(pattern=PATTERN, description="The `id` of the private feed.")],
) -> Any:
    """The row of a private feed of the mask or account that is asking."""
    row = await session.first(queries.feed_of(caller.mask_id, feed))
    if row is None:
        raise NotFound
    return row


OwnFeed = Annotated[Any, Depends(own_feed)]


async def own_key(
    session: CurrentSession,
    caller: InOwnName,
    key: Annotated[str, Path(pattern=PATTERN, description="The key's `id`.")],
) -> Any:
    """The row of an API key of the caller's account."""
    assert caller.account_id is not None
    row = await session.first(queries.key_of(caller.account_id, key))
    if row is None:
        raise NotFound
    return row


OwnKey = Annotated[Any, Depends(own_key)]


async def _try(site: Site, source: Source, name: str, password: str, kept: str | None) -> None:
    tried = await site.guesses.begin(name.lower(), source)
    if not await passwords.is_right(password, kept):
        raise WrongCredentials
    await site.guesses.was_right(tried)


def _check(password: str, name: str) -> None:
    objection = passwords.objection(password, name)
    if objection is not None:
        raise PasswordUnfit(f"The password {objection}.")
