"""How a request obtains webhooks, and what may be sent to."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Path, Request
from sqlalchemy import Select

from app.boards.access import ListedBoard, moderates
from app.core.errors import NotFound, ScopeRequired, invalid
from app.core.outgoing import BadDestinationError, Destination
from app.core.sessions import CurrentSession, held
from app.core.site import Site, TheSite
from app.core.tables import table_of
from app.identity.access import KnownCaller
from app.identity.errors import NotModerator
from app.identity.people import Caller
from app.kit.clock import now
from app.kit.ids import PATTERN
from app.outbox.service import KEPT
from app.webhooks import queries
from app.webhooks.errors import WebhookDisabled
from app.webhooks.models import WEBHOOK, Webhook
from app.webhooks.schemas import ReplayCreate, WebhookCreate, WebhookUpdate

WebhookId = Annotated[str, Path(pattern=PATTERN, description="The webhook's `id`.")]
DeliveryId = Annotated[str, Path(pattern=PATTERN, description="The delivery's `id`.")]


@dataclass(frozen=True)
class Manager:
    """Somebody who manages webhooks of a board: all of them, or those of their own account."""

    board: Any
    caller: Caller
    sees_all: bool

    def webhooks(self, statement: Select[Any]) -> Select[Any]:
        """Of some webhooks those that are theirs to manage."""
        if self.sees_all:
            return statement
        return statement.where(WEBHOOK.account_id == self.caller.account_id)


async def manager(session: CurrentSession, caller: KnownCaller, board: ListedBoard) -> Manager:
    """Whoever manages webhooks of a board: its moderators, and API keys that were made for it.

    :raises ScopeRequired: the key was made for something else, or for another board.
    :raises NotModerator: it is no key, and somebody else moderates the board.
    """
    if caller.kind == "key":
        if "webhooks" not in (caller.scopes or ()):
            raise ScopeRequired("The key needs the scope webhooks.")
        if not caller.may_write_on(board.id):
            raise ScopeRequired("The key was made for another board.")
    sees_all = await moderates(session, caller, board.id)
    if not sees_all and caller.kind != "key":
        raise NotModerator
    return Manager(board, caller, sees_all)


TheManager = Annotated[Manager, Depends(manager)]


async def managed_webhook(
    request: Request, session: CurrentSession, manager: TheManager, webhook: WebhookId
) -> Any:
    """The row of a webhook that the caller manages. In a request that writes it is held."""
    statement = manager.webhooks(queries.webhook(manager.board.id, webhook))
    row = await session.first(held(request, statement, table_of(Webhook)))
    if row is None:
        raise NotFound
    return row


ManagedWebhook = Annotated[Any, Depends(managed_webhook)]


async def enabled_webhook(webhook: ManagedWebhook) -> Any:
    """:raises WebhookDisabled: nothing is sent to it."""
    if not webhook.is_enabled:
        raise WebhookDisabled
    return webhook


EnabledWebhook = Annotated[Any, Depends(enabled_webhook)]


async def managed_delivery(
    session: CurrentSession, webhook: ManagedWebhook, delivery: DeliveryId
) -> Any:
    """The row of a delivery to a webhook that the caller manages."""
    row = await session.first(queries.delivery(webhook.id, delivery))
    if row is None:
        raise NotFound
    return row


ManagedDelivery = Annotated[Any, Depends(managed_delivery)]


async def webhook_sent(sent: WebhookCreate, site: TheSite) -> WebhookCreate:
    """:raises Invalid: nothing may be sent to where it leads."""
    check_url(site, sent.url)
    return sent


TheWebhookSent = Annotated[WebhookCreate, Depends(webhook_sent)]


async def webhook_changed(sent: WebhookUpdate, site: TheSite) -> WebhookUpdate:
    """:raises Invalid: nothing may be sent to where it leads."""
    if "url" in sent.model_fields_set:
        check_url(site, sent.url)
    return sent


TheWebhookChanged = Annotated[WebhookUpdate, Depends(webhook_changed)]


def check_url(site: Site, url: str) -> None:
    """:raises Invalid: nothing may be sent to an address, as far as its spelling tells. What its
    name stands for is looked up each time before something is sent.
    """
    try:
        Destination.of(url, allow_local=site.allows_local_webhooks)
    except BadDestinationError as error:
        raise invalid("body", "/url", "not_reachable", f"The address {error}.") from error


async def replay_sent(sent: ReplayCreate) -> ReplayCreate:
    """What was sent, which is looked at before any transaction begins."""
    return sent


async def replay_asked(
    sent: Annotated[ReplayCreate, Depends(replay_sent)], _webhook: EnabledWebhook
) -> ReplayCreate:
    """What to send once more, of those who may ask for it: to nobody else is it said what is wrong
    with the instant, which depends on when they ask.

    :raises Invalid: events are not kept that long, or have not happened yet.
    """
    if sent.since is not None and not now() - KEPT <= sent.since <= now():
        message = "Must be an instant of the last 90 days: events are kept that long."
        raise invalid("body", "/since", "out_of_range", message)
    return sent


TheReplayAsked = Annotated[ReplayCreate, Depends(replay_asked)]
