"""Anybody reports what is wrong, and nobody learns who did."""

import asyncio
import uuid
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.reports.models import REPORT
from tests.backstage import new_account
from tests.clocks import Clock
from tests.conftest import new_client
from tests.moderation.keeping import act, log_of, target
from tests.people import JSON, Person, Town, code_of, faults_of, path_of

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
THINGS = ("prompt", "fill", "part", "comment", "discussion")


def somewhere() -> str:
    return f"2001:db8:{uuid.uuid4().hex[:4]}:{uuid.uuid4().hex[:4]}::1"


@pytest.fixture
def visitor(service: FastAPI) -> Any:
    """Makes a stranger who comes from a network of their own."""
    return lambda address=None: Person(new_client(service, address or somewhere()))


async def report(
    who: Person, thing: JSON, category: str = "harassment", **more: Any
) -> httpx.Response:
    about = thing if set(thing) == {"type", "id"} else target(thing)
    return await who.post("/reports", {"target": about, "category": category, **more})


async def made(who: Person, thing: JSON, category: str = "harassment", **more: Any) -> JSON:
    answer = await report(who, thing, category, **more)
    assert answer.status_code == 201, answer.text
    content: JSON = answer.json()
    return content


async def everything(town: Town, author: Person) -> dict[str, JSON]:
    prompt = await town.prompt(author)
    fill = await town.fill(prompt, author)
    return {
        "prompt": prompt,
        "fill": fill,
        "part": {"type": "part", "id": fill["parts"][0]["id"]},
        "comment": await town.comment(fill, author),
        "discussion": await town.discussion(author),
    }


@pytest.mark.parametrize("what", THINGS)
async def test_a_stranger_reports_and_reads_what_came_of_it(
    town: Town, visitor: Any, what: str
) -> None:
    thing = (await everything(town, town.somebody()))[what]
    receipt = await made(visitor(), thing, note="The third time.")
    assert (receipt["status"], receipt["target"]["id"]) == ("open", thing["id"])
    path = f"/reports/{receipt['id']}"
    read = await visitor().get(path, Fillboard_Receipt=receipt["receipt_token"])
    assert read.json() == {name: receipt[name] for name in receipt if name != "receipt_token"}
    assert read.headers["cache-control"] == "private, no-store"
    keeper = town.administrator
    await keeper.change(path, {"status": "upheld"})
    read = await visitor().get(path, Fillboard_Receipt=receipt["receipt_token"])
    assert read.json()["status"] == "upheld"
    assert read.json()["decided_at"] is not None


async def test_nobody_else_reads_a_report(town: Town, visitor: Any, service: FastAPI) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    receipt = await made(visitor(), prompt)
    other = await made(visitor(), await town.prompt(author))
    member, _ = await new_account(service, town.client)
    path = f"/reports/{receipt['id']}"
    for who, sent in (
        (visitor(), {}),
        (visitor(), {"Fillboard_Receipt": other["receipt_token"]}),
        (visitor(), {"Fillboard_Receipt": "fbr_nothing"}),
        (author, {}),
        (member, {}),
    ):
        answer = await who.get(path, **sent)
        assert (answer.status_code, code_of(answer)) == (404, "no-receipt")
    assert code_of(await visitor().get(f"/reports/{'z' * 16}")) == "no-receipt"
    wrong = {"Authorization": f"Bearer {receipt['receipt_token']}"}
    assert (await visitor().get(path, **wrong)).status_code == 401


async def test_whoever_shares_a_network_with_a_reporter_does_not_read_the_note(
    town: Town, visitor: Any
) -> None:
    author, reporter, home = town.somebody(), town.somebody(), somewhere()
    prompt, other = await town.prompt(author), await town.prompt(author)
    await town.prompt(reporter)
    await made(visitor(home), prompt, note="The author told me where they live.")
    author.client = visitor(home).client
    for who in (visitor(home), author):
        assert (await report(who, prompt)).json()["note"] is None
    # A mask is only ever its holder's.
    await made(reporter, other, note="The third time.")
    assert (await report(reporter, other)).json()["note"] == "The third time."


async def test_a_source_reports_a_thing_once(town: Town, visitor: Any) -> None:
    prompt, home = await town.prompt(town.somebody()), somewhere()
    neighbour = f"{home[:-1]}9"
    first = await made(visitor(home), prompt)
    for who in (visitor(home), visitor(neighbour)):
        again = await report(who, prompt, "spam")
        assert again.status_code == 200
        assert (again.json()["id"], again.json()["category"]) == (first["id"], "harassment")
        assert again.json()["receipt_token"] is None
    masked = town.somebody()
    await masked.make(f"/boards/{town.slug}/prompts", {"body": "A lantern"})
    mine = await made(masked, prompt, "spam")
    masked.client = new_client_of(visitor)
    assert (await report(masked, prompt)).json()["id"] == mine["id"]


