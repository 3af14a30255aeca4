"""The tables of webhooks: where to send what, signed with which secrets, and what came of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.core.tables import BIG_INTEGER, columns_of, json_list, public_id, reference, row_id
from app.kit.clock import now
from app.kit.ids import LENGTH

_IS_DUE_ONCE = text("next_attempt_at IS NOT NULL")


class Status(StrEnum):
    """What has become of a delivery."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    SKIPPED = "skipped"


class Disabled(StrEnum):
    """Why a webhook gets nothing any more."""

    BY_OWNER = "by_owner"
    GONE = "gone"
    FAILING = "failing"
    REVOKED = "revoked"


class Webhook(SQLModel, table=True):
    """Somebody wants to hear what happens on a board, at ``url``.

    It stands for the account that made it, and for the API key (``key_id``, its token) with which
    it was made, or ``url`` was last changed, if any: when that is revoked it gets nothing any more.
    So whoever had a key that leaked hears nothing after its end. ``url`` is kept as it was sent and
    not sealed: who manages the webhook must be able to read it, and put it right, also when the key
    of the installation has become another one. ``tags`` are pairs of kind and name, all of which a
    work must carry. ``position`` is the number of the event up to which deliveries have been made
    of what it wants.
    """

    __table_args__: ClassVar[Any] = (Index(None, "board_id", "id"),)

    id: int = row_id()
    public_id: str = public_id()
    board_id: int = reference("board.id")
    account_id: int = reference("account.id", index=True)
    key_id: int | None = reference("token.id", default=None)
    url: str
    description: str | None = None
    event_types: list[str] = json_list()
    tags: list[list[str]] = json_list()
    adult: bool = False
    is_enabled: bool = True
    disabled_because: str | None = Field(default=None, max_length=16)
    disabled_at: datetime | None = None
    last_success_at: datetime | None = None
    position: int = Field(sa_type=BIG_INTEGER)
    created_at: datetime = Field(default_factory=now)
    edits: int = 0


class WebhookSecret(SQLModel, table=True):
    """What deliveries of a webhook are signed with, sealed (``sealing.py``). From ``expires_at`` on
    nothing is signed with it; the newest has no end. ``key_id`` is the API key with which it was
    made, if any: whoever had that knows it, so the webhook stands for that key, too.
    """

    __tablename__: ClassVar[Any] = "webhook_secret"

    id: int = row_id()
    public_id: str = public_id()
    webhook_id: int = reference("webhook.id", index=True)
    sealed: bytes = Field(sa_type=LargeBinary)
    key_id: int | None = reference("token.id", default=None)
    created_at: datetime = Field(default_factory=now)
    expires_at: datetime | None = None


class Delivery(SQLModel, table=True):
    """An event, or a ping (which has no ``number``), that is sent to a webhook.

    ``event_id`` is what is sent as ``webhook-id``, the same with every attempt. ``tries`` counts
    the attempts that were begun since it was to be sent, or sent again; it also tells whoever has
    begun one whether it is still the last. While it is ``pending``, ``next_attempt_at`` says when
    it is taken up: of one that is being sent, when somebody else does if nothing is heard of it.
    ``attempts`` are the last ones that came to an end, as they are shown.
    """

    __table_args__: ClassVar[Any] = (
        UniqueConstraint("webhook_id", "number"),
        Index(None, "webhook_id", "id"),
        Index(None, "webhook_id", "status", "id"),
        Index(
            "ix_delivery_due",
            "webhook_id",
            "next_attempt_at",
            sqlite_where=_IS_DUE_ONCE,
            postgresql_where=_IS_DUE_ONCE,
        ),
        Index(None, "created_at"),
    )

    id: int = row_id()
    public_id: str = public_id()
    webhook_id: int = reference("webhook.id")
    number: int | None = Field(default=None, sa_type=BIG_INTEGER)
    event_id: str = Field(max_length=LENGTH)
    type: str = Field(max_length=32)
    status: str = Field(default=Status.PENDING.value, max_length=16)
    tries: int = 0
    attempts: list[dict[str, Any]] = json_list()
    created_at: datetime = Field(default_factory=now)
    first_attempt_at: datetime | None = None
    next_attempt_at: datetime | None = None


WEBHOOK = columns_of(Webhook)

WEBHOOK_SECRET = columns_of(WebhookSecret)

DELIVERY = columns_of(Delivery)
