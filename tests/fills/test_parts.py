"""Parts of fills over HTTP."""

import asyncio
from itertools import pairwise

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings

from app.fills.models import Fill
from app.fills.schemas import PartCreate, PartUpdate
from tests.backstage import set_columns
from tests.people import JSON, Person, Town, code_of, faults_of, path_of
from tests.recount import recount
from tests.safety import assert_safe
from tests.texts import TWO_AS_ONE, acceptable_texts

pytestmark = pytest.mark.anyio


@pytest.fixture
def author(town: Town) -> Person:
    """Somebody who writes in parts."""
    return town.somebody()


@pytest.fixture
async def fill(town: Town, author: Person) -> JSON:
    """A fill with three parts: one, two, three."""
    fill = await town.fill(await town.prompt(), author, body="one", parts_expected=3)
    for word in ("two", "three"):
        await town.part(fill, author, body=word)
    return fill


async def bodies(fill: JSON, reader: Person) -> list[str]:
    """The texts of all parts, in the order of their numbers, which have no gaps."""
    listed = await reader.every_page(f"{path_of(fill)}/parts?limit=2")
    assert [part["number"] for part in listed] == list(range(1, len(listed) + 1))
    parts = [await reader.read(part["url"]) for part in listed]
    assert [part["id"] for part in parts] == [part["id"] for part in listed]
    return [part["body"] for part in parts]


async def move(fill: JSON, author: Person, number: int, to: int) -> JSON:
    path = f"{path_of(fill)}/parts/{number}"
    return await author.change(path, {"number": to}, If_Match=await author.tag_of(path))


async def test_a_story_grows_at_its_end(
    town: Town, fill: JSON, author: Person, stranger: Person
) -> None:
    sent = {"body": "It *rained*.", "title": "Low tide", "content_notes": ["thunder"]}
    response = await author.post(f"{path_of(fill)}/parts", sent)
    assert response.status_code == 201
    part = response.json()
    assert response.headers["location"] == f"{fill['url']}/parts/4"
    assert {name: part[name] for name in sent} == sent
    assert part["body_html"] == "<p>It <em>rained</em>.</p>\n"
    assert (part["number"], part["words_count"], part["edited_at"]) == (4, 2, None)
    assert await stranger.read(f"{path_of(fill)}/parts/4") == part
    assert await bodies(fill, stranger) == ["one", "two", "three", "It *rained*."]
    read = await stranger.read(path_of(fill))
    assert (read["parts_count"], read["parts_expected"], read["words_count"]) == (4, 4, 5)
    await recount(town)


async def test_a_story_says_how_many_parts_it_will_have_as_far_as_that_is_known(
    town: Town, author: Person
) -> None:
    fill = await town.fill(await town.prompt(), author, parts_expected=None)
    for number in (2, 3):
        await town.part(fill, author, body=f"part {number}")
        read = await author.read(path_of(fill))
        assert (read["parts_count"], read["parts_expected"]) == (number, None)
    assert (await author.change(path_of(fill), {"parts_expected": 4}))["parts_expected"] == 4
    response = await author.patch(path_of(fill), {"parts_expected": 2})
    assert faults_of(response) == {("/parts_expected", "fewer_than_there_are")}
    await author.take_away(f"{path_of(fill)}/parts/3", If_Match="*")
    # Whoever calls it complete is done, unless they say that there is more to come.
    read = await author.change(path_of(fill), {"status": "complete", "parts_expected": 3})
    assert (read["parts_count"], read["parts_expected"], read["status"]) == (2, 3, "complete")
    assert (await author.change(path_of(fill), {"status": "complete"}))["parts_expected"] == 3
    read = await author.change(path_of(fill), {"status": "abandoned", "parts_expected": None})
    assert (read["parts_expected"], read["status"]) == (None, "abandoned")
    read = await author.change(path_of(fill), {"status": "complete"})
    assert (read["parts_count"], read["parts_expected"], read["status"]) == (2, 2, "complete")
    await town.part(fill, author, body="an epilogue")
    read = await author.read(path_of(fill))
    assert (read["parts_count"], read["parts_expected"], read["status"]) == (3, 3, "complete")


