"""However the service says no, it says it as a problem document."""

import re
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.core.errors import REFUSALS
from tests.people import Person, Town, path_of

pytestmark = pytest.mark.anyio

MISSING = "0" * 16


def check_problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Fail where a refusal is not what the contract says it is."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    problem: dict[str, Any] = response.json()
    assert problem["type"] == f"http://board.test/problems/{code}"
    assert problem["title"] == REFUSALS[code].title
    assert problem["status"] == status
    assert problem["detail"]
    assert problem["instance"] == response.headers["x-request-id"]
    assert problem["code"] == code
    return problem


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1", 404, "not-found"),
        ("GET", "/v1/nowhere", 404, "not-found"),
        ("GET", f"/v1/prompts/{MISSING}", 404, "not-found"),
        ("GET", "/v1/prompts/not-an-id", 404, "not-found"),
        ("GET", "/v1/boards/No%20Slug", 404, "not-found"),
        ("GET", "/v1/boards/%00", 404, "not-found"),
        ("GET", "/v1/boards/%ff", 404, "not-found"),
        ("GET", "/v1/boards%0A", 404, "not-found"),
        ("GET", "/v1/boards/x/prompts%0A", 404, "not-found"),
        ("POST", "/v1/masks%0A", 404, "not-found"),
        ("GET", "/healthz%0A", 404, "not-found"),
        ("GET", "/v1/boards/x/rounds/01", 404, "not-found"),
        ("GET", "/problems/nonsense", 404, "not-found"),
        ("PATCH", "/v1/boards", 405, "method-not-allowed"),
        ("BREW", "/v1/boards", 405, "method-not-allowed"),
        ("GET", "/v1/masks", 405, "method-not-allowed"),
        ("HEAD", "/v1/masks", 405, "method-not-allowed"),
        ("POST", "/healthz", 405, "method-not-allowed"),
        ("DELETE", "/problems", 405, "method-not-allowed"),
        ("POST", "/openapi.json", 405, "method-not-allowed"),
        ("GET", "/v1/boards?limit=0", 422, "invalid"),
        ("GET", "/v1/boards?nonsense=1", 422, "invalid"),
        ("GET", "/v1/boards?cursor=nonsense", 400, "bad-cursor"),
        ("POST", "/v1/boards", 401, "token-required"),
        ("POST", "/v1/masks?nonsense=1", 422, "invalid"),
        ("DELETE", f"/v1/comments/{MISSING}?nonsense=1", 422, "invalid"),
        ("DELETE", f"/v1/prompts/{MISSING}", 401, "token-required"),
    ],
)
async def test_every_refusal_is_a_problem_document(
    client: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    response = await client.request(method, path)
    if method == "HEAD":
        assert (response.status_code, response.content) == (status, b"")
    else:
        check_problem(response, status, code)


async def test_a_fault_of_ours_is_a_problem_that_tells_nothing_of_the_inside(
    own_service: FastAPI,
) -> None:
    async def break_down() -> None:
        raise RuntimeError("secret inside of /app/core at SELECT 1")

    own_service.add_api_route("/v1/broken", break_down)
    # As a server does, the transport shows what the service sends and not what it raises.
    transport = httpx.ASGITransport(own_service, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://board.test") as own_client:
        response = await own_client.get("/v1/broken")
        check_problem(response, 500, "internal-error")
        for inside in ("secret", "RuntimeError", "Traceback", "SELECT", "app/"):
            assert inside not in response.text


async def test_what_is_not_there_looks_the_same_wherever_it_is_not(
    town: Town, stranger: Person
) -> None:
    prompt = await town.prompt()
    answers = [
        await stranger.get(path)
        for path in (
            "/nowhere",
            f"/prompts/{MISSING}",
            "/prompts/canary-word",
            f"/fills/{MISSING}/parts/1",
            f"/comments/{prompt['id']}",
            f"/comments/{MISSING}/thread",
            "/boards/canary-word",
            f"/boards/{town.slug}/prompts/99",
            f"{path_of(prompt)}/canary-word",
        )
    ]
    shown = []
    for each in answers:
        problem = check_problem(each, 404, "not-found")
        assert "canary" not in each.text
        assert MISSING not in each.text
        shown.append({name: problem[name] for name in problem if name != "instance"})
    assert all(each == shown[0] for each in shown)
    names = [sorted(each.headers) for each in answers]
    assert all(each == names[0] for each in names)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/boards", "GET, HEAD, POST"),
        ("/v1/boards/{board}", "GET, HEAD, PATCH"),
        ("/v1/masks", "POST"),
        ("/v1/prompts/{id}", "DELETE, GET, HEAD, PATCH"),
        ("/v1/comments/{id}", "DELETE, GET, HEAD, PATCH"),
        ("/v1/comments/{id}/thread", "GET, HEAD"),
        ("/v1/fills/{id}/comments", "GET, HEAD, POST"),
        ("/healthz", "GET, HEAD"),
        ("/readyz", "GET, HEAD"),
        ("/metrics", "GET, HEAD"),
        ("/problems", "GET, HEAD"),
        ("/problems/gone", "GET, HEAD"),
        ("/docs", "GET, HEAD"),
        ("/openapi.json", "GET, HEAD"),
        ("/docs/assets/swagger-ui.css", "GET, HEAD"),
        ("/", "GET, HEAD"),
    ],
)
async def test_a_wrong_method_is_told_every_right_one(
    client: httpx.AsyncClient, path: str, allowed: str
) -> None:
    address = path.format(board="any-board", id=MISSING)
    response = await client.put(address)
    check_problem(response, 405, "method-not-allowed")
    assert sorted(re.split(", *", response.headers["allow"])) == allowed.split(", ")


