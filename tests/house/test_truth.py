"""Answers are held against the description: one that differs from it fails its test."""

import json
from typing import Any

import httpx
import jsonschema_rs
import pytest
from fastapi import FastAPI

from tests.people import Person, Town
from tests.truth import checked_against_description

pytestmark = pytest.mark.anyio


async def test_an_answer_that_is_not_as_described_fails_the_test(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    check = checked_against_description(service)
    answer = await stranger.get(f"/boards/{town.slug}")
    board = answer.json()

    async def held(changes: dict[str, Any], status: int = 200, without: str = "") -> None:
        left_out = ("content-length", without)
        headers = {name: each for name, each in answer.headers.items() if name not in left_out}
        content = json.dumps({**board, **changes}).encode()
        await check(
            httpx.Response(status, headers=headers, content=content, request=answer.request)
        )

    await held({})
    for changes in (
        {"prompts_count": "many"},
        {"name": None},
        {"created_at": "yesterday"},
        {"current_round": {"number": 1}},
        {"prompts_count": float("nan")},
    ):
        with pytest.raises((jsonschema_rs.ValidationError, ValueError)):
            await held(changes)
    with pytest.raises(AssertionError, match="does not say that it can answer 418"):
        await held({}, status=418)
    with pytest.raises(AssertionError, match="does not send"):
        await held({}, without="etag")
