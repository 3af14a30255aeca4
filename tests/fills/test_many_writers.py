"""Fills of one prompt that change at once."""

import asyncio

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from app.fills.models import FILL
from app.prompts.models import PROMPT
from tests.people import Town, path_of

pytestmark = pytest.mark.anyio


@pytest.mark.thorough
async def test_a_prompt_knows_when_it_was_last_filled_whoever_finishes_at_once(
    town: Town, service: FastAPI
) -> None:
    for _ in range(5):
        prompt = await town.prompt()
        writers = [town.somebody() for _ in range(8)]
        fills = [await town.fill(prompt, writer, status="wip") for writer in writers]
        answers = await asyncio.gather(
            *(
                writer.patch(path_of(fill), {"status": "complete"})
                for writer, fill in zip(writers, fills, strict=True)
            )
        )
        assert {answer.status_code for answer in answers} == {200}
        async with service.state.site.database.reading() as session:
            row = await session.first(
                select(PROMPT.id, PROMPT.last_filled_at).where(PROMPT.public_id == prompt["id"])
            )
            assert row is not None
            latest = select(func.max(FILL.filled_at)).where(FILL.prompt_id == row.id)
            assert row.last_filled_at == await session.scalar(latest)
