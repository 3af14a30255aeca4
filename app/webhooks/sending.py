"""Sending a delivery: taking it up, signing it, and writing down what came of it.

Whoever takes a delivery up says in the same transaction when somebody else may: if nothing is heard
of it by then, be it that the process was killed, it is sent again, with the same ``webhook-id``.
What is sent is made right before, so it shows what everybody may see at that moment. Between the
two transactions, while the receiver is waited for, no transaction is open and nothing is held.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import func, update

from app import __version__
from app.core.database import Session
from app.core.json import write_json
from app.core.outgoing import Outgoing, UnsentError
from app.core.site import Site
from app.core.tables import table_of
from app.events.following import show
from app.kit.clock import now, rfc3339
from app.webhooks import queries
from app.webhooks.models import DELIVERY, WEBHOOK, Delivery, Disabled, Status, Webhook
from app.webhooks.planning import wanted_by
from app.webhooks.retries import next_attempt
from app.webhooks.schemas import AttemptError
from app.webhooks.sealing import SealBrokenError, signed, unseal
from app.webhooks.service import PING, disable

log = structlog.get_logger("fillboard.webhooks")

#: After how long somebody else may take up a delivery of which nothing is heard. A request takes
#: 15 seconds at most.
LEASE = timedelta(seconds=30)
#: How many attempts are kept to be shown.
_SHOWN = 20
#: What a receiver answers that wants nothing more (Standard Webhooks).
_GONE = 410


@dataclass(frozen=True)
class Letter:
    """What is sent: the bytes, and the headers that say from whom."""

    url: str
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt: an answer's status, or the reason why there was none."""

    at: datetime
    status_code: int | None = None
    error: AttemptError | None = None
    retry_after: str | None = None

    @property
    def is_success(self) -> bool:
        """Whether the receiver has taken it."""
        return self.status_code is not None and self.status_code // 100 == 2  # noqa: PLR2004


class _Unwanted(Exception):  # noqa: N818 - nothing has gone wrong
    """What is to be sent is not wanted any more, or not there."""


@dataclass(frozen=True)
class Taken:
    """A delivery that was taken up: a row of it as it was before, and until when (``lease``) it is
    left to whoever has done so.
    """

    row: Any
    lease: datetime


async def take_up(session: Session, webhook_id: int, limit: int) -> list[Taken]:
    """Take up deliveries to a webhook that are due."""
    moment = now()
    lease = moment + LEASE
    rows = await session.all(queries.due(webhook_id, moment, limit))
    if rows:
        taken = update(table_of(Delivery)).where(DELIVERY.id.in_([row.id for row in rows]))
        await session.run(
            taken.values(
                tries=DELIVERY.tries + 1,
                first_attempt_at=func.coalesce(DELIVERY.first_attempt_at, moment),
                next_attempt_at=lease,
            )
        )
    return [Taken(row, lease) for row in rows]


async def send(site: Site, outgoing: Outgoing, taken: Taken) -> bool:
    """Send a delivery that was taken up, once; say whether it has arrived."""
    row = taken.row
    async with site.database.reading() as session:
        webhook = await session.first(queries.standing(row.webhook_id))
        if webhook is None:
            return False
        written = await _written(session, site, webhook, row)
    if written is None:
        await _skip(site, taken)
        return True
    outcome = await _post(outgoing, written) if isinstance(written, Letter) else written
    await _write_down(site, taken, webhook.url, outcome)
    log.info(
        "webhook_sent",
        webhook=webhook.public_id,
        delivery=row.public_id,
        attempt=row.tries + 1,
        status=outcome.status_code,
        error=outcome.error,
    )
    return outcome.is_success


async def _written(session: Session, site: Site, webhook: Any, row: Any) -> Letter | Outcome | None:
    """What is to be sent; or why it can't be; or nothing, if it is not wanted any more."""
    try:
        return await _letter(session, site, webhook, row)
    except SealBrokenError:
        return Outcome(now(), error="no-secret")
    except _Unwanted:
        return None


async def _letter(session: Session, site: Site, webhook: Any, row: Any) -> Letter:
    """:raises SealBrokenError: a secret can't be opened.
    :raises _Unwanted: there is nothing that the webhook wants any more.
    """
    content = await _content(session, site, webhook, row)
    body = write_json(content)
    kept = await session.all(queries.newest_secrets(webhook.id))
    secrets = [unseal(site.webhook_key, webhook.public_id, bytes(each.sealed)) for each in kept]
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"Fillboard/{__version__} (+{site.public_url})",
        **signed(secrets, row.event_id, now(), body),
    }
    return Letter(webhook.url, body, headers)