async def test_a_part_leads_to_those_beside_it(fill: JSON, stranger: Person) -> None:
    urls = [f"{fill['url']}/parts/{number}" for number in (1, 2, 3)]
    parts = [await stranger.read(url) for url in urls]
    assert [part["prev_url"] is None for part in parts] == [True, False, False]
    assert [part["next_url"] is None for part in parts] == [False, False, True]
    for before, after in pairwise(parts):
        assert (await stranger.read(before["next_url"]))["id"] == after["id"]
        assert (await stranger.read(after["prev_url"]))["id"] == before["id"]


async def test_a_list_of_parts_leaves_the_text_out(fill: JSON, stranger: Person) -> None:
    page = await stranger.read(f"{path_of(fill)}/parts")
    assert page["items"] == (await stranger.read(path_of(fill)))["parts"]
    assert not any({"body", "body_html"} & part.keys() for part in page["items"])


@pytest.mark.parametrize(
    ("number", "order"),
    [
        (1, ["new", "one", "two", "three"]),
        (2, ["one", "new", "two", "three"]),
        (3, ["one", "two", "new", "three"]),
        (4, ["one", "two", "three", "new"]),
        (5, ["one", "two", "three", "new"]),
        (1000, ["one", "two", "three", "new"]),
        (None, ["one", "two", "three", "new"]),
    ],
)
async def test_a_part_is_put_in_where_it_is_wanted(
    town: Town, fill: JSON, author: Person, number: int | None, order: list[str]
) -> None:
    part = await town.part(fill, author, body="new", number=number)
    assert part["number"] == order.index("new") + 1
    assert await bodies(fill, author) == order
    await recount(town)


@pytest.mark.parametrize(
    ("number", "to", "order"),
    [
        (1, 3, ["two", "three", "one"]),
        (1, 2, ["two", "one", "three"]),
        (2, 1, ["two", "one", "three"]),
        (3, 1, ["three", "one", "two"]),
        (2, 2, ["one", "two", "three"]),
        (1, 1000, ["two", "three", "one"]),
    ],
)
async def test_a_part_is_moved_to_another_place_and_keeps_its_id(
    fill: JSON, author: Person, number: int, to: int, order: list[str]
) -> None:
    before = await author.read(f"{path_of(fill)}/parts/{number}")
    moved = await move(fill, author, number, to)
    assert (moved["id"], moved["number"]) == (before["id"], min(to, 3))
    assert await bodies(fill, author) == order


@pytest.mark.parametrize("number", [1, 2, 3])
async def test_those_behind_a_deleted_part_move_up(
    town: Town, fill: JSON, author: Person, number: int
) -> None:
    path = f"{path_of(fill)}/parts/{number}"
    await author.take_away(path, If_Match=await author.tag_of(path))
    left = ["one", "two", "three"]
    del left[number - 1]
    assert await bodies(fill, author) == left
    assert code_of(await author.get(f"{path_of(fill)}/parts/3")) == "not-found"
    await recount(town)


async def test_the_last_part_stays(town: Town, author: Person) -> None:
    fill = await town.fill(await town.prompt(), author)
    response = await author.delete(f"{path_of(fill)}/parts/1", If_Match="*")
    assert (response.status_code, code_of(response)) == (409, "last-part")
    assert len(await bodies(fill, author)) == 1
    await recount(town)


async def test_the_last_part_may_go_where_a_link_leads_on(town: Town, author: Person) -> None:
    link = "https://example.org/otter"
    fill = await town.fill(await town.prompt(), author, external_url=link)
    await author.take_away(f"{path_of(fill)}/parts/1", If_Match="*")
    assert await bodies(fill, author) == []
    assert (await author.read(path_of(fill)))["words_count"] == 0
    await town.part(fill, author, body="again")
    assert await bodies(fill, author) == ["again"]
    await recount(town)


