"""Which of what waits is listed, and in which order."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import Select, select

from app.core.paging import Order
from app.core.parameters import asked
from app.queue import queries
from app.queue.schemas import QueueKind


@dataclass
class QueueAsked:
    """The filter of a queue (a FastAPI dependency)."""

    kind: Annotated[
        tuple[QueueKind, ...],
        Query(description="Only what waits for this reason; repeated: for any of them."),
    ] = ()

    def on_board(self, board_id: int) -> tuple[Select[Any], Order]:
        """What was asked for of a board, and its order."""
        waiting = queries.waiting(board_id, self.kind)
        columns = waiting.c
        order = Order(
            (columns.urgency, columns.since, columns.type, columns.thing_id), descending=False
        )
        return select(*columns), order


TheQueueAsked = Annotated[QueueAsked, asked(QueueAsked)]