async def _content(session: Session, site: Site, webhook: Any, row: Any) -> dict[str, Any]:
    """The body of a delivery, as everybody may see it now.

    :raises _Unwanted: there is nothing that the webhook wants any more.
    """
    board = await session.first(queries.board_numbered(webhook.board_id))
    assert board is not None
    if row.type == PING:
        data, happened = {"webhook": {"id": webhook.public_id}}, rfc3339(row.created_at)
    else:
        shown = await show(session, site, board, [row.number], wanted_by(webhook))
        if row.number not in shown:
            raise _Unwanted
        event = shown[row.number]
        data, happened = event["data"], event["created_at"]
    return {
        "id": row.event_id,
        "type": row.type,
        "timestamp": happened,
        "board": board.slug,
        "data": data,
    }


async def _post(outgoing: Outgoing, letter: Letter) -> Outcome:
    try:
        answer = await outgoing.post(letter.url, letter.body, letter.headers)
    except UnsentError as error:
        return Outcome(now(), error=error.reason)
    return Outcome(now(), answer.status, retry_after=answer.retry_after)


async def _skip(site: Site, taken: Taken) -> None:
    async with site.database.writing() as session:
        await _end(session, taken, Status.SKIPPED)


async def _write_down(site: Site, taken: Taken, url: str, outcome: Outcome) -> None:
    """Write down what came of an attempt, and what follows: it has arrived, is tried again, or was
    in vain, and then the webhook may have to be disabled.

    Whoever has changed meanwhile where the webhook sends to has nothing to do any more with what is
    said at ``url``, where this was sent: it says nothing of the webhook, be it thanks or a 410.
    """
    row = taken.row
    async with site.database.writing() as session:
        webhook = await session.first(queries.numbered(row.webhook_id))
        if webhook is None:
            return
        is_there_still = webhook.url == url
        if outcome.is_success:
            is_noted = await _end(session, taken, Status.DELIVERED, outcome)
            if is_noted and is_there_still:
                is_it = WEBHOOK.id == webhook.id
                succeeded = update(table_of(Webhook)).where(is_it)
                await session.run(succeeded.values(last_success_at=outcome.at))
            return
        again = next_attempt(row.tries + 1, outcome.at, outcome.retry_after)
        is_gone = outcome.status_code == _GONE and is_there_still
        if row.type != PING and again is not None and not is_gone:
            await _end(session, taken, Status.PENDING, outcome, again)
            return
        is_noted = await _end(session, taken, Status.FAILED, outcome)
        because = _why_disabled(webhook, row, outcome)
        if is_noted and is_there_still and because is not None:
            await disable(session, webhook.id, because)
            log.warning("webhook_disabled", webhook=webhook.public_id, because=because.value)


def _why_disabled(webhook: Any, row: Any, outcome: Outcome) -> Disabled | None:
    """Why a webhook gets nothing more after a delivery to it has failed for good, if so. A ping is
    tried once, so that it shows nothing but itself.
    """
    if outcome.status_code == _GONE:
        return Disabled.GONE
    if row.type == PING or row.first_attempt_at is None:
        return None
    last = webhook.last_success_at
    return Disabled.FAILING if last is None or last < row.first_attempt_at else None


async def _end(
    session: Session,
    taken: Taken,
    status: Status,
    outcome: Outcome | None = None,
    again: datetime | None = None,
) -> bool:
    """Note how an attempt ended; say whether it was. If the delivery has been taken from whoever
    made it, because they took too long or because its webhook was disabled, nothing is noted, and
    nothing follows. Its ``tries`` may be the same again by then, if it was asked for once more.
    """
    row = taken.row
    attempts = list(row.attempts)
    if outcome is not None:
        attempts.append(
            {
                "at": rfc3339(outcome.at),
                "status_code": outcome.status_code,
                "error": outcome.error,
            }
        )
    is_still_its = (
        DELIVERY.id == row.id,
        DELIVERY.tries == row.tries + 1,
        DELIVERY.status == Status.PENDING.value,
        DELIVERY.next_attempt_at == taken.lease,
    )
    ended = update(table_of(Delivery)).where(*is_still_its)
    values = {"status": status.value, "attempts": attempts[-_SHOWN:], "next_attempt_at": again}
    return await session.run(ended.values(**values)) > 0
