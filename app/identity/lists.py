"""In which order tokens and keys are listed."""

from app.core.paging import Order
from app.identity.models import TOKEN

NEWEST_FIRST = Order((TOKEN.id,), descending=True)
