"""The guides are there, their examples do what they say, and no link leads nowhere."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app import guides
from app.core.errors import REFUSALS
from app.guides.routes import GUIDES
from app.main import create_app
from tests.conftest import settings_for
from tests.servers import Service, serving

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]
FOLDER = Path(guides.__file__).parent
HERE = "http://127.0.0.1:8000"
SITE = "http://board.test"
#: A shell's block of a guide, and what is promised of what it prints.
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PROMISE = re.compile(r"^# → (.*)$", re.MULTILINE)
MARKDOWN_LINK = re.compile(r"\]\(([^()\s]+)\)")
HTML_LINK = re.compile(r'<a href="([^"]+)"')
#: Where links may lead beside the service itself: to standards.
ELSEWHERE = (
    "https://www.rfc-editor.org/rfc/",
    "https://www.standardwebhooks.com",
    "https://github.com/standard-webhooks/standard-webhooks",
)
#: And those of the files of the checkout, to what is used in it.
TOOLS = ("https://schemathesis.readthedocs.io",)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with the board that the guides speak of, on which there are limits."""
    with serving(tmp_path_factory.mktemp("demo"), "--demo", rate_limits="on") as service:
        yield service


def test_every_file_is_a_guide_and_every_guide_a_file() -> None:
    files = {path.stem for path in FOLDER.glob("*.md")}
    assert files == set(GUIDES)
    assert len(GUIDES) == len(files)


@pytest.mark.thorough
@pytest.mark.parametrize("name", GUIDES)
def test_the_examples_of_a_guide_do_what_they_say(name: str, demo: Service, tmp_path: Path) -> None:
    script = "\n".join(BLOCK.findall((FOLDER / f"{name}.md").read_text()))
    promises = PROMISE.findall(script)
    assert promises, "a guide shows at least one request and what comes of it"
    done = subprocess.run(
        ["bash", "-e", "-c", script.replace(HERE, demo.url)],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    place = 0
    for promise in promises:
        found = done.stdout.find(promise, place)
        assert found >= 0, f"{promise} is not in what follows:\n{done.stdout[place:]}"
        place = found + len(promise)


def told() -> Iterator[tuple[str, str]]:
    """Every text of the description, and where it stands."""
    description = create_app(settings_for("sqlite:///never-opened.db")).openapi()
    yield "introduction", description["info"]["description"]
    for tag in description["tags"]:
        yield tag["name"], tag["description"]
    for operation in _operations(description):
        yield operation["operationId"], operation["description"]


def _operations(description: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for kind in ("paths", "webhooks"):
        for methods in description.get(kind, {}).values():
            yield from methods.values()


async def check(client: httpx.AsyncClient, links: list[tuple[str, str]]) -> None:
    """Fail where a link leads nowhere, or to another host."""
    dead = []
    for where, link in links:
        path = link.removeprefix(SITE).partition("#")[0]
        if link.startswith(ELSEWHERE):
            continue
        is_there = path.startswith("/") and (await client.get(path)).status_code == 200
        if not is_there:
            dead.append((where, link))
    assert dead == []


async def test_no_link_of_the_description_is_dead(client: httpx.AsyncClient) -> None:
    links = [(where, link) for where, text in told() for link in MARKDOWN_LINK.findall(text)]
    assert {f"/docs/guides/{name}" for name in GUIDES} <= {link for _, link in links}
    await check(client, links)


async def test_no_link_of_a_page_is_dead(client: httpx.AsyncClient) -> None:
    pages = ["/", "/problems", "/docs/guides"]
    pages += [f"/docs/guides/{name}" for name in GUIDES]
    pages += [f"/problems/{code}" for code in REFUSALS]
    links = []
    for each in pages:
        shown = await client.get(each)
        assert shown.status_code == 200
        links += [(each, link) for link in HTML_LINK.findall(shown.text)]
    assert len(links) > len(pages)
    await check(client, sorted(set(links)))


async def test_every_link_of_a_guide_comes_through_its_rendering(
    client: httpx.AsyncClient,
) -> None:
    for name in GUIDES:
        shown = (await client.get(f"/docs/guides/{name}")).text
        for link in MARKDOWN_LINK.findall((FOLDER / f"{name}.md").read_text()):
            assert f'href="{SITE}{link}"' in shown, (name, link)


@pytest.mark.parametrize("name", ["nonsense", "words.md", "..%2Froutes", "WORDS"])
async def test_what_is_no_guide_is_not_there(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"/docs/guides/{name}")).status_code == 404


@pytest.mark.parametrize("file", ["README.md", "CONTRIBUTING.md"])
def test_a_file_that_is_linked_is_there(file: str) -> None:
    links = MARKDOWN_LINK.findall((ROOT / file).read_text())
    inside = [each.partition("#")[0] for each in links if not each.startswith("http")]
    assert [each for each in inside if each and not (ROOT / each).exists()] == []
    outside = [each for each in links if each.startswith("http")]
    assert [each for each in outside if not each.startswith((*ELSEWHERE, *TOOLS, HERE))] == []
