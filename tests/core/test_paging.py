"""Lists are pages whose links lead on, whoever writes and whatever is tampered with."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.people import Person, Town, code_of

pytestmark = pytest.mark.anyio


async def seven_prompts(town: Town) -> str:
    """Post seven prompts; return the path of their list."""
    author = town.somebody()
    for number in range(1, 8):
        await town.prompt(author, title=f"Lantern {number}")
    return f"/boards/{town.slug}/prompts"


@pytest.mark.parametrize("limit", [1, 2, 6, 7, 8, 100])
@pytest.mark.parametrize("sort", ["newest", "oldest", "active"])
async def test_pages_of_any_size_make_up_the_whole_list(
    town: Town, stranger: Person, limit: int, sort: str
) -> None:
    path = f"{await seven_prompts(town)}?sort={sort}"
    whole = (await stranger.read(f"{path}&limit=100"))["items"]
    assert [each["number"] for each in whole] == (
        [1, 2, 3, 4, 5, 6, 7] if sort == "oldest" else [7, 6, 5, 4, 3, 2, 1]
    )
    assert await stranger.every_page(f"{path}&limit={limit}") == whole


async def test_the_next_page_is_one_absolute_address_that_repeats_the_question(
    town: Town, stranger: Person
) -> None:
    path = await seven_prompts(town)
    response = await stranger.get(
        f"{path}?status=open&status=filled&sort=oldest&limit=3", Host="evil.example"
    )
    following = response.json()["next"]
    assert response.headers["link"] == f'<{following}>; rel="next"'
    parts = urlsplit(following)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"http://board.test/v1{path}"
    asked = parse_qs(parts.query)
    (cursor,) = asked.pop("cursor")
    assert asked == {"status": ["open", "filled"], "sort": ["oldest"], "limit": ["3"]}
    assert "evil" not in response.text
    for word in ("lantern", town.slug, "number"):
        assert word not in cursor.lower()


async def test_the_last_page_leads_nowhere(town: Town, stranger: Person) -> None:
    path = await seven_prompts(town)
    for limit in (7, 8):
        response = await stranger.get(f"{path}?limit={limit}")
        assert response.json()["next"] is None
        assert "link" not in response.headers
    empty = await stranger.read(f"{path}?status=filled")
    assert (empty["items"], empty["next"]) == ([], None)


async def test_an_edited_cursor_is_refused(town: Town, stranger: Person) -> None:
    path = await seven_prompts(town)
    following = (await stranger.read(f"{path}?limit=3"))["next"]
    (cursor,) = parse_qs(urlsplit(following).query)["cursor"]
    middle = len(cursor) // 2
    swapped = cursor[:middle] + ("A" if cursor[middle] != "A" else "B") + cursor[middle + 1 :]
    for edited in (swapped, cursor[:-4], cursor + "AAAA", cursor[::-1], "AAAA", "!", "é", "%00"):
        refused = await stranger.get(f"{path}?limit=3&cursor={edited}")
        assert (refused.status_code, code_of(refused)) == (400, "bad-cursor")
    assert (await stranger.get(f"{path}?limit=3&cursor=")).status_code == 400


async def test_a_cursor_opens_nothing_but_the_list_that_it_came_from(
    town: Town, stranger: Person
) -> None:
    path = await seven_prompts(town)
    other_slug = f"{town.slug}-b"
    await town.found_board(other_slug)
    following = (await stranger.read(f"{path}?limit=3&status=open"))["next"]
    (cursor,) = parse_qs(urlsplit(following).query)["cursor"]
    assert (await stranger.get(f"{path}?status=open&cursor={cursor}")).status_code == 200
    for elsewhere in (
        f"{path}?",
        f"{path}?status=filled&",
        f"{path}?status=open&sort=oldest&",
        f"{path}?status=open&adult=true&",
        f"/boards/{town.slug}/fills?",
        f"/boards/{other_slug}/prompts?status=open&",
        "/boards?",
    ):
        refused = await stranger.get(f"{elsewhere}cursor={cursor}")
        assert (refused.status_code, code_of(refused)) == (400, "bad-cursor")


async def test_the_size_of_a_page_may_change_on_the_way(town: Town, stranger: Person) -> None:
    path = await seven_prompts(town)
    following = (await stranger.read(f"{path}?limit=2"))["next"]
    (cursor,) = parse_qs(urlsplit(following).query)["cursor"]
    rest = await stranger.read(f"{path}?limit=50&cursor={cursor}")
    assert [each["number"] for each in rest["items"]] == [5, 4, 3, 2, 1]


async def test_what_is_posted_meanwhile_shifts_no_page(town: Town, stranger: Person) -> None:
    path = await seven_prompts(town)
    page = await stranger.read(f"{path}?limit=3")
    seen = [each["number"] for each in page["items"]]
    await town.prompt()
    gone = town.somebody()
    extra = await town.prompt(gone)
    await gone.delete(f"/prompts/{extra['id']}")
    while page["next"]:
        page = await stranger.read(page["next"])
        seen += [each["number"] for each in page["items"]]
        await town.prompt()
    assert seen == [7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    "limit", ["0", "101", "-1", "+5", "05", "1_0", "1.0", "ten", "", " 5", "٥", "9" * 400]
)
async def test_a_page_has_one_to_a_hundred_items_in_plain_digits(
    client: httpx.AsyncClient, limit: str
) -> None:
    refused = await client.get("/v1/boards", params={"limit": limit})
    assert (refused.status_code, code_of(refused)) == (422, "invalid")
    (error,) = refused.json()["errors"]
    assert (error["in"], error["pointer"]) == ("query", "/limit")


async def test_parameters_that_are_unknown_or_stand_twice_are_refused(
    client: httpx.AsyncClient,
) -> None:
    for query, code in (("limit=5&limit=5", "repeated"), ("offset=5", "unknown")):
        refused = await client.get(f"/v1/boards?{query}")
        assert refused.status_code == 422
        assert [each["code"] for each in refused.json()["errors"]] == [code]