async def test_story_text_changes_only_with_the_version_it_was_read_in(
    fill: JSON, author: Person
) -> None:
    path = f"{path_of(fill)}/parts/2"
    for response in (await author.patch(path, {"body": "2"}), await author.delete(path)):
        assert (response.status_code, code_of(response)) == (428, "precondition-required")
    tag = await author.tag_of(path)
    first = await author.patch(path, {"body": "zwei, drei"}, If_Match=tag)
    assert (first.status_code, first.json()["body"]) == (200, "zwei, drei")
    assert first.json()["edited_at"] is not None
    for response in (
        await author.patch(path, {"body": "2"}, If_Match=tag),
        await author.delete(path, If_Match=tag),
    ):
        assert (response.status_code, code_of(response)) == (412, "precondition-failed")
    assert (await author.read(path))["body"] == "zwei, drei"
    assert (await author.read(path_of(fill)))["words_count"] == 4
    again = await author.patch(path, {"title": "Two"}, If_Match=first.headers["etag"])
    assert (again.json()["title"], again.json()["body"]) == ("Two", "zwei, drei")


async def test_a_version_belongs_to_the_part_and_not_to_its_place(
    fill: JSON, author: Person
) -> None:
    second = f"{path_of(fill)}/parts/2"
    tag = await author.tag_of(second)
    await move(fill, author, 1, 3)
    response = await author.patch(second, {"body": "2"}, If_Match=tag)
    assert code_of(response) == "precondition-failed"
    await author.change(f"{path_of(fill)}/parts/1", {"body": "2"}, If_Match=tag)
    assert await bodies(fill, author) == ["2", "three", "one"]


async def test_what_readers_say_never_stops_the_author(
    town: Town, fill: JSON, author: Person
) -> None:
    path = f"{path_of(fill)}/parts/1"
    tag = await author.tag_of(path)
    await town.comment(fill, part_number=1)
    await author.change(path, {"body": "uno"}, If_Match=tag)


async def test_of_two_changes_to_one_version_exactly_one_wins(fill: JSON, author: Person) -> None:
    path = f"{path_of(fill)}/parts/1"
    tag = await author.tag_of(path)
    responses = await asyncio.gather(
        *(author.patch(path, {"body": f"one {n}"}, If_Match=tag) for n in range(5))
    )
    won = [each.json()["body"] for each in responses if each.status_code == 200]
    assert [each.status_code for each in responses].count(412) == 4
    assert won == [(await author.read(path))["body"]]


async def test_parts_put_in_moved_and_deleted_at_once_keep_their_numbers_whole(
    town: Town, fill: JSON, author: Person
) -> None:
    parts = f"{path_of(fill)}/parts"
    # So many that there is a third one also if the second goes first.
    await town.part(fill, author)
    responses, _ = await asyncio.gather(
        asyncio.gather(
            author.patch(f"{parts}/1", {"number": 3}, If_Match="*"),
            author.patch(f"{parts}/3", {"number": 1}, If_Match="*"),
            author.delete(f"{parts}/2", If_Match="*"),
        ),
        asyncio.gather(
            *(town.part(fill, author, body=f"new {n}", number=1 + n % 3) for n in range(5))
        ),
    )
    assert [each.status_code for each in responses] == [200, 200, 204]
    assert len(await bodies(fill, author)) == 8
    await recount(town)


@pytest.mark.parametrize("number", ["0", "4", "01", "1.0", "+1", "-1", "99999999999999999999"])
async def test_a_part_that_is_not_there_is_not_found(
    fill: JSON, stranger: Person, number: str
) -> None:
    response = await stranger.get(f"{path_of(fill)}/parts/{number}")
    assert (response.status_code, code_of(response)) == (404, "not-found")


