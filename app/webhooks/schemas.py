"""Shapes of webhooks, of what is sent to them, and of what came of it."""

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from app.core.fields import AnswerModel, Instant, InstantSent, Line, RequestModel, Text, UpdateModel
from app.core.outgoing import MAX_LENGTH
from app.core.paging import Page
from app.identity.schemas import SHOWN_ONCE
from app.kit.ids import PATTERN
from app.labels.schemas import MAX_OF_A_KIND, Relationships, TagNames
from app.outbox.models import EventType

#: Deliveries that may be named in one replay.
MAX_REPLAYED = 100

DeliveryStatus = TypeAliasType(
    "DeliveryStatus", Literal["pending", "delivered", "failed", "skipped"]
)
AttemptError = TypeAliasType(
    "AttemptError",
    Literal["not-allowed", "unresolved", "refused", "timeout", "tls", "broken", "no-secret"],
)
#: Not `whsec_` and 32 bytes, so that nobody takes it for one.
_SECRET = "whsec_ZXhhbXBsZSBvbmx5IQ=="  # noqa: S105 - nobody has it
WEBHOOK_EXAMPLE: dict[str, Any] = {
    "id": "3n6b9v2c5x8z1m4k",
    "board": "found-family",
    "url": "https://bot.example/fillboard",
    "description": "Tells the chat of new fills.",
    "event_types": ["fill.created", "fill.completed"],
    "fandoms": ["Original Work"],
    "characters": [],
    "relationships": [],
    "tags": [],
    "content_notes": [],
    "adult": False,
    "is_enabled": True,
    "disabled_because": None,
    "disabled_at": None,
    "last_success_at": "2026-12-01T18:00:01Z",
    "created_at": "2026-11-03T12:00:00Z",
    "deliveries_url": "http://127.0.0.1:8000/v1/boards/found-family/webhooks/3n6b9v2c5x8z1m4k"
    "/deliveries",
}
_DELIVERY: dict[str, Any] = {
    "id": "6q9w2e5r8t1y4u7p",
    "event_id": "7h3k9m2p5q8r1s4t",
    "type": "fill.created",
    "status": "pending",
    "attempts": [{"at": "2026-12-01T18:00:01Z", "status_code": None, "error": "timeout"}],
    "created_at": "2026-12-01T18:00:00Z",
    "next_attempt_at": "2026-12-01T18:00:06Z",
}
_SECRET_SHOWN: dict[str, Any] = {
    "id": "9k2j5h8g1f4d7s0a",
    "created_at": "2026-11-03T12:00:00Z",
    "expires_at": None,
}
_CREATED: dict[str, Any] = {
    name: WEBHOOK_EXAMPLE[name] for name in ("url", "description", "event_types", "fandoms")
}


class WebhookSent(RequestModel):
    """What somebody may say of a webhook."""

    description: Annotated[str, Text(500)] | None = Field(
        default=None, description="What it is for, in your words."
    )
    event_types: list[Annotated[EventType, Field(strict=False)]] = Field(
        default_factory=list,
        max_length=2 * len(EventType),
        description="Which events it gets. Empty, or left out: all of them, those included that a "
        "later version adds.",
    )
    fandoms: TagNames = Field(
        default_factory=list,
        description="Only events about works with all of these, and about what belongs to them. "
        "Where anything is named here or below, events about rounds, the board and discussions are "
        "left out.",
    )
    characters: TagNames = Field(default_factory=list, description="Likewise.")
    relationships: Relationships = Field(
        default_factory=list,
        max_length=MAX_OF_A_KIND,
        description="Likewise, whatever the order of their members.",
    )
    tags: TagNames = Field(default_factory=list, description="Likewise.")
    content_notes: TagNames = Field(default_factory=list, description="Likewise.")
    adult: bool = Field(
        default=False,
        description="Also events about what is rated `mature`, `explicit` or `not_rated`.",
    )


_URL: dict[str, Any] = {"format": "uri"}
_URL_SAYS = (
    "Where to send: an `https://` address in ASCII (a host beyond ASCII in its `xn--` form), with "
    "port 443, 8443 or one from 1024 up, without user name and fragment. It must lead to a host "
    "that everybody can reach. Everybody who manages the webhook sees it, and it is kept as it is: "
    "what proves that a body is genuine is its signature, and no word in the address."
)


class WebhookCreate(WebhookSent):
    """A webhook to be made."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CREATED]})

    url: Annotated[str, Line(MAX_LENGTH)] = Field(description=_URL_SAYS, json_schema_extra=_URL)


class WebhookUpdate(WebhookSent, UpdateModel):
    """What to change of a webhook."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"is_enabled": True}]})

    url: Annotated[str, Line(MAX_LENGTH)] = Field(
        default="", description=_URL_SAYS, json_schema_extra=_URL
    )
    is_enabled: bool = Field(
        default=True,
        description="False: nothing more is sent. True: it gets what happens from now on; what it "
        "has missed is sent if you ask for it (`…/replays`).",
    )


