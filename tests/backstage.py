"""What moderators do and no endpoint offers yet, done in the database."""

from typing import Any

from fastapi import FastAPI
from sqlalchemy import update

from app.core.tables import columns_of
from app.fills.models import Fill
from app.prompts.models import Prompt


async def set_columns(
    service: FastAPI, table: type[Prompt | Fill], public_id: str, **values: Any
) -> None:
    """Set columns of a prompt or a fill: ``is_frozen``, ``state``."""
    async with service.state.site.database.writing() as session:
        chosen = columns_of(table).public_id == public_id
        await session.run(update(table).where(chosen).values(**values))
