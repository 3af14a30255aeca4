"""Sending requests again, and seeing what they left behind."""

import uuid
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import func, select

from app.models import METADATA
from tests.people import JSON, Person, Town

NOT_REPLAYED = {"make_account", "begin_session"}


def new_key() -> str:
    """An Idempotency-Key that nobody has sent yet."""
    return uuid.uuid4().hex


async def twice(
    person: Person, path: str, body: Any, key: str | None = None
) -> tuple[httpx.Response, httpx.Response]:
    """Send the same request twice with one key."""
    key = key or new_key()
    first = await person.send("POST", path, body, Idempotency_Key=key)
    return first, await person.send("POST", path, body, Idempotency_Key=key)


def is_replayed(answer: httpx.Response) -> bool:
    """Whether an answer says that it is one of an earlier request."""
    assert answer.headers.get("idempotency-replayed") in (None, "true")
    return "idempotency-replayed" in answer.headers


async def sizes(service: FastAPI) -> dict[str, int]:
    """How many rows each table has."""
    async with service.state.site.database.reading() as session:
        return {
            table.name: await session.scalar(select(func.count()).select_from(table))
            for table in METADATA.sorted_tables
        }


def posts(service: FastAPI) -> dict[str, str]:
    """Every operation that takes a key, with the template of its path. What takes things out of
    the others' sight comes last.
    """
    found = {
        operations["post"]["operationId"]: template
        for template, operations in service.openapi()["paths"].items()
        if "post" in operations
    }
    kept = {name: each for name, each in found.items() if name not in NOT_REPLAYED}
    return dict(sorted(kept.items(), key=lambda each: each[0] == "act_as_moderator"))


async def prompts_of(town: Town) -> list[JSON]:
    """All prompts on the town's board."""
    return await town.somebody().every_page(f"/boards/{town.slug}/prompts?adult=true")