def new_client_of(visitor: Any) -> httpx.AsyncClient:
    client: httpx.AsyncClient = visitor().client
    return client


async def test_of_many_reports_at_once_one_counts(town: Town, visitor: Any) -> None:
    prompt, home = await town.prompt(town.somebody()), somewhere()
    answers = await asyncio.gather(*(report(visitor(home), prompt) for _ in range(8)))
    assert sorted(each.status_code for each in answers) == [200] * 7 + [201]
    assert len({each.json()["id"] for each in answers}) == 1


@pytest.mark.parametrize("category", ["minor_safety", "outing"])
@pytest.mark.parametrize("what", THINGS)
async def test_what_endangers_somebody_is_hidden_at_once(
    town: Town, visitor: Any, what: str, category: str
) -> None:
    author = town.somebody()
    things = await everything(town, author)
    thing = things[what]
    hidden = things["fill"] if what == "part" else thing
    await made(visitor(), thing, category)
    assert code_of(await visitor().get(path_of(hidden))) == "not-found"
    told = (await author.read(path_of(hidden)))["moderation"]
    assert (told["action"], told["reason"]) == ("hide", category)
    (entry,) = await log_of(town)
    assert (entry["by"], entry["reason"], entry["target"], entry["count"]) == (
        *("system", category, None, 1),
    )


@pytest.mark.parametrize("category", ["threat", "harassment", "labels", "spam", "other"])
async def test_nothing_else_is_hidden_however_many_report_it(
    town: Town, visitor: Any, category: str
) -> None:
    prompt = await town.prompt(town.somebody())
    before = await visitor().get(path_of(prompt))
    for _ in range(6):
        await made(visitor(), prompt, category)
    after = await visitor().get(path_of(prompt))
    assert (after.content, after.headers["etag"]) == (before.content, before.headers["etag"])
    assert await log_of(town) == []


async def test_a_network_hides_five_things_a_day(town: Town, visitor: Any, clock: Clock) -> None:
    clock.set(NOON)
    home, author = somewhere(), town.somebody()
    things = [await town.prompt(author) for _ in range(7)]
    for thing in things[:6]:
        await made(visitor(home), thing, "outing")
    states = [(await visitor().get(path_of(each))).status_code for each in things[:6]]
    assert states == [404] * 5 + [200]
    clock.move(hours=24, seconds=1)
    await made(visitor(home), things[6], "outing")
    assert (await visitor().get(path_of(things[6]))).status_code == 404


async def test_what_one_network_hides_is_not_tied_together_in_the_database(
    town: Town, visitor: Any, service: FastAPI
) -> None:
    """Whoever has the database, and no key, does not learn which masks came from one network."""
    home, author = somewhere(), town.somebody()
    elsewhere = (await town.found_board(f"{town.slug[:30]}-b"))["slug"]
    made_by = []
    for board in (town.slug, town.slug, elsewhere):
        prompt = await author.make(f"/boards/{board}/prompts", {"body": "A lamp"})
        masked = Person(visitor(home).client)
        await masked.make(f"/boards/{board}/prompts", {"body": "A lantern"})
        made_by.append(await made(masked, prompt, "outing"))
        assert (await visitor().get(path_of(prompt))).status_code == 404
    async with service.state.site.database.reading() as session:
        which = REPORT.public_id.in_([each["id"] for each in made_by])
        kept = await session.all(select(REPORT.hider, REPORT.reporter, REPORT.source).where(which))
    hashes = [bytes(each) for row in kept for each in row if each is not None]
    assert len(hashes) == len(set(hashes)) == 6


async def test_a_network_hides_no_more_by_reporting_on_many_boards_at_once(
    town: Town, visitor: Any, service: FastAPI
) -> None:
    home, author, things = somewhere(), town.somebody(), []
    for number in range(7):
        slug = (await town.found_board(f"{town.slug[:30]}-{number}"))["slug"]
        things.append(await author.make(f"/boards/{slug}/prompts", {"body": "A lamp"}))
    receipts = await asyncio.gather(*(made(visitor(home), each, "outing") for each in things))
    states = [(await visitor().get(path_of(each))).status_code for each in things]
    assert sorted(states) == [200] * 2 + [404] * 5
    async with service.state.site.database.reading() as session:
        which = REPORT.public_id.in_([each["id"] for each in receipts])
        kept = await session.all(select(REPORT.hider).where(which, REPORT.hider.is_not(None)))
    assert len({bytes(row.hider) for row in kept}) == 5


