"""Questions about masks and tokens."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    cast,
    column,
    func,
    or_,
    select,
    table,
)

from app.accounts.models import ACCOUNT, Account
from app.core.tables import table_of
from app.identity.models import API_KEY, FEED_TOKEN, MASK, TOKEN, ApiKey, Mask, Token
from app.kit.clock import now


def owner_of_token(token_hash: bytes) -> Select[Any]:
    """Whose token it is: ``id, kind, mask_id, account_id, name, is_administrator``, and the
    ``bots`` of the account, the numbers of their masks in a row; of an API key also ``scopes``,
    ``board_id``, ``max_rating`` and ``last_used_on``. No row once it is revoked or over.
    """
    return (
        select(
            TOKEN.id,
            TOKEN.kind,
            TOKEN.mask_id,
            ACCOUNT.id.label("account_id"),
            ACCOUNT.name,
            ACCOUNT.is_administrator,
            _bots_of_account(),
            API_KEY.scopes,
            API_KEY.board_id,
            API_KEY.max_rating,
            API_KEY.last_used_on,
        )
        .join(table_of(Mask), MASK.id == TOKEN.mask_id)
        .outerjoin(table_of(ApiKey), API_KEY.token_id == TOKEN.id)
        .outerjoin(table_of(Account), ACCOUNT.id == func.coalesce(MASK.account_id, MASK.bot_of))
        .where(TOKEN.hash == token_hash, _is_alive())
    )


def owner_of_feed(token_hash: bytes) -> Select[Any]:
    """Whose private feed it is: the ``public_id`` of its token, ``is_adult``, ``created_at``,
    ``mask_id``, ``account_id``, ``name``, and ``bots`` as :func:`owner_of_token` names them.
    """
    return (
        select(
            FEED_TOKEN.public_id,
            FEED_TOKEN.is_adult,
            FEED_TOKEN.created_at,
            FEED_TOKEN.mask_id,
            ACCOUNT.id.label("account_id"),
            ACCOUNT.name,
            _bots_of_account(),
        )
        .join(table_of(Mask), MASK.id == FEED_TOKEN.mask_id)
        .outerjoin(table_of(Account), ACCOUNT.id == MASK.account_id)
        .where(FEED_TOKEN.hash == token_hash)
    )


def feeds_of(mask_id: int) -> Select[Any]:
    """The private feeds of a mask, or of an account by its mask."""
    return select(*FEED_TOKEN).where(FEED_TOKEN.mask_id == mask_id)


def feed_of(mask_id: int, public_id: str) -> Select[Any]:
    """As :func:`feeds_of`, one of them."""
    return feeds_of(mask_id).where(FEED_TOKEN.public_id == public_id)


def tokens_of(mask_id: int, kind: str) -> Select[Any]:
    """The tokens of a kind that a mask has."""
    return select(*TOKEN).where(TOKEN.mask_id == mask_id, TOKEN.kind == kind, _is_alive())


def token_of(mask_id: int, kind: str, public_id: str) -> Select[Any]:
    """As :func:`tokens_of`, one of them."""
    return tokens_of(mask_id, kind).where(TOKEN.public_id == public_id)


def is_alive(token_id: int) -> Select[Any]:
    """A row as long as a token is one."""
    return select(TOKEN.id).where(TOKEN.id == token_id, _is_alive())


def alive() -> Select[Any]:
    """``id`` of all tokens that are good."""
    return select(TOKEN.id).where(_is_alive())


def keys_of(account_id: int) -> Select[Any]:
    """The API keys of an account, revoked and expired ones too, with the ``slug`` of their board,
    and the ``public_id``, ``mask_id`` and dates of their tokens.
    """
    board = table("board", column("id"), column("slug"))
    return (
        select(
            *API_KEY,
            TOKEN.id,
            TOKEN.public_id,
            TOKEN.mask_id,
            TOKEN.created_at,
            TOKEN.expires_at,
            TOKEN.revoked_at,
            board.c.slug,
        )
        .join(table_of(Token), TOKEN.id == API_KEY.token_id)
        # Boards are a room above, so their table is named by a string, as foreign keys name it.
        .outerjoin(board, board.c.id == API_KEY.board_id)
        .where(API_KEY.account_id == account_id)
    )


def key_of(account_id: int, public_id: str) -> Select[Any]:
    """As :func:`keys_of`, one of them."""
    return keys_of(account_id).where(TOKEN.public_id == public_id)


def board_with(slug: str) -> Select[Any]:
    """``id`` of the board with a slug."""
    board = table("board", column("id"), column("slug"))
    return select(board.c.id).where(board.c.slug == slug)


def slug_of(board_id: int) -> Select[Any]:
    """The slug of a board."""
    board = table("board", column("id"), column("slug"))
    return select(board.c.slug).where(board.c.id == board_id)


def kept_by(account_id: int) -> Select[Any]:
    """The boards that an account keeps, by ``slug``, and its ``role`` there."""
    board = table("board", column("id"), column("slug"))
    moderator = table("moderator", column("board_id"), column("account_id"), column("role"))
    return (
        select(board.c.slug, moderator.c.role)
        .join(moderator, moderator.c.board_id == board.c.id)
        .where(moderator.c.account_id == account_id)
        .order_by(board.c.slug)
    )


def mask_of_account(account_id: int) -> Select[Any]:
    """``id`` of the mask through which an account posts."""
    return select(MASK.id).where(MASK.account_id == account_id)


def mask_of_administrator(name_key: str) -> Select[Any]:
    """``id`` of the mask of an administrator, by their name in lower case."""
    return (
        select(MASK.id)
        .join(table_of(Account), ACCOUNT.id == MASK.account_id)
        .where(ACCOUNT.name_key == name_key, ACCOUNT.is_administrator)
    )


def masks_of(account_id: int) -> Select[Any]:
    """``id`` of all masks of an account: the one through which it posts, and those of its bots."""
    return select(MASK.id).where(or_(MASK.account_id == account_id, MASK.bot_of == account_id))


def _bots_of_account() -> ColumnElement[Any]:
    """The numbers of the masks of the bots of the account in a row."""
    bots = table_of(Mask).alias("bots")
    numbers = select(func.aggregate_strings(cast(bots.c.id, String), ",")).where(
        bots.c.bot_of == ACCOUNT.id
    )
    return numbers.correlate(table_of(Account)).scalar_subquery().label("bots")


def _is_alive() -> ColumnElement[bool]:
    moment = bindparam("moment", callable_=now, type_=TOKEN.expires_at.type, unique=True)
    return and_(
        TOKEN.revoked_at.is_(None), or_(TOKEN.expires_at.is_(None), TOKEN.expires_at > moment)
    )