class WebhookPublic(AnswerModel):
    """A webhook, as whoever manages it sees it."""

    model_config = ConfigDict(json_schema_extra={"examples": [WEBHOOK_EXAMPLE]})

    id: str
    board: str = Field(description="The board's `slug`.")
    url: str = Field(description="Where it sends to.")
    description: str | None
    event_types: list[EventType] = Field(description="Empty: all.")
    fandoms: list[str]
    characters: list[str]
    relationships: list[str]
    tags: list[str]
    content_notes: list[str]
    adult: bool
    is_enabled: bool
    disabled_because: Literal["by_owner", "gone", "failing", "revoked"] | None = Field(
        description="`by_owner`; `gone`: the receiver answered 410; `failing`: a delivery was "
        "tried in vain for three days, and nothing else arrived meanwhile; `revoked`: the API key "
        "that made it, or last changed its address or its secret, is good no more. Make sure that "
        "both are yours before you enable it."
    )
    disabled_at: Instant | None
    last_success_at: Instant | None = Field(
        description="When the receiver last took something (answered 2xx)."
    )
    created_at: Instant
    deliveries_url: str


class WebhookReceipt(WebhookPublic):
    """A webhook that was made just now."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{**WEBHOOK_EXAMPLE, "last_success_at": None, "secret": _SECRET}]
        }
    )

    secret: str = Field(
        description="What deliveries are signed with: `whsec_` and random bytes in base 64. "
        f"{SHOWN_ONCE}"
    )


class WebhookPage(Page[WebhookPublic]):
    """Some webhooks."""


class SecretPublic(AnswerModel):
    """A secret that deliveries are signed with. The secret itself is not shown."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SECRET_SHOWN]})

    id: str
    created_at: Instant
    expires_at: Instant | None = Field(
        description="From when on nothing is signed with it; null for the newest."
    )


class SecretReceipt(SecretPublic):
    """A new secret."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**_SECRET_SHOWN, "secret": _SECRET}]}
    )

    secret: str = Field(description=SHOWN_ONCE)


class SecretPage(Page[SecretPublic]):
    """The secrets that deliveries are signed with, the newest first."""


class AttemptPublic(AnswerModel):
    """One time that a delivery was sent."""

    at: Instant
    status_code: int | None = Field(description="What the receiver answered; null: nothing.")
    error: AttemptError | None = Field(
        description="Why there was no answer. `not-allowed`: the host stands for an address that "
        "not everybody can reach; `unresolved`: it stands for none, or nobody could tell within "
        "5 seconds; `refused`: nobody listens there; `timeout`: it took more than 15 seconds; "
        "`tls`: the certificate is not good; `broken`: what came was no HTTP; `no-secret`: the "
        "service can't read the secrets any more, so make a new one."
    )


class DeliveryPublic(AnswerModel):
    """An event on its way to a webhook."""

    model_config = ConfigDict(json_schema_extra={"examples": [_DELIVERY]})

    id: str
    event_id: str = Field(description="The event's `id`, sent as `webhook-id` with each attempt.")
    type: str = Field(description="The event's type, or `webhook.ping`.")
    status: DeliveryStatus = Field(
        description="`pending`: it is being sent, or will be tried again. `delivered`: the "
        "receiver answered 2xx. `failed`: it was tried in vain, or the webhook was disabled. "
        "`skipped`: when it was to be sent, the webhook did not want it any more: it was rated "
        "adult, or tagged otherwise."
    )
    attempts: list[AttemptPublic] = Field(description="The last 20, the oldest first.")
    created_at: Instant
    next_attempt_at: Instant | None


class DeliveryPage(Page[DeliveryPublic]):
    """Some deliveries, the newest first."""


class ReplayCreate(RequestModel):
    """What to send once more."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"since": "2026-12-01T18:00:00Z"}]})

    deliveries: list[Annotated[str, Field(pattern=PATTERN)]] | None = Field(
        default=None,
        min_length=1,
        max_length=MAX_REPLAYED,
        description="The `id`s of deliveries that have come to an end.",
    )
    since: InstantSent | None = Field(
        default=None,
        description="All that happened from then on, at most 90 days ago, and that the webhook "
        "wants.",
    )

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.deliveries is None) == (self.since is None):
            raise PydanticCustomError(
                "one_of_both", "Send exactly one of `deliveries` and `since`."
            )
        return self


class ReplayPublic(AnswerModel):
    """What will be sent once more."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"events_count": 12}]})

    events_count: int = Field(
        description="How many deliveries that is; with `since`, how many events are looked "
        "through for those that the webhook wants."
    )
