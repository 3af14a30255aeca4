"""In which order boards and rounds are listed."""

from app.boards.models import BOARD, ROUND
from app.core.paging import Order

BY_FOUNDING = Order((BOARD.id,), descending=False)
NEWEST_ROUND_FIRST = Order((ROUND.number,), descending=True)
