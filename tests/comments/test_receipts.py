"""The receipt of a comment, which shows it as everybody reads it from then on."""

import pytest
from fastapi import FastAPI

from tests.people import JSON, Person, Town, path_of
from tests.statements import statements

pytestmark = pytest.mark.anyio

#: What its author alone is told.
ONLY_IN_RECEIPTS = {"edit_token", "notices"}


async def assert_shown(reader: Person, receipt: JSON) -> None:
    """Check that a comment is read as its receipt showed it."""
    shown = {name: value for name, value in receipt.items() if name not in ONLY_IN_RECEIPTS}
    assert await reader.read(f"/comments/{receipt['id']}") == shown


async def test_a_receipt_shows_a_comment_as_it_is_read_afterwards(
    town: Town, stranger: Person
) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    fill = await town.fill(prompt, author)
    discussion = await town.discussion(author)
    for head in (prompt, fill, discussion):
        about: JSON = {"part_number": 1} if head is fill else {}
        for poster in (None, author):
            first = await town.comment(head, poster, **about)
            await assert_shown(stranger, first)
            assert first["author"]["is_op"] == (poster is author)
            await assert_shown(stranger, await town.comment(head, poster, first, **about))


async def test_a_receipt_shows_a_comment_that_waits_as_its_author_reads_it(town: Town) -> None:
    prompt = await town.prompt()
    await town.administrator.change(f"/boards/{town.slug}", {"settings": {"screening": "all"}})
    author = town.somebody()
    receipt = await author.hand_in(f"{path_of(prompt)}/comments", {"body": "The kettle is on."})
    assert receipt["seq"] is None
    await assert_shown(author, receipt)


async def test_posting_a_comment_takes_few_statements(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    path = f"{path_of(await town.prompt())}/comments"
    with statements(service) as seen:
        await stranger.make(path, {"body": "The kettle is on."})
    # The prompt; mask and token; bans; activity, the place in the thread, the comment, the round;
    # where it came from; the number of the event, and the event, which PostgreSQL takes together.
    assert len(seen) == (11 if service.state.site.database.name == "SQLite" else 10), seen
