"""Making deliveries of what has happened.

Each webhook notes up to which event deliveries have been made. What comes after it is read first,
outside of any transaction, and then written in one: the deliveries, and how far they go. If
somebody else has moved the webhook on meanwhile (another worker, or whoever has asked for a
replay), nothing is written for it, and it is looked at again. So no event is passed by, and of none
there are two deliveries.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy import Row, update
from sqlalchemy.dialects.postgresql import Insert

from app.core.database import Session
from app.core.logs import frames_of
from app.core.site import Site
from app.core.tables import row_of, table_of
from app.events.errors import CursorExpired
from app.events.following import Heard, Wanted, extent_of, hear
from app.kit.clock import now
from app.labels.names import tag_key
from app.outbox.models import EventType
from app.webhooks import queries
from app.webhooks.models import DELIVERY, WEBHOOK, Delivery, Status, Webhook
from app.webhooks.service import sent_anew

log = structlog.get_logger("fillboard.webhooks")

#: Webhooks that are looked at in one go, and events that are read for each.
_WEBHOOKS, _EVENTS = 100, 50


@dataclass
class _Plan:
    """What is to be written for a webhook."""

    webhook: Row[Any]
    position: int
    deliveries: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class _Read:
    """What is to be written for some webhooks, whether there may be more for any of these, and the
    number of the ``last``, if others come after it.
    """

    plans: list[_Plan]
    is_more: bool
    last: int | None


def wanted_by(webhook: Any) -> Wanted:
    """What a webhook (a row of it) wants to hear of. Types that are none any more mean nothing."""
    known = set(EventType)
    types = tuple(EventType(each) for each in webhook.event_types if each in known)
    tags = frozenset(tag_key(kind, name) for kind, name in webhook.tags)
    return Wanted(types, tags, webhook.adult)


async def plan(site: Site) -> bool:
    """Make deliveries of some of what has happened, for each webhook; say whether there may be
    more.
    """
    is_more, after = False, 0
    while True:
        read = await _read(site, after)
        if read.plans:
            async with site.database.writing() as session:
                for each in read.plans:
                    await _write(session, each)
        is_more = is_more or read.is_more
        if read.last is None:
            return is_more
        after = read.last


async def _read(site: Site, after: int) -> _Read:
    """What is to be written for some of the webhooks that come ``after`` one. Of one that can't be
    read there is nothing, and it is passed by.
    """
    plans: list[_Plan] = []
    is_more = False
    async with site.database.reading() as session:
        behind = await session.all(queries.behind(after).limit(_WEBHOOKS))
        known: dict[Any, Heard] = {}
        for webhook in behind:
            try:
                heard = await _heard(session, site, webhook, known)
            except Exception as error:  # noqa: BLE001 - the others are not to suffer
                log.error(  # noqa: TRY400 - the message may quote what was written
                    "events_not_read", webhook=webhook.public_id, exception=frames_of(error)
                )
                continue
            plans.append(_Plan(webhook, heard.position, _deliveries(webhook, heard)))
            is_more = is_more or heard.is_more
    return _Read(plans, is_more, behind[-1].id if len(behind) == _WEBHOOKS else None)


async def _heard(session: Session, site: Site, webhook: Any, known: dict[Any, Heard]) -> Heard:
    """What a webhook has not been told of yet. What several want is read once."""
    wanted = wanted_by(webhook)
    asked = (webhook.board_id, webhook.position, wanted)
    if asked not in known:
        known[asked] = await _hear(session, site, webhook, wanted)
    return known[asked]


async def _hear(session: Session, site: Site, webhook: Any, wanted: Wanted) -> Heard:
    board = await session.first(queries.board_numbered(webhook.board_id))
    try:
        return await hear(session, site, board, webhook.position, wanted, _EVENTS)
    except CursorExpired:
        # What it has not been told of yet is not kept any more. It goes on with what is.
        kept = (await extent_of(session, webhook.board_id)).forgotten
        return Heard(position=max(kept, webhook.position), is_more=True)


def _deliveries(webhook: Any, heard: Heard) -> list[dict[str, Any]]:
    moment = now()
    return [
        row_of(
            Delivery,
            webhook_id=webhook.id,
            number=number,
            event_id=event["id"],
            type=event["type"],
            created_at=moment,
            next_attempt_at=moment,
        )
        for number, event in zip(heard.numbers, heard.items, strict=True)
    ]


async def _write(session: Session, each: _Plan) -> None:
    is_as_read = (
        WEBHOOK.id == each.webhook.id,
        WEBHOOK.position == each.webhook.position,
        WEBHOOK.is_enabled,
    )
    moved = update(table_of(Webhook)).where(*is_as_read).values(position=each.position)
    if await session.run(moved) and each.deliveries:
        await session.run(_insertion(each.deliveries))


def _insertion(deliveries: list[dict[str, Any]]) -> Insert:
    """The statement that adds deliveries. What was delivered before, and is now to be sent once
    more, begins anew; what is on its way already goes on.
    """
    added = Insert(table_of(Delivery)).values(deliveries)
    anew: Mapping[str, Any] = {**sent_anew(), "next_attempt_at": added.excluded.next_attempt_at}
    return added.on_conflict_do_update(
        index_elements=[DELIVERY.webhook_id, DELIVERY.number],
        set_=dict(anew),
        where=DELIVERY.status != Status.PENDING.value,
    )
