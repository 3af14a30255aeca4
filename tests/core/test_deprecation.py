"""What goes away says so: with every answer, and in the description."""

from collections.abc import AsyncIterator
from datetime import date

import httpx
import pytest
from fastapi import FastAPI, Request, Response

from app.core.answers import own_answer, public_answer
from app.core.deprecation import deprecated
from app.core.description import refusals
from app.core.errors import NotFound
from app.core.fields import AnswerModel
from app.core.routing import room_router
from app.main import create_app
from tests.conftest import migrated_database, settings_for
from tests.truth import checked_against_description

pytestmark = pytest.mark.anyio

#: 1 March 2031 and 1 March 2032, 0:00 in UTC.
DEPRECATION, SUNSET = "@1930089600", "Mon, 01 Mar 2032 00:00:00 GMT"
LINK = '<http://board.test/docs/guides/changes>; rel="deprecation"; type="text/html"'

router = room_router("Boards")


class LightPublic(AnswerModel):
    """A light of old."""

    id: str


@router.get(
    "/lights/random",
    response_model=LightPublic,
    operation_id="pick_light",
    summary="Pick a light",
)
async def pick_light(request: Request) -> Response:
    """Whichever light it is. It stays."""
    return public_answer(request, {"id": "any"})


@router.get(
    "/lights/{light}",
    response_model=LightPublic,
    operation_id="read_light",
    summary="Read a light",
    responses=refusals(NotFound),
)
@deprecated(since=date(2031, 3, 1), sunset=date(2032, 3, 1), instead="GET /v1/lanterns/{lantern}")
async def read_light(request: Request, light: str) -> Response:
    """One light of those that there were before there were lanterns."""
    if light == "broken":
        raise RuntimeError
    if light == "gone":
        raise NotFound
    return public_answer(request, {"id": light})


@router.post(
    "/lights",
    status_code=201,
    response_model=LightPublic,
    operation_id="make_light",
    summary="Make a light",
)
@deprecated(since=date(2031, 3, 1), instead="POST /v1/lanterns")
async def make_light() -> Response:
    """Make a light, as was done before there were lanterns. When that ends is not known."""
    place = "http://board.test/v1/lights/new"
    return own_answer({"id": "new"}, status=201, edit="first", location=place)


@pytest.fixture
async def old_service(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[FastAPI]:
    """A service that has routes of old, too."""
    with migrated_database(kind, request, tmp_path_factory.mktemp("old")) as url:
        app = create_app(settings_for(url))
        app.router.routes.extend(router.routes)
        async with app.router.lifespan_context(app):
            yield app


@pytest.fixture
async def old_client(old_service: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(old_service, raise_app_exceptions=False)
    hooks = {"response": [checked_against_description(old_service)]}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://board.test", event_hooks=hooks
    ) as fresh:
        yield fresh


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/lights/first", 200),
        ("HEAD", "/v1/lights/first", 200),
        ("GET", "/v1/lights/gone", 404),
        ("GET", "/v1/lights/first?nonsense=1", 422),
        ("GET", "/v1/lights/broken", 500),
    ],
)
async def test_every_answer_of_a_deprecated_route_says_so(
    old_client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    response = await old_client.request(method, path)
    assert response.status_code == status
    assert response.headers["deprecation"] == DEPRECATION
    assert response.headers["sunset"] == SUNSET
    assert response.headers.get_list("link") == [LINK]
    exposed = response.headers["access-control-expose-headers"].split(", ")
    assert {"Deprecation", "Sunset", "Link"} <= set(exposed)


async def test_what_never_reached_the_route_says_so_and_so_does_an_unchanged_answer(
    old_client: httpx.AsyncClient,
) -> None:
    large = await old_client.post("/v1/lights", content=b"x" * (3 * 1024 * 1024 + 1))
    first = await old_client.get("/v1/lights/first")
    unchanged = await old_client.get(
        "/v1/lights/first", headers={"If-None-Match": first.headers["etag"]}
    )
    assert (large.status_code, unchanged.status_code) == (413, 304)
    assert {each.headers["deprecation"] for each in (large, unchanged)} == {DEPRECATION}


async def test_a_sunset_is_told_where_it_is_known(old_client: httpx.AsyncClient) -> None:
    response = await old_client.post("/v1/lights")
    assert response.status_code == 201
    assert response.headers["deprecation"] == DEPRECATION
    assert "sunset" not in response.headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/lights/random", 200),
        ("DELETE", "/v1/lights/first", 405),
        ("GET", "/v1/boards", 200),
        ("GET", "/v1/nowhere", 404),
    ],
)
async def test_nothing_else_says_it(
    old_client: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    response = await old_client.request(method, path)
    assert response.status_code == status
    assert not {"deprecation", "sunset"} & set(response.headers)


async def test_the_description_marks_it_and_documents_the_headers(old_service: FastAPI) -> None:
    paths = old_service.openapi()["paths"]
    read, made = paths["/v1/lights/{light}"]["get"], paths["/v1/lights"]["post"]
    assert read["deprecated"] is True
    assert read["description"].startswith(
        "**Deprecated** since 2031-03-01, and gone from 2032-03-01 on: "
        "use `GET /v1/lanterns/{lantern}`."
    )
    assert "One light of those" in read["description"]
    assert len(read["responses"]) > 5
    for answer in read["responses"].values():
        assert {"Deprecation", "Sunset", "Link"} <= set(answer["headers"])
    for answer in made["responses"].values():
        assert {"Deprecation", "Link"} <= set(answer["headers"])
        assert "Sunset" not in answer["headers"]
    assert "deprecated" not in paths["/v1/lights/random"]["get"]


async def test_nothing_is_gone_before_it_was_deprecated() -> None:
    with pytest.raises(ValueError, match="sunset"):
        deprecated(since=date(2031, 3, 1), sunset=date(2031, 2, 28), instead="GET /v1/lanterns")
