"""Threads in which many people speak at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from fastapi import FastAPI

from tests.backstage import set_state
from tests.comments.ledger import check_books, check_round, rows_of
from tests.people import JSON, Person, Town, path_of

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

WRITERS = 8


async def test_replies_posted_at_once_all_get_a_place_and_a_number_of_their_own(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    prompt = await town.prompt()
    fill = await town.fill(prompt)
    for head in (prompt, fill):
        top = await town.comment(head)
        replies = await asyncio.gather(
            *(town.comment(head, reply_to=top, body=str(number)) for number in range(24)),
            *(town.comment(head, body=str(number)) for number in range(24, 32)),
        )
        assert sorted(each["seq"] for each in replies) == list(range(2, 34))
        shown = await stranger.every_page(f"{path_of(head)}/comments?limit=10")
        assert {each["id"] for each in shown} == {each["id"] for each in (top, *replies)}
        assert len(shown) == 33
        await check_books(service, head)
    await check_round(service, prompt)


@dataclass
class Crowd:
    """People who write in a thread at once, until they are stopped. They reply, edit, and delete
    what they said; a moderator hides comments and brings them back, and releases what waited.
    """

    town: Town
    service: FastAPI
    prompt: JSON
    standing: list[JSON]
    hidden: list[JSON]
    written: int = 0
    spoken: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: bool = False

    async def write(self, number: int) -> None:
        who = self.town.somebody()
        while not self.is_over:
            parent = self.standing[(number * 5 + self.written) % len(self.standing)]
            said = await self.town.comment(
                self.prompt, who, reply_to=parent if self.written % 3 else None
            )
            self.written += 1
            self.spoken.set()
            if self.written % 4 == 0:
                await who.change(path_of(said), {"body": "Oh, lovelier!"})
            if self.written % 5 == 0:
                await who.take_away(path_of(said))

    async def moderate(self) -> None:
        while not self.is_over:
            for each in self.hidden:
                await set_state(self.service, each, "visible")
                said = await self.town.comment(self.prompt)
                for state in ("screened", "visible", "hidden"):
                    await set_state(self.service, said, state)
                await set_state(self.service, each, "hidden")

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(self.write(number)) for number in range(WRITERS)]
        tasks.append(asyncio.create_task(self.moderate()))
        try:
            yield
        finally:
            self.is_over = True
            await asyncio.gather(*tasks)

    async def next_word(self) -> None:
        """Wait until somebody says something."""
        self.spoken.clear()
        await asyncio.wait_for(self.spoken.wait(), 30)


@pytest.mark.parametrize("asked", ["sort=thread", "sort=newest", "depth=2", "since=0&depth=3"])
async def test_pages_read_while_eight_people_write_neither_repeat_nor_skip(
    town: Town, stranger: Person, service: FastAPI, asked: str
) -> None:
    prompt, author = await town.prompt(), town.somebody()
    standing: list[JSON] = []
    for number in range(24):
        parent = standing[number // 2] if number % 3 else None
        standing.append(await town.comment(prompt, author, reply_to=parent))
    hidden = [standing.pop() for _ in range(3)]
    for each in hidden:
        await set_state(service, each, "hidden")
    crowd = Crowd(town, service, prompt, standing, hidden)
    seen: list[str] = []
    pages = 0
    following: str | None = f"{path_of(prompt)}/comments?{asked}&limit=3"
    async with crowd.at_work():
        # The writers add as fast as the reader reads; the end of what stood there is what counts.
        while following is not None and pages < 20:
            page = await stranger.read(following)
            seen += [each["id"] for each in page["items"]]
            following = page["next"]
            pages += 1
            await crowd.next_word()
    assert crowd.written >= pages
    if following is not None:
        # What had not been reached yet is read in quiet.
        seen += [each["id"] for each in await stranger.every_page(following)]
    assert len(set(seen)) == len(seen)
    deepest = int(asked.rpartition("depth=")[2]) if "depth" in asked else 100
    assert {each["id"] for each in standing if each["depth"] <= deepest} <= set(seen)
    await check_books(service, prompt)
    await check_round(service, prompt)


async def test_whoever_follows_since_misses_nothing_while_eight_people_write(
    town: Town, stranger: Person
) -> None:
    prompt = await town.prompt()
    top = await town.comment(prompt)
    heard: dict[str, int] = {}
    latest = 0

    async def listen() -> None:
        nonlocal latest
        page = await stranger.read(f"{path_of(prompt)}/comments?since={latest}&limit=100")
        assert not heard.keys() & {each["id"] for each in page["items"]}
        heard.update({each["id"]: each["seq"] for each in page["items"]})
        latest = max(heard.values(), default=0)

    async def write() -> list[str]:
        who = town.somebody()
        return [(await town.comment(prompt, who, reply_to=top))["id"] for _ in range(5)]

    writing = asyncio.gather(*(write() for _ in range(WRITERS)))
    while not writing.done():
        await listen()
        await asyncio.sleep(0)
    posted = [each for ids in await writing for each in ids]
    await listen()
    assert set(heard) == {top["id"], *posted}


async def test_a_reply_and_the_deletion_of_what_it_answers_leave_the_books_right(
    town: Town, service: FastAPI
) -> None:
    """Either the reply came first and its parent stays as a tombstone, or it was refused."""
    prompt = await town.prompt()
    for _ in range(6):
        author, replier = town.somebody(), town.somebody()
        top = await town.comment(prompt, author)
        middle = await town.comment(prompt, author, reply_to=top)
        reply = {"body": "Wait!", "parent_id": middle["id"]}
        answers = await asyncio.gather(
            author.delete(path_of(middle)),
            replier.post(f"{path_of(prompt)}/comments", reply),
            author.delete(path_of(top)),
            replier.post(f"{path_of(prompt)}/comments", {**reply, "parent_id": top["id"]}),
        )
        statuses = [each.status_code for each in answers]
        assert (statuses[0], statuses[2]) == (204, 204)
        assert {statuses[1], statuses[3]} <= {201, 409}
        await check_books(service, prompt)
    await check_round(service, prompt)


async def test_one_deletion_counts_once_however_often_it_is_sent_at_once(
    town: Town, service: FastAPI
) -> None:
    prompt, author = await town.prompt(), town.somebody()
    comment = await town.comment(prompt, author)
    await town.comment(prompt, author)
    answers = await asyncio.gather(*(author.delete(path_of(comment)) for _ in range(WRITERS)))
    assert sorted(each.status_code for each in answers) == [204] + [410] * (WRITERS - 1)
    assert [row.state for row in await rows_of(service, prompt)] == ["deleted", "visible"]
    await check_books(service, prompt)
    await check_round(service, prompt)
