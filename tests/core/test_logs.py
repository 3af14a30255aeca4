"""The log: a line for each request, and in none of them who asked or what was said."""

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any, Literal

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import insert

from app.core.logs import set_up_logs
from app.core.sessions import CurrentSession
from app.identity.models import Token
from tests.conftest import new_app, settings_for
from tests.people import JSON, Town, path_of

pytestmark = pytest.mark.anyio

ADDRESS = "203.0.113.77"


class Log:
    """What the service logs, caught where it leaves."""

    def __init__(self) -> None:
        self._written = io.StringIO()

    def set_up(self, level: str, form: Literal["json", "console"]) -> None:
        """Set logs up anew and catch what they write."""
        set_up_logs(level, form)
        (handler,) = logging.getLogger().handlers
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(self._written)

    def text(self) -> str:
        """What was written since it was last asked."""
        text = self._written.getvalue()
        self._written.seek(0)
        self._written.truncate()
        return text

    def __call__(self) -> list[JSON]:
        """The lines that were written since it was last asked."""
        return [json.loads(line) for line in self.text().splitlines()]


@pytest.fixture
def logged() -> Iterator[Log]:
    """The log, in JSON from level info up."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    log = Log()
    log.set_up("info", "json")
    yield log
    root.handlers[:] = handlers
    root.setLevel(level)


def visitor(service: FastAPI) -> httpx.AsyncClient:
    """A client with an address that can be recognised."""
    transport = httpx.ASGITransport(service, client=(ADDRESS, 4711), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://board.test")


async def test_each_request_leaves_one_line_with_its_id_and_its_route(
    town: Town, service: FastAPI, logged: Log
) -> None:
    prompt = await town.prompt()
    logged()
    async with visitor(service) as client:
        for method, path, route, status in (
            ("GET", f"/v1{path_of(prompt)}", "/v1/prompts/{prompt}", 200),
            ("HEAD", f"/v1{path_of(prompt)}", "/v1/prompts/{prompt}", 200),
            ("POST", "/v1/masks", "/v1/masks", 201),
            ("GET", "/v1/prompts/0000000000000000", "/v1/prompts/{prompt}", 404),
            ("GET", "/v1/boards?limit=0", "/v1/boards", 422),
            ("GET", "/nowhere/canary", "other", 404),
            ("GET", "/healthz", "/healthz", 200),
            ("HEAD", "/docs", "/docs", 200),
            ("GET", "/problems/gone", "/problems/{code}", 200),
            ("GET", "/metrics", "/metrics", 200),
            ("GET", "/docs/assets/swagger-ui.css", "/docs/assets/{path}", 200),
            ("GET", "/openapi.json", "/openapi.json", 200),
            ("PUT", "/v1/masks", "/v1/masks", 405),
        ):
            response = await client.request(method, path)
            (line,) = logged()
            assert line["event"] == "request"
            assert line["level"] == "info"
            assert line["request_id"] == response.headers["x-request-id"]
            assert (line["method"], line["route"], line["status"]) == (method, route, status)
            assert response.status_code == status
            assert line["ms"] >= 0
            assert line["timestamp"].endswith("Z")


async def test_no_two_requests_share_an_id(client: httpx.AsyncClient) -> None:
    answers = [await client.get("/healthz", headers={"X-Request-Id": "mine"}) for _ in range(20)]
    ids = {each.headers["x-request-id"] for each in answers}
    assert len(ids) == 20
    assert "mine" not in ids


async def test_the_log_holds_no_address_no_token_and_no_word_of_anybody(
    town: Town, service: FastAPI, logged: Log
) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    assert author.token is not None
    bearer = {
        "Authorization": f"Bearer {author.token}",
        "X-Forwarded-For": ADDRESS,
        "User-Agent": "canary-agent",
        "Referer": "http://canary.example",
    }
    path = f"/v1{path_of(prompt)}"
    logged()
    async with visitor(service) as client:
        for method, url, body in (
            ("PATCH", path, {"title": "canary-title"}),
            ("PATCH", path, {"canary-key": 1}),
            ("POST", f"{path}/comments", {"body": "canary-body"}),
            ("POST", f"{path}/fills", {"body": "canary-fill", "title": "canary-title"}),
            ("GET", f"{path}?canary-query=1", None),
            ("GET", f"/v1/boards?cursor={author.token}", None),
            ("GET", f"/v1/prompts/{author.token}", None),
            ("GET", "/canary-path", None),
            ("DELETE", path, None),
        ):
            await client.request(method, url, json=body, headers=bearer)
    lines = logged()
    assert len(lines) == 9
    written = json.dumps(lines)
    for secret in (ADDRESS, "4711", author.token, author.token[4:20], "canary", prompt["id"]):
        assert secret not in written


async def test_a_fault_is_logged_with_its_request_and_without_what_was_sent(
    own_service: FastAPI, logged: Log
) -> None:
    async def break_down(session: CurrentSession) -> None:
        # What the database refuses it may quote, the whole row of it.
        row = {"public_id": "canary-id", "kind": "canary-kind", "hash": b"canary", "mask_id": None}
        await session.execute(insert(Token).values(**row))

    own_service.add_api_route("/v1/broken", break_down, methods=["POST"])
    logged()
    async with visitor(own_service) as client:
        response = await client.post("/v1/broken")
    assert response.status_code == 500
    fault, line = logged()
    assert (fault["event"], fault["level"]) == ("request_failed", "error")
    assert fault["request_id"] == line["request_id"] == response.headers["x-request-id"]
    assert "IntegrityError" in fault["exception"], "the fault itself must be found in the log"
    assert "canary" not in json.dumps([fault, line])


async def test_the_start_names_database_version_and_durability(
    own_database_url: str, kind: str, logged: Log
) -> None:
    app = new_app(settings_for(own_database_url))
    async with app.router.lifespan_context(app):
        pass
    (line,) = [each for each in logged() if each["event"] == "database_open"]
    name, durable = {
        "sqlite": ("SQLite", "synchronous=FULL"),
        "postgresql": ("PostgreSQL", "synchronous_commit=on"),
    }[kind]
    assert line["database"] == name
    assert durable in line["durability"]
    assert line["version"][0].isdigit()


async def test_libraries_write_in_the_same_form(logged: Log) -> None:
    logging.getLogger("somebody.else").warning("a %s word", "plain")
    logging.getLogger("sqlalchemy.engine").info("SELECT chatter")
    (line,) = logged()
    shown: dict[str, Any] = {"event": "a plain word", "level": "warning", "logger": "somebody.else"}
    assert {name: line[name] for name in shown} == shown


async def test_the_level_that_is_set_is_the_least_that_is_written(
    client: httpx.AsyncClient, logged: Log
) -> None:
    logged.set_up("warning", "json")
    await client.get("/healthz")
    assert logged.text() == ""
    logged.set_up("info", "console")
    await client.get("/healthz")
    assert "status=200" in re.sub(r"\x1b\[[0-9;]*m", "", logged.text())
