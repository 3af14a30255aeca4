"""Shapes of accounts, sessions, tokens and API keys."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.accounts.models import NAME_PATTERN
from app.core.fields import AnswerModel, Instant, InstantSent, Line, RequestModel, UpdateModel
from app.core.paging import Page
from app.identity.people import CallerKind
from app.identity.schemas import SHOWN_ONCE
from app.identity.scopes import Scope

#: Shaped like tokens; their checksums are wrong on purpose.
SESSION_EXAMPLE = "fbs_5Xk0dQp4tXb2WmNc9LrJs6Vh3Gz1Fa8EuKo5TiHnRqPxSvB2mZ0aQ"
KEY_EXAMPLE = "fbk_5Xk0dQp4tXb2WmNc9LrJs6Vh3Gz1Fa8EuKo5TiHnRqPxSvB2mZ0aQ"
FEED_EXAMPLE = (
    "http://127.0.0.1:8000/v1/feeds/fbf_5Xk0dQp4tXb2WmNc9LrJs6Vh3Gz1Fa8EuKo5TiHnRqPxSvB2mZ0aQ.atom"
)
_PASSWORD_EXAMPLE = "nine lanterns on the pier"  # noqa: S105 - nobody has it
#: No limit of its own: what is too short or too long is refused in words (``password-unfit``).
Password = Annotated[
    str,
    Field(
        max_length=1000,
        json_schema_extra={"format": "password", "writeOnly": True},
        description="8 to 200 characters, whatever they are. It travels here and nowhere else.",
    ),
]
Rating = Literal["not_rated", "general", "teen", "mature", "explicit"]
_KEY: dict[str, Any] = {
    "id": "6t1y8u3i5o7p2a4s",
    "name": "prompt of the day",
    "scopes": ["prompts:write"],
    "board": "found-family",
    "max_rating": "teen",
    "created_on": "2026-11-03",
    "last_used_on": None,
    "expires_at": "2027-11-03T12:00:00Z",
    "is_revoked": False,
}
_FEED: dict[str, Any] = {
    "id": "2q4w6e8r0t1y3u5i",
    "adult": False,
    "created_at": "2026-11-03T12:00:00Z",
}
_TOKEN: dict[str, Any] = {
    "id": "8w2e4r6t0y1u3i5o",
    "kind": "edit",
    "label": "the old laptop",
    "created_on": "2026-11-03",
    "expires_at": None,
    "is_current": True,
}


class WithSecrets(RequestModel):
    """A body that holds passwords. Which key of it is unknown is not told: it may be one of them,
    put in the wrong place.
    """

    @model_validator(mode="before")
    @classmethod
    def _knows_all_keys(cls, sent: Any) -> Any:
        if isinstance(sent, dict) and sent.keys() - cls.model_fields.keys():
            raise PydanticCustomError("extra_forbidden", "There is a field that is not known here.")
        return sent


class Credentials(WithSecrets):
    """Who somebody is, and what only they know."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "lamplighter", "password": _PASSWORD_EXAMPLE}]}
    )

    name: str = Field(
        max_length=40,
        description="2 to 40 letters, digits, hyphens or underscores; case does not count.",
    )
    password: Password


class AccountCreate(Credentials):
    """An account to be made."""

    name: str = Field(
        pattern=f"^{NAME_PATTERN}$",
        description="2 to 40 letters, digits, hyphens or underscores. Everybody sees it on what "
        "you sign with it. Names that differ only in case are one.",
    )


class AccountReceipt(AnswerModel):
    """A new account, and the token of its first session."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "lamplighter",
                    "token": SESSION_EXAMPLE,
                    "expires_at": "2027-02-01T12:00:00Z",
                }
            ]
        }
    )

    name: str
    token: str = Field(description="Send it as `Authorization: Bearer`. It is never shown again.")
    expires_at: Instant = Field(description="Until when it is good.")


class SessionReceipt(AccountReceipt):
    """A session that has begun."""


class BoardKept(AnswerModel):
    """A board that somebody keeps."""

    board: str
    role: Literal["owner", "moderator"]


class MePublic(AnswerModel):
    """What a token is, and what it may do."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "session",
                    "name": "lamplighter",
                    "is_administrator": False,
                    "has_password": True,
                    "moderates": [{"board": "found-family", "role": "owner"}],
                    "scopes": None,
                    "board": None,
                    "max_rating": None,
                }
            ]
        }
    )

    kind: CallerKind = Field(
        description="`edit`: a mask's edit token. `session`: an account's. `key`: a bot's."
    )
    name: str | None = Field(description="The account's name; null behind a mask.")
    is_administrator: bool
    has_password: bool
    moderates: list[BoardKept] = Field(description="The boards that the account keeps.")
    scopes: list[Scope] | None = Field(description="What an API key may do; null for all else.")
    board: str | None = Field(description="The one board on which an API key may write.")
    max_rating: Rating | None = Field(description="Up to which rating an API key may post.")


