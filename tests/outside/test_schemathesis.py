"""Schemathesis makes thousands of requests of the description, valid and invalid ones, follows its
links, and checks that every answer is one that is described.

What it is told beyond its defaults stands in ``schemathesis.toml``, with reasons.
"""

import asyncio
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi import FastAPI

from app.core.database import open_database
from tests.conftest import fresh_database
from tests.outside.tools import DESCRIPTION, HERE, ROOT
from tests.people import Person, Town
from tests.servers import Service, serving
from tests.stories.conftest import keeper_of, visitors
from tests.stories.roles import stage
from tests.tables import parsed

pytestmark = pytest.mark.timeout(600)

CONFIGURATION = HERE / "schemathesis.toml"
#: What is left out, as the configuration says.
LEFT_OUT = {
    "GET /v1/boards/{board}/events/stream",
    "DELETE /v1/sessions",
    "DELETE /v1/me/tokens/{token}",
}


def test_every_answer_is_one_that_is_described(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with (
        fresh_database(kind, request, tmp_path) as database_url,
        serving(tmp_path, "--demo", database_url=database_url) as service,
    ):
        cast = asyncio.run(cast_of(service.url, database_url))
        ids = tmp_path / "cast.json"
        ids.write_text(json.dumps(cast.ids))
        done = subprocess.run(
            [
                Path(sys.executable).with_name("schemathesis"),
                f"--config-file={CONFIGURATION}",
                "run",
                f"{service.url}/openapi.json",
            ],
            cwd=tmp_path,
            env={
                **os.environ,
                # Where the hooks are.
                "PYTHONPATH": str(ROOT),
                "FILLBOARD_TOKEN": cast.keeper,
                "FILLBOARD_OTHER_TOKEN": cast.other,
                "FILLBOARD_CAST": str(ids),
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert only_refused(service) == LEFT_OUT


@dataclass(frozen=True)
class Cast:
    """Who is there, by their tokens, and the ids of one of everything, all of it the keeper's: for
    each operation that deletes (by its method and path), and for all others (``lasting``).
    """

    keeper: str
    other: str
    ids: dict[str, dict[str, str]]


async def cast_of(url: str, database_url: str) -> Cast:
    """Put on a service what the run acts upon."""
    keeper = await keeper_of(database_url)
    database = open_database(parsed(database_url), is_server=False)
    await database.start()
    beside = FastAPI()
    beside.state.site = SimpleNamespace(database=database)
    async with visitors(url) as client:
        person, other = Person(client, keeper), Person(client)
        town = Town(client, person)
        await town.found_board(claims=True)
        await town.prompt(other)
        everybody = {"author": person, "member": person}
        deleting = [each for each in operations() if each.startswith("DELETE ")]
        ids = {each: (await stage(town, beside, everybody)).ids for each in ["lasting", *deleting]}
    await database.stop()
    assert other.token is not None
    return Cast(keeper, other.token, ids)


def operations() -> set[str]:
    """Every operation, by its method and path."""
    description = json.loads(DESCRIPTION.read_text())
    return {
        f"{method.upper()} {path}"
        for path, methods in description["paths"].items()
        for method in methods
    }


def only_refused(service: Service) -> set[str]:
    """The operations that the service never answered but with a refusal."""
    lines = map(json.loads, service.log.splitlines())
    answered = [each for each in lines if each["event"] == "request"]
    return operations() - {
        f"{each['method']} {each.get('route')}" for each in answered if each["status"] < 300
    }
