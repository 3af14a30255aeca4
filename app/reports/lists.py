"""In which order reports are listed."""

from app.core.paging import Order
from app.reports.models import REPORT

OLDEST_FIRST = Order((REPORT.id,), descending=False)
