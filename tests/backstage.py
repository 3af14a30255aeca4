"""What moderators do and no endpoint offers yet, done in the database."""

import uuid
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import select, update

from app.accounts.models import Account
from app.boards.models import BOARD, ROUND, Moderator, Round
from app.core.tables import columns_of
from app.fills.models import Fill
from app.identity.service import enrol
from app.prompts.models import Prompt
from tests.people import Person


async def set_phase(service: FastAPI, slug: str, phase: str) -> None:
    """Bring the only round of a board into a phase."""
    of_board = select(BOARD.id).where(BOARD.slug == slug)
    async with service.state.site.database.writing() as session:
        await session.run(update(Round).where(ROUND.board_id.in_(of_board)).values(phase=phase))


async def set_columns(
    service: FastAPI, table: type[Prompt | Fill], public_id: str, **values: Any
) -> None:
    """Set columns of a prompt or a fill: ``is_frozen``, ``state``."""
    async with service.state.site.database.writing() as session:
        chosen = columns_of(table).public_id == public_id
        await session.run(update(table).where(chosen).values(**values))


async def new_account(
    service: FastAPI, client: httpx.AsyncClient, *, moderates: str | None = None
) -> tuple[Person, str]:
    """Somebody with an account that administers nothing, who may moderate a board; and its name."""
    name = f"Named-{uuid.uuid4().hex[:8]}"
    async with service.state.site.database.writing() as session:
        account = Account(name=name, name_key=name.lower())
        await session.add(account)
        if moderates is not None:
            board_id = await session.scalar(select(BOARD.id).where(BOARD.slug == moderates))
            await session.add(Moderator(board_id=board_id, account_id=account.id, role="moderator"))
        return Person(client, await enrol(session, account)), name
