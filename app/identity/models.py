"""The tables of masks and of tokens, and the columns that say who made a thing."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from app.core.tables import columns_of, json_list, public_id, reference, row_id
from app.kit.clock import now


class Mask(SQLModel, table=True):
    """The identity behind an edit token, behind an account (``account_id``), or behind an API key
    of an account (``bot_of``). Its ``public_id`` is never shown: faces are derived from it.
    """

    id: int = row_id()
    public_id: str = public_id()
    account_id: int | None = reference("account.id", default=None, unique=True)
    bot_of: int | None = reference("account.id", default=None, index=True)
    created_at: datetime = Field(default_factory=now)


class Token(SQLModel, table=True):
    """A bearer token that was given out. Only its hash is kept. ``label`` is what its owner calls
    it; from ``expires_at`` on it is no token any more.
    """

    id: int = row_id()
    public_id: str = public_id()
    kind: str = Field(max_length=16)
    hash: bytes = Field(sa_type=LargeBinary, unique=True)
    mask_id: int = reference("mask.id", index=True)
    label: str | None = None
    created_at: datetime = Field(default_factory=now)
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


class ApiKey(SQLModel, table=True):
    """What a token of the kind ``key`` may do: the ``scopes`` it has, the one board on which it may
    write (null: on all), and up to which rating. ``last_used_on`` is a day.
    """

    __tablename__: ClassVar[Any] = "api_key"

    token_id: int = reference("token.id", primary_key=True)
    account_id: int = reference("account.id", index=True)
    name: str
    scopes: list[str] = json_list()
    board_id: int | None = reference("board.id", default=None)
    max_rating: str | None = Field(default=None, max_length=16)
    last_used_on: date | None = None


class FeedToken(SQLModel, table=True):
    """What opens a private feed, and nothing else: it is no token for the ``Authorization`` header,
    so it stands in a table of its own. Only its hash is kept, and its row goes when it is revoked.
    ``made_by`` is the token that made it: one that is taken away from somebody takes along what
    they made with it.
    """

    __tablename__: ClassVar[Any] = "feed_token"

    id: int = row_id()
    public_id: str = public_id()
    hash: bytes = Field(sa_type=LargeBinary, unique=True)
    mask_id: int = reference("mask.id", index=True)
    made_by: int = reference("token.id", index=True)
    is_adult: bool = False
    created_at: datetime = Field(default_factory=now)


class AuthoredMixin(SQLModel):
    """Who made a thing. Without ``mask_id`` its author has cut the tie to it.

    ``account_id`` is the account whose name it shows, be it that it was posted so or that it was
    revealed later; what is anonymous has none. ``is_moderator`` wears the moderator's badge.
    """

    mask_id: int | None = reference("mask.id", default=None, index=True)
    account_id: int | None = reference("account.id", default=None)
    is_moderator: bool = False


def index_of_named(*columns: str) -> Index:
    """An index of what shows its author's name, and of nothing else. That an account has posted
    anonymously besides then makes no difference to whoever walks it.
    """
    return Index(
        None,
        *columns,
        sqlite_where=text("account_id IS NOT NULL"),
        postgresql_where=text("account_id IS NOT NULL"),
    )


MASK = columns_of(Mask)

TOKEN = columns_of(Token)

API_KEY = columns_of(ApiKey)

FEED_TOKEN = columns_of(FeedToken)
