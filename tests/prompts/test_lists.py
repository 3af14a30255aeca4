"""Lists of prompts over HTTP: pages, filters, orders, versions."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import JSON, Person, Town, code_of, faults_of, path_of

pytestmark = pytest.mark.anyio


def numbers(items: list[JSON]) -> list[int]:
    return [prompt["number"] for prompt in items]


async def test_the_newest_prompt_comes_first_and_pages_repeat_their_filters(
    town: Town, stranger: Person
) -> None:
    for _ in range(5):
        await town.prompt()
    path = f"/boards/{town.slug}/prompts?status=open&rating=general&rating=teen&limit=2"
    page = await stranger.get(path)
    assert numbers(page.json()["items"]) == [5, 4]
    following = page.json()["next"]
    assert page.headers["link"] == f'<{following}>; rel="next"'
    assert following.startswith(f"http://board.test/v1/boards/{town.slug}/prompts?")
    asked = parse_qs(urlsplit(following).query)
    assert asked.pop("cursor")
    assert asked == {"status": ["open"], "rating": ["general", "teen"], "limit": ["2"]}
    assert numbers(await stranger.every_page(path)) == [5, 4, 3, 2, 1]


async def test_the_last_page_leads_nowhere(town: Town, stranger: Person) -> None:
    for _ in range(2):
        await town.prompt()
    response = await stranger.get(f"/boards/{town.slug}/prompts?limit=2")
    assert response.json()["next"] is None
    assert "link" not in response.headers


async def test_a_list_shows_what_a_direct_look_shows(town: Town, stranger: Person) -> None:
    prompt = await town.prompt()
    await town.found_board(f"{town.slug}-2")
    await town.somebody().make(f"/boards/{town.slug}-2/prompts", {"body": "Elsewhere."})
    page = await stranger.read(f"/boards/{town.slug}/prompts")
    assert page["items"] == [await stranger.read(path_of(prompt))]
    assert page["omitted"] == {"adult": 0, "filtered": 0}


@pytest.mark.parametrize("sort", ["newest", "oldest"])
async def test_pages_neither_repeat_nor_skip_while_others_post_and_delete(
    town: Town, stranger: Person, sort: str
) -> None:
    author = town.somebody()
    prompts = [await town.prompt(author) for _ in range(7)]
    seen: list[int] = []
    following: str | None = f"/boards/{town.slug}/prompts?sort={sort}&limit=2"
    while following is not None:
        page = await stranger.read(following)
        seen += numbers(page["items"])
        following = page["next"]
        if len(seen) <= 6:
            # The row that the cursor points at goes, and a new one comes.
            await author.take_away(path_of(prompts[seen[-1] - 1]))
            await town.prompt(author)
    assert len(set(seen)) == len(seen)
    assert seen == sorted(seen, reverse=sort == "newest")
    assert set(seen) >= set(range(1, 8))


@pytest.mark.parametrize("sort", ["newest", "oldest", "active"])
@pytest.mark.parametrize("limit", [1, 3, 100])
async def test_any_size_of_page_shows_each_prompt_once(
    town: Town, stranger: Person, sort: str, limit: int
) -> None:
    for _ in range(4):
        await town.prompt()
    listed = await stranger.every_page(f"/boards/{town.slug}/prompts?sort={sort}&limit={limit}")
    assert sorted(numbers(listed)) == [1, 2, 3, 4]


async def test_active_prompts_come_first_when_asked_for(town: Town, stranger: Person) -> None:
    first, second, _third = [await town.prompt() for _ in range(3)]
    await town.comment(second)
    fill = await town.fill(first)
    path = f"/boards/{town.slug}/prompts?sort=active"
    assert numbers(await stranger.every_page(path)) == [1, 2, 3]
    await town.comment(second)
    assert numbers(await stranger.every_page(path)) == [2, 1, 3]
    await town.comment(fill)
    assert numbers(await stranger.every_page(path)) == [1, 2, 3]


async def test_prompts_are_filtered_by_status_round_and_rating(
    town: Town, stranger: Person
) -> None:
    await town.prompt(rating="general")
    await town.fill(await town.prompt(rating="teen"), status="wip")
    await town.fill(await town.prompt(rating="teen"))
    expected = {
        "status=open": [1],
        "status=in_progress": [2],
        "status=filled": [3],
        "status=filled&status=open": [3, 1],
        "rating=teen": [3, 2],
        "rating=teen&status=filled": [3],
        "rating=teen&status=open": [],
        "round=1": [3, 2, 1],
        "round=2": [],
        "round=1&round=2": [3, 2, 1],
    }
    for query, found in expected.items():
        page = await stranger.read(f"/boards/{town.slug}/prompts?{query}")
        assert numbers(page["items"]) == found, query


@pytest.mark.parametrize(
    ("query", "pointers"),
    [
        ("colour=teal", {"/colour"}),
        ("Limit=5", {"/Limit"}),
        ("limit=5&limit=5", {"/limit"}),
        ("sort=newest&sort=oldest", {"/sort"}),
        ("sort=shiniest", {"/sort"}),
        ("status=done", {"/status/0"}),
        ("round=01", {"/round/0"}),
        ("round=one", {"/round/0"}),
        ("adult=yes", {"/adult"}),
        ("adult=1", {"/adult"}),
        ("adult=True", {"/adult"}),
        ("offset=10", {"/offset"}),
    ],
)
async def test_what_a_list_can_not_be_asked_is_refused(
    town: Town, stranger: Person, query: str, pointers: set[str]
) -> None:
    response = await stranger.get(f"/boards/{town.slug}/prompts?{query}")
    assert {pointer for pointer, _ in faults_of(response)} == pointers


@pytest.mark.parametrize("number", ["2147483648", "999999999999999999"])
async def test_a_round_that_no_board_can_have_is_no_fault_of_the_service(
    town: Town, stranger: Person, number: str
) -> None:
    response = await stranger.get(f"/boards/{town.slug}/prompts?round={number}")
    assert response.status_code in (200, 422)
    if response.status_code == 200:
        assert response.json()["items"] == []


async def test_a_cursor_belongs_to_its_list_its_filters_and_its_order(
    town: Town, stranger: Person
) -> None:
    await town.found_board(f"{town.slug}-2")
    for _ in range(3):
        await town.fill(await town.prompt())
    path = f"/boards/{town.slug}/prompts"
    page = await stranger.read(f"{path}?limit=1&sort=newest&round=1")
    cursor = parse_qs(urlsplit(page["next"]).query)["cursor"][0]
    right = f"{path}?round=1&limit=2&sort=newest&cursor={cursor}"
    assert numbers((await stranger.read(right))["items"]) == [2, 1]
    for wrong in (
        f"{path}?limit=1&cursor={cursor}",
        f"{path}?sort=newest&cursor={cursor}",
        f"{path}?sort=oldest&round=1&cursor={cursor}",
        f"{path}?sort=newest&round=1&adult=true&cursor={cursor}",
        f"/boards/{town.slug}-2/prompts?sort=newest&round=1&cursor={cursor}",
        f"/boards/{town.slug}/fills?sort=newest&round=1&cursor={cursor}",
    ):
        response = await stranger.get(wrong)
        assert (response.status_code, code_of(response)) == (400, "bad-cursor"), wrong


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), max_size=80))
async def test_a_cursor_that_nobody_gave_is_refused(
    town: Town, stranger: Person, text: str
) -> None:
    response = await stranger.client.get(f"/v1/boards/{town.slug}/prompts", params={"cursor": text})
    assert (response.status_code, code_of(response)) == (400, "bad-cursor")


async def test_a_cursor_that_was_edited_is_refused(town: Town, stranger: Person) -> None:
    for _ in range(2):
        await town.prompt()
    page = await stranger.read(f"/boards/{town.slug}/prompts?limit=1")
    head, cursor = page["next"].split("cursor=")
    for place in (0, len(cursor) // 2, len(cursor) - 1):
        other = "A" if cursor[place] != "A" else "B"
        edited = f"{head}cursor={cursor[:place]}{other}{cursor[place + 1 :]}"
        assert code_of(await stranger.get(edited)) == "bad-cursor"


async def test_a_reader_is_told_when_nothing_changed(town: Town, stranger: Person) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    numbered = f"/boards/{town.slug}/prompts/1"
    paths = (path_of(prompt), numbered, f"/boards/{town.slug}/prompts")
    tags = {path: await stranger.tag_of(path) for path in paths}
    for path, tag in tags.items():
        for condition in (tag, f"W/{tag}", f'"otter", {tag}', "*"):
            response = await stranger.get(path, If_None_Match=condition)
            assert (response.status_code, response.content) == (304, b"")
            assert response.headers["etag"] == tag
            assert response.headers["cache-control"] == "public, no-cache"
        assert await author.tag_of(path) == tag
    await town.comment(prompt)
    for path, tag in tags.items():
        assert (await stranger.get(path, If_None_Match=tag)).status_code == 200


async def test_a_private_action_does_not_move_the_version(town: Town, stranger: Person) -> None:
    prompt = await town.prompt()
    tag = await stranger.tag_of(path_of(prompt))
    await stranger.patch(path_of(prompt), {"title": "Mine"})
    await town.prompt()
    await stranger.post("/masks")
    assert await stranger.tag_of(path_of(prompt)) == tag


async def test_head_answers_as_get_without_a_body(town: Town, stranger: Person) -> None:
    prompt = await town.prompt()
    for path in (path_of(prompt), f"/boards/{town.slug}/prompts"):
        head, get = await stranger.send("HEAD", path), await stranger.get(path)
        assert (head.status_code, head.content) == (200, b"")
        for name in ("etag", "content-type", "content-length", "cache-control"):
            assert head.headers[name] == get.headers[name]


async def test_a_prompt_brings_its_fills_along_when_asked(town: Town, stranger: Person) -> None:
    prompt = await town.prompt()
    assert "fills" not in await stranger.read(path_of(prompt))
    for _ in range(26):
        await town.fill(prompt)
    embedded = await stranger.read(f"{path_of(prompt)}?embed=fills")
    listed = await stranger.read(f"{path_of(prompt)}/fills")
    assert embedded["fills"] == listed
    assert embedded["fills_count"] == 26
    (last,) = (await stranger.read(embedded["fills"]["next"]))["items"]
    assert last["id"] not in [fill["id"] for fill in listed["items"]]
    numbered = await stranger.read(f"/boards/{town.slug}/prompts/1?embed=fills")
    assert numbered == embedded
    response = await stranger.get(f"{path_of(prompt)}?embed=comments")
    assert {pointer for pointer, _ in faults_of(response)} == {"/embed/0"}
