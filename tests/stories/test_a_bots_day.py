"""The bot that the README shows, on a day on which it is killed twice."""

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.people import JSON, Person, Town, path_of
from tests.stories.conftest import Running

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

EXAMPLES = Path(__file__).parents[2] / "openapi" / "examples"
#: Seconds after which a line that should have come is given up.
PATIENCE = 60


class Bot:
    """The bot, running in a folder of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def says(self) -> str:
        """Its next line."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def kill(self) -> None:
        """Kill it where it stands."""
        self._process.kill()
        self._process.wait(PATIENCE)

    def rest(self) -> list[str]:
        """What it says until it has done its work."""
        said, _ = self._process.communicate(timeout=PATIENCE)
        assert self._process.returncode == 0
        return said.splitlines()


@contextmanager
def bot(folder: Path, running: Running, town: Town, key: str, *command: str) -> Iterator[Bot]:
    settings = {
        "PATH": os.environ["PATH"],
        "BOT_URL": running.service.url,
        "BOT_BOARD": town.slug,
        "BOT_KEY": key,
    }
    process = subprocess.Popen(
        [sys.executable, EXAMPLES / "bot.py", *command],
        cwd=folder,
        env=settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Bot(process)
    finally:
        process.kill()
        process.communicate()


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


async def key_of(town: Town) -> str:
    """The key of somebody's bot."""
    name = f"Lamplighter-{uuid.uuid4().hex[:8]}"
    account = await Person(town.client).make(
        "/accounts", {"name": name, "password": "nine lanterns on the pier"}
    )
    made = await Person(town.client, account["token"]).make(
        "/me/api-keys", {"name": "prompts", "scopes": ["prompts:write"], "board": town.slug}
    )
    key: str = made["key"]
    return key


async def prompts_of(town: Town) -> list[JSON]:
    return await town.somebody().every_page(f"/boards/{town.slug}/prompts?sort=oldest")


async def test_a_bot_that_dies_half_way_posts_twenty_prompts_and_none_twice(
    evening: Town, running: Running, tmp_path: Path
) -> None:
    key, asked = await key_of(evening), EXAMPLES / "prompts.txt"
    bodies = asked.read_text().splitlines()
    assert len(bodies) == 20
    command = ("post", str(asked))
    with bot(tmp_path, running, evening, key, *command) as first:
        for number in range(1, 11):
            assert first.says().startswith(f"is #{number}: ")
        first.kill()
    with bot(tmp_path, running, evening, key, *command) as second:
        said = second.rest()
    # The one that it was killed over may be there or not; all before it are.
    assert [line.split()[0] for line in said[:10]] == ["was"] * 10
    assert [line.split()[1] for line in said] == [f"#{number}:" for number in range(1, 21)]
    posted = await prompts_of(evening)
    assert [each["body"] for each in posted] == bodies
    assert {each["author"]["kind"] for each in posted} == {"bot"}


async def test_a_bot_announces_each_fill_once_whatever_happens_to_it(
    evening: Town, running: Running, tmp_path: Path
) -> None:
    key, prompt = await key_of(evening), await evening.prompt()
    place = tmp_path / "bot-place.txt"
    with bot(tmp_path, running, evening, key, "announce") as first:
        until(place.exists)
        before = place.read_text()
        await evening.comment(prompt)
        fill = await evening.fill(prompt, title="A Scarf for the Storm")
        assert first.says() == (
            f"#{prompt['number']} is filled: A Scarf for the Storm ({fill['url']})"
        )
        # It notes where it is after it has spoken, and is killed after that.
        until(lambda: place.read_text() != before)
        first.kill()
    missed = [await evening.fill(prompt, title=title) for title in ("Second", "Third")]
    author = evening.somebody()
    gone = await evening.fill(prompt, author, title="Regretted")
    await author.take_away(path_of(gone))
    with bot(tmp_path, running, evening, key, "announce") as second:
        said = [second.says() for _ in missed]
        last = await evening.fill(prompt, title="Fourth")
        said.append(second.says())
    titles = [line.partition("filled: ")[2].partition(" (")[0] for line in said]
    assert titles == ["Second", "Third", "Fourth"]
    assert said[-1].endswith(f"({last['url']})")
