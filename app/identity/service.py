"""What can be done with masks and tokens."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update

from app.accounts import queries as account_queries
from app.accounts.errors import WrongCredentials
from app.accounts.models import Account
from app.core.database import Session
from app.core.errors import UnknownToken
from app.core.tables import row_of, table_of
from app.identity import queries
from app.identity.errors import TooManyTokens
from app.identity.models import API_KEY, FEED_TOKEN, MASK, TOKEN, ApiKey, FeedToken, Mask, Token
from app.identity.people import Authored, Caller, Poster, Subscriber
from app.identity.token_schemas import ApiKeyCreate
from app.kit.clock import now
from app.kit.ids import new_id
from app.kit.tokens import TokenKind, hash_of, kind_of, new_token

#: How long a session is good.
SESSION_LENGTH = timedelta(days=90)
#: Tokens of one mask that are good at once, and private feeds, and keys that an account ever makes:
#: each request with a session asks for the masks of all its account's bots.
MAX_TOKENS, MAX_FEEDS, MAX_KEYS = 100, 100, 500


async def mint_mask(session: Session) -> Poster:
    """Make a mask for somebody anonymous; return who they are now, with the edit token, which is
    never to be had again.
    """
    mask = new_id()
    mask_id = await session.insert(Mask, public_id=mask)
    return Poster(mask_id, None, await _issue(session, TokenKind.EDIT, mask_id), mask)


async def mint_masks(
    session: Session, made_at: Sequence[datetime], accounts: Sequence[int | None] = ()
) -> list[int]:
    """Make masks without tokens, which nobody will ever post with; return their numbers. The first
    of them are those of ``accounts``.
    """
    owners = [*accounts, *(None for _ in made_at[len(accounts) :])]
    rows = [
        row_of(Mask, account_id=owner, created_at=at)
        for owner, at in zip(owners, made_at, strict=True)
    ]
    return await session.put_numbered(table_of(Mask), rows)


async def enrol(session: Session, account: Account) -> str:
    """Give a new account the mask through which it posts; return a token for it, which does not
    run out: whoever calls the command line has no other way to renew it.
    """
    mask_id = await session.insert(Mask, account_id=account.id)
    return await _issue(session, TokenKind.SESSION, mask_id)


async def renew_token(session: Session, name: str, *, revoke_others: bool) -> str | None:
    """Another token for an administrator, which does not run out either; ``None`` if nobody who
    administers has the name. With ``revoke_others`` all before it stop.
    """
    mask_id = await session.scalar(queries.mask_of_administrator(name.lower()))
    if mask_id is None:
        return None
    if revoke_others:
        await _revoke(session, TOKEN.mask_id == mask_id)
        await end_feeds(session, mask_id)
    return await _issue(session, TokenKind.SESSION, mask_id)


async def begin_session(session: Session, account_id: int) -> tuple[str, datetime]:
    """Give an account another session; return its token, and until when it is good."""
    mask_id = await session.scalar(queries.mask_of_account(account_id))
    if mask_id is None:
        mask_id = await session.insert(Mask, account_id=account_id)
    until = now().replace(microsecond=0) + SESSION_LENGTH
    return await _issue(session, TokenKind.SESSION, mask_id, expires_at=until), until


async def add_token(
    session: Session, caller: Caller, label: str | None, *, revoke_others: bool
) -> tuple[str, str]:
    """Give whoever shows a token another one of its kind; return it, and its public id. With
    ``revoke_others`` all before it stop: nothing else changes, faces least of all.

    :raises TooManyTokens: it has enough of them.
    """
    if revoke_others:
        await _revoke(session, TOKEN.mask_id == caller.mask_id, TOKEN.kind == caller.kind)
        await end_feeds(session, caller.mask_id)
    elif await session.scalar(_count(queries.tokens_of(caller.mask_id, caller.kind))) >= MAX_TOKENS:
        raise TooManyTokens
    until = now().replace(microsecond=0) + SESSION_LENGTH if caller.kind == "session" else None
    more = {"label": label, "expires_at": until, "public_id": (public_id := new_id())}
    return await _issue(session, TokenKind[caller.kind.upper()], caller.mask_id, **more), public_id


async def revoke_token(session: Session, token_id: int) -> None:
    """Have a token stop being one, at once and for good, with the private feeds that it made."""
    await _revoke(session, TOKEN.id == token_id)
    made_with_it = delete(table_of(FeedToken)).where(FEED_TOKEN.made_by == token_id)
    await session.run(made_with_it)


async def end_session(session: Session, token_id: int) -> None:
    """End a session. Whoever leaves still wants to be told when they are answered."""
    await _revoke(session, TOKEN.id == token_id)


async def revoke_other_sessions(session: Session, caller: Caller) -> None:
    """Have all other sessions of an account stop, with the private feeds that they made, or others
    before them that have ended since.
    """
    own = (TOKEN.mask_id == caller.mask_id, TOKEN.kind == "session")
    await _revoke(session, *own, TOKEN.id != caller.token_id)
    feeds = (FEED_TOKEN.mask_id == caller.mask_id, FEED_TOKEN.made_by != caller.token_id)
    await session.run(delete(table_of(FeedToken)).where(*feeds))


async def make_feed(session: Session, caller: Caller, *, adult: bool) -> tuple[str, str]:
    """Make a private feed of what others say to somebody; return the token that opens it, and its
    public id.

    :raises TooManyTokens: they have enough of them.
    :raises UnknownToken: the token that they showed was revoked meanwhile.
    """
    # Held, so that whoever revokes it waits, and takes the feed away with it.
    held = queries.is_alive(caller.token_id).with_for_update(key_share=True)
    if await session.first(held) is None:
        raise UnknownToken
    if await session.scalar(_count(queries.feeds_of(caller.mask_id))) >= MAX_FEEDS:
        raise TooManyTokens
    token, public_id = new_token(TokenKind.FEED), new_id()
    await session.insert(
        FeedToken,
        public_id=public_id,
        hash=hash_of(token),
        mask_id=caller.mask_id,
        made_by=caller.token_id,
        is_adult=adult,
    )
    return token, public_id


async def end_feed(session: Session, feed_id: int) -> None:
    """Have a private feed end, at once and for good."""
    await session.run(delete(table_of(FeedToken)).where(FEED_TOKEN.id == feed_id))


async def end_feeds(session: Session, mask_id: int) -> None:
    """Have all private feeds of a mask, or of an account by its mask, end."""
    await session.run(delete(table_of(FeedToken)).where(FEED_TOKEN.mask_id == mask_id))


async def subscriber_behind(session: Session, token: str) -> Subscriber | None:
    """Whoever a feed token stands for; ``None`` if it is none, or none any more."""
    if kind_of(token) is not TokenKind.FEED:
        return None
    owner = await session.first(queries.owner_of_feed(hash_of(token)))
    if owner is None:
        return None
    caller = Caller(
        owner.mask_id,
        owner.account_id,
        owner.name,
        is_administrator=False,
        kind="edit" if owner.account_id is None else "session",
        bots=numbers_of(owner.bots),
    )
    return Subscriber(caller, owner.public_id, owner.created_at, bool(owner.is_adult))


def numbers_of(masks: str | None) -> frozenset[int]:
    """The numbers in a row of them, as :func:`queries.owner_of_token` names masks."""
    return frozenset(map(int, masks.split(","))) if masks else frozenset()


async def make_key(
    session: Session, account_id: int, sent: ApiKeyCreate, board_id: int | None
) -> tuple[str, str]:
    """Make an API key of an account, with a mask of its own; return it, and its public id.

    :raises TooManyTokens: it has made enough of them.
    """
    # Held, so that of many at once none is one too many.
    await session.first(account_queries.account(account_id).with_for_update(key_share=True))
    if await session.scalar(_count(queries.keys_of(account_id))) >= MAX_KEYS:
        raise TooManyTokens
    public_id = new_id()
    mask_id = await session.insert(Mask, bot_of=account_id)
    more = {"public_id": public_id, "expires_at": sent.expires_at}
    key = await _issue(session, TokenKind.KEY, mask_id, **more)
    token_id = await session.scalar(select(TOKEN.id).where(TOKEN.public_id == public_id))
    await session.add(
        ApiKey(
            token_id=token_id,
            account_id=account_id,
            name=sent.name,
            scopes=list(dict.fromkeys(sent.scopes)),
            board_id=board_id,
            max_rating=sent.max_rating,
        )
    )
    return key, public_id


async def write_uses(session: Session, uses: Mapping[int, date]) -> None:
    """Write down on which days keys were used last, by their numbers. In their order, so that of
    two processes that write at once none waits for the other in a ring.
    """
    for token_id, day in sorted(uses.items()):
        is_news = or_(API_KEY.last_used_on.is_(None), API_KEY.last_used_on < day)
        used = update(table_of(ApiKey)).where(API_KEY.token_id == token_id, is_news)
        await session.run(used.values(last_used_on=day))


async def check_password_stands(session: Session, account_id: int, was: str | None) -> None:
    """Whether an account's password is still the one that somebody has shown to know. The row is
    held, so that of two who change it at once the second has to know the first's, and whoever
    begins a session meanwhile either has it ended by the change or does not get in.

    :raises WrongCredentials: it was changed meanwhile.
    """
    statement = account_queries.account(account_id).with_for_update(key_share=True)
    account = await session.first(statement)
    if account is None or account.password_hash != was:
        raise WrongCredentials


async def mask_behind(session: Session, edit_token: str) -> int | None:
    """The number of the mask that an edit token stands for; ``None`` if it is none."""
    if kind_of(edit_token) is not TokenKind.EDIT:
        return None
    owner = await session.first(queries.owner_of_token(hash_of(edit_token)))
    return None if owner is None else int(owner.mask_id)


async def is_alive(session: Session, caller: Caller) -> bool:
    """Whether the token that a caller showed still is one. Whatever outlives its request asks."""
    return await session.first(queries.is_alive(caller.token_id)) is not None


async def has_posted(session: Session, caller: Caller, post: Authored) -> bool:
    """Whether somebody has posted something, by whichever token of their account. What that of a
    bot may do with it is another question (:meth:`Caller.owns`).
    """
    if caller.account_id is None or caller.owns(post):
        return caller.owns(post)
    if post.account_id == caller.account_id:
        return True
    masks = queries.masks_of(caller.account_id).where(MASK.id == post.mask_id)
    return await session.first(masks) is not None


def _count(rows: Select[Any]) -> Select[Any]:
    return select(func.count()).select_from(rows.subquery())


async def _revoke(session: Session, *which: ColumnElement[bool]) -> None:
    live = TOKEN.revoked_at.is_(None)
    await session.run(update(table_of(Token)).where(*which, live).values(revoked_at=now()))


async def _issue(session: Session, kind: TokenKind, mask_id: int, **more: Any) -> str:
    token = new_token(kind)
    await session.insert(
        Token, kind=kind.name.lower(), hash=hash_of(token), mask_id=mask_id, **more
    )
    return token