class MeUpdate(WithSecrets, UpdateModel):
    """A change of the password."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"password": _PASSWORD_EXAMPLE, "new_password": "ten lanterns on the pier"}
            ]
        }
    )

    password: Password | None = Field(
        default=None, description="The present one. Leave it out only if there is none yet."
    )
    new_password: Password


class TokenCreate(RequestModel):
    """Another token, for a second device or instead of one that has leaked."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"label": "the old laptop", "revoke_others": False}]}
    )

    label: Annotated[str, Line(100)] | None = Field(
        default=None, description="What you call it. Only you see it."
    )
    revoke_others: bool = Field(
        default=False,
        description="All tokens before this one stop at once, the one that you send included: for "
        "when one has leaked. Your faces and posts stay.",
    )


class TokenPublic(AnswerModel):
    """One of the tokens that stand for the same mask or account."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TOKEN]})

    id: str
    kind: CallerKind
    label: str | None
    created_on: date = Field(description="A day, in UTC.")
    expires_at: Instant | None = Field(description="Until when it is good; null: without end.")
    is_current: bool = Field(description="It is the one that you sent.")


class TokenReceipt(TokenPublic):
    """A new token."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **_TOKEN,
                    "is_current": False,
                    "token": "fbe_7Yk0dQp4tXb2WmNc9LrJs6Vh3Gz1Fa8EuKo5TiHnRqPxSvB2mZ0aQ",
                }
            ]
        }
    )

    token: str = Field(description=SHOWN_ONCE)


class TokenPage(Page[TokenPublic]):
    """All tokens."""


class FeedTokenCreate(RequestModel):
    """A private feed to be made."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"adult": False}]})

    adult: bool = Field(
        default=False,
        description="Also tell of what is adult, and of what is said below something adult.",
    )


class FeedTokenPublic(AnswerModel):
    """A private feed, as its owner sees it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_FEED]})

    id: str
    adult: bool = Field(description="Whether it tells of what is adult.")
    created_at: Instant


class FeedTokenReceipt(FeedTokenPublic):
    """A new private feed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**_FEED, "url": FEED_EXAMPLE}]})

    url: str = Field(
        description="The address of the feed, for your feed reader. Whoever has it reads it, so "
        f"keep it to yourself. {SHOWN_ONCE}",
        json_schema_extra={"format": "uri"},
    )


class FeedTokenPage(Page[FeedTokenPublic]):
    """All private feeds of a mask or an account."""


class ApiKeyCreate(RequestModel):
    """An API key to be made."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "prompt of the day",
                    "scopes": ["prompts:write"],
                    "board": "found-family",
                    "max_rating": "teen",
                    "expires_at": "2036-11-03T12:00:00Z",
                }
            ]
        }
    )

    name: Annotated[str, Line(100)] = Field(description="What you call it. Only you see it.")
    scopes: list[Scope] = Field(min_length=1, max_length=7, description="What it may do.")
    board: str | None = Field(
        default=None,
        pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$",
        description="The `slug` of the one board on which it may write; left out, on all.",
    )
    expires_at: InstantSent | None = Field(
        default=None, description="From when on it is good no more."
    )
    max_rating: Rating | None = Field(
        default=None, description="Nothing that it posts may be rated above this."
    )

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        if len(set(self.scopes)) != len(self.scopes):
            raise PydanticCustomError("twice", "A scope stands twice.")
        return self


class ApiKeyPublic(AnswerModel):
    """An API key, as its owner sees it."""

    model_config = ConfigDict(json_schema_extra={"examples": [_KEY]})

    id: str
    name: str
    scopes: list[Scope]
    board: str | None
    max_rating: Rating | None
    created_on: date = Field(description="A day, in UTC.")
    last_used_on: date | None = Field(
        description="The last day, in UTC, on which it was used for what depends on who asks: to "
        "write, or to read such things. Some minutes late where several processes serve."
    )
    expires_at: Instant | None
    is_revoked: bool


class ApiKeyReceipt(ApiKeyPublic):
    """A new API key."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**_KEY, "key": KEY_EXAMPLE}]})

    key: str = Field(description=f"Send it as `Authorization: Bearer`. {SHOWN_ONCE}")


class ApiKeyPage(Page[ApiKeyPublic]):
    """All API keys of an account."""