async def test_what_a_moderator_has_cleared_is_hidden_again_only_when_it_was_edited(
    town: Town, visitor: Any
) -> None:
    author, keeper = town.somebody(), town.administrator
    fill = await town.fill(await town.prompt(author), author)
    first = await made(visitor(), fill, "outing")
    await keeper.change(f"/reports/{first['id']}", {"status": "dismissed"})
    assert (await visitor().get(path_of(fill))).status_code == 200
    assert [(each["action"], each["by"]) for each in await log_of(town)] == [
        *(("unhide", "moderator"), ("hide", "system")),
    ]
    await made(visitor(), fill, "outing")
    assert (await visitor().get(path_of(fill))).status_code == 200
    part = f"{path_of(fill)}/parts/1"
    await author.change(part, {"body": "Now it tells."}, If_Match=await author.tag_of(part))
    await made(visitor(), fill, "outing")
    assert (await visitor().get(path_of(fill))).status_code == 404


async def test_dismissing_one_of_two_leaves_it_hidden(town: Town, visitor: Any) -> None:
    prompt, keeper = await town.prompt(town.somebody()), town.administrator
    about = target(prompt)
    one = await made(visitor(), about, "outing")
    # The second can't be made any more: nobody sees it. So a moderator's own decision stands.
    assert faults_of(await report(visitor(), about)) == {("/target/id", "no_such_target")}
    await act(town, "screen", prompt)
    await keeper.change(f"/reports/{one['id']}", {"status": "dismissed"})
    assert (await visitor().get(path_of(prompt))).status_code == 404


async def test_acting_may_uphold_the_reports(town: Town, visitor: Any) -> None:
    prompt = await town.prompt(town.somebody())
    receipts = [await made(visitor(), prompt) for _ in range(2)]
    await act(town, "freeze", prompt)
    await act(town, "hide", prompt, closes_reports=True)
    for each in receipts:
        path = f"/reports/{each['id']}"
        read = await visitor().get(path, Fillboard_Receipt=each["receipt_token"])
        assert read.json()["status"] == "upheld"


async def test_acting_upon_a_fill_upholds_what_was_said_of_its_parts(
    town: Town, visitor: Any
) -> None:
    fill = await town.fill(await town.prompt(), town.somebody())
    receipt = await made(visitor(), {"type": "part", "id": fill["parts"][0]["id"]}, "labels")
    changes = {"content_notes": ["storm at sea"]}
    await act(town, "relabel", fill, changes=changes, closes_reports=True)
    path = f"/reports/{receipt['id']}"
    read = await visitor().get(path, Fillboard_Receipt=receipt["receipt_token"])
    assert read.json()["status"] == "upheld"


async def test_what_nobody_decides_about_goes_to_the_administrators(
    town: Town, visitor: Any, clock: Clock, service: FastAPI
) -> None:
    moderator, _ = await new_account(service, town.client, moderates=town.slug)
    receipt = await made(visitor(), await town.prompt(town.somebody()), "minor_safety")
    plain = await made(visitor(), await town.prompt(town.somebody()), "spam")

    async def late() -> set[str]:
        listed = await town.administrator.every_page("/reports?limit=100")
        return {each["id"] for each in listed} & {receipt["id"], plain["id"]}

    clock.move(hours=71)
    assert await late() == set()
    clock.move(hours=1, seconds=1)
    assert await late() == {receipt["id"]}
    shown = await moderator.read(f"/reports/{receipt['id']}")
    assert shown["status"] == "escalated"
    assert (await moderator.get("/reports")).status_code == 403
    await town.administrator.change(f"/reports/{receipt['id']}", {"status": "upheld"})
    assert await late() == set()


async def test_moderators_take_reports_on_and_reopen_them(
    town: Town, visitor: Any, service: FastAPI
) -> None:
    moderator, name = await new_account(service, town.client, moderates=town.slug)
    _, other = await new_account(service, town.client)
    receipt = await made(visitor(), await town.prompt(town.somebody()))
    path = f"/reports/{receipt['id']}"
    tag = await moderator.tag_of(path)
    taken = await moderator.change(path, {"assigned_to": name}, If_Match=tag)
    assert taken["assigned_to"] == name
    assert (await moderator.patch(path, {"status": "upheld"}, If_Match=tag)).status_code == 412
    refused = await moderator.patch(path, {"assigned_to": other})
    assert faults_of(refused) == {("/assigned_to", "no_such_moderator")}
    assert (await moderator.change(path, {"status": "dismissed"}))["decided_at"]
    reopened = await moderator.change(path, {"status": "open", "assigned_to": None})
    assert (reopened["status"], reopened["decided_at"], reopened["assigned_to"]) == (
        *("open", None, None),
    )
    read = await visitor().get(path, Fillboard_Receipt=receipt["receipt_token"])
    assert (read.json()["assigned_to"], read.json()["reporter"]) == (None, None)
    assert code_of(await moderator.patch(path, {"status": "escalated"})) == "invalid"


