"""Rounds that moderators open and close."""

import asyncio
from datetime import timedelta
from itertools import chain
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from app.boards.models import BOARD, Round
from app.kit.clock import rfc3339
from tests.clocks import Clock
from tests.people import JSON, Person, Town, code_of, faults_of, path_of
from tests.recount import recount

pytestmark = pytest.mark.anyio

PHASES = ["upcoming", "prompting", "fill_only", "closed", "archived"]


async def phases(town: Town) -> list[str]:
    """The phases of the town's rounds, from the first on."""
    rounds = await town.somebody().every_page(f"/boards/{town.slug}/rounds")
    return [each["phase"] for each in reversed(rounds)]


async def current(town: Town) -> JSON:
    board = await town.somebody().read(f"/boards/{town.slug}")
    round_: JSON = board["current_round"]
    return round_


async def test_a_new_round_takes_prompts_and_ends_the_prompting_of_the_last(
    town: Town, stranger: Person
) -> None:
    first = await town.prompt()
    response = await town.administrator.post(f"/boards/{town.slug}/rounds", {})
    assert response.status_code == 201
    round_ = response.json()
    assert response.headers["location"] == f"http://board.test/v1/boards/{town.slug}/rounds/2"
    assert round_ == {
        "number": 2,
        "title": "Round 2",
        "phase": "prompting",
        "opens_at": None,
        "closes_at": None,
        "closes_at_comments": None,
        "prompts_count": 0,
        "fills_count": 0,
        "comments_count": 0,
    }
    assert await stranger.read(f"/boards/{town.slug}/rounds/2") == round_
    assert await phases(town) == ["fill_only", "prompting"]
    assert await current(town) == {"number": 2, "title": "Round 2", "phase": "prompting"}
    assert (first["round"], (await town.prompt())["round"]) == (1, 2)
    await recount(town)


@pytest.mark.parametrize("phase", ["fill_only", "closed"])
async def test_a_late_fill_counts_in_the_round_of_its_prompt(town: Town, phase: str) -> None:
    author, prompt = town.somebody(), await town.prompt()
    await town.round()
    await town.change_round(1, phase=phase)
    fill = await town.fill(prompt, author)
    await town.part(fill, author)
    await town.comment(fill)
    assert (fill["prompt"]["id"], fill["prompt"]["number"]) == (prompt["id"], 1)
    first = await author.read(f"/boards/{town.slug}/rounds/1")
    assert (first["fills_count"], first["comments_count"]) == (1, 1)
    await recount(town)


async def test_an_archived_round_takes_nothing_but_can_be_read_and_deleted(town: Town) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    fill = await town.fill(prompt, author)
    comment = await town.comment(fill, author)
    tag = await author.tag_of(f"{path_of(fill)}/parts/1")
    await town.change_round(1, phase="archived")
    for response in (
        await author.post(f"{path_of(prompt)}/fills", {"body": "Late."}),
        await author.post(f"{path_of(prompt)}/comments", {"body": "Late."}),
        await author.post(f"{path_of(fill)}/comments", {"body": "Late."}),
        await author.post(f"{path_of(fill)}/parts", {"body": "Late."}),
        await author.patch(path_of(prompt), {"body": "Other words."}),
        await author.patch(path_of(fill), {"status": "wip"}),
        await author.patch(f"{path_of(fill)}/parts/1", {"body": "Other."}, If_Match=tag),
        await author.patch(path_of(comment), {"body": "Other words."}),
    ):
        assert (response.status_code, code_of(response)) == (409, "round-closed")
        assert (response.json()["phase"], response.json()["opens_at"]) == ("archived", None)
    for thing in (comment, fill, prompt):
        await author.read(path_of(thing))
        await author.take_away(path_of(thing))
    await recount(town)


async def test_a_refused_prompt_is_told_when_prompts_are_taken_next(
    town: Town, stranger: Person, clock: Clock
) -> None:
    await town.change_round(1, phase="closed")
    path = f"/boards/{town.slug}/prompts"
    refused = (await stranger.post(path, {"body": "A rescue."})).json()
    assert (refused["phase"], refused["opens_at"]) == ("closed", None)
    assert refused["detail"].startswith("Round 1 is closed. ")
    sooner, later = clock.after(days=1), clock.after(days=9)
    await town.round(opens_at=later)
    await town.round(opens_at=sooner)
    refused = (await stranger.post(path, {"body": "A rescue."})).json()
    assert (refused["phase"], refused["opens_at"]) == ("closed", sooner)
    assert sooner in refused["detail"]
    soon = clock.after(hours=1)
    await town.change_round(1, phase="upcoming", opens_at=soon)
    refused = (await stranger.post(path, {"body": "A rescue."})).json()
    assert (refused["phase"], refused["opens_at"]) == ("upcoming", soon)


