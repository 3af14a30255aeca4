"""What is filed is found at once, and what is taken out is gone at once."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import delete, func, select

from app.core.database import Session
from app.core.tables import table_of
from app.fills.models import PART, Part
from app.index import service
from app.index.models import SEARCH_CHUNK, SEARCH_TERMS, SLOTS
from app.index.service import remove_part, remove_work
from app.threads.models import ThreadKind
from tests.index.conftest import Shelf
from tests.index.oracle import Work

pytestmark = pytest.mark.anyio


@pytest.fixture
async def story(empty_shelf: Shelf) -> AsyncIterator[Work]:
    """A fill in three parts."""
    parts = ["once zebrafish", "twice zebrafish", "thrice"]
    fill = Work(empty_shelf.boards[0], ThreadKind.FILL, "Quagga", ["okapi"], None, parts)
    async with empty_shelf.database.writing() as session:
        await empty_shelf.put(session, fill)
    yield fill
    # Other tests look for what is on the shelf.
    await take_away(empty_shelf, fill)


async def take_away(shelf: Shelf, work: Work) -> None:
    async with shelf.database.writing() as session:
        await remove_work(session, work.thread_id)
    shelf.works.remove(work)


async def found(shelf: Shelf, work: Work, query: str) -> bool:
    return work.thread_id in await shelf.find(query)


async def chunks(session: Session, work: Work) -> list[int]:
    of_work = SEARCH_CHUNK.thread_id == work.thread_id
    return [
        row.id
        for row in await session.all(
            select(SEARCH_CHUNK.id).where(of_work).order_by(SEARCH_CHUNK.id)
        )
    ]


async def test_an_edited_part_is_found_by_its_new_words_alone(
    empty_shelf: Shelf, story: Work
) -> None:
    async with empty_shelf.database.writing() as session:
        before = await chunks(session, story)
        await empty_shelf.file_part(session, story, story.part_ids[1], "quokka")
        assert await chunks(session, story) == before
    assert await found(empty_shelf, story, "quokka once okapi")
    assert not await found(empty_shelf, story, "twice")
    assert await found(empty_shelf, story, "zebrafish")


async def test_an_edited_head_leaves_the_parts(empty_shelf: Shelf, story: Work) -> None:
    story.title, story.head = "Tapir", []
    async with empty_shelf.database.writing() as session:
        await empty_shelf.file(session, story)
    assert await found(empty_shelf, story, "tapir zebrafish")
    assert not await found(empty_shelf, story, "quagga")
    assert not await found(empty_shelf, story, "okapi")


async def test_a_part_that_is_removed_or_deleted_is_gone(empty_shelf: Shelf, story: Work) -> None:
    async with empty_shelf.database.writing() as session:
        await remove_part(session, story.part_ids[0])
        await session.run(delete(table_of(Part)).where(PART.id == story.part_ids[1]))
    assert not await found(empty_shelf, story, "zebrafish")
    assert await found(empty_shelf, story, "quagga thrice")


async def test_a_work_that_is_removed_leaves_nothing(empty_shelf: Shelf, story: Work) -> None:
    async with empty_shelf.database.writing() as session:
        before = await session.scalar(select(func.count(SEARCH_TERMS.rowid)))
        await remove_work(session, story.thread_id)
        after = await session.scalar(select(func.count(SEARCH_TERMS.rowid)))
        assert before - after == 4
        assert await chunks(session, story) == []
    for query in ("zebrafish", "quagga", "okapi", "-nothing"):
        assert not await found(empty_shelf, story, query)


async def test_what_is_undone_was_never_filed(empty_shelf: Shelf, story: Work) -> None:
    async def fail() -> None:
        async with empty_shelf.database.writing() as session:
            await empty_shelf.file_part(session, story, story.part_ids[0], "axolotl")
            await remove_part(session, story.part_ids[1])
            raise InterruptedError

    with pytest.raises(InterruptedError):
        await fail()
    assert not await found(empty_shelf, story, "axolotl")
    assert await found(empty_shelf, story, "once twice")


async def test_a_short_work_is_one_row(empty_shelf: Shelf) -> None:
    prompt = Work(empty_shelf.boards[0], ThreadKind.PROMPT, "Vole", ["shrew"], "mole " * 100)
    async with empty_shelf.database.writing() as session:
        await empty_shelf.put(session, prompt)
        assert len(await chunks(session, prompt)) == 1
    await take_away(empty_shelf, prompt)


async def test_places_of_deleted_parts_are_taken_again(
    empty_shelf: Shelf, story: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "SLOTS", 6)
    assert SLOTS > 1000
    async with empty_shelf.database.writing() as session:
        for number in range(12):
            await empty_shelf.add_part(session, story, f"capybara{number}")
            if number:
                await remove_part(session, story.part_ids[-2])
    assert await found(empty_shelf, story, "capybara11 once thrice")
    assert not await found(empty_shelf, story, "capybara10")
