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

from app.accounts.service import register_administrator
from app.core.database import open_database
from app.identity.service import enrol
from tests.conftest import migrated_database
from tests.outside.tools import DESCRIPTION, HERE, ROOT
from tests.people import Person, Town
from tests.servers import Service, serving
from tests.stories.conftest import keeper_of, visitors
from tests.stories.roles import stage
from tests.tables import parsed

pytestmark = pytest.mark.timeout(600)

CONFIGURATION = HERE / "schemathesis.toml"
#: What is left out, as the configuration says. All else must have been done at least once: what is
#: only ever refused was hardly tried. A new kind of thing gets its id in ``stage``.
LEFT_OUT = {
    "GET /v1/boards/{board}/events/stream",
    "DELETE /v1/sessions",
    "DELETE /v1/me/tokens/{token}",
}


def test_every_answer_is_one_that_is_described(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with (
        migrated_database(kind, request, tmp_path) as database_url,
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
    """Two administrators, by their tokens, and for each operation (by its method and path) the ids
    of one of everything, all of it the keeper's, by the names of path parameters.
    """

    keeper: str
    other: str
    ids: dict[str, dict[str, str]]


async def cast_of(url: str, database_url: str) -> Cast:
    """Put on a service what the run acts upon: on a board of its own for each operation that
    changes anything, so that none spoils what another needs.
    """
    keeper = await keeper_of(database_url)
    database = open_database(parsed(database_url), is_server=False)
    await database.start()
    beside = FastAPI()
    beside.state.site = SimpleNamespace(database=database)
    async with database.writing() as session:
        other = await enrol(session, await register_administrator(session, "other"))
    async with visitors(url) as client:
        person = Person(client, keeper)
        to_read = await things(Town(client, person), beside)
        ids = {
            each: to_read if each.startswith("GET ") else await things(Town(client, person), beside)
            for each in operations()
        }
    await database.stop()
    for operation, known in ids.items():
        if "/appeals/" in operation:
            ids[operation] = {**known, "entry": known["appealed"]}
    return Cast(keeper, other, ids)


async def things(town: Town, beside: FastAPI) -> dict[str, str]:
    """Make one of everything on a new board."""
    await town.found_board(claims=True)
    keeper = town.administrator
    cast = await stage(town, beside, {"author": keeper, "member": keeper})
    # The only part of a fill can't be deleted.
    await town.part(cast.things["fill"], keeper)
    return cast.ids


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
