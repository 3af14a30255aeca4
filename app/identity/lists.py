"""In which order tokens, keys and private feeds are listed."""

from app.core.paging import Order
from app.identity.models import FEED_TOKEN, TOKEN

NEWEST_FIRST = Order((TOKEN.id,), descending=True)
NEWEST_FEED_FIRST = Order((FEED_TOKEN.id,), descending=True)
