"""Talk of any depth and size is moved whole, and in its order."""

import asyncio

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.comments.bulk import Said, Talk, put_talks
from app.core.tables import table_of
from app.kit.clock import now
from app.kit.paths import MAX_LENGTH
from app.prompts.models import PROMPT, Prompt
from app.prompts.queries import prompt as prompt_question
from app.threads.models import THREAD
from tests.comments.ledger import check_round
from tests.comments.test_depth import dig, expected_preorder
from tests.moderation.keeping import move
from tests.people import JSON, Person, Town, path_of
from tests.stories.drift import drifted_counters

pytestmark = pytest.mark.anyio

#: Enough for many slices.
COMMENTS = 10_000


async def talk(service: FastAPI, prompt: JSON, replies_to: list[int | None]) -> None:
    """Put as many comments below a prompt as there are places, each with the place of what it
    replies to.
    """
    async with service.state.site.database.writing() as session:
        row = await session.first(prompt_question(prompt["id"]))
        assert row is not None
        said = [
            Said(str(number), f"<p>{number}</p>\n", now(), row.mask_id, reply_to=place)
            for number, place in enumerate(replies_to)
        ]
        await put_talks(
            session, [Talk(row.thread_id, row.board_id, row.round_id, row.id, None, said)]
        )


async def version_of(service: FastAPI, prompt: JSON) -> int:
    """How often what is shown of a prompt's thread was changed."""
    async with service.state.site.database.reading() as session:
        found = select(THREAD.version).join(table_of(Prompt), PROMPT.thread_id == THREAD.id)
        version = await session.scalar(found.where(PROMPT.public_id == prompt["id"]))
    assert isinstance(version, int)
    return version


async def read_all(who: Person, head: JSON) -> list[JSON]:
    return await who.every_page(f"{path_of(head)}/comments?limit=100")


def check_depths(items: list[JSON]) -> None:
    depths = {each["id"]: each["depth"] for each in items}
    for each in items:
        assert each["depth"] == (depths[each["parent_id"]] + 1 if each["parent_id"] else 0)


@pytest.mark.thorough
async def test_what_is_deeper_than_paths_can_be_is_moved_in_its_order_and_back(
    town: Town, stranger: Person, service: FastAPI, database_url: str
) -> None:
    author = town.somebody()
    prompt, other = await town.prompt(), await town.prompt()
    chain = await dig(service, prompt, MAX_LENGTH - 10)
    for level in range(20):
        chain.append(await town.comment(prompt, author, chain[-1]))
        if level % 5 == 0:
            await town.comment(prompt, author, chain[-3])
    top = await town.comment(other, author)
    standing = {each["id"] for each in await read_all(stranger, prompt)}
    # What has no room for replies itself, and then nearly all.
    for at in (len(chain) - 4, 3):
        for to, parent in ((other, top), (prompt, chain[at - 1])):
            assert (await move(town, chain[at], to, parent)).status_code == 201
            assert drifted_counters(database_url) == {}
            items = await read_all(stranger, to)
            check_depths(items)
            if to is other:
                assert [each["id"] for each in items] == expected_preorder(items)
            else:
                assert {each["id"] for each in items} == standing
    reply = await town.comment(prompt, author, chain[-1])
    assert reply["parent_id"] == chain[-1]["id"]
    assert {each["id"] for each in await read_all(stranger, prompt)} == {*standing, reply["id"]}
    await check_round(service, prompt)


@pytest.mark.thorough
async def test_a_long_thread_is_moved_while_others_are_served(
    town: Town, stranger: Person, service: FastAPI, database_url: str
) -> None:
    prompt, other = await town.prompt(), await town.prompt()
    places: list[int | None] = [None, *(number // 7 for number in range(1, COMMENTS))]
    await talk(service, prompt, places)
    (top,) = (await stranger.read(f"{path_of(prompt)}/comments?limit=1"))["items"]
    standing = await version_of(service, other)
    served = 0
    moving = asyncio.create_task(move(town, top, other))
    while not moving.done():
        await stranger.read(path_of(other))
        served += 1
        await asyncio.sleep(0.01)
    assert (await moving).status_code == 201
    # Readers got their turns in between.
    assert served > 5
    if service.state.site.database.name == "PostgreSQL":
        # What a transaction has changed often it must pass by as often.
        assert await version_of(service, other) - standing < COMMENTS / 50
    assert (await stranger.read(path_of(other)))["comments_count"] == COMMENTS
    assert (await stranger.read(path_of(prompt)))["comments_count"] == 0
    page = await stranger.read(f"{path_of(other)}/comments?limit=100")
    assert [each["depth"] for each in page["items"][:4]] == [0, 1, 2, 3]
    last = (await stranger.read(f"{path_of(other)}/comments?sort=newest&limit=1"))["items"][0]
    assert (last["seq"], last["body"]) == (COMMENTS, str(COMMENTS - 1))
    assert drifted_counters(database_url) == {}
