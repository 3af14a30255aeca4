"""Is it alive, can it work, and what is said while the database is away."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from tests.core.test_problems import check_problem

pytestmark = pytest.mark.anyio


@contextmanager
def away(database_url: str, maintenance_url: str | None) -> Iterator[None]:
    """Take a database away, and bring it back."""
    url = make_url(database_url)
    if maintenance_url is None:
        assert url.database is not None
        folder = Path(url.database).parent
        hidden = folder.rename(folder.with_name(f"{folder.name}-away"))
        yield
        hidden.rename(folder)
        return
    name = sql.Identifier(url.database or "")
    with psycopg.connect(maintenance_url, autocommit=True) as keeper:
        keeper.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        keeper.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            (url.database,),
        )
        yield
        keeper.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))


@pytest.fixture
def maintenance_url(kind: str, request: pytest.FixtureRequest) -> str | None:
    """Where PostgreSQL's databases are kept; none for a file."""
    return request.getfixturevalue("postgresql") if kind == "postgresql" else None


async def test_a_service_that_can_work_says_so(client: httpx.AsyncClient) -> None:
    for path, status in (("/healthz", "ok"), ("/readyz", "ready")):
        response = await client.get(path)
        assert (response.status_code, response.json()) == (200, {"status": status})
        assert response.headers["cache-control"] == "private, no-store"


async def test_a_service_whose_database_is_away_is_alive_and_not_ready(
    own_client: httpx.AsyncClient, own_database_url: str, maintenance_url: str | None
) -> None:
    with away(own_database_url, maintenance_url):
        assert (await own_client.get("/healthz")).status_code == 200
        for path in ("/readyz", "/v1/boards", "/v1/tags"):
            refused = await own_client.get(path)
            check_problem(refused, 503, "storage-unavailable")
            assert int(refused.headers["retry-after"]) > 0
            for inside in ("psycopg", "sqlite", "SELECT", "postgres", "fillboard_"):
                assert inside not in refused.text
    assert (await own_client.get("/readyz")).status_code == 200
    assert (await own_client.get("/v1/boards")).status_code == 200
    assert (await own_client.post("/v1/masks")).status_code == 201


@pytest.mark.only_on("postgresql")
async def test_a_service_loses_its_database_in_the_middle_and_finds_it_again(
    own_client: httpx.AsyncClient,
    own_database_url: str,
    maintenance_url: str | None,
) -> None:
    """Connections that were open break then, which a file's don't."""
    assert (await own_client.get("/readyz")).status_code == 200
    assert (await own_client.post("/v1/masks")).status_code == 201
    with away(own_database_url, maintenance_url):
        check_problem(await own_client.get("/readyz"), 503, "storage-unavailable")
        check_problem(await own_client.post("/v1/masks"), 503, "storage-unavailable")
    assert (await own_client.get("/readyz")).status_code == 200
    assert (await own_client.post("/v1/masks")).status_code == 201
