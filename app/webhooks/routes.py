"""Webhooks over HTTP."""

from fastapi import Request, Response

from app.core.answers import check_if_match, edit_tag, no_content, own_answer, seen_answer
from app.core.database import Session
from app.core.description import refusals
from app.core.errors import BadCursor, NotFound, PreconditionFailed, ScopeRequired
from app.core.paging import Address, ThePage, page_answer, read_page
from app.core.parameters import ACCEPTS_ADULT
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.core.site import Site, TheSite
from app.identity.access import KnownCaller
from app.identity.errors import NotModerator
from app.identity.scopes import needs_scope
from app.webhooks import queries, service, views
from app.webhooks.access import (
    EnabledWebhook,
    ManagedDelivery,
    ManagedWebhook,
    Manager,
    TheManager,
    TheReplayAsked,
    TheWebhookChanged,
    TheWebhookSent,
)
from app.webhooks.errors import TooManyWebhooks, WebhookDisabled
from app.webhooks.lists import (
    NEWEST_DELIVERY_FIRST,
    NEWEST_FIRST,
    NEWEST_SECRET_FIRST,
    TheDeliveriesAsked,
)
from app.webhooks.schemas import (
    DeliveryPage,
    DeliveryPublic,
    ReplayPublic,
    SecretPage,
    SecretReceipt,
    WebhookPage,
    WebhookPublic,
    WebhookReceipt,
)

router = room_router("Webhooks")

_PATH = "/boards/{board}/webhooks"
_ONE = f"{_PATH}/{{webhook}}"


@router.get(
    _PATH,
    response_model=WebhookPage,
    operation_id="list_webhooks",
    dependencies=[ACCEPTS_ADULT],
    summary="List a board's webhooks",
    responses=refusals(BadCursor, NotFound, NotModerator, ScopeRequired),
)
async def list_webhooks(
    request: Request, manager: TheManager, session: CurrentSession, site: TheSite, page: ThePage
) -> Response:
    """The webhooks of a board, the newest first: for its moderators all of them, for an API key
    those of its account. A key needs the scope `webhooks` to read them, too.
    """
    mine = manager.webhooks(queries.on_board(manager.board.id))
    read = await read_page(session, site, Address.of(request), mine, NEWEST_FIRST, page)
    items = [views.webhook(site, manager.board.slug, row) for row in read.rows]
    return page_answer(request, {"items": items, "next": read.next}, is_public=False)


@router.post(
    _PATH,
    status_code=201,
    response_model=WebhookReceipt,
    operation_id="make_webhook",
    summary="Have events sent to an address",
    responses=refusals(NotFound, NotModerator, TooManyWebhooks),
)
@needs_scope("webhooks")
async def make_webhook(
    sent: TheWebhookSent, manager: TheManager, session: CurrentSession, site: TheSite
) -> Response:
    """Have what happens on a board from now on sent to an address of yours, soon after it happens,
    as a POST with a JSON body. The heading "Webhooks" tells what is sent and how to know that it
    is genuine; the answer carries the `secret` that you need for that, once.

    A moderator of the board may do this, or their bot, with an API key that has the scope
    `webhooks`. It belongs to the account; what it shows is decided by `adult`, and by no
    `max_rating` of a key. One that was made with a key stops when the key is revoked or runs out,
    and so does one whose address or secret was last changed with it.
    """
    public_id, made = await service.make_webhook(
        session, site, manager.board.id, manager.caller, sent
    )
    row = await session.first(queries.webhook(manager.board.id, public_id))
    content = {**views.webhook(site, manager.board.slug, row), "secret": made.secret}
    where = views.url(site, manager.board.slug, public_id)
    return own_answer(content, status=201, edit=edit_tag(public_id, 0), location=where)


@router.get(
    _ONE,
    response_model=WebhookPublic,
    operation_id="read_webhook",
    dependencies=[ACCEPTS_ADULT],
    summary="Read a webhook",
    responses=refusals(NotFound, NotModerator, ScopeRequired),
)
async def read_webhook(
    request: Request, webhook: ManagedWebhook, manager: TheManager, site: TheSite
) -> Response:
    """What a webhook is sent, where to, and whether it still is: one whose address failed for days
    is disabled, and says why. Its secret is not shown again.
    """
    content = views.webhook(site, manager.board.slug, webhook)
    edit = edit_tag(webhook.public_id, webhook.edits)
    return seen_answer(request, content, is_public=False, edit=edit)


@router.patch(
    _ONE,
    response_model=WebhookPublic,
    operation_id="change_webhook",
    summary="Change, enable or disable a webhook",
    responses=refusals(NotFound, NotModerator, PreconditionFailed),
)
@needs_scope("webhooks")
async def change_webhook(
    request: Request,
    sent: TheWebhookChanged,
    webhook: ManagedWebhook,
    manager: TheManager,
    session: CurrentSession,
    site: TheSite,
) -> Response:
    """Change where a webhook sends, or what. A list replaces the list of before.

    With `"is_enabled": false` it gets nothing more, and what was on its way has failed. With
    `true` it gets what happens from now on. What it has missed is sent if you ask for it, by
    `since` (`…/replays`).
    """
    check_if_match(request, edit_tag(webhook.public_id, webhook.edits))
    await service.change_webhook(session, webhook, manager.caller, sent)
    return await _answer(session, site, manager, webhook.public_id)


@router.delete(
    _ONE,
    status_code=204,
    operation_id="delete_webhook",
    summary="Delete a webhook",
    responses=refusals(NotFound, NotModerator),
)
@needs_scope("webhooks")
async def delete_webhook(webhook: ManagedWebhook, session: CurrentSession) -> Response:
    """Delete a webhook, with its secrets and its log. What was to be sent to it is not."""
    await service.delete_webhook(session, webhook.id)
    return no_content()


