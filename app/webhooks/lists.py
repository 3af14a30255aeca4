"""What of webhooks and deliveries is listed, and in which order."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query

from app.core.paging import Order
from app.core.parameters import asked
from app.webhooks.models import DELIVERY, WEBHOOK, WEBHOOK_SECRET
from app.webhooks.schemas import DeliveryStatus

NEWEST_FIRST = Order((WEBHOOK.id,), descending=True)
NEWEST_SECRET_FIRST = Order((WEBHOOK_SECRET.id,), descending=True)
NEWEST_DELIVERY_FIRST = Order((DELIVERY.id,), descending=True)


@dataclass
class DeliveriesAsked:
    """The filter of deliveries."""

    status: Annotated[
        tuple[DeliveryStatus, ...],
        Query(description="Only those that have come to this; repeated: to any of these."),
    ] = ()


TheDeliveriesAsked = Annotated[DeliveriesAsked, asked(DeliveriesAsked)]
