"""Which entries of the log are listed, and in which order."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query
from sqlalchemy import Select

from app.core.paging import Order
from app.core.parameters import asked
from app.moderation import queries
from app.moderation.models import BAN, MOD_LOG
from app.moderation.reasons import ReasonCode
from app.moderation.schemas import LoggedAction

NEWEST_FIRST = Order((MOD_LOG.id,), descending=True)
BANS_NEWEST_FIRST = Order((BAN.id,), descending=True)


@dataclass
class LogAsked:
    """The filters of a board's log (a FastAPI dependency)."""

    action: Annotated[
        tuple[LoggedAction, ...], Query(description="Only this action; repeated: any of them.")
    ] = ()
    reason: Annotated[
        tuple[ReasonCode, ...], Query(description="Only for this reason; repeated: any of them.")
    ] = ()

    def on_board(self, board_id: int) -> Select[Any]:
        """What was asked for of a board's log."""
        statement = queries.on_board(board_id)
        if self.action:
            statement = statement.where(MOD_LOG.action.in_(self.action))
        if self.reason:
            statement = statement.where(MOD_LOG.reason.in_(self.reason))
        return statement


TheLogAsked = Annotated[LogAsked, asked(LogAsked)]