@router.get(
    f"{_ONE}/deliveries",
    response_model=DeliveryPage,
    operation_id="list_deliveries",
    dependencies=[ACCEPTS_ADULT],
    summary="Read a webhook's log",
    responses=refusals(BadCursor, NotFound, NotModerator, ScopeRequired),
)
async def list_deliveries(
    request: Request,
    webhook: ManagedWebhook,
    session: CurrentSession,
    site: TheSite,
    asked: TheDeliveriesAsked,
    page: ThePage,
) -> Response:
    """What was sent to a webhook, or will be, and what came of it, the newest first. Deliveries are
    kept for 30 days. What your receiver answered is told by its status alone.
    """
    mine = queries.deliveries(webhook.id, asked.status)
    read = await read_page(session, site, Address.of(request), mine, NEWEST_DELIVERY_FIRST, page)
    items = [views.delivery(row) for row in read.rows]
    return page_answer(request, {"items": items, "next": read.next}, is_public=False)


@router.get(
    f"{_ONE}/deliveries/{{delivery}}",
    response_model=DeliveryPublic,
    operation_id="read_delivery",
    dependencies=[ACCEPTS_ADULT],
    summary="Read what came of a delivery",
    responses=refusals(NotFound, NotModerator, ScopeRequired),
)
async def read_delivery(request: Request, delivery: ManagedDelivery) -> Response:
    """One delivery: what was to be sent, and each attempt to send it, with what was answered or
    what went wrong. When it is tried next stands there, too.
    """
    return seen_answer(request, views.delivery(delivery), is_public=False)


@router.post(
    f"{_ONE}/pings",
    status_code=202,
    response_model=DeliveryPublic,
    operation_id="ping_webhook",
    summary="Send a webhook something to try it out",
    responses=refusals(NotFound, NotModerator, WebhookDisabled),
)
@needs_scope("webhooks")
async def ping_webhook(
    webhook: EnabledWebhook, _caller: KnownCaller, session: CurrentSession
) -> Response:
    """Have something of the type `webhook.ping` sent, signed as everything is, whatever
    `event_types` says. The answer is the delivery; read it again, a moment later, to see what came
    of it. A ping is tried once; one that is answered with 410 disables the webhook, as anything is.
    """
    public_id = await service.ping(session, webhook)
    row = await session.first(queries.delivery(webhook.id, public_id))
    return own_answer(views.delivery(row), status=202)


@router.post(
    f"{_ONE}/replays",
    status_code=202,
    response_model=ReplayPublic,
    operation_id="replay_deliveries",
    summary="Have something sent once more",
    responses=refusals(NotFound, NotModerator, WebhookDisabled),
)
@needs_scope("webhooks")
async def replay_deliveries(
    sent: TheReplayAsked, webhook: EnabledWebhook, session: CurrentSession
) -> Response:
    """Have deliveries sent once more, by their ids, or all that happened from an instant on, also
    before there was the webhook. `webhook-id` is that of the first time, so a receiver that
    remembers what it has dealt with is not confused. What is shown of things is what they are by
    then. What is still on its way is not sent twice.
    """
    if sent.since is not None:
        count = await service.replay_since(session, webhook, sent.since)
    else:
        count = await service.replay(session, webhook, sent.deliveries or ())
    return own_answer({"events_count": count}, status=202)


@router.get(
    f"{_ONE}/secrets",
    response_model=SecretPage,
    operation_id="list_secrets",
    dependencies=[ACCEPTS_ADULT],
    summary="List a webhook's secrets",
    responses=refusals(BadCursor, NotFound, NotModerator, ScopeRequired),
)
async def list_secrets(
    request: Request, webhook: ManagedWebhook, session: CurrentSession, site: TheSite, page: ThePage
) -> Response:
    """The secrets that deliveries are signed with now, the newest first: two for a while after one
    was exchanged for another. None of them is shown.
    """
    live = queries.secrets(webhook.id)
    read = await read_page(session, site, Address.of(request), live, NEWEST_SECRET_FIRST, page)
    items = [views.secret(row) for row in read.rows]
    return page_answer(request, {"items": items, "next": read.next}, is_public=False)


@router.post(
    f"{_ONE}/secrets",
    status_code=201,
    response_model=SecretReceipt,
    operation_id="rotate_secret",
    summary="Change a webhook's secret",
    responses=refusals(NotFound, NotModerator),
)
@needs_scope("webhooks")
async def rotate_secret(
    webhook: ManagedWebhook, manager: TheManager, session: CurrentSession, site: TheSite
) -> Response:
    """Make a new secret. For 24 hours deliveries are signed with the former one, too
    (`webhook-signature` holds both), so that nothing is refused while your receiver changes over;
    of several that were changed within a day, with the last few. If the former one has leaked, have
    your receiver stop believing it at once.
    """
    made = await service.rotate_secret(session, site, webhook, manager.caller)
    row = await session.first(queries.newest_secrets(webhook.id))
    content = {**views.secret(row), "secret": made.secret}
    where = f"{views.url(site, manager.board.slug, webhook.public_id)}/secrets"
    return own_answer(content, status=201, edit=edit_tag(made.public_id, 0), location=where)


async def _answer(session: Session, site: Site, manager: Manager, public_id: str) -> Response:
    row = await session.first(queries.webhook(manager.board.id, public_id))
    assert row is not None
    content = views.webhook(site, manager.board.slug, row)
    return own_answer(content, edit=edit_tag(public_id, row.edits))
