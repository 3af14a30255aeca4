"""What fills do to their prompt and to the counters above, over HTTP; and lists of fills."""

import asyncio

import pytest

from tests.people import JSON, Person, Town, path_of
from tests.recount import recount

pytestmark = pytest.mark.anyio


async def status_of(prompt: JSON, reader: Person) -> str:
    status: str = (await reader.read(path_of(prompt)))["status"]
    return status


async def test_a_prompt_is_open_then_in_progress_then_filled(town: Town, stranger: Person) -> None:
    author, prompt = town.somebody(), await town.prompt()
    assert await status_of(prompt, stranger) == "open"
    fill = await town.fill(prompt, author, parts_expected=None)
    assert await status_of(prompt, stranger) == "in_progress"
    for status, expected in (
        ("complete", "filled"),
        ("complete", "filled"),
        ("wip", "in_progress"),
        ("abandoned", "open"),
        ("complete", "filled"),
        ("abandoned", "open"),
        ("wip", "in_progress"),
    ):
        await author.change(path_of(fill), {"status": status})
        assert await status_of(prompt, stranger) == expected
        await recount(town)
    await author.take_away(path_of(fill))
    assert await status_of(prompt, stranger) == "open"
    await recount(town)


async def test_of_many_fills_the_furthest_counts(town: Town, stranger: Person) -> None:
    author, prompt = town.somebody(), await town.prompt()
    fills = [
        await town.fill(prompt, author, status=status)
        for status in ("abandoned", "wip", "complete", "complete")
    ]
    assert (await stranger.read(path_of(prompt)))["fills_count"] == 4
    for expected in ("filled", "in_progress", "open", "open"):
        await author.take_away(path_of(fills.pop()))
        assert await status_of(prompt, stranger) == expected
        await recount(town)


async def test_an_adult_fill_counts_for_those_who_do_not_see_it(
    town: Town, stranger: Person
) -> None:
    prompt = await town.prompt()
    await town.fill(prompt, rating="mature")
    read = await stranger.read(path_of(prompt))
    assert (read["status"], read["fills_count"]) == ("filled", 1)
    assert (await stranger.read(f"/boards/{town.slug}"))["fills_count"] == 1
    await recount(town)


async def test_a_prompt_says_when_it_was_last_filled(town: Town, stranger: Person) -> None:
    author, prompt = town.somebody(), await town.prompt()
    assert prompt["last_filled_at"] is None
    first = await town.fill(prompt, author)
    assert (await stranger.read(path_of(prompt)))["last_filled_at"] >= first["created_at"]
    await author.take_away(path_of(first))
    assert (await stranger.read(path_of(prompt)))["last_filled_at"] is None


async def test_counters_hold_through_a_whole_evening(town: Town) -> None:
    asker, writer = town.somebody(), town.somebody()
    prompts = [await town.prompt(asker) for _ in range(3)]
    fills = [
        await town.fill(prompt, writer, status=status)
        for prompt in prompts
        for status in ("wip", "complete")
    ]
    comments = [await town.comment(thing, asker) for thing in (*prompts, *fills)]
    replies = [await town.comment(prompts[0], writer, reply_to=comments[0]) for _ in range(2)]
    await recount(town)
    await town.part(fills[0], writer, body="One two three.")
    await writer.take_away(path_of(fills[1]))
    await asker.take_away(path_of(comments[0]))
    await writer.take_away(path_of(replies[0]))
    await asker.take_away(path_of(comments[4]))
    await recount(town)
    await asker.take_away(path_of(prompts[1]))
    await writer.take_away(path_of(fills[2]))
    await recount(town)


async def test_counters_hold_when_everything_happens_at_once(town: Town) -> None:
    writers = [town.somebody() for _ in range(4)]
    prompts = [await town.prompt() for _ in range(2)]
    fills = [await town.fill(prompts[n % 2], writer) for n, writer in enumerate(writers)]
    pairs = list(zip(writers, fills, strict=True))
    await asyncio.gather(
        *(town.fill(prompt) for prompt in prompts for _ in range(2)),
        *(town.comment(thing) for thing in (*prompts, *fills[:3])),
        *(town.part(fill, writer) for writer, fill in pairs[:2]),
        *(writer.change(path_of(fill), {"status": "wip"}) for writer, fill in pairs[:2]),
        *(writer.take_away(path_of(fill)) for writer, fill in pairs[3:]),
        *(town.prompt() for _ in range(2)),
    )
    await recount(town)


async def test_a_list_of_fills_shows_what_a_direct_look_shows(town: Town, stranger: Person) -> None:
    prompt, other = await town.prompt(), await town.prompt()
    fills = [await town.fill(prompt, body=f"Part {n} *rain*") for n in range(3)]
    elsewhere = await town.fill(other)
    shown = [await stranger.read(path_of(fill)) for fill in reversed(fills)]
    listed = await stranger.every_page(f"{path_of(prompt)}/fills?limit=2")
    assert listed == shown
    on_board = await stranger.every_page(f"/boards/{town.slug}/fills?limit=1")
    assert on_board == [await stranger.read(path_of(elsewhere)), *shown]
    assert "*rain*" not in str([fill["parts"] for fill in listed])


async def test_fills_are_filtered_by_status_round_rating_and_medium(
    town: Town, stranger: Person
) -> None:
    prompt = await town.prompt()
    story = await town.fill(prompt, status="wip")
    art = await town.fill(prompt, medium="art", rating="teen")
    names = {story["id"]: "story", art["id"]: "art"}
    expected = {
        "status=wip": ["story"],
        "status=abandoned": [],
        "medium=art": ["art"],
        "medium=art&medium=fic": ["art", "story"],
        "rating=teen&status=complete": ["art"],
        "rating=teen&status=wip": [],
        "round=1&sort=oldest": ["story", "art"],
        "round=2": [],
    }
    for query, found in expected.items():
        for path in (f"{path_of(prompt)}/fills", f"/boards/{town.slug}/fills"):
            page = await stranger.read(f"{path}?{query}")
            assert [names[fill["id"]] for fill in page["items"]] == found, query


@pytest.mark.parametrize("sort", ["newest", "oldest"])
async def test_pages_neither_repeat_nor_skip_while_others_fill_and_delete(
    town: Town, stranger: Person, sort: str
) -> None:
    author, prompt = town.somebody(), await town.prompt()
    fills = {fill["id"]: fill for fill in [await town.fill(prompt, author) for _ in range(5)]}
    seen: list[str] = []
    following: str | None = f"{path_of(prompt)}/fills?sort={sort}&limit=1"
    while following is not None:
        page = await stranger.read(following)
        seen += [fill["id"] for fill in page["items"]]
        following = page["next"]
        if len(seen) < 5:
            await author.take_away(path_of(fills[seen[-1]]))
            await town.fill(prompt)
    assert len(set(seen)) == len(seen)
    assert set(fills) <= set(seen)
    order = list(fills) if sort == "oldest" else list(reversed(fills))
    assert [each for each in seen if each in fills] == order


@pytest.mark.parametrize("limit", [1, 2])
async def test_pages_by_activity_show_each_fill_once(
    town: Town, stranger: Person, limit: int
) -> None:
    prompt = await town.prompt()
    fills = [await town.fill(prompt) for _ in range(3)]
    await town.comment(fills[0])
    listed = await stranger.every_page(f"{path_of(prompt)}/fills?sort=active&limit={limit}")
    assert [fill["id"] for fill in listed] == [fills[place]["id"] for place in (0, 2, 1)]
