"""Which claims a list shows, and in which order."""

from typing import Any

from sqlalchemy import Select, false

from app.boards.settings import settings_of
from app.claims import queries
from app.claims.models import CLAIM
from app.core.paging import Order
from app.identity.people import Caller

NEWEST_FIRST = Order((CLAIM.id,), descending=True)


def shown(prompt: Any, caller: Caller | None) -> Select[Any]:
    """The claims on a prompt that somebody may count: all of them, or, where the board shows no
    counts, their own.
    """
    every = queries.on_prompt(prompt.id)
    if settings_of(prompt)["show_counts"]:
        return every
    return every.where(CLAIM.mask_id.in_(caller.masks) if caller else false())