@pytest.mark.parametrize("is_anonymous", [False, True])
async def test_a_moderator_does_not_decide_about_what_they_posted(
    town: Town, visitor: Any, service: FastAPI, *, is_anonymous: bool
) -> None:
    author, name = await new_account(service, town.client, moderates=town.slug)
    other, _ = await new_account(service, town.client, moderates=town.slug)
    key = {"name": "a bot", "scopes": ["moderate"]}
    robot = Person(town.client, (await author.make("/me/api-keys", key))["key"])
    prompt = await town.prompt(author, anonymous=is_anonymous)
    fill = await town.fill(prompt, author, anonymous=is_anonymous)
    part = {"type": "part", "id": fill["parts"][0]["id"]}
    comment = await town.comment(fill, author, anonymous=is_anonymous)
    for thing in (comment, part, prompt):
        receipt = await made(visitor(), thing, "outing" if thing is prompt else "harassment")
        path = f"/reports/{receipt['id']}"
        for who in (author, robot):
            for status in ("dismissed", "upheld"):
                refused = await who.patch(path, {"status": status})
                assert (refused.status_code, code_of(refused)) == (403, "same-moderator")
        # Nothing else is kept from them.
        assert (await author.read(path))["status"] == "open"
        assert (await author.change(path, {"assigned_to": name}))["assigned_to"] == name
        await other.change(path, {"status": "dismissed"})
    assert (await visitor().get(path_of(prompt))).status_code == 200


async def test_acting_upon_ones_own_upholds_no_reports(
    town: Town, visitor: Any, service: FastAPI
) -> None:
    author, _ = await new_account(service, town.client, moderates=town.slug)
    other, _ = await new_account(service, town.client, moderates=town.slug)
    prompt = await author.make(f"/boards/{town.slug}/prompts", {"body": "A lamp"})
    receipt = await made(visitor(), prompt)
    await act(town, "freeze", prompt, by=author, closes_reports=True)
    assert (await other.read(f"/reports/{receipt['id']}"))["status"] == "open"
    await act(town, "unfreeze", prompt, by=other, closes_reports=True)
    assert (await other.read(f"/reports/{receipt['id']}"))["status"] == "upheld"


async def test_the_only_moderator_of_a_board_decides_about_what_they_posted(
    town: Town, visitor: Any
) -> None:
    keeper = town.administrator
    prompt = await keeper.make(f"/boards/{town.slug}/prompts", {"body": "A lamp"})
    receipt = await made(visitor(), prompt)
    changed = await keeper.change(f"/reports/{receipt['id']}", {"status": "dismissed"})
    assert changed["status"] == "dismissed"


async def test_what_nobody_sees_is_not_reported(town: Town, visitor: Any) -> None:
    author = town.somebody()
    things = await everything(town, author)
    await act(town, "hide", things["prompt"])
    for what in ("prompt", "fill", "part", "comment"):
        answer = await report(visitor(), things[what])
        assert faults_of(answer) == {("/target/id", "no_such_target")}, what
    await author.take_away(path_of(things["discussion"]))
    answer = await report(visitor(), things["discussion"])
    assert faults_of(answer) == {("/target/id", "no_such_target")}
    nowhere = {"type": "prompt", "id": "z" * 16}
    assert faults_of(await report(visitor(), nowhere)) == {("/target/id", "no_such_target")}


async def test_a_report_shows_nowhere_else(town: Town, visitor: Any) -> None:
    author, word = town.somebody(), f"canary{uuid.uuid4().hex}"
    prompt = await town.prompt(author)
    receipt = await made(visitor(), prompt, note=word)
    for path in (
        path_of(prompt),
        f"/boards/{town.slug}",
        f"/boards/{town.slug}/mod-log",
        f"/boards/{town.slug}/prompts",
        f"/search?q={word}",
    ):
        for who in (author, visitor()):
            text = (await who.get(path)).text
            assert word not in text.replace(f"q={word}", "")
            assert receipt["id"] not in text
