"""Figures for Prometheus."""

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.people import Person, Town, path_of

pytestmark = pytest.mark.anyio


async def figures(client: httpx.AsyncClient) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Every sample by its name and labels."""
    response = await client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def requests(method: str, route: str, status: int) -> tuple[str, frozenset[tuple[str, str]]]:
    """The key of a counter of requests."""
    labels = {"method": method, "route": route, "status": str(status)}
    return "fillboard_requests_total", frozenset(labels.items())


async def test_requests_are_counted_by_route_and_not_by_address(
    town: Town, stranger: Person, client: httpx.AsyncClient
) -> None:
    prompt = await town.prompt()
    key = requests("GET", "/v1/prompts/{prompt}", 200)
    missing = requests("GET", "/v1/prompts/{prompt}", 404)
    before = await figures(client)
    for _ in range(3):
        await stranger.read(path_of(prompt))
    await stranger.get("/prompts/0000000000000000")
    after = await figures(client)
    assert after[key] - before.get(key, 0) == 3
    assert after[missing] - before.get(missing, 0) == 1
    timed = ("fillboard_request_seconds_count", frozenset(list(key[1] - {("status", "200")})))
    assert after[timed] - before.get(timed, 0) == 4


async def test_what_callers_make_up_makes_no_new_figures(client: httpx.AsyncClient) -> None:
    await client.request("BREW", "/v1/boards")
    await client.get("/canary/path")
    await figures(client)
    before = set(await figures(client))
    for number in range(5):
        await client.request(f"BREW{number}", "/v1/boards")
        await client.get(f"/canary/path/{number}")
    after = set(await figures(client))
    assert {key for key in after - before if key[0].startswith("fillboard")} == set()
    assert "canary" not in str(after)
    assert "BREW" not in str(after)


async def test_figures_of_the_process_are_there(client: httpx.AsyncClient) -> None:
    names = {name for name, _labels in await figures(client)}
    assert {"process_resident_memory_bytes", "process_open_fds", "python_info"} <= names
