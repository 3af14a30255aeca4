"""Pages that show a part of a thread: some levels, the first replies, what is new."""

import random
from typing import Any

import pytest
from fastapi import FastAPI

from app.comments import walks
from tests.backstage import set_state
from tests.comments.ledger import check_books
from tests.comments.talks import Expected, put_talk
from tests.people import JSON, Person, Town, faults_of, path_of

pytestmark = pytest.mark.anyio

ASKED: list[dict[str, int]] = [
    {},
    {"depth": 0},
    {"depth": 2},
    {"replies": 0},
    {"replies": 1},
    {"replies": 2},
    {"replies": 100},
    {"depth": 1, "replies": 2},
    {"depth": 0, "replies": 1},
    {"since": 12},
    {"since": 60},
    {"since": 20, "depth": 0},
    {"since": 20, "depth": 2},
    {"since": 60, "depth": 2},
    {"since": 10, "replies": 2},
    {"since": 60, "depth": 3, "replies": 3},
]


async def grown(town: Town, service: FastAPI, stranger: Person, *, seed: int) -> JSON:
    """A prompt with a thread that grew by chance, and from which some comments were taken: on
    their last leaves, within branches, and at the top.
    """
    chance = random.Random(seed)
    author = town.somebody()
    prompt = await town.prompt(author)
    answers = [
        None if chance.random() < 0.12 else max(0, place - int(chance.expovariate(0.12)) - 1)
        for place in range(1, 90)
    ]
    await put_talk(service, prompt, [None, *answers])
    every = await stranger.every_page(f"{path_of(prompt)}/comments?limit=100")
    taken = chance.sample(every, 16)
    for each in taken[:8]:
        await set_state(service, each, "hidden")
    for each in taken[8:]:
        await author.take_away(path_of(each))
    for each in taken[:3]:
        await set_state(service, each, "visible")
    return prompt


def query(asked: dict[str, Any], limit: int) -> str:
    return "&".join(f"{name}={value}" for name, value in {**asked, "limit": limit}.items())


async def pages(reader: Person, path: str) -> list[JSON]:
    read = [await reader.read(path)]
    while read[-1]["next"] is not None:
        read.append(await reader.read(read[-1]["next"]))
    return read


def ids(comments: list[JSON]) -> list[str]:
    return [each["id"] for each in comments]


@pytest.mark.thorough
async def test_each_page_shows_what_a_tree_says_and_says_what_it_leaves_out(
    town: Town, service: FastAPI, stranger: Person
) -> None:
    prompt = await grown(town, service, stranger, seed=3)
    await grown(town, service, stranger, seed=4)
    comments = f"{path_of(prompt)}/comments"
    expected = Expected(await stranger.every_page(f"{comments}?limit=100"))
    assert ids(list(expected.comments)) == expected.listed()
    assert max(len(each) for each in expected.replies.values()) > 4
    for asked in ASKED:
        shown = expected.listed(None, **asked)
        for limit in (17, 100):
            read = await pages(stranger, f"{comments}?{query(asked, limit)}")
            items = [each for page in read for each in page["items"]]
            assert ids(items) == shown, asked
            assert [len(page["items"]) for page in read[:-1]] == [limit] * (len(read) - 1)
            assert read[0]["ancestors"] == []
            for page in read[1:]:
                assert ids(page["ancestors"]) == expected.above(page["items"][0]), asked
            if "since" in asked:
                continue
            for each in items:
                replies = {reply["id"] for reply in expected.replies.get(each["id"], [])}
                assert (each["more_url"] is not None) == (not replies <= set(shown)), asked
    await check_books(service, prompt)


