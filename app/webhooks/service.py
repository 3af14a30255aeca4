"""What can be done with webhooks: making, changing, disabling, replaying, and forgetting."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update

from app.core.database import LastWords, Session
from app.core.site import Site
from app.core.tables import table_of
from app.events.following import extent_of
from app.identity import queries as identity_queries
from app.identity.people import Caller
from app.kit.clock import now
from app.kit.ids import new_id
from app.labels.reading import KINDS
from app.webhooks import queries
from app.webhooks.errors import TooManyWebhooks
from app.webhooks.models import (
    DELIVERY,
    WEBHOOK,
    WEBHOOK_SECRET,
    Delivery,
    Disabled,
    Status,
    Webhook,
    WebhookSecret,
)
from app.webhooks.schemas import WebhookCreate, WebhookSent, WebhookUpdate
from app.webhooks.sealing import new_secret, seal

#: Webhooks that an account may have on a board, and that a board may have.
MAX_OF_ACCOUNT, MAX_OF_BOARD = 5, 50
#: How long a former secret still signs beside the new one, and how many sign at once.
FORMER_SECRET_LENGTH, MAX_SECRETS = timedelta(hours=24), 5
#: How long deliveries are kept that have come to an end, and how many are forgotten at once.
KEPT, _SLICE = timedelta(days=30), 2000
#: What a ping says that it is. No thing of a board is a webhook, so no event is called so.
PING = "webhook.ping"

#: The lists of tags in bodies, by the kind of tag.
TAG_LISTS = {kind: name for name, kind in KINDS.items()}


@dataclass(frozen=True)
class NewSecret:
    """A secret, which is never to be had again, and its public id."""

    public_id: str
    secret: str


class _Stir(LastWords):
    """Wakes the worker up when there is something to send that no event tells of."""

    def __init__(self) -> None:
        self._boards: set[int] = set()

    def add(self, board_id: int) -> None:
        """There is, on a board."""
        self._boards.add(board_id)

    @property
    def topics(self) -> Collection[int]:
        return self._boards

    async def write(self, session: Session) -> None:
        """Nothing is written."""


async def make_webhook(
    session: Session, site: Site, board_id: int, caller: Caller, sent: WebhookCreate
) -> tuple[str, NewSecret]:
    """Make a webhook that gets what happens from now on; return its public id, and its secret.

    :raises TooManyWebhooks: there are enough.
    """
    assert caller.account_id is not None
    await session.first(queries.board_held(board_id))
    counts = await session.first(queries.counts(board_id, caller.account_id))
    assert counts is not None
    if counts.of_account >= MAX_OF_ACCOUNT or counts.of_board >= MAX_OF_BOARD:
        raise TooManyWebhooks
    public_id = new_id()
    webhook_id = await session.insert(
        Webhook,
        public_id=public_id,
        board_id=board_id,
        **_stands_for(caller),
        url=sent.url,
        description=sent.description,
        event_types=_types(sent),
        tags=_tags(sent),
        adult=sent.adult,
        position=(await extent_of(session, board_id)).latest,
    )
    return public_id, await _add_secret(session, site, webhook_id, public_id, caller)


async def change_webhook(session: Session, row: Any, caller: Caller, sent: WebhookUpdate) -> None:
    """Change what was sent of a webhook, which is held. Whoever has it send elsewhere with an API
    key has it stand for that key.
    """
    named = sent.model_fields_set
    changes: dict[str, Any] = {
        name: getattr(sent, name) for name in ("url", "description", "adult") if name in named
    }
    if "url" in named and sent.url != row.url and _key_of(caller) is not None:
        changes["key_id"] = _key_of(caller)
    if "event_types" in named:
        changes["event_types"] = _types(sent)
    if named & set(TAG_LISTS.values()):
        kept = {kind: name for kind, name in TAG_LISTS.items() if name not in named}
        changes["tags"] = [pair for pair in row.tags if pair[0] in kept] + _tags(sent)
    if "is_enabled" in named:
        changes |= await _switched(session, row, caller, is_on=sent.is_enabled)
    changed = update(table_of(Webhook)).where(WEBHOOK.id == row.id)
    await session.run(changed.values(**changes, edits=WEBHOOK.edits + 1))


async def _switched(session: Session, row: Any, caller: Caller, *, is_on: bool) -> dict[str, Any]:
    """What enabling or disabling changes of a webhook.

    One that is enabled goes on from now: what has happened in the meantime may be much, and nobody
    waits for it any more. Whoever does asks for it. What of it stood for a key that was revoked
    stands for whoever enables it.
    """
    if not is_on:
        if row.is_enabled:
            await disable(session, row.id, Disabled.BY_OWNER)
        return {}
    changes: dict[str, Any] = {"is_enabled": True, "disabled_because": None, "disabled_at": None}
    if not row.is_enabled:
        changes["position"] = (await extent_of(session, row.board_id)).latest
    if await _is_revoked(session, row.key_id):
        changes |= _stands_for(caller)
    newest = await session.first(queries.newest_secrets(row.id))
    if newest is not None and await _is_revoked(session, newest.key_id):
        is_it = WEBHOOK_SECRET.id == newest.id
        taken_over = update(table_of(WebhookSecret)).where(is_it)
        await session.run(taken_over.values(key_id=_key_of(caller)))
    return changes


async def _is_revoked(session: Session, key_id: int | None) -> bool:
    """Whether something stands for an API key, and that is good no more."""
    return key_id is not None and not await session.first(identity_queries.is_alive(key_id))


async def disable(session: Session, webhook_id: int, because: Disabled) -> None:
    """Send nothing more to a webhook, which is held. What was on its way has failed."""
    is_it = WEBHOOK.id == webhook_id
    told = {"is_enabled": False, "disabled_because": because.value, "disabled_at": now()}
    await session.run(update(table_of(Webhook)).where(is_it).values(**told))
    waits = (DELIVERY.webhook_id == webhook_id, DELIVERY.status == Status.PENDING.value)
    ended = {"status": Status.FAILED.value, "next_attempt_at": None}
    await session.run(update(table_of(Delivery)).where(*waits).values(**ended))


async def delete_webhook(session: Session, webhook_id: int) -> None:
    """Delete a webhook, which is held, with its secrets and all that tells of it."""
    await session.run(delete(table_of(Delivery)).where(DELIVERY.webhook_id == webhook_id))
    is_its = WEBHOOK_SECRET.webhook_id == webhook_id
    await session.run(delete(table_of(WebhookSecret)).where(is_its))
    await session.run(delete(table_of(Webhook)).where(WEBHOOK.id == webhook_id))


async def rotate_secret(session: Session, site: Site, row: Any, caller: Caller) -> NewSecret:
    """Give a webhook, which is held, a new secret. The former one signs, too, for a day: receivers
    know both while they change over. Of many that were made within a day only the last few sign.
    """
    live = await session.all(queries.newest_secrets(row.id))
    for place, former in enumerate(live, 1):
        until = now().replace(microsecond=0) + FORMER_SECRET_LENGTH
        is_it = WEBHOOK_SECRET.id == former.id
        if place >= MAX_SECRETS:
            await session.run(delete(table_of(WebhookSecret)).where(is_it))
        elif former.expires_at is None:
            ends = update(table_of(WebhookSecret)).where(is_it)
            await session.run(ends.values(expires_at=until))
    return await _add_secret(session, site, row.id, row.public_id, caller)


async def ping(session: Session, row: Any) -> str:
    """Have something sent that tells of nothing; return the delivery's public id."""
    public_id = new_id()
    await session.insert(
        Delivery,
        public_id=public_id,
        webhook_id=row.id,
        event_id=new_id(),
        type=PING,
        next_attempt_at=now(),
    )
    session.last_words(_Stir).add(row.board_id)
    return public_id


