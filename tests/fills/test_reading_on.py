"""Whoever is in the middle of a story reads each of its parts once, whatever its author does."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from tests.people import JSON, Person, Town, code_of, path_of

pytestmark = pytest.mark.anyio

Between = Callable[[], Awaitable[None]]
#: Reads a fill to its end and gives the ids of the parts, doing something between two requests.
Reader = Callable[[Person, JSON, Between], Awaitable[list[str]]]


@dataclass
class Author:
    """Somebody who never leaves a story alone, and what order its parts had after each change."""

    person: Person
    fill: JSON
    chance: random.Random
    orders: list[list[str]] = field(default_factory=list)

    async def begin(self) -> None:
        self.orders = [await self._order()]

    async def change_something(self) -> None:
        """Put a part in, or move, delete or edit one."""
        parts, many = f"{path_of(self.fill)}/parts", len(self.orders[-1])
        part = f"{parts}/{self.chance.randint(1, many)}"
        # Of some seven parts that the story has all the while, most stay.
        grows = "put in" if many < self.chance.randint(5, 9) else "delete"
        kind = self.chance.choice([grows, "move", "move", "edit"])
        if kind == "put in":
            place = self.chance.randint(1, many + 1)
            await self.person.make(parts, {"body": "new", "number": place})
        elif kind == "move":
            place = self.chance.randint(1, many)
            await self.person.change(part, {"number": place}, If_Match="*")
        elif kind == "delete":
            await self.person.take_away(part, If_Match="*")
        else:
            body = f"edited {self.chance.random()}"
            await self.person.change(part, {"body": body}, If_Match="*")
        self.orders.append(await self._order())

    async def _order(self) -> list[str]:
        fill = await self.person.read(path_of(self.fill))
        return [part["id"] for part in fill["parts"]]

    def check(self, read: list[str]) -> None:
        """Fail unless somebody has ``read`` all that was there all the while, once, in an order
        that was the story's at some time.
        """
        assert len(read) == len(set(read))
        there = set(self.orders[0]).intersection(*self.orders)
        assert there <= set(read)
        orders = [[each for each in order if each in there] for order in self.orders]
        assert [each for each in read if each in there] in orders


async def follow_pages(reader: Person, fill: JSON, between: Between) -> list[str]:
    """Read the list of parts, two on a page."""
    read: list[str] = []
    following = f"{path_of(fill)}/parts?limit=2"
    while following is not None:
        page = await reader.read(following)
        read += [part["id"] for part in page["items"]]
        following = page["next"]
        await between()
    return read


async def follow_links(reader: Person, fill: JSON, between: Between) -> list[str]:
    """Read part after part, by ``next_url``."""
    return [part["id"] async for part in _linked(reader, f"{path_of(fill)}/parts/1", between)]


async def follow_links_back(reader: Person, fill: JSON, between: Between) -> list[str]:
    """Read part before part, by ``prev_url``, from the last one."""
    last = (await reader.read(path_of(fill)))["parts_count"]
    start = f"{path_of(fill)}/parts/{last}"
    back = [part["id"] async for part in _linked(reader, start, between, "prev_url")]
    return back[::-1]


async def _linked(
    reader: Person, start: str, between: Between, link: str = "next_url"
) -> AsyncIterator[JSON]:
    following: str | None = start
    while following is not None:
        response = await reader.get(following)
        if response.status_code == 404:
            # All that was left to read has been deleted.
            assert following != start
            return
        assert response.status_code == 200, response.text
        part = response.json()
        yield part
        following = part[link]
        await between()


@pytest.fixture
async def author(town: Town) -> Author:
    """The author of a story in seven parts."""
    person = town.somebody()
    fill = await town.fill(await town.prompt(), person, body="1", parts_expected=None)
    for number in range(2, 8):
        await town.part(fill, person, body=str(number))
    author = Author(person, fill, random.Random(7))
    await author.begin()
    return author


@pytest.mark.thorough
@pytest.mark.parametrize("follow", [follow_pages, follow_links, follow_links_back])
async def test_each_part_is_read_once_whatever_the_author_does_between_two_requests(
    author: Author, stranger: Person, follow: Reader
) -> None:
    async def between() -> None:
        for _ in range(author.chance.randint(0, 2)):
            await author.change_something()

    for seed in range(6):
        author.chance.seed(seed)
        await author.begin()
        author.check(await follow(stranger, author.fill, between))


@pytest.mark.thorough
@pytest.mark.parametrize("follow", [follow_pages, follow_links])
async def test_each_part_is_read_once_while_the_author_works_beside_the_reader(
    author: Author, stranger: Person, follow: Reader
) -> None:
    for seed in range(2):
        author.chance.seed(seed)
        await author.begin()
        is_over = asyncio.Event()

        async def work(is_over: asyncio.Event = is_over) -> None:
            while not is_over.is_set():
                await author.change_something()

        async def read(is_over: asyncio.Event = is_over) -> list[list[str]]:
            try:
                return [await follow(stranger, author.fill, pause) for _ in range(3)]
            finally:
                is_over.set()

        _, readings = await asyncio.gather(work(), read())
        for each in readings:
            author.check(each)


async def pause() -> None:
    """Let somebody else do something."""
    for _ in range(3):
        await asyncio.sleep(0.001)


async def test_a_part_put_in_before_the_reader_moves_nobody_back(
    town: Town, author: Author, stranger: Person
) -> None:
    third = await stranger.read(f"{path_of(author.fill)}/parts/3")
    await town.part(author.fill, author.person, body="new", number=2)
    fourth = await stranger.read(third["next_url"])
    assert (fourth["body"], fourth["number"]) == ("4", 5)
    assert (await stranger.read(fourth["prev_url"]))["body"] == "3"
    assert (await stranger.read(f"{path_of(author.fill)}/parts/4"))["body"] == "3"


async def test_what_is_added_at_the_end_is_reached_by_whoever_is_reading(
    town: Town, author: Author, stranger: Person
) -> None:
    last = await stranger.read(f"{path_of(author.fill)}/parts/6")
    page = await stranger.read(f"{path_of(author.fill)}/parts?limit=6")
    await town.part(author.fill, author.person, body="8")
    seventh = await stranger.read(last["next_url"])
    assert (await stranger.read(seventh["next_url"]))["body"] == "8"
    assert [part["number"] for part in (await stranger.read(page["next"]))["items"]] == [7, 8]


async def test_what_leads_on_stays_while_a_story_only_grows(
    town: Town, author: Author, stranger: Person
) -> None:
    path = f"{path_of(author.fill)}/parts/3"
    tag = await stranger.tag_of(path)
    await town.part(author.fill, author.person, body="8")
    assert (await stranger.get(path, If_None_Match=tag)).status_code == 304


async def test_where_all_that_was_left_is_deleted_nothing_is_found(
    author: Author, stranger: Person
) -> None:
    sixth = await stranger.read(f"{path_of(author.fill)}/parts/6")
    await author.person.take_away(f"{path_of(author.fill)}/parts/7", If_Match="*")
    assert code_of(await stranger.get(sixth["next_url"])) == "not-found"


async def test_a_reading_belongs_to_its_story(town: Town, author: Author, stranger: Person) -> None:
    other = await town.fill(await town.prompt(), town.somebody())
    part = await stranger.read(f"{path_of(author.fill)}/parts/1")
    _, carried = part["next_url"].split("?")
    for path in (
        f"{path_of(other)}/parts/1?{carried}",
        f"{path_of(author.fill)}/parts/2?{carried}x",
        f"{path_of(author.fill)}/parts/2?reading=",
    ):
        response = await stranger.get(path)
        assert (response.status_code, code_of(response)) == (400, "bad-cursor")
    page = await stranger.read(f"{path_of(author.fill)}/parts?limit=1")
    swapped = page["next"].split("cursor=")[1]
    response = await stranger.get(f"{path_of(author.fill)}/parts/2?reading={swapped}")
    assert code_of(response) == "bad-cursor"
    response = await author.person.patch(part["next_url"], {"title": "x"}, If_Match="*")
    assert response.status_code == 422