@pytest.mark.thorough
async def test_a_comments_own_thread_is_cut_alike_and_always_begins_with_itself(
    town: Town, service: FastAPI, stranger: Person
) -> None:
    prompt = await grown(town, service, stranger, seed=5)
    expected = Expected(await stranger.every_page(f"{path_of(prompt)}/comments?limit=100"))
    many = max(
        expected.comments, key=lambda each: len(expected.listed(each)) - 40 * (not each["depth"])
    )
    assert many["depth"] > 0
    for top in (many, expected.replies[None][-1]):
        for asked in ASKED:
            shown = expected.listed(top, **asked)
            for limit in (7, 100):
                path = f"{path_of(top)}/thread?{query(asked, limit)}"
                read = await pages(stranger, path)
                items = [each for page in read for each in page["items"]]
                assert ids(items) == shown, asked
                assert ids(read[0]["ancestors"]) == expected.above(top)
                for page in read[1:]:
                    assert ids(page["ancestors"]) == expected.above(page["items"][0]), asked
                if "replies" not in asked:
                    newest = await stranger.every_page(f"{path}&sort=newest")
                    assert ids(newest) == sorted(
                        shown, key=lambda each: expected.by_id[each]["seq"], reverse=True
                    )


async def test_the_newest_can_be_cut_to_a_level_and_have_no_first_replies(
    town: Town, service: FastAPI, stranger: Person
) -> None:
    prompt = await grown(town, service, stranger, seed=6)
    comments = f"{path_of(prompt)}/comments"
    expected = Expected(await stranger.every_page(f"{comments}?limit=100"))
    for asked in ASKED:
        path = f"{comments}?{query(asked, 7)}&sort=newest"
        if "replies" in asked:
            assert faults_of(await stranger.get(path)) == {("/replies", "other_sort")}
            continue
        newest = await stranger.every_page(path)
        shown = expected.listed(None, **asked)
        assert ids(newest) == sorted(
            shown, key=lambda each: expected.by_id[each]["seq"], reverse=True
        )
        assert (await stranger.read(path))["ancestors"] == []
        assert all(page["ancestors"] == [] for page in await pages(stranger, path))


@pytest.mark.parametrize("asked", ["replies=101", "replies=-1", "replies=x", "replies=1&replies=2"])
async def test_a_number_of_replies_that_makes_no_sense_is_refused(
    town: Town, stranger: Person, asked: str
) -> None:
    prompt = await town.prompt()
    refused = await stranger.get(f"{path_of(prompt)}/comments?{asked}")
    assert {pointer for pointer, _ in faults_of(refused)} == {"/replies"}


async def test_a_reply_that_is_taken_away_makes_room_for_the_next(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    await put_talk(service, prompt, [None, *[0] * 6, 3, None])
    comments = f"{path_of(prompt)}/comments?replies=2"
    every = await stranger.every_page(f"{path_of(prompt)}/comments")
    by_place = {each["body"]: each for each in every}

    async def shown() -> list[str]:
        return [each["body"] for each in await stranger.every_page(comments)]

    assert await shown() == ["0", "1", "2", "8"]
    page = await stranger.read(f"{comments}&limit=2")
    await author.take_away(path_of(by_place["1"]))
    assert await shown() == ["0", "2", "3", "7", "8"]
    # Whoever was reading sees what stands behind the place that they had come to.
    assert [each["body"] for each in await stranger.every_page(page["next"])] == [
        "2",
        "3",
        "7",
        "8",
    ]
    await set_state(service, by_place["2"], "hidden")
    assert await shown() == ["0", "3", "7", "4", "8"]
    await set_state(service, by_place["2"], "visible")
    assert await shown() == ["0", "2", "3", "7", "8"]
    first = (await stranger.read(comments))["items"][0]
    assert first["replies_count"] == 5
    rest = await stranger.every_page(first["more_url"])
    assert [each["body"] for each in rest] == ["0", "2", "3", "7", "4", "5", "6"]


async def test_a_page_that_passes_over_much_ends_early_and_leads_on(
    town: Town, stranger: Person, service: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompt = await grown(town, service, stranger, seed=7)
    comments = f"{path_of(prompt)}/comments"
    expected = Expected(await stranger.every_page(f"{comments}?limit=100"))
    monkeypatch.setattr(walks, "MAX_STEPS", 5)
    monkeypatch.setattr("app.comments.lists.MAX_STEPS", 5)
    few: list[dict[str, int]] = [{"replies": 2}, {"replies": 3, "since": 50}, {"depth": 2}]
    for asked in few:
        read = await pages(stranger, f"{comments}?{query(asked, 20)}")
        assert len(read) > 3
        items = [each for page in read for each in page["items"]]
        assert ids(items) == expected.listed(None, **asked)
