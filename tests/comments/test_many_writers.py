"""Threads in which many people speak at once."""

import asyncio

import pytest
from fastapi import FastAPI

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


@pytest.mark.parametrize("sort", ["thread", "newest"])
async def test_pages_read_while_eight_people_reply_neither_repeat_nor_skip(
    town: Town, stranger: Person, service: FastAPI, sort: str
) -> None:
    prompt, author = await town.prompt(), town.somebody()
    standing: list[JSON] = []
    for number in range(24):
        parent = standing[number // 2] if number % 3 else None
        standing.append(await town.comment(prompt, author, reply_to=parent))
    reading, spoken = True, asyncio.Event()
    written = 0

    async def write(number: int) -> None:
        nonlocal written
        who = town.somebody()
        while reading:
            parent = standing[(number * 5 + written) % len(standing)] if written % 3 else None
            await town.comment(prompt, who, reply_to=parent)
            written += 1
            spoken.set()

    writers = [asyncio.create_task(write(number)) for number in range(WRITERS)]
    try:
        pages: list[list[str]] = []
        following: str | None = f"{path_of(prompt)}/comments?sort={sort}&limit=3"
        # The writers add as fast as the reader reads; the end of what stood there is what counts.
        while following is not None and len(pages) < 40:
            page = await stranger.read(following)
            pages.append([each["id"] for each in page["items"]])
            following = page["next"]
            # Somebody speaks between any two pages.
            spoken.clear()
            await asyncio.wait_for(spoken.wait(), 30)
    finally:
        reading = False
        await asyncio.gather(*writers)
    seen = [each for page in pages for each in page]
    assert written >= len(pages)
    assert len(set(seen)) == len(seen)
    if following is not None:
        # What had not been reached yet is read in quiet.
        seen += [each["id"] for each in await stranger.every_page(following)]
    assert len(set(seen)) == len(seen)
    assert {each["id"] for each in standing} <= set(seen)
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
