"""One thread of 100,000 comments, 2,100 deep: nothing is lost, and no page costs more for it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import httpx
import pytest
from fastapi import FastAPI

from tests.comments.large import COMMENTS, LEVELS, POPULAR, LargeThread
from tests.conftest import new_client
from tests.people import JSON, Person, path_of
from tests.statements import Run, listening
from tests.works.test_plans import explained, nodes

pytestmark = [pytest.mark.anyio, pytest.mark.thorough, pytest.mark.timeout(600)]

#: The deepest comment whose path has room for replies.
DEEPEST_PATH = 1994


@pytest.fixture
async def reader(large_thread: LargeThread) -> AsyncIterator[Person]:
    """Somebody who reads the large thread."""
    async with new_client(large_thread.service) as client:
        yield Person(client)


@pytest.fixture
async def hasty(large_thread: LargeThread) -> AsyncIterator[Person]:
    """Somebody who reads a thousand pages, and does not compare each with the description."""
    transport = httpx.ASGITransport(large_thread.service, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://board.test") as client:
        yield Person(client)


def ids(comments: list[JSON]) -> list[str]:
    return [each["id"] for each in comments]


async def test_the_whole_thread_is_read_page_by_page_in_its_order(
    large_thread: LargeThread, hasty: Person
) -> None:
    path = f"{path_of(large_thread.prompt)}/comments?limit=100"
    items = await hasty.every_page(path)
    assert len(items) == COMMENTS
    assert ids(items) == large_thread.expected.listed()
    for got, meant in zip(
        sorted(items, key=lambda each: each["seq"]), large_thread.comments, strict=True
    ):
        assert {name: got[name] for name in meant} == meant


@pytest.mark.parametrize("level", [1200, DEEPEST_PATH - 1, LEVELS - 40])
async def test_what_is_below_and_above_the_deep_is_found(
    large_thread: LargeThread, hasty: Person, level: int
) -> None:
    top, expected = large_thread.comments[level], large_thread.expected
    below = await hasty.every_page(f"{path_of(top)}/thread?limit=100")
    assert ids(below) == expected.listed(top) == ids(list(large_thread.comments[level:LEVELS]))
    permalink = await hasty.read(f"{path_of(top)}?embed=ancestors")
    assert ids(permalink["ancestors"]) == expected.above(top)
    first = await hasty.read(f"{path_of(top)}/thread?limit=10&replies=1")
    assert ids(first["items"]) == expected.listed(top)[:10]
    second = await hasty.read(first["next"])
    assert ids(second["ancestors"]) == expected.above(second["items"][0])[-100:]
    newest = await hasty.read(f"{path_of(top)}/thread?sort=newest&limit=10")
    assert ids(newest["items"]) == expected.listed(top)[-10:][::-1]


async def test_a_page_in_the_deep_brings_the_nearest_that_it_stands_below(
    large_thread: LargeThread, reader: Person
) -> None:
    path = f"{path_of(large_thread.prompt)}/comments?limit=100"
    page = await reader.read(path)
    for _ in range(3):
        page = await reader.read(page["next"])
    assert page["items"][0]["depth"] == 300
    assert ids(page["ancestors"]) == ids(list(large_thread.comments[200:300]))


@pytest.mark.parametrize(
    "asked",
    [
        {"depth": 0},
        {"depth": 1},
        {"depth": 5},
        {"replies": 1},
        {"replies": 3, "depth": 4},
        {"since": COMMENTS - 200},
        {"since": COMMENTS // 3},
        {"since": COMMENTS // 3, "depth": 1},
        {"since": COMMENTS - 2000, "depth": 0},
    ],
    ids=str,
)
async def test_pages_of_a_part_of_it_are_what_a_tree_says(
    large_thread: LargeThread, reader: Person, asked: dict[str, int]
) -> None:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    path = f"{path_of(large_thread.prompt)}/comments?limit=40&{query}"
    expected = large_thread.expected
    shown = expected.listed(None, **asked)
    read: list[str] = []
    following: str | None = path
    while following is not None and len(read) < 400:
        page = await reader.read(following)
        read += ids(page["items"])
        following = page["next"]
    assert read == shown[: len(read)]
    assert (following is None) == (len(read) == len(shown))
    if "replies" not in asked:
        newest = await reader.read(f"{path}&sort=newest")
        by_age = sorted(shown, key=lambda each: expected.by_id[each]["seq"], reverse=True)
        assert ids(newest["items"]) == by_age[:40]


#: What is read of the thread (``{t}``) or of a comment in it, the most statements that a page
#: takes, and the most comments that a database may look at for it.
COSTS = {
    "{t}?": (4, 200),
    "{t}?depth=0": (3, 50),
    "{t}?depth=0&sort=newest": (2, 50),
    "{t}?depth=1": (4, 250),
    "{t}?replies=2": (4, 300),
    "{t}?replies=2&depth=3": (4, 300),
    "{t}?sort=newest": (3, 100),
    "{t}?since=99000": (4, 1200),
    "{t}?since=99000&depth=3": (4, 1200),
    "{t}?since=99980&sort=newest": (2, 100),
    # It passes over the thousand that are not new, which stand together at the beginning.
    "{t}?since=1000": (3, 1200),
    "{popular}/thread?": (4, 200),
    "{popular}/thread?depth=1": (5, 250),
    "{popular}/thread?replies=3": (5, 300),
    # All that is above a comment is part of these answers, and some of it is looked at thrice.
    "{deep}/thread?": (4, 3 * LEVELS),
    "{deep}/thread?replies=1": (5, 3 * LEVELS),
    "{deepest}/thread?": (4, 3 * LEVELS + 300),
    "{deepest}/thread?replies=1": (4, 3 * LEVELS + 300),
    "{deep}?embed=ancestors": (3, 3 * LEVELS),
}


@contextmanager
def runs(service: FastAPI) -> Iterator[list[Run]]:
    """The statements that read comments meanwhile, with their parameters."""
    seen: list[Run] = []
    with listening(service, seen.append):
        yield seen


async def looked_at(service: FastAPI, run: Run) -> int:
    """How many comments a database looks at for a statement, having checked that an index leads
    to them. SQLite is asked for its plan alone.
    """
    rows = await explained(service, run)
    if service.state.site.database.name == "SQLite":
        steps = [row.detail for row in rows]
        scans = [each for each in steps if each.split()[0] == "SCAN"]
        assert all(
            each.split()[1] in ("walk", "chosen", "CONSTANT", "anon_1", "anon_2") for each in scans
        ), steps
        return 0
    found = list(nodes(rows[0][0][0]["Plan"]))
    own = [each for each in found if each.get("Relation Name") == "comment"]
    assert not [each for each in own if each["Node Type"] == "Seq Scan"], found
    return sum(
        (each["Actual Rows"] + each.get("Rows Removed by Filter", 0)) * each["Actual Loops"]
        for each in own
    )


@pytest.mark.parametrize("asked", COSTS)
async def test_each_kind_of_page_is_led_to_its_comments_by_an_index(
    large_thread: LargeThread, reader: Person, asked: str
) -> None:
    comments = large_thread.comments
    following: str | None = asked.format(
        t=f"{path_of(large_thread.prompt)}/comments",
        popular=path_of(comments[POPULAR]),
        deep=path_of(comments[1200]),
        deepest=path_of(comments[LEVELS - 60]),
    )
    statements, examined = COSTS[asked]
    for _page in range(2):
        assert following is not None
        with runs(large_thread.service) as seen:
            page = await reader.read(following)
        counts = [await looked_at(large_thread.service, each) for each in seen]
        assert len(seen) <= statements
        assert sum(counts) <= examined, counts
        following = page.get("next")
        if following is None:
            break
