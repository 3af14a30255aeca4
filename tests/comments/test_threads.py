"""The shape of a thread: a flat list in reading order, and what can be asked of it."""

import pytest
from fastapi import FastAPI

from tests.comments.ledger import check_books
from tests.people import JSON, Person, Town, code_of, path_of

pytestmark = pytest.mark.anyio


async def talk(town: Town, head: JSON) -> dict[str, JSON]:
    """A small thread, posted out of its reading order::

    a
    ├── b
    │   └── d
    └── e
    c
    └── f
    """
    said: dict[str, JSON] = {}
    for name, above in (("a", ""), ("b", "a"), ("c", ""), ("d", "b"), ("e", "a"), ("f", "c")):
        said[name] = await town.comment(head, reply_to=said.get(above), body=name)
    return said


def names(items: list[JSON]) -> str:
    """The bodies of comments in a row; a tombstone is a dot."""
    return "".join(each["body"] or "." for each in items)


async def test_a_thread_is_a_flat_list_in_reading_order(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    prompt = await town.prompt()
    fill = await town.fill(prompt)
    # A second thread beside each, so that nothing slips from one into the other.
    await town.comment(await town.prompt(), body="elsewhere")
    for head in (prompt, fill):
        said = await talk(town, head)
        items = (await stranger.read(f"{path_of(head)}/comments"))["items"]
        assert names(items) == "abdecf"
        assert [each["depth"] for each in items] == [0, 1, 2, 1, 0, 1]
        assert [each["seq"] for each in items] == [1, 2, 4, 5, 3, 6]
        assert [each["replies_count"] for each in items] == [2, 1, 0, 0, 1, 0]
        above = {"a": None, "b": "a", "d": "b", "e": "a", "c": None, "f": "c"}
        for each in items:
            parent = above[each["body"]]
            assert each["parent_id"] == (said[parent]["id"] if parent else None)
        await check_books(service, head)


@pytest.mark.parametrize("limit", [1, 2, 5, 6])
@pytest.mark.parametrize(
    ("query", "expected"), [("", "abdecf"), ("sort=newest&", "fedcba"), ("since=2&", "decf")]
)
async def test_pages_of_any_size_make_up_the_same_list(
    town: Town, stranger: Person, limit: int, query: str, expected: str
) -> None:
    prompt = await town.prompt()
    await talk(town, prompt)
    path = f"{path_of(prompt)}/comments?{query}limit={limit}"
    assert len((await stranger.read(path))["items"]) == limit or limit > len(expected)
    assert names(await stranger.every_page(path)) == expected


async def test_newest_goes_by_time_and_not_by_place(town: Town, stranger: Person) -> None:
    prompt = await town.prompt()
    await talk(town, prompt)
    items = (await stranger.read(f"{path_of(prompt)}/comments?sort=newest"))["items"]
    assert [each["seq"] for each in items] == [6, 5, 4, 3, 2, 1]


async def test_since_shows_what_came_after(town: Town, stranger: Person) -> None:
    prompt = await town.prompt()
    said = await talk(town, prompt)
    comments = f"{path_of(prompt)}/comments"
    latest = (await stranger.read(path_of(prompt)))["latest_seq"]
    assert (await stranger.read(f"{comments}?since={latest}"))["items"] == []
    assert names((await stranger.read(f"{comments}?since=0"))["items"]) == "abdecf"
    await town.comment(prompt, reply_to=said["d"], body="g")
    assert names((await stranger.read(f"{comments}?since={latest}"))["items"]) == "g"


async def test_depth_cuts_below_a_level_and_says_where_the_rest_is(
    town: Town, stranger: Person
) -> None:
    prompt = await town.prompt()
    said = await talk(town, prompt)
    comments = f"{path_of(prompt)}/comments"
    top = (await stranger.read(f"{comments}?depth=0"))["items"]
    assert names(top) == "ac"
    for each in top:
        assert each["more_url"].endswith(f"/v1/comments/{each['id']}/thread")
    shallow = (await stranger.read(f"{comments}?depth=1"))["items"]
    assert names(shallow) == "abecf"
    assert [each["body"] for each in shallow if each["more_url"]] == ["b"]
    rest = (await stranger.read(shallow[1]["more_url"]))["items"]
    assert names(rest) == "bd"
    assert rest[0]["id"] == said["b"]["id"]
    whole = (await stranger.read(f"{comments}?depth=2"))["items"]
    assert [each["more_url"] for each in whole] == [None] * 6


@pytest.mark.parametrize(
    "query",
    [
        "sort=loudest",
        "since=-1",
        "since=01",
        "since=1.0",
        "since=%2B1",
        "since=",
        "since=1&since=2",
        "depth=x",
        "depth=99999999999999999999",
        "limit=0",
        "limit=101",
        "embed=ancestors",
        "unknown=1",
        "adult=yes",
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(
    town: Town, stranger: Person, query: str
) -> None:
    prompt = await town.prompt()
    refused = await stranger.get(f"{path_of(prompt)}/comments?{query}")
    assert (refused.status_code, code_of(refused)) == (422, "invalid")


async def test_a_permalink_brings_what_it_stands_below(town: Town, stranger: Person) -> None:
    prompt = await town.prompt()
    said = await talk(town, prompt)
    alone = await stranger.read(path_of(said["d"]))
    assert alone["body"] == "d"
    assert alone.get("ancestors") is None
    embedded = await stranger.read(f"{path_of(said['d'])}?embed=ancestors")
    assert names(embedded["ancestors"]) == "ab"
    assert [each["id"] for each in embedded["ancestors"]] == [said["a"]["id"], said["b"]["id"]]
    top = await stranger.read(f"{path_of(said['c'])}?embed=ancestors")
    assert top["ancestors"] == []
    assert (await stranger.get(f"{path_of(said['d'])}?embed=fills")).status_code == 422


async def test_a_comments_thread_begins_with_itself_and_holds_what_is_below_it(
    town: Town, stranger: Person
) -> None:
    fill = await town.fill(await town.prompt())
    said = await talk(town, fill)
    for name, expected, ancestors in (
        ("a", "abde", ""),
        ("b", "bd", "a"),
        ("d", "d", "ab"),
        ("c", "cf", ""),
    ):
        thread = await stranger.read(f"{path_of(said[name])}/thread")
        assert names(thread["items"]) == expected
        assert names(thread["ancestors"]) == ancestors
        assert thread["next"] is None
        pages = await stranger.every_page(f"{path_of(said[name])}/thread?limit=1")
        assert names(pages) == expected
    newest = await stranger.read(f"{path_of(said['a'])}/thread?sort=newest&since=2")
    assert names(newest["items"]) == "ed"
    cut = await stranger.read(f"{path_of(said['a'])}/thread?depth=1")
    assert names(cut["items"]) == "abe"


async def test_a_cursor_of_one_thread_opens_no_other(town: Town, stranger: Person) -> None:
    one, other = await town.prompt(), await town.prompt()
    for head in (one, other):
        await talk(town, head)
    comments = f"{path_of(one)}/comments"
    cursor = (await stranger.read(f"{comments}?limit=2"))["next"].partition("cursor=")[2]
    assert (await stranger.get(f"{comments}?cursor={cursor}")).status_code == 200
    for path in (
        f"{path_of(other)}/comments?",
        f"{comments}?sort=newest&",
        f"{comments}?since=1&",
        f"{comments}?depth=5&",
    ):
        refused = await stranger.get(f"{path}cursor={cursor}")
        assert (refused.status_code, code_of(refused)) == (400, "bad-cursor")


async def test_a_cursor_outlives_the_comment_that_it_points_at(
    town: Town, stranger: Person
) -> None:
    prompt, author = await town.prompt(), town.somebody()
    for name in "abcd":
        await town.comment(prompt, author, body=name)
    page = await stranger.read(f"{path_of(prompt)}/comments?limit=2")
    assert names(page["items"]) == "ab"
    assert (await author.delete(path_of(page["items"][1]))).status_code == 204
    assert names((await stranger.read(page["next"]))["items"]) == "cd"


@pytest.mark.thorough
async def test_siblings_keep_the_order_in_which_they_came_beyond_one_character_of_path(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    """Beyond 48 siblings a place is written with two characters, in capitals and small letters:
    a database that compares by a language's rules would mix them up.
    """
    prompt, author = await town.prompt(), town.somebody()
    first = await town.comment(prompt, author, body="first")
    for number in range(120):
        await town.comment(prompt, author, body=str(number))
        if number % 10 == 0:
            await town.comment(prompt, author, reply_to=first, body=f"reply {number}")
    bodies = [each["body"] for each in await stranger.every_page(f"{path_of(prompt)}/comments")]
    replies = [f"reply {number}" for number in range(0, 120, 10)]
    assert bodies == ["first", *replies, *map(str, range(120))]
    await check_books(service, prompt)


async def test_the_list_has_the_same_tag_until_something_in_it_changes(
    town: Town, stranger: Person
) -> None:
    prompt, author = await town.prompt(), town.somebody()
    comment = await town.comment(prompt, author)
    comments = f"{path_of(prompt)}/comments"
    tag = (await stranger.get(comments)).headers["etag"]
    assert (await author.get(comments, If_None_Match=tag)).status_code == 304
    await author.patch(path_of(comment), {"body": "Oh, lovelier!"})
    changed = await stranger.get(comments, If_None_Match=tag)
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag
