"""Questions about webhooks and what is sent to them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from app.boards.models import BOARD
from app.core.tables import table_of
from app.identity import queries as identity_queries
from app.kit.clock import now
from app.outbox.models import EVENT, OUTBOX, Outbox
from app.webhooks.models import DELIVERY, WEBHOOK, WEBHOOK_SECRET


def on_board(board_id: int) -> Select[Any]:
    """The webhooks of a board."""
    return select(*WEBHOOK).where(WEBHOOK.board_id == board_id)


def webhook(board_id: int, public_id: str) -> Select[Any]:
    """One of them."""
    return on_board(board_id).where(WEBHOOK.public_id == public_id)


def numbered(webhook_id: int) -> Select[Any]:
    """A webhook by its number, to be changed: it is held."""
    return select(*WEBHOOK).where(WEBHOOK.id == webhook_id).with_for_update()


def counts(board_id: int, account_id: int) -> Select[Any]:
    """How many webhooks a board has: ``of_board``, and of them ``of_account``."""
    is_own = WEBHOOK.account_id == account_id
    counted: list[Any] = [
        func.count().label("of_board"),
        func.count().filter(is_own).label("of_account"),
    ]
    return select(*counted).where(WEBHOOK.board_id == board_id)


def standing(webhook_id: int) -> Select[Any]:
    """A webhook, as long as something may be sent to it."""
    return select(*WEBHOOK).where(WEBHOOK.id == webhook_id, _stands())


def behind(after: int) -> Select[Any]:
    """The webhooks that have not been told yet of all that has happened on their board, from the
    one on that comes ``after`` a number.
    """
    return (
        select(*WEBHOOK)
        .join(table_of(Outbox), OUTBOX.board_id == WEBHOOK.board_id)
        .where(_stands(), OUTBOX.latest > WEBHOOK.position, WEBHOOK.id > after)
        .order_by(WEBHOOK.id)
    )


def revoked() -> Select[Any]:
    """``id`` of the webhooks that are enabled although a key that they stand for is good no more,
    in their order.
    """
    return select(WEBHOOK.id).where(WEBHOOK.is_enabled, ~_has_key()).order_by(WEBHOOK.id)


def waiting() -> Select[Any]:
    """``id, account_id, board_id`` of each webhook that deliveries wait for, and when the first of
    them is ``due``, the earliest first.
    """
    first = (
        select(func.min(DELIVERY.next_attempt_at))
        .where(DELIVERY.webhook_id == WEBHOOK.id, DELIVERY.next_attempt_at.is_not(None))
        .scalar_subquery()
    )
    of_whom = (WEBHOOK.id, WEBHOOK.account_id, WEBHOOK.board_id)
    each = select(*of_whom, first.label("due")).where(_stands()).subquery()
    return select(each).where(each.c.due.is_not(None)).order_by(each.c.due)


def due(webhook_id: int, at: datetime, limit: int) -> Select[Any]:
    """Deliveries that are to be taken up, the longest waiting first. Those that somebody else is
    taking up just now are passed by.
    """
    return (
        select(*DELIVERY)
        .where(DELIVERY.webhook_id == webhook_id, DELIVERY.next_attempt_at <= at)
        .order_by(DELIVERY.next_attempt_at, DELIVERY.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )


def deliveries(webhook_id: int, status: Iterable[str]) -> Select[Any]:
    """The deliveries to a webhook; those that have come to one of some ends, if any is named."""
    found = select(*DELIVERY).where(DELIVERY.webhook_id == webhook_id)
    wanted = list(status)
    return found.where(DELIVERY.status.in_(wanted)) if wanted else found


def delivery(webhook_id: int, public_id: str) -> Select[Any]:
    """One of them."""
    return deliveries(webhook_id, ()).where(DELIVERY.public_id == public_id)


def old_deliveries(before: datetime, limit: int) -> Select[Any]:
    """``id`` of deliveries that were made before then and have come to an end."""
    is_old = and_(DELIVERY.created_at < before, DELIVERY.next_attempt_at.is_(None))
    return select(DELIVERY.id).where(is_old).limit(limit)


def some_deliveries(webhook_id: int, public_ids: Iterable[str]) -> ColumnElement[bool]:
    """Which deliveries to a webhook are meant, by their public ids."""
    return and_(DELIVERY.webhook_id == webhook_id, DELIVERY.public_id.in_(list(public_ids)))


def secrets(webhook_id: int) -> Select[Any]:
    """The secrets that deliveries to a webhook are signed with."""
    is_live = or_(WEBHOOK_SECRET.expires_at.is_(None), WEBHOOK_SECRET.expires_at > now())
    return select(*WEBHOOK_SECRET).where(WEBHOOK_SECRET.webhook_id == webhook_id, is_live)


def newest_secrets(webhook_id: int) -> Select[Any]:
    """The same, the newest first."""
    return secrets(webhook_id).order_by(WEBHOOK_SECRET.id.desc())


def board_numbered(board_id: int) -> Select[Any]:
    """A board by its number."""
    return select(*BOARD).where(BOARD.id == board_id)


def board_held(board_id: int) -> Select[Any]:
    """A board by its number, held while its webhooks are counted and one is added."""
    return select(BOARD.id).where(BOARD.id == board_id).with_for_update(key_share=True)


def last_before(board_id: int, instant: datetime) -> Select[Any]:
    """``number`` of the last event of a board before an instant. It is looked for from the end."""
    return (
        select(EVENT.number)
        .where(EVENT.board_id == board_id, EVENT.created_at < instant)
        .order_by(EVENT.number.desc())
        .limit(1)
    )


def _stands() -> ColumnElement[bool]:
    return and_(WEBHOOK.is_enabled, _has_key())


def _has_key() -> ColumnElement[bool]:
    """Whether a webhook stands for an account as such, or for keys that are good: that with which
    its address was set, and that with which its newest secret was.
    """
    is_dead = WEBHOOK_SECRET.key_id.not_in(identity_queries.alive())
    is_its = and_(WEBHOOK_SECRET.webhook_id == WEBHOOK.id, WEBHOOK_SECRET.expires_at.is_(None))
    return and_(
        or_(WEBHOOK.key_id.is_(None), WEBHOOK.key_id.in_(identity_queries.alive())),
        ~exists().where(is_its, is_dead),
    )
