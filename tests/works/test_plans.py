"""Lists of a large board are walked along an index: what a page costs does not grow with the board.

The statements are those that the service runs for a request, with what it gives them.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fastapi import FastAPI

from app.works import questions
from tests.conftest import new_client
from tests.people import Person
from tests.statements import Run, listening
from tests.works.large import AUTHOR, OF_SO_MANY, PROMPTS

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

PAGE = 25
#: Rows that a page may look at in all: its own, with what is passed over and what is joined.
MOST = 12 * PAGE
_WORKS = {"prompt", "fill", "tagging", "tag", "tag_count"}

COMMONEST = [
    "prompts?",
    "prompts?sort=oldest",
    "prompts?status=open",
    "prompts?status=open&sort=most_seconded",
    "prompts?sort=active",
    "prompts?sort=most_seconded",
    "prompts?sort=recently_filled",
    "prompts?fandom=fandom+7",
    "prompts?fandom=fandom+7&sort=oldest",
    "prompts?round=3",
    "prompts?max_seconds=0",
    f"prompts?author={AUTHOR}",
    "fills?",
    "fills?sort=recently_filled",
    "fills?sort=active",
    "fills?status=wip",
    "fills?round=10",
    f"fills?author={AUTHOR}&sort=oldest",
]


@pytest.fixture
async def reader(large_board: FastAPI) -> AsyncIterator[Person]:
    """Somebody who reads the large board."""
    async with new_client(large_board) as client:
        yield Person(client)


@contextmanager
def runs(service: FastAPI) -> Iterator[list[Run]]:
    """The statements that read a page of works meanwhile, with their parameters."""
    seen: list[Run] = []

    def hear(run: Run) -> None:
        if "key_0" in run[0]:
            seen.append(run)

    with listening(service, hear):
        yield seen


async def explained(service: FastAPI, run: Run) -> list[Any]:
    """The rows that explain how a statement is run."""
    statement, parameters = run
    database = service.state.site.database
    async with database.reading() as session:
        connection = session._connection  # noqa: SLF001 - it takes statements as they are
        if session.dialect == "sqlite":
            raw = connection.exec_driver_sql
            return list(raw(f"EXPLAIN QUERY PLAN {statement}", parameters))
        verb = "EXPLAIN (ANALYZE, FORMAT JSON)"
        return list(await connection.exec_driver_sql(f"{verb} {statement}", parameters))


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All nodes of a plan of PostgreSQL."""
    yield plan
    for each in plan.get("Plans", ()):
        yield from nodes(each)


def looked_at(plan: dict[str, Any]) -> int:
    """How many rows of prompts, fills and taggings a plan of PostgreSQL looked at."""
    return sum(
        (each["Actual Rows"] + each.get("Rows Removed by Filter", 0)) * each["Actual Loops"]
        for each in nodes(plan)
        if each.get("Relation Name") in _WORKS
    )


async def check_walked(service: FastAPI, run: Run) -> None:
    """An index is walked in the order of the list, and hardly more is looked at than is shown."""
    rows = await explained(service, run)
    if service.state.site.database.name == "SQLite":
        steps = [row.detail for row in rows]
        assert not [each for each in steps if "TEMP B-TREE" in each], steps
        assert not [each for each in steps if each.split()[0] == "SCAN"], steps
        return
    plan = rows[0][0][0]["Plan"]
    # It would pass by whatever is newer, on all boards.
    assert not [each for each in nodes(plan) if each["Node Type"] == "Merge Join"], plan
    scans = [each for each in nodes(plan) if each["Node Type"] == "Seq Scan"]
    assert not [each for each in scans if each["Relation Name"] in _WORKS], plan
    assert looked_at(plan) <= MOST, plan
    for each in nodes(plan):
        if each["Node Type"] == "Sort":
            assert each["Plans"][0]["Actual Rows"] <= PAGE + 1, plan


@pytest.mark.parametrize("adult", ["false", "true"])
@pytest.mark.parametrize("asked", COMMONEST)
async def test_the_commonest_lists_walk_an_index(
    large_board: FastAPI, reader: Person, asked: str, adult: str
) -> None:
    following = f"/boards/large/{asked}&adult={adult}"
    for _page in range(2):
        with runs(large_board) as seen:
            page = await reader.read(following)
        assert len(page["items"]) == PAGE
        assert len(seen) == (2 if adult == "true" else 1)
        for run in seen:
            await check_walked(large_board, run)
        following = page["next"]


@pytest.mark.parametrize(
    "asked",
    [
        "boards/large/tags?",
        "boards/large/tags?q=wo",
        "boards/large/tags?q=wo&kind=tag",
        "tags?q=wo",
        "tags?q=wo&kind=tag",
    ],
)
async def test_tags_are_completed_from_an_index(
    large_board: FastAPI, reader: Person, asked: str
) -> None:
    following = f"/{asked}"
    for _page in range(2):
        with runs(large_board) as seen:
            page = await reader.read(following)
        assert len(page["items"]) == PAGE
        # The other one looks for synonyms.
        await check_walked(large_board, seen[0])
        following = page["next"]


@pytest.mark.parametrize("more", ["sort=active", "sort=most_seconded", "status=open&tag=otters"])
async def test_of_an_author_only_what_they_signed_is_looked_at(
    large_board: FastAPI, reader: Person, more: str
) -> None:
    with runs(large_board) as seen:
        await reader.read(f"/boards/large/prompts?author={AUTHOR}&{more}")
    for run in seen:
        rows = await explained(large_board, run)
        if large_board.state.site.database.name == "SQLite":
            steps = [row.detail for row in rows]
            assert any("(account_id=? AND board_id=?" in each for each in steps), steps
        else:
            assert looked_at(rows[0][0][0]["Plan"]) <= 2 * PROMPTS // OF_SO_MANY


@pytest.mark.parametrize(
    "asked",
    ["prompts?language=pt", "prompts?language=pt&sort=recently_filled", "fills?language=xx"],
)
async def test_what_no_index_holds_is_looked_for_among_so_many_rows(
    large_board: FastAPI, reader: Person, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    wanted = {each["id"] for each in await reader.every_page(f"/boards/large/{asked}&limit=100")}
    monkeypatch.setattr(questions, "MAX_EXAMINED", 1500)
    seen: list[str] = []
    following: str | None = f"/boards/large/{asked}&limit=100"
    pages = 0
    while following is not None:
        with runs(large_board) as run:
            page = await reader.read(following)
        if large_board.state.site.database.name != "SQLite":
            plan = (await explained(large_board, run[-1]))[0][0][0]["Plan"]
            own = "fill" if asked.startswith("fill") else "prompt"
            scanned = [each for each in nodes(plan) if each.get("Relation Name") == own]
            passed = (each.get("Rows Removed by Filter", 0) for each in scanned)
            # Some may stand on the other shelf.
            assert sum(passed) + sum(each["Actual Rows"] for each in scanned) <= 2 * 1500
        seen += [each["id"] for each in page["items"]]
        following = page["next"]
        pages += 1
    assert pages > 1
    assert len(seen) == len(set(seen))
    assert set(seen) == wanted