async def test_the_current_round_takes_prompts_or_is_the_newest_that_has_begun(
    town: Town, clock: Clock
) -> None:
    await town.round(title="The second")
    await town.round(phase="upcoming")
    assert (await current(town))["number"] == 2
    await town.change_round(2, phase="closed")
    assert await current(town) == {"number": 2, "title": "The second", "phase": "closed"}
    await town.change_round(1, phase="prompting")
    assert (await current(town))["number"] == 1
    await town.change_round(1, phase="fill_only")
    assert (await current(town))["number"] == 2
    for number in (1, 2):
        await town.change_round(number, phase="upcoming", opens_at=clock.after(days=number))
    assert (await current(town))["number"] == 1


@pytest.mark.parametrize("to", PHASES)
@pytest.mark.parametrize("of", PHASES)
async def test_a_moderator_brings_a_round_from_any_phase_into_any(
    town: Town, of: str, to: str
) -> None:
    await town.round()
    await town.change_round(1, phase=of)
    assert (await town.change_round(1, phase=to))["phase"] == to
    expected = "fill_only" if "prompting" in (of, to) else "prompting"
    assert await phases(town) == [to, expected]


async def test_what_is_left_out_stays(town: Town, clock: Clock) -> None:
    dates = {"opens_at": clock.after(days=1), "closes_at": clock.after(days=2)}
    round_ = await town.round(title="The winter round", closes_at_comments=7, **dates)
    assert (round_["phase"], round_["closes_at_comments"]) == ("upcoming", 7)
    assert {name: round_[name] for name in dates} == dates
    assert await town.change_round(2, title="Lanterns") == {**round_, "title": "Lanterns"}
    cleared = {"opens_at": None, "closes_at": None, "closes_at_comments": None}
    assert await town.change_round(2, **cleared) == {**round_, "title": "Lanterns", **cleared}


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"phase": "open"}, ("/phase", "literal_error")),
        ({"title": ""}, ("/title", "text_too_short")),
        ({"opens_at": "tomorrow"}, ("/opens_at", "instant")),
        ({"closes_at_comments": 0}, ("/closes_at_comments", "greater_than_equal")),
        ({"number": 7}, ("/number", "extra_forbidden")),
        ({"phase": "upcoming", "opens_at": -1}, ("/opens_at", "not_in_future")),
        ({"phase": "prompting", "opens_at": 1}, ("/opens_at", "not_upcoming")),
        ({"phase": "closed", "opens_at": 1}, ("/opens_at", "not_upcoming")),
        ({"closes_at": -1}, ("/closes_at", "not_in_future")),
        ({"phase": "archived", "closes_at": 1}, ("/closes_at", "closed_already")),
        ({"opens_at": 2, "closes_at": 1}, ("/closes_at", "closes_before_opening")),
        ({"opens_at": 2, "closes_at": 2}, ("/closes_at", "closes_before_opening")),
        (
            {"phase": "closed", "opens_at": -1, "closes_at": -2},
            ("/closes_at", "closes_before_opening"),
        ),
    ],
)
async def test_a_round_that_makes_no_sense_is_not_added(
    town: Town, clock: Clock, fields: JSON, fault: tuple[str, str]
) -> None:
    sent = dated(clock, fields)
    response = await town.administrator.post(f"/boards/{town.slug}/rounds", sent)
    assert faults_of(response) == {fault}
    assert await phases(town) == ["prompting"]


@pytest.mark.parametrize(
    ("stands", "changes", "fault"),
    [
        ({}, {"opens_at": 1}, ("/opens_at", "not_upcoming")),
        ({}, {"closes_at": -1}, ("/closes_at", "not_in_future")),
        ({}, {}, ("", "nothing_sent")),
        ({"phase": "closed"}, {"closes_at": 1}, ("/closes_at", "closed_already")),
        ({"opens_at": 2}, {"opens_at": -1}, ("/opens_at", "not_in_future")),
        ({"opens_at": 2}, {"closes_at": 1}, ("/closes_at", "closes_before_opening")),
        (
            {"opens_at": 2, "closes_at": 3},
            {"opens_at": 4},
            ("/opens_at", "closes_before_opening"),
        ),
        ({"opens_at": 2}, {"phase": "prompting", "closes_at": -1}, ("/closes_at", "not_in_future")),
    ],
)
async def test_a_change_that_makes_no_sense_is_not_made(
    town: Town, clock: Clock, stands: JSON, changes: JSON, fault: tuple[str, str]
) -> None:
    before = await town.round(**dated(clock, stands))
    path = f"/boards/{town.slug}/rounds/2"
    assert faults_of(await town.administrator.patch(path, dated(clock, changes))) == {fault}
    assert await town.administrator.read(path) == before


