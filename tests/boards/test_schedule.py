"""Rounds that open and close by themselves."""

import asyncio

import pytest
from fastapi import FastAPI

from tests.boards.test_rounds import current, phases
from tests.clocks import Clock
from tests.people import Person, Town, code_of, path_of
from tests.recount import recount
from tests.statements import statements

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("writes", [False, True])
async def test_a_round_opens_and_closes_at_its_instants(
    town: Town, clock: Clock, writes: bool
) -> None:
    """Whether somebody writes in between or not: nobody can tell from what is read."""
    first = await town.prompt()

    async def write() -> None:
        if writes:
            await town.comment(first)
            await town.administrator.change(f"/boards/{town.slug}", {"name": clock.after()})

    await town.round(opens_at=clock.after(days=1), closes_at=clock.after(days=4))
    await town.round(opens_at=clock.after(days=2), closes_at=clock.after(days=3))
    await town.change_round(1, closes_at=clock.after(days=5))
    seen = []
    for _ in range(6):
        await write()
        seen.append((await phases(town), (await current(town))["number"]))
        clock.move(days=1)
    assert seen == [
        (["prompting", "upcoming", "upcoming"], 1),
        (["fill_only", "prompting", "upcoming"], 2),
        (["fill_only", "fill_only", "prompting"], 3),
        (["fill_only", "fill_only", "closed"], 3),
        (["fill_only", "closed", "closed"], 3),
        (["closed", "closed", "closed"], 3),
    ]
    await recount(town)


async def test_a_prompt_is_taken_from_the_instant_on_at_which_its_round_opens(
    town: Town, clock: Clock, stranger: Person
) -> None:
    path = f"/boards/{town.slug}/prompts"
    opens_at = clock.after(days=1)
    await town.change_round(1, phase="upcoming", opens_at=opens_at, closes_at=clock.after(days=2))
    refused = await stranger.post(path, {"body": "A rescue."})
    assert (refused.json()["phase"], refused.json()["opens_at"]) == ("upcoming", opens_at)
    clock.move(days=1)
    assert (await town.prompt())["round"] == 1
    clock.move(days=1)
    refused = await stranger.post(path, {"body": "A rescue."})
    assert (refused.status_code, code_of(refused)) == (409, "round-closed")
    assert (refused.json()["phase"], refused.json()["opens_at"]) == ("closed", None)
    await recount(town)


async def test_everything_that_was_due_for_long_is_written_in_its_order(
    town: Town, clock: Clock
) -> None:
    for day in (1, 3, 5):
        await town.round(opens_at=clock.after(days=day), closes_at=clock.after(days=day + 1))
    clock.move(days=5)
    assert await phases(town) == ["fill_only", "closed", "closed", "prompting"]
    prompts = await asyncio.gather(*(town.prompt() for _ in range(4)))
    assert [each["round"] for each in prompts] == [4] * 4
    assert await phases(town) == ["fill_only", "closed", "closed", "prompting"]


async def test_the_etag_moves_when_the_clock_moves_a_round(
    town: Town, clock: Clock, stranger: Person
) -> None:
    await town.round(opens_at=clock.after(days=1))
    board = f"/boards/{town.slug}"
    paths = [board, f"{board}/rounds", f"{board}/rounds/1", f"{board}/rounds/2"]
    tags = [await stranger.tag_of(path) for path in paths]
    for path, tag in zip(paths, tags, strict=True):
        assert (await stranger.get(path, If_None_Match=tag)).status_code == 304
    clock.move(days=1)
    for path, tag in zip(paths, tags, strict=True):
        assert (await stranger.get(path, If_None_Match=tag)).status_code == 200
    # What a moderator has read is still the version that is changed: nobody has edited it.
    changes, path = {"title": "Lanterns"}, paths[-1]
    response = await town.administrator.patch(path, changes, If_Match=tags[-1])
    assert (response.status_code, response.json()["phase"]) == (200, "prompting")


async def test_a_round_closes_with_the_comment_that_fills_it_up_and_stays_closed(
    town: Town, stranger: Person
) -> None:
    await town.change_round(1, closes_at_comments=2)
    prompt, author = await town.prompt(), town.somebody()
    await town.comment(prompt, author)
    assert (await current(town))["phase"] == "prompting"
    last = await town.comment(prompt, author)
    assert (await current(town))["phase"] == "closed"
    await author.take_away(path_of(last))
    assert (await current(town))["phase"] == "closed"
    await town.comment(prompt)
    refused = await stranger.post(f"/boards/{town.slug}/prompts", {"body": "A rescue."})
    assert (refused.json()["phase"], refused.json()["opens_at"]) == ("closed", None)