async def replay(session: Session, row: Any, public_ids: Collection[str]) -> int:
    """Have some deliveries sent once more that have come to an end; say how many they are."""
    is_over = DELIVERY.status != Status.PENDING.value
    which = (queries.some_deliveries(row.id, public_ids), is_over)
    session.last_words(_Stir).add(row.board_id)
    return await session.run(
        update(table_of(Delivery)).where(*which).values(**sent_anew(), next_attempt_at=now())
    )


async def replay_since(session: Session, row: Any, since: datetime) -> int:
    """Have all sent once more, or for the first time, that happened from an instant on; say how
    many events will be looked through. Deliveries are made of them as of what happens now.
    """
    extent = await extent_of(session, row.board_id)
    last = await session.scalar(queries.last_before(row.board_id, since))
    after: int = min(extent.forgotten if last is None else last, row.position)
    await session.run(update(table_of(Webhook)).where(WEBHOOK.id == row.id).values(position=after))
    session.last_words(_Stir).add(row.board_id)
    return extent.latest - after


def sent_anew() -> Mapping[str, Any]:
    """What a delivery is that begins once more. What came of it before stays in its log."""
    return {"status": Status.PENDING.value, "tries": 0, "first_attempt_at": None}


async def forget_old_deliveries(session: Session) -> int:
    """Delete some of the deliveries that are kept no longer, and secrets that sign nothing any
    more; say how many deliveries they were. Call it until there are none.
    """
    is_over = WEBHOOK_SECRET.expires_at < now()
    await session.run(delete(table_of(WebhookSecret)).where(is_over))
    old = queries.old_deliveries(now() - KEPT, _SLICE)
    return await session.run(delete(table_of(Delivery)).where(DELIVERY.id.in_(old)))


async def _add_secret(
    session: Session, site: Site, webhook_id: int, webhook: str, caller: Caller
) -> NewSecret:
    made = NewSecret(new_id(), new_secret())
    await session.insert(
        WebhookSecret,
        public_id=made.public_id,
        webhook_id=webhook_id,
        sealed=seal(site.webhook_key, webhook, made.secret),
        key_id=_key_of(caller),
    )
    return made


def _stands_for(caller: Caller) -> dict[str, Any]:
    return {"account_id": caller.account_id, "key_id": _key_of(caller)}


def _key_of(caller: Caller) -> int | None:
    """The API key by which somebody asks, if they do."""
    return caller.token_id if caller.kind == "key" else None


def _types(sent: WebhookSent) -> list[str]:
    return list(dict.fromkeys(each.value for each in sent.event_types))


def _tags(sent: WebhookSent) -> list[list[str]]:
    return [[kind, tag] for kind, name in TAG_LISTS.items() for tag in getattr(sent, name)]