def dated(clock: Clock, fields: JSON) -> JSON:
    """Fields with dates where they have numbers of days from now, all from the same instant."""
    present = clock.now()
    return {
        name: rfc3339(present + timedelta(days=value))
        if name in ("opens_at", "closes_at") and isinstance(value, int)
        else value
        for name, value in fields.items()
    }


async def test_a_phase_clears_the_dates_that_it_has_overtaken(town: Town, clock: Clock) -> None:
    closes_at = clock.after(days=3)
    await town.round(opens_at=clock.after(days=1), closes_at=closes_at)
    opened = await town.change_round(2, phase="prompting")
    assert (opened["opens_at"], opened["closes_at"]) == (None, closes_at)
    assert (await town.change_round(2, phase="fill_only"))["closes_at"] == closes_at
    assert (await town.change_round(2, phase="closed"))["closes_at"] is None


async def test_nobody_else_opens_or_closes_rounds(town: Town, stranger: Person) -> None:
    author = town.somebody()
    await town.prompt(author)
    for person, refusal in ((author, (403, "not-moderator")), (stranger, (401, "token-required"))):
        for response in (
            await person.post(f"/boards/{town.slug}/rounds", {}),
            await person.patch(f"/boards/{town.slug}/rounds/1", {"phase": "closed"}),
        ):
            assert (response.status_code, code_of(response)) == refusal
    assert await phases(town) == ["prompting"]


async def test_what_is_not_there_is_not_changed(town: Town) -> None:
    for path in (f"/boards/{town.slug}/rounds/2", "/boards/no-such-board/rounds/1"):
        response = await town.administrator.patch(path, {"phase": "closed"})
        assert (response.status_code, code_of(response)) == (404, "not-found")


async def test_a_change_can_be_made_to_depend_on_the_version(town: Town) -> None:
    path = f"/boards/{town.slug}/rounds/1"
    tag = await town.administrator.tag_of(path)
    await town.prompt()
    unchanged = await town.administrator.patch(path, {"title": "Round 1"}, If_Match=tag)
    assert unchanged.status_code == 200
    changed = await town.administrator.patch(path, {"phase": "closed"}, If_Match=tag)
    assert changed.status_code == 200
    stale = await town.administrator.patch(path, {"phase": "archived"}, If_Match=tag)
    assert (stale.status_code, code_of(stale)) == (412, "precondition-failed")
    assert changed.headers["etag"] == await town.administrator.tag_of(path)


async def test_of_rounds_opened_at_once_one_takes_prompts(town: Town) -> None:
    prompts = f"/boards/{town.slug}/prompts"
    opened = (town.administrator.post(f"/boards/{town.slug}/rounds", {}) for _ in range(4))
    posted = (town.somebody().post(prompts, {"body": "A rescue."}) for _ in range(4))
    responses = await asyncio.gather(*chain(*zip(opened, posted, strict=True)))
    assert {each.status_code for each in responses} == {201}
    assert sorted(each.json()["number"] for each in responses[::2]) == [2, 3, 4, 5]
    assert await phases(town) == ["fill_only"] * 4 + ["prompting"]
    again = (
        town.administrator.patch(f"/boards/{town.slug}/rounds/{number}", {"phase": "prompting"})
        for number in (1, 2, 3)
    )
    assert {each.status_code for each in await asyncio.gather(*again)} == {200}
    assert sorted(await phases(town)) == ["fill_only"] * 4 + ["prompting"]
    await recount(town)


async def test_the_database_itself_refuses_a_second_round_that_takes_prompts(
    town: Town, service: FastAPI
) -> None:
    database = service.state.site.database
    async with database.reading() as session:
        board = await session.first(
            select(BOARD.id, BOARD.created_at).where(BOARD.slug == town.slug)
        )
        assert board is not None
    counts = dict.fromkeys(["prompts_count", "fills_count", "comments_count"], 0)
    second: dict[str, Any] = {"number": 2, "title": "Two", "phase": "prompting", **counts}
    second |= {"board_id": board.id, "created_at": board.created_at}

    async def add() -> None:
        async with database.writing() as session:
            await session.run(insert(Round).values(second))

    with pytest.raises(IntegrityError):
        await add()
    second["phase"] = "fill_only"
    await add()
