"""Pages of any origin may read and write, and browsers learn it from every answer."""

import httpx
import pytest
from fastapi import FastAPI

pytestmark = pytest.mark.anyio

ORIGIN = "https://elsewhere.example"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
async def test_a_browser_may_send_any_request_with_any_header(
    client: httpx.AsyncClient, method: str
) -> None:
    response = await client.options(
        "/v1/boards",
        headers={
            "Origin": ORIGIN,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization, idempotency-key, x-anything",
        },
    )
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["access-control-allow-origin"] == "*"
    assert method in response.headers["access-control-allow-methods"].split(", ")
    allowed = response.headers["access-control-allow-headers"]
    assert allowed == "authorization, idempotency-key, x-anything"
    assert "access-control-allow-credentials" not in response.headers


async def test_a_preflight_with_a_method_that_is_not_there_is_no_problem_of_another_kind(
    client: httpx.AsyncClient,
) -> None:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "BREW"}
    response = await client.options("/v1/boards", headers=asked)
    assert response.status_code == 204
    assert "BREW" not in response.headers["access-control-allow-methods"]


@pytest.mark.parametrize("path", ["/v1/boards", "/v1/boards?limit=0", "/nowhere", "/healthz"])
async def test_every_answer_is_the_same_for_all_origins(
    client: httpx.AsyncClient, path: str
) -> None:
    """A shared cache keeps one copy, which must serve pages of every origin and programs alike."""
    for origin in ({}, {"Origin": ORIGIN}):
        response = await client.get(path, headers=origin)
        assert response.headers["access-control-allow-origin"] == "*"
        exposed = response.headers["access-control-expose-headers"].split(", ")
        assert {"ETag", "Idempotency-Replayed"} <= set(exposed)
        assert "origin" not in response.headers.get("vary", "").lower()
        assert response.headers["x-content-type-options"] == "nosniff"


async def test_a_page_elsewhere_can_read_that_something_broke(own_service: FastAPI) -> None:
    async def break_down() -> None:
        raise RuntimeError

    own_service.add_api_route("/v1/broken", break_down)
    transport = httpx.ASGITransport(own_service, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://board.test") as own_client:
        response = await own_client.get("/v1/broken", headers={"Origin": ORIGIN})
    assert response.status_code == 500
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["x-content-type-options"] == "nosniff"
