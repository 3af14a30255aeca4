"""What stays of a deleted comment, and what does not."""

import pytest
from fastapi import FastAPI

from tests.comments.ledger import check_books, rows_of
from tests.people import JSON, Person, Town, code_of, path_of

pytestmark = pytest.mark.anyio


async def chain_of(town: Town, head: JSON, author: Person, length: int) -> list[JSON]:
    """Comments of one author, each a reply to the one before."""
    chain: list[JSON] = []
    for level in range(length):
        above = chain[-1] if chain else None
        chain.append(await town.comment(head, author, reply_to=above, body=f"level {level}"))
    return chain


async def listed(who: Person, head: JSON) -> list[tuple[str, str]]:
    """State and body of what a thread shows."""
    items = (await who.read(f"{path_of(head)}/comments"))["items"]
    return [(each["state"], each["body"]) for each in items]


async def test_a_deleted_comment_with_replies_stays_without_words_or_author(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    fill = await town.fill(await town.prompt())
    author = town.somebody()
    comment = await town.comment(fill, author, body="Regretted words", part_number=1)
    reply = await town.comment(fill, reply_to=comment, body="Kind words")
    assert (await author.delete(path_of(comment))).status_code == 204
    page = await stranger.get(f"{path_of(fill)}/comments")
    tombstone, left = page.json()["items"]
    assert tombstone == {
        **{name: comment[name] for name in comment if name not in ("edit_token", "notices")},
        "body": None,
        "body_html": None,
        "author": None,
        "state": "deleted",
        "replies_count": 1,
    }
    assert left["parent_id"] == comment["id"]
    assert "Regretted" not in page.text
    assert author.token is not None
    assert author.token not in page.text
    embedded = await stranger.read(f"{path_of(reply)}?embed=ancestors")
    assert embedded["ancestors"] == [tombstone]
    thread = await stranger.read(f"{path_of(reply)}/thread")
    assert thread["ancestors"] == [tombstone]
    assert (await stranger.read(path_of(fill)))["comments_count"] == 1
    assert code_of(await stranger.get(path_of(comment))) == "gone"
    stored = next(row for row in await rows_of(service, fill) if row.depth == 0)
    assert (stored.body, stored.body_html) == (None, None), "the words are gone from the database"
    await check_books(service, fill)


async def test_a_deleted_comment_without_replies_disappears(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    prompt, author = await town.prompt(), town.somebody()
    chain = await chain_of(town, prompt, author, 2)
    assert (await author.delete(path_of(chain[1]))).status_code == 204
    assert await listed(stranger, prompt) == [("visible", "level 0")]
    assert (await stranger.read(path_of(chain[0])))["replies_count"] == 0
    await check_books(service, prompt)


async def test_tombstones_go_with_the_last_reply_that_they_held_up(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    prompt, author = await town.prompt(), town.somebody()
    chain = await chain_of(town, prompt, author, 5)
    for level in (1, 2, 3):
        assert (await author.delete(path_of(chain[level]))).status_code == 204
        await check_books(service, prompt)
    assert await listed(stranger, prompt) == [
        ("visible", "level 0"),
        ("deleted", None),
        ("deleted", None),
        ("deleted", None),
        ("visible", "level 4"),
    ]
    assert (await author.delete(path_of(chain[4]))).status_code == 204
    assert await listed(stranger, prompt) == [("visible", "level 0")]
    assert (await stranger.read(path_of(prompt)))["comments_count"] == 1
    await check_books(service, prompt)


async def test_a_tombstone_stays_while_another_branch_hangs_below_it(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    prompt, author = await town.prompt(), town.somebody()
    top, middle, leaf = await chain_of(town, prompt, author, 3)
    other = await town.comment(prompt, author, reply_to=top, body="other branch")
    for gone in (top, middle, leaf):
        assert (await author.delete(path_of(gone))).status_code == 204
    assert await listed(stranger, prompt) == [("deleted", None), ("visible", "other branch")]
    items = (await stranger.read(f"{path_of(prompt)}/comments"))["items"]
    assert items[0]["replies_count"] == 1
    assert (await author.delete(path_of(other))).status_code == 204
    assert await listed(stranger, prompt) == []
    await check_books(service, prompt)


async def test_what_comes_after_a_deletion_takes_no_old_place(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    prompt, author = await town.prompt(), town.somebody()
    first = await town.comment(prompt, author, body="first")
    last = await town.comment(prompt, author, body="last")
    for gone in (last, first):
        assert (await author.delete(path_of(gone))).status_code == 204
    new = await town.comment(prompt, body="new")
    assert new["seq"] == 3, "a sequence number is given once"
    assert await listed(stranger, prompt) == [("visible", "new")]
    await check_books(service, prompt)


async def test_tombstones_stand_in_newest_and_count_as_nothing(
    town: Town, stranger: Person
) -> None:
    prompt, author = await town.prompt(), town.somebody()
    chain = await chain_of(town, prompt, author, 2)
    assert (await author.delete(path_of(chain[0]))).status_code == 204
    newest = (await stranger.read(f"{path_of(prompt)}/comments?sort=newest"))["items"]
    assert [(each["seq"], each["state"]) for each in newest] == [(2, "visible"), (1, "deleted")]
    shown = await stranger.read(path_of(prompt))
    assert (shown["comments_count"], shown["latest_seq"]) == (1, 2)