async def test_parts_of_another_fill_are_not_this_one_s(
    town: Town, fill: JSON, author: Person, stranger: Person
) -> None:
    other = await town.fill(await town.prompt(), author, body="other")
    assert code_of(await stranger.get(f"{path_of(other)}/parts/2")) == "not-found"
    await author.take_away(path_of(other))
    assert await bodies(fill, stranger) == ["one", "two", "three"]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"body": ""}, ("/body", "text_too_short")),
        ({"body": None}, ("/body", "string_type")),
        ({"body": "b" * 500_001}, ("/body", "text_too_long")),
        ({"title": "t" * 256}, ("/title", "text_too_long")),
        ({"title": "two\nlines"}, ("/title", "text_unacceptable")),
        ({"number": 0}, ("/number", "greater_than_equal")),
        ({"number": 1001}, ("/number", "less_than_equal")),
        ({"number": "1"}, ("/number", "int_type")),
        ({"number": 1.0}, ("/number", "int_type")),
        ({"number": True}, ("/number", "int_type")),
        ({"content_notes": "thunder"}, ("/content_notes", "list_type")),
        ({"content_notes": ["n" * 151]}, ("/content_notes/0", "text_too_long")),
        ({"content_notes": ["n"] * 21}, ("/content_notes", "too_long")),
    ],
)
async def test_what_can_not_be_a_part_is_refused_whole(
    fill: JSON, author: Person, fields: JSON, fault: tuple[str, str]
) -> None:
    response = await author.post(f"{path_of(fill)}/parts", {"body": "new", **fields})
    assert faults_of(response) == {fault}
    changes = {"content_notes": ["rain"], **fields}
    response = await author.patch(f"{path_of(fill)}/parts/1", changes, If_Match="*")
    assert faults_of(response) == {fault}
    assert await bodies(fill, author) == ["one", "two", "three"]


async def test_nobody_sets_what_the_service_owns(fill: JSON, author: Person) -> None:
    path = f"{path_of(fill)}/parts/1"
    part = await author.read(path)
    for name in part.keys() - PartUpdate.model_fields.keys():
        response = await author.patch(path, {"title": "x", name: part[name]}, If_Match="*")
        assert faults_of(response) == {(f"/{name}", "extra_forbidden")}
    for name in part.keys() - PartCreate.model_fields.keys():
        body = {"body": "new", name: part[name]}
        response = await author.post(f"{path_of(fill)}/parts", body)
        assert faults_of(response) == {(f"/{name}", "extra_forbidden")}
    assert await author.read(path) == part
    assert await bodies(fill, author) == ["one", "two", "three"]


async def test_a_part_may_be_as_long_as_a_book(town: Town, author: Person) -> None:
    fill = await town.fill(await town.prompt(), author)
    body = (TWO_AS_ONE * 49 + " ") * 9_999 + TWO_AS_ONE * 50
    part = await town.part(fill, author, body=body)
    assert part["body"] == body
    assert part["words_count"] == 10_000
    path = f"{path_of(fill)}/parts/2"
    await author.change(path, {"body": "oops"}, If_Match="*")
    (version,) = (await author.read(f"{path}/versions"))["items"]
    assert (await author.read(version["url"]))["body"] == body
    back = await author.change(path, {"body": body}, If_Match="*")
    assert back["words_count"] == 10_000


async def test_a_fill_has_at_most_a_thousand_parts(
    fill: JSON, author: Person, service: FastAPI
) -> None:
    await set_columns(service, Fill, fill["id"], parts_count=1000)
    response = await author.post(f"{path_of(fill)}/parts", {"body": "One more."})
    assert (response.status_code, code_of(response)) == (409, "too-many-parts")
    await set_columns(service, Fill, fill["id"], parts_count=3)
    assert await bodies(fill, author) == ["one", "two", "three"]


@pytest.mark.thorough
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=acceptable_texts)
async def test_a_body_comes_back_exactly_as_sent_and_can_not_run(
    town: Town, author: Person, text: str
) -> None:
    fill = await town.fill(await town.prompt(author), author, body=text)
    path = f"{path_of(fill)}/parts/1"
    read = await author.read(path)
    assert read["body"] == text
    assert_safe(read["body_html"])
    edited = await author.change(path, {"body": f"> {text}"}, If_Match="*")
    assert edited["body"] == f"> {text}"
    assert_safe(edited["body_html"])


async def test_a_part_that_is_moved_beyond_the_end_from_there_stays_as_it_is(
    fill: JSON, author: Person
) -> None:
    before = await author.get(f"{path_of(fill)}/parts/3")
    tag = before.headers["etag"]
    answer = await author.patch(f"{path_of(fill)}/parts/3", {"number": 1000}, If_Match=tag)
    assert answer.status_code == 200
    assert (await author.get(f"{path_of(fill)}/parts/3")).headers["etag"] == tag