async def test_a_full_round_that_is_opened_again_stays_open_unless_a_new_number_is_sent(
    town: Town, clock: Clock
) -> None:
    prompt = await town.prompt()
    await town.change_round(1, closes_at_comments=1, closes_at=clock.after(days=1))
    await town.comment(prompt)
    clock.move(days=2)
    opened = await town.change_round(1, phase="prompting")
    assert (opened["closes_at"], opened["closes_at_comments"]) == (None, None)
    await town.comment(prompt)
    assert (await current(town))["phase"] == "prompting"
    path = f"/boards/{town.slug}/rounds/1"
    refused = await town.administrator.patch(path, {"closes_at_comments": 2})
    assert refused.json()["errors"][0]["code"] == "reached_already"
    await town.change_round(1, phase="closed")
    tomorrow = clock.after(days=1)
    opened = await town.change_round(1, phase="prompting", closes_at_comments=3, closes_at=tomorrow)
    assert (opened["closes_at"], opened["closes_at_comments"]) == (tomorrow, 3)
    await town.comment(prompt)
    assert (await current(town))["phase"] == "closed"


async def test_a_round_that_opened_by_the_clock_is_closed_by_comments_too(
    town: Town, clock: Clock
) -> None:
    prompt = await town.prompt()
    await town.round(opens_at=clock.after(days=1))
    await town.change_round(1, phase="upcoming", opens_at=clock.after(days=2), closes_at_comments=1)
    clock.move(days=3)
    await town.comment(prompt)
    assert await phases(town) == ["closed", "fill_only"]


async def test_of_eight_comments_at_once_one_closes_the_round(town: Town) -> None:
    await town.change_round(1, closes_at_comments=8)
    prompts = [await town.prompt() for _ in range(4)]
    await asyncio.gather(*(town.comment(prompt) for prompt in prompts[:3] + prompts))
    assert (await current(town))["phase"] == "prompting"
    again = (town.comment(prompt) for prompt in prompts * 2)
    posted = (
        town.somebody().post(f"/boards/{town.slug}/prompts", {"body": "A rescue."})
        for _ in range(4)
    )
    answers = await asyncio.gather(asyncio.gather(*again), asyncio.gather(*posted))
    assert {each.status_code for each in answers[1]} <= {201, 409}
    round_ = await town.administrator.read(f"/boards/{town.slug}/rounds/1")
    assert (round_["phase"], round_["comments_count"]) == ("closed", 15)
    await recount(town)


async def test_a_new_setting_goes_for_rounds_that_had_the_old_one(town: Town, clock: Clock) -> None:
    path = f"/boards/{town.slug}"

    async def numbers() -> list[int | None]:
        rounds = await town.administrator.every_page(f"{path}/rounds")
        return [each["closes_at_comments"] for each in reversed(rounds)]

    async def usual(number: int | None) -> None:
        settings = {"close_round_at_comments": number}
        await town.administrator.change(path, {"settings": settings})

    await usual(5)
    await town.round(opens_at=clock.after(days=1))
    await town.round(phase="closed")
    await town.round(phase="upcoming", closes_at_comments=9)
    await town.round(phase="upcoming", closes_at_comments=None)
    assert await numbers() == [5, 5, 5, 9, None]
    await usual(7)
    assert await numbers() == [7, 7, 5, 9, None]
    await town.comment(await town.prompt())
    await usual(1)
    assert await numbers() == [1, 1, 5, 9, None]
    assert (await phases(town))[:2] == ["closed", "upcoming"]
    await usual(None)
    assert await numbers() == [1, None, 5, 9, None]


async def test_a_board_is_founded_with_its_number_of_comments(town: Town) -> None:
    slug = f"{town.slug}-2"
    await town.found_board(slug, close_round_at_comments=5)
    round_ = await town.administrator.read(f"/boards/{slug}/rounds/1")
    assert round_["closes_at_comments"] == 5


async def test_the_clock_costs_readers_no_statement_and_posters_none_until_something_is_due(
    town: Town, service: FastAPI, clock: Clock, stranger: Person
) -> None:
    prompt, board = await town.prompt(), f"/boards/{town.slug}"

    async def costs() -> list[int]:
        found = []
        for path in ("/boards?limit=5", board, f"{board}/rounds", f"{board}/rounds/1"):
            with statements(service) as seen:
                await stranger.read(path)
            found.append(len(seen))
        return found

    async def cost_of_posts() -> list[int]:
        found = []
        for path in (f"{board}/prompts", f"{path_of(prompt)}/comments", f"{path_of(prompt)}/fills"):
            with statements(service) as seen:
                await town.somebody().make(path, {"body": "A rescue."})
            found.append(len(seen))
        return found

    reading, posting = await costs(), await cost_of_posts()
    assert reading == [2, 2, 2, 2]
    await town.round(opens_at=clock.after(days=1), closes_at=clock.after(days=2))
    assert (await costs(), await cost_of_posts()) == (reading, posting)
    clock.move(days=1)
    assert await costs() == reading
    assert (await cost_of_posts())[0] > posting[0]
    assert (await costs(), await cost_of_posts()) == (reading, posting)