@pytest.mark.parametrize(
    "path", ["/v1/boards/", "/v1/masks/", "/problems/", "/healthz/", "/docs/", "/v1//boards"]
)
async def test_a_slash_too_many_is_not_found_and_never_redirected(
    client: httpx.AsyncClient, path: str
) -> None:
    check_problem(await client.get(path), 404, "not-found")


async def test_head_is_answered_as_get_without_the_body(
    town: Town, client: httpx.AsyncClient
) -> None:
    prompt = await town.prompt()
    await town.comment(prompt)
    for path in (
        "/v1/boards",
        f"/v1/boards/{town.slug}",
        f"/v1{path_of(prompt)}",
        f"/v1{path_of(prompt)}/comments",
        f"/v1/prompts/{MISSING}",
        "/healthz",
        "/problems",
        "/docs",
        "/openapi.json",
    ):
        head, get = await client.head(path), await client.get(path)
        assert (head.status_code, head.content) == (get.status_code, b"")
        for name in ("content-type", "etag", "cache-control", "content-length", "link"):
            if path != "/v1/boards" or name not in ("etag", "content-length", "link"):
                assert head.headers.get(name) == get.headers.get(name)


async def test_every_code_is_listed_and_explained(client: httpx.AsyncClient) -> None:
    listing = await client.get("/problems")
    assert listing.status_code == 200
    assert listing.headers["content-type"].startswith("text/html")
    for code, refusal in REFUSALS.items():
        assert f'href="/problems/{code}"' in listing.text
        explained = await client.get(f"/problems/{code}")
        assert explained.status_code == 200
        assert f"<code>{code}</code>, status {refusal.status}" in explained.text


async def test_the_front_page_says_what_this_is_and_where_to_go(client: httpx.AsyncClient) -> None:
    front = await client.get("/")
    assert front.status_code == 200
    assert front.headers["content-type"].startswith("text/html")
    for path in ("/docs", "/v1/boards", "/problems", "/openapi.json"):
        assert f'href="{path}"' in front.text
        assert (await client.get(path)).status_code == 200


async def test_no_more_than_a_hundred_characters_of_what_was_sent_come_back(
    town: Town, client: httpx.AsyncClient
) -> None:
    long = "q" * 3000
    prompts = f"/v1/boards/{town.slug}/prompts"
    for response in (
        await client.post(prompts, json={"body": "fine", long: 1}),
        await client.post(prompts, json={"body": "fine", "rating": long}),
        await client.post(prompts, json={"body": "fine", "tags": {long: long}}),
        await client.post(prompts, json={"body": "x" * 5001, "title": long}),
        await client.get(prompts, params={long: "1"}),
        await client.get(prompts, params={"status": long}),
        await client.get(prompts, params={"cursor": long}),
        await client.get(f"/v1/prompts/{long}"),
        await client.get("/v1/boards", headers={"Authorization": f"Bearer {long}"}),
    ):
        assert response.status_code < 500
        assert "q" * 101 not in response.text
        assert "x" * 101 not in response.text


async def test_an_error_repeats_no_token(town: Town) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    token = author.token
    assert token is not None
    for response in (
        await author.patch(path_of(prompt), {"body": 5, "title": [token]}),
        await Person(town.client, token[:-1] + "~").patch(path_of(prompt), {"title": "x"}),
        await author.get(f"/prompts/{token}"),
        await author.get(f"/boards?cursor={token}"),
        await author.post(f"/boards/{town.slug}/prompts", {"body": "x", "rating": token}),
    ):
        assert response.status_code >= 400
        assert token[:-1] not in response.text
