"""Comments over HTTP: posting, reading, editing, deleting."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from sqlalchemy import update

from app.fills.models import FILL, Fill
from app.prompts.models import PROMPT, Prompt
from tests.comments.ledger import check_books, check_round
from tests.people import JSON, Person, Town, code_of, path_of

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["prompt", "fill", "discussion"])
def head(request: pytest.FixtureRequest, town: Town) -> Callable[[], Awaitable[JSON]]:
    """Makes what is talked about: a prompt, a fill of one, or a discussion."""

    async def make() -> JSON:
        if request.param == "discussion":
            return await town.discussion()
        prompt = await town.prompt()
        return prompt if request.param == "prompt" else await town.fill(prompt)

    return make


async def test_anybody_may_comment_without_an_account(
    head: Callable[[], Awaitable[JSON]], stranger: Person
) -> None:
    about = await head()
    response = await stranger.post(f"{path_of(about)}/comments", {"body": "The *kettle*!"})
    assert response.status_code == 201
    comment = response.json()
    assert comment["edit_token"].startswith("fbe_")
    assert response.headers["location"].endswith(f"/v1/comments/{comment['id']}")
    assert response.headers["cache-control"] == "private, no-store"
    assert comment["body"] == "The *kettle*!"
    assert comment["body_html"] == "<p>The <em>kettle</em>!</p>\n"
    assert (comment["seq"], comment["depth"], comment["parent_id"]) == (1, 0, None)
    assert comment["state"] == "visible"
    assert comment["thread"] == {
        "type": about["url"].split("/")[-2].removesuffix("s"),
        "id": about["id"],
        "title": about["title"],
        "board": comment["thread"]["board"],
        "url": about["url"],
    }


async def test_a_comment_reads_the_same_by_itself_and_in_its_thread(
    head: Callable[[], Awaitable[JSON]], town: Town, stranger: Person
) -> None:
    about = await head()
    posted = await town.comment(about, body="  Two spaces, kept.\r\n\r\nAnd a “quote” – so…\n")
    public = {name: posted[name] for name in posted if name not in ("edit_token", "notices")}
    (listed,) = (await stranger.read(f"{path_of(about)}/comments"))["items"]
    assert listed == public
    assert await stranger.read(path_of(posted)) == {**public}


async def test_a_comment_is_counted_where_it_was_posted_and_nowhere_else(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    prompt, other = await town.prompt(), await town.prompt()
    fill = await town.fill(prompt)
    await town.comment(prompt)
    await town.comment(fill)
    await town.comment(fill)
    prompt, other, fill = [await stranger.read(path_of(each)) for each in (prompt, other, fill)]
    assert (prompt["comments_count"], prompt["latest_seq"]) == (1, 1)
    assert (fill["comments_count"], fill["latest_seq"]) == (2, 2)
    assert (other["comments_count"], other["latest_seq"]) == (0, 0)
    board_round = await stranger.read(f"/boards/{town.slug}/rounds/1")
    assert board_round["comments_count"] == 3
    for each in (prompt, fill):
        await check_books(service, each)
    await check_round(service, prompt)


async def test_a_comment_moves_the_activity_of_what_it_stands_on_alone(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    prompt = await town.prompt()
    fill = await town.fill(prompt)
    long_ago = datetime(2020, 2, 2, tzinfo=UTC)
    async with service.state.site.database.writing() as session:
        for table, columns, thing in ((Prompt, PROMPT, prompt), (Fill, FILL, fill)):
            of_thing = update(table).where(columns.public_id == thing["id"])
            await session.run(of_thing.values(last_activity_at=long_ago))
    assert (await stranger.read(path_of(fill)))["last_activity_at"] == "2020-02-02T00:00:00Z"
    await town.comment(prompt)
    assert (await stranger.read(path_of(prompt)))["last_activity_at"] >= prompt["created_at"]
    assert (await stranger.read(path_of(fill)))["last_activity_at"] == "2020-02-02T00:00:00Z"
    await town.comment(fill)
    assert (await stranger.read(path_of(fill)))["last_activity_at"] >= fill["created_at"]


async def test_a_comment_on_a_fill_moves_the_activity_of_its_prompt(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    prompt = await town.prompt()
    fill = await town.fill(prompt)
    async with service.state.site.database.writing() as session:
        of_prompt = update(Prompt).where(PROMPT.public_id == prompt["id"])
        await session.run(of_prompt.values(last_activity_at=datetime(2020, 2, 2, tzinfo=UTC)))
    await town.comment(fill)
    assert (await stranger.read(path_of(prompt)))["last_activity_at"] >= prompt["created_at"]


async def test_the_author_edits_a_comment_and_it_says_so(
    head: Callable[[], Awaitable[JSON]], town: Town, stranger: Person
) -> None:
    about, author = await head(), town.somebody()
    comment = await town.comment(about, author, body="The firts kettle")
    assert comment["edited_at"] is None
    response = await author.patch(path_of(comment), {"body": "The *first* kettle"})
    assert response.status_code == 200
    edited = response.json()
    assert edited["body_html"] == "<p>The <em>first</em> kettle</p>\n"
    assert edited["edited_at"] is not None
    assert "edit_token" not in edited
    unchanged = {"body", "body_html", "edited_at"}
    assert all(edited[name] == comment[name] for name in edited if name not in unchanged)
    assert await stranger.read(path_of(comment)) == edited


async def test_an_edit_of_another_version_is_refused_with_the_present_one(town: Town) -> None:
    prompt, author = await town.prompt(), town.somebody()
    comment = await town.comment(prompt, author)
    first = (await author.get(path_of(comment))).headers["etag"]
    await town.comment(prompt, reply_to=comment)
    response = await author.patch(path_of(comment), {"body": "One"}, If_Match=first)
    assert response.status_code == 200, "other people's replies must not stop an author"
    second = response.headers["etag"]
    refused = await author.patch(path_of(comment), {"body": "Two"}, If_Match=first)
    assert (refused.status_code, code_of(refused)) == (412, "precondition-failed")
    assert refused.headers["etag"].strip('"') == second.strip('"').split("-")[0]
    again = await author.patch(path_of(comment), {"body": "Two"}, If_Match=refused.headers["etag"])
    assert again.status_code == 200
    late = await author.delete(path_of(comment), If_Match=second)
    assert late.status_code == 412
    assert (await author.read(path_of(comment)))["body"] == "Two"


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_nobody_but_the_author_changes_a_comment(
    town: Town, stranger: Person, method: str
) -> None:
    prompt, author = await town.prompt(), town.somebody()
    comment = await town.comment(prompt, author)
    other = town.somebody()
    await town.comment(prompt, other)
    assert author.token is not None
    mistyped = Person(town.client, author.token[:-1] + ("a" if author.token[-1] != "a" else "b"))
    body = {"body": "Not mine"} if method == "PATCH" else None
    for who, status, code in (
        (stranger, 401, "token-required"),
        (mistyped, 401, "unknown-token"),
        (other, 403, "not-allowed"),
        (town.administrator, 403, "not-allowed"),
    ):
        refused = await who.send(method, path_of(comment), body)
        assert (refused.status_code, code_of(refused)) == (status, code)
    assert (await stranger.read(path_of(comment)))["body"] == "Oh, lovely!"


async def test_a_deleted_comment_is_gone_for_everybody(
    head: Callable[[], Awaitable[JSON]], town: Town, stranger: Person, service: FastAPI
) -> None:
    about, author = await head(), town.somebody()
    comment = await town.comment(about, author)
    response = await author.delete(path_of(comment))
    assert (response.status_code, response.content) == (204, b"")
    assert (await stranger.read(f"{path_of(about)}/comments"))["items"] == []
    assert (await stranger.read(path_of(about)))["comments_count"] == 0
    for who in (stranger, author):
        for path in (path_of(comment), f"{path_of(comment)}/thread"):
            gone = await who.get(path)
            assert (gone.status_code, code_of(gone)) == (410, "gone")
    for refused in (
        await author.patch(path_of(comment), {"body": "Back again"}),
        await author.delete(path_of(comment)),
    ):
        assert (refused.status_code, code_of(refused)) == (410, "gone")
    assert (await stranger.read(path_of(about)))["comments_count"] == 0
    await check_books(service, about)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/body"),
        ({"body": ""}, "/body"),
        ({"body": " \n\t"}, "/body"),
        ({"body": 5}, "/body"),
        ({"body": None}, "/body"),
        ({"body": "a\x00b"}, "/body"),
        ({"body": "x" * 16_001}, "/body"),
        ({"body": "fine", "parent_id": 5}, "/parent_id"),
        ({"body": "fine", "parent_id": "nonsense"}, "/parent_id"),
        ({"body": "fine", "parent_id": "0" * 16}, "/parent_id"),
        ({"body": "fine", "part_number": "1"}, "/part_number"),
        ({"body": "fine", "part_number": 1.0}, "/part_number"),
        ({"body": "fine", "part_number": 0}, "/part_number"),
        ({"body": "fine", "part_number": 2}, "/part_number"),
        ({"body": "fine", "anonymous": "yes"}, "/anonymous"),
        ({"body": "fine", "seq": 9}, "/seq"),
        ({"body": "fine", "author": {"name": "somebody"}}, "/author"),
    ],
)
async def test_a_comment_that_is_not_in_order_is_refused_where_it_errs(
    town: Town, stranger: Person, body: JSON, pointer: str
) -> None:
    fill = await town.fill(await town.prompt())
    refused = await stranger.post(f"{path_of(fill)}/comments", body)
    assert (refused.status_code, code_of(refused)) == (422, "invalid")
    assert [each["pointer"] for each in refused.json()["errors"]] == [pointer]
    assert (await stranger.read(f"{path_of(fill)}/comments"))["items"] == []


async def test_the_longest_comment_is_taken_and_comes_back_whole(
    town: Town, stranger: Person
) -> None:
    prompt = await town.prompt()
    longest = "Ünder one roof. " * 1000
    assert len(longest) == 16_000
    comment = await town.comment(prompt, body=longest)
    assert (await stranger.read(path_of(comment)))["body"] == longest


async def test_a_comment_on_a_fill_says_which_part_it_is_about(town: Town) -> None:
    author = town.somebody()
    fill = await town.fill(await town.prompt(), author, parts_expected=None)
    await author.make(f"{path_of(fill)}/parts", {"body": "Then the sun came out."})
    about_part = await town.comment(fill, part_number=2)
    assert about_part["part_number"] == 2
    assert (await town.comment(fill))["part_number"] is None
    assert (await town.somebody().read(path_of(about_part)))["part_number"] == 2


async def test_a_comment_on_a_prompt_is_about_no_part(town: Town, stranger: Person) -> None:
    prompt = await town.prompt()
    refused = await stranger.post(f"{path_of(prompt)}/comments", {"body": "Hm", "part_number": 1})
    assert refused.status_code == 422


async def test_a_comment_that_does_not_exist_is_not_found(town: Town, stranger: Person) -> None:
    prompt = await town.prompt()
    comment = await town.comment(prompt)
    swapped = ("1" if comment["id"][0] != "1" else "2") + comment["id"][1:]
    for missing in (swapped, comment["id"].upper() + "!", "1", prompt["id"]):
        for path in (f"/comments/{missing}", f"/comments/{missing}/thread"):
            response = await stranger.get(path)
            assert (response.status_code, code_of(response)) == (404, "not-found")


async def test_comments_on_adult_work_are_read_with_adult_true_alone(
    town: Town, stranger: Person
) -> None:
    prompt = await town.prompt(rating="mature", title="After the rescue")
    await town.comment(prompt, body="Somebody hug them.")
    comment = await town.comment(prompt, body="Both of them.")
    for path in (
        f"{path_of(prompt)}/comments",
        path_of(comment),
        f"{path_of(comment)}/thread",
    ):
        refused = await stranger.get(path)
        assert (refused.status_code, code_of(refused)) == (403, "adult-content")
        assert "hug" not in refused.text
        assert "After" not in refused.text
        assert (await stranger.get(f"{path}?adult=true")).status_code == 200
    both = await stranger.every_page(f"{path_of(prompt)}/comments?adult=true&limit=1")
    assert [each["body"] for each in both] == ["Somebody hug them.", "Both of them."]
