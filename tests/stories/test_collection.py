"""What stands in ``openapi/`` to be opened and sent is what a service takes, and what the README
shows is what one answers.
"""

import re
from functools import partial
from pathlib import Path

import anyio.to_thread
import httpx
import pytest

from tests.exchanges.collection import EVENING, Collection, Evening, Exchange
from tests.exchanges.recording import EXCHANGES, record
from tests.people import Town
from tests.stories.conftest import Running

pytestmark = pytest.mark.anyio

README = (Path(__file__).parents[2] / "README.md").read_text()
#: A piece of an exchange, below the name of the file that it stands in.
PIECE = re.compile(r"\(openapi/exchanges/(\w+)\.http\)[^\n]*\n\n```http\n(.*?)```\n", re.DOTALL)
#: A line that stands for those that are left out.
LEFT_OUT = "…"


def live(url: str, board: str) -> list[Exchange]:
    collection = Collection.read(EVENING.read_text())
    variables = {**collection.variables, "base": f"{url}/v1", "board": board}
    with httpx.Client(timeout=30) as client:
        return list(Evening(client, variables).live(collection))


async def test_every_request_of_the_collection_is_answered_as_it_expects(
    evening: Town, running: Running
) -> None:
    exchanges = await anyio.to_thread.run_sync(partial(live, running.service.url, evening.slug))
    answers = {each.request.name: each.response.json() for each in exchanges}
    assert len(answers) == len(exchanges) >= 15
    assert answers["again"] == answers["comment"]
    assert answers["reply"]["parent_id"] == answers["comment"]["id"]
    assert answers["edit"]["title"] == "The ship cat and the robot"
    assert answers["filled"]["status"] == "filled"
    assert [each["type"] for each in answers["events"]["items"]] == ["fill.completed"]


async def test_the_evening_can_be_lived_through_twice(evening: Town, running: Running) -> None:
    for _ in range(2):
        await anyio.to_thread.run_sync(partial(live, running.service.url, evening.slug))


def test_a_request_says_where_it_goes_and_what_it_expects() -> None:
    collection = Collection.read(EVENING.read_text())
    names = [each.name for each in collection.requests]
    assert len(set(names)) == len(names)
    assert {each.expected // 100 for each in collection.requests} == {2, 4}
    assert {each.method for each in collection.requests} == {"GET", "POST", "PUT", "PATCH"}
    assert all(each.title.endswith((".", "?")) for each in collection.requests)


@pytest.mark.thorough
def test_the_exchanges_are_what_a_service_answers_today() -> None:
    recorded = {f"{name}.http": counted(text) for name, text in record()}
    kept = {path.name: counted(path.read_text()) for path in EXCHANGES.glob("*.http")}
    assert recorded == kept, "`make exchanges` writes them anew"


def counted(text: str) -> str:
    """An exchange whatever is left of limits: a minute may end while it is recorded."""
    return re.sub(r"(?<=;)r=\d+", "r=59", text)


def test_what_the_readme_shows_is_what_was_answered() -> None:
    pieces = PIECE.findall(README)
    assert len(pieces) >= 2
    assert README.count("```http") == len(pieces)
    for name, piece in pieces:
        lines = iter((EXCHANGES / f"{name}.http").read_text().splitlines())
        shown = [line for line in piece.splitlines() if line.strip() != LEFT_OUT]
        assert [line for line in shown if line not in lines] == [], name
