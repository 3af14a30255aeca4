"""Accounts, sessions, and who one is, over HTTP."""

from collections.abc import Sequence
from typing import Any

from fastapi import Request, Response

from app.accounts import queries as account_queries
from app.accounts.errors import BadName, NameImitatesStaff, NameTaken, WrongCredentials
from app.accounts.service import register_account, set_password
from app.core.answers import edit_tag, no_content, own_answer, seen_answer
from app.core.description import refusals
from app.core.parameters import ACCEPTS_ADULT
from app.core.replays import never_replayed
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.core.site import TheSite
from app.identity import queries, service
from app.identity.access import KnownCaller
from app.identity.account_access import InOwnName, TheNewAccount, TheNewPassword, ThePerson
from app.identity.errors import AccountRequired, PasswordUnfit
from app.identity.people import Caller
from app.identity.token_schemas import AccountReceipt, MePublic, SessionReceipt
from app.kit.clock import rfc3339

router = room_router("Accounts")


@router.post(
    "/accounts",
    status_code=201,
    response_model=AccountReceipt,
    operation_id="make_account",
    summary="Make an account",
    responses=refusals(BadName, NameTaken, NameImitatesStaff, PasswordUnfit),
)
@never_replayed
async def make_account(new: TheNewAccount, session: CurrentSession, site: TheSite) -> Response:
    """Take a name, and a password that only you know. Nobody needs an account to post; it is for
    those who want to sign what they write, keep a board, or run a bot. No address is asked for, so
    nobody can send you a new password: keep it well.

    The answer carries the token of your first session. What you post with it shows your name,
    unless you send `"anonymous": true` with the post.
    """
    account = await register_account(session, new.name, new.password_hash)
    return await _begun(session, site, account.id, account.name)


@router.post(
    "/sessions",
    status_code=201,
    response_model=SessionReceipt,
    operation_id="begin_session",
    summary="Begin a session",
    responses=refusals(WrongCredentials),
)
@never_replayed
async def begin_session(person: ThePerson, session: CurrentSession, site: TheSite) -> Response:
    """Exchange name and password for a token, which is good for 90 days or until you end it. Your
    password travels nowhere else.

    Wrong tries are slowed down for the network that they come from. Whoever knows the password gets
    in with the first try, however many others are guessing.
    """
    # Meanwhile it may have been changed. What was proven opens nothing then, and is not put back.
    await service.check_password_stands(session, person.account_id, person.was)
    if person.renewed is not None:
        await set_password(session, person.account_id, person.renewed)
    return await _begun(session, site, person.account_id, person.name)


@router.delete(
    "/sessions",
    status_code=204,
    operation_id="end_session",
    summary="End this session",
    responses=refusals(AccountRequired),
)
async def end_session(caller: InOwnName, session: CurrentSession) -> Response:
    """End the session whose token you send: the token stops at once, everywhere. Others go on; see
    `/me/tokens`. So do your private feeds; see `/me/feed-tokens`.
    """
    await service.end_session(session, caller.token_id)
    return no_content()


@router.get(
    "/me",
    response_model=MePublic,
    operation_id="read_me",
    dependencies=[ACCEPTS_ADULT],
    summary="What your token is",
)
async def read_me(request: Request, caller: KnownCaller, session: CurrentSession) -> Response:
    """What the token that you send is, and what it may do: an edit token stands for a mask, a
    session for an account, an API key for one of its bots.
    """
    return seen_answer(request, await _me(session, caller), is_public=False)


@router.patch(
    "/me",
    response_model=MePublic,
    operation_id="change_password",
    summary="Change your password",
    responses=refusals(AccountRequired, WrongCredentials, PasswordUnfit),
)
async def change_password(
    new: TheNewPassword, caller: InOwnName, session: CurrentSession
) -> Response:
    """Change the password of your account. All other sessions end, and all private feeds but those
    that were made in this one; API keys stay. An account that was made on the command line has no
    password yet, and sets its first one without `password`.
    """
    assert caller.account_id is not None
    await service.check_password_stands(session, caller.account_id, new.was)
    await set_password(session, caller.account_id, new.password_hash)
    await service.revoke_other_sessions(session, caller)
    return own_answer(await _me(session, caller), edit=edit_tag(str(caller.name), 0))


async def _begun(session: CurrentSession, site: TheSite, account_id: int, name: str) -> Response:
    token, until = await service.begin_session(session, account_id)
    content = {"name": name, "token": token, "expires_at": rfc3339(until)}
    edit = edit_tag(name, 0)
    return own_answer(content, status=201, edit=edit, location=site.url("/me"))


async def _me(session: CurrentSession, caller: Caller) -> dict[str, Any]:
    account: Any = None
    kept: Sequence[Any] = ()
    if caller.account_id is not None:
        account = await session.first(account_queries.account(caller.account_id))
        kept = await session.all(queries.kept_by(caller.account_id))
    board = None
    if caller.board_id is not None:
        board = await session.scalar(queries.slug_of(caller.board_id))
    return {
        "kind": caller.kind,
        "name": caller.name,
        "is_administrator": caller.is_administrator,
        "has_password": account is not None and account.password_hash is not None,
        "moderates": [{"board": each.slug, "role": each.role} for each in kept],
        "scopes": None if caller.scopes is None else sorted(caller.scopes),
        "board": board,
        "max_rating": caller.max_rating,
    }
