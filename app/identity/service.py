"""What can be done with masks and tokens."""

from collections.abc import Sequence
from datetime import datetime

from app.accounts.models import Account
from app.core.database import Session
from app.core.tables import row_of, table_of
from app.identity.models import Mask, Token
from app.identity.people import Poster
from app.kit.ids import new_id
from app.kit.tokens import TokenKind, hash_of, new_token


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
    """Give a new account the mask through which it posts; return a token for it."""
    mask_id = await session.insert(Mask, account_id=account.id)
    return await _issue(session, TokenKind.SESSION, mask_id)


async def _issue(session: Session, kind: TokenKind, mask_id: int) -> str:
    token = new_token(kind)
    await session.insert(Token, kind=kind.name.lower(), hash=hash_of(token), mask_id=mask_id)
    return token
