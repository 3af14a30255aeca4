"""What a part said before is there for its author for a while, and for nobody else."""

import asyncio
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from app import main
from app.core.tables import columns_of, table_of
from app.fills.models import PartVersion
from app.fills.versions import forget_old_versions
from tests.backstage import new_account, set_state
from tests.clocks import Clock
from tests.people import JSON, Person, Town, code_of, path_of
from tests.stories.test_twins import addresses, installation

pytestmark = pytest.mark.anyio

CANARY = "marmaladelighthouse"


@pytest.fixture
def author(town: Town) -> Person:
    """Somebody who changes their mind."""
    return town.somebody()


@pytest.fixture
async def fill(town: Town, author: Person) -> JSON:
    """A story whose first part has been posted just now."""
    return await town.fill(await town.prompt(), author, body="one", parts_expected=None)


def part_of(fill: JSON, number: int = 1) -> str:
    return f"{path_of(fill)}/parts/{number}"


async def edit(author: Person, part: str, **changes: object) -> JSON:
    return await author.change(part, changes, If_Match="*")


async def earlier(author: Person, part: str) -> list[JSON]:
    """All versions of a part, whole, the latest first."""
    listed = await author.every_page(f"{part}/versions?limit=2")
    return [await author.read(each["url"]) for each in listed]


async def kept_rows(service: FastAPI, *ids: str) -> int:
    """How many of some versions the database holds."""
    async with service.state.site.database.reading() as session:
        many = select(func.count()).select_from(table_of(PartVersion))
        found: int = await session.scalar(many.where(columns_of(PartVersion).public_id.in_(ids)))
        return found


async def test_each_edit_of_the_words_keeps_what_they_were(fill: JSON, author: Person) -> None:
    part = part_of(fill)
    before = [
        await author.read(part),
        await edit(author, part, body="*two* words", title="Tide"),
        await edit(author, part, content_notes=["thunder"]),
        await edit(author, part, title=None, body="three"),
    ]
    versions = await earlier(author, part)
    for version, was, followed in zip(versions, before[-2::-1], before[:0:-1], strict=True):
        said = ("title", "body", "body_html", "content_notes", "words_count")
        assert {name: version[name] for name in said} == {name: was[name] for name in said}
        assert version["written_at"] == (was["edited_at"] or was["posted_at"])
        assert version["replaced_at"] == followed["edited_at"]
        assert version["url"] == f"{fill['url']}/parts/1/versions/{version['id']}"
    listed = (await author.read(f"{part}/versions"))["items"]
    left_out = {"body", "body_html", "content_notes"}
    assert listed == [{name: each[name] for name in each.keys() - left_out} for each in versions]


async def test_what_is_not_an_edit_of_the_words_keeps_nothing(
    town: Town, fill: JSON, author: Person
) -> None:
    await town.part(fill, author, body="two")
    part = part_of(fill)
    await edit(author, part, body="one", title=None, content_notes=[])
    moved = await edit(author, part, body="one", number=2)
    assert (moved["number"], moved["edited_at"]) == (2, None)
    response = await author.patch(part_of(fill, 2), {"body": "uno"}, If_Match='"stale"')
    assert code_of(response) == "precondition-failed"
    assert await earlier(author, part_of(fill, 2)) == []
    # Moved and edited at once: the version goes where its part goes.
    await edit(author, part_of(fill, 2), body="uno", number=1)
    assert [each["body"] for each in await earlier(author, part)] == ["one"]
    assert await earlier(author, part_of(fill, 2)) == []


async def test_an_author_gets_a_text_back_by_editing_the_part(fill: JSON, author: Person) -> None:
    part, words = part_of(fill), "Rain.\r\n\n  > *“Tea?”*  "
    await edit(author, part, body=words, title="Tide", content_notes=["thunder"])
    await edit(author, part, body="oops", title=None, content_notes=[])
    (was, _) = await earlier(author, part)
    back = {name: was[name] for name in ("body", "title", "content_notes")}
    restored = await edit(author, part, **back)
    assert {name: restored[name] for name in back} == back
    assert restored["body"] == words
    assert [each["body"] for each in await earlier(author, part)] == ["oops", words, "one"]


async def test_only_the_author_reads_or_deletes_what_a_part_said(
    town: Town, fill: JSON, author: Person, stranger: Person, service: FastAPI
) -> None:
    part = part_of(fill)
    await edit(author, part, body="two")
    (version,) = await earlier(author, part)
    keeper, _ = await new_account(service, town.client, moderates=town.slug)
    asker = town.somebody()
    await town.prompt(asker)
    refused = [(stranger, "token-required")]
    refused += [(each, "not-allowed") for each in (asker, keeper, town.administrator)]
    for person, code in refused:
        for response in (
            await person.get(f"{part}/versions"),
            await person.get(version["url"]),
            await person.delete(version["url"]),
        ):
            assert code_of(response) == code
    for answer in (await author.get(f"{part}/versions"), await author.get(version["url"])):
        assert answer.headers["cache-control"] == "private, no-store"
    await set_state(service, fill, "hidden")
    assert code_of(await asker.get(version["url"])) == "not-found"
    assert (await author.get(version["url"])).status_code == 200
    await set_state(service, fill, "visible")
    assert await earlier(author, part) == [version]


async def test_a_version_is_found_under_its_own_part_alone(
    town: Town, fill: JSON, author: Person
) -> None:
    await town.part(fill, author, body="two")
    other = await town.fill(await town.prompt(author), author)
    await edit(author, part_of(fill), body="uno")
    (version,) = await earlier(author, part_of(fill))
    for part in (part_of(fill, 2), part_of(other)):
        assert await earlier(author, part) == []
        for name in (version["id"], "0" * 16, "1", version["id"].upper()):
            assert code_of(await author.get(f"{part}/versions/{name}")) == "not-found"
    assert code_of(await author.get(f"{part_of(fill, 3)}/versions")) == "not-found"


async def test_adult_words_are_read_on_request_alone(town: Town, author: Person) -> None:
    fill = await town.fill(await town.prompt(rating="mature"), author, body=CANARY)
    part = part_of(fill)
    await edit(author, part, body="two")
    assert code_of(await author.get(f"{part}/versions")) == "adult-content"
    (version,) = (await author.read(f"{part}/versions?adult=true"))["items"]
    response = await author.get(version["url"])
    assert (response.status_code, code_of(response)) == (403, "adult-content")
    assert CANARY not in response.text
    assert (await author.read(f"{version['url']}?adult=true"))["body"] == CANARY
    await author.take_away(version["url"])


async def test_an_author_takes_a_version_away_before_its_time(
    fill: JSON, author: Person, service: FastAPI
) -> None:
    part = part_of(fill)
    await edit(author, part, body=CANARY)
    await edit(author, part, body="three")
    latest, first = await earlier(author, part)
    await author.take_away(latest["url"])
    assert code_of(await author.get(latest["url"])) == "not-found"
    assert code_of(await author.delete(latest["url"])) == "not-found"
    assert await earlier(author, part) == [first]
    assert await kept_rows(service, latest["id"], first["id"]) == 1


async def test_nothing_is_kept_of_what_is_deleted(
    town: Town, fill: JSON, author: Person, service: FastAPI
) -> None:
    await town.part(fill, author, body="two")
    for number in (1, 2):
        await edit(author, part_of(fill, number), body="edited")
    (of_first,), (of_second,) = [await earlier(author, part_of(fill, each)) for each in (1, 2)]
    await author.take_away(part_of(fill), If_Match="*")
    assert await kept_rows(service, of_first["id"], of_second["id"]) == 1
    # The second part is the first one now.
    assert [each["id"] for each in await earlier(author, part_of(fill))] == [of_second["id"]]
    await author.take_away(path_of(fill))
    assert await kept_rows(service, of_first["id"], of_second["id"]) == 0
    assert code_of(await author.get(f"{part_of(fill)}/versions")) == "gone"


async def test_a_version_is_gone_after_thirty_days_whether_or_not_it_was_purged(
    fill: JSON, author: Person, service: FastAPI, clock: Clock
) -> None:
    part = part_of(fill)
    await edit(author, part, body="two")
    clock.move(days=1)
    await edit(author, part, body="three")
    second, first = await earlier(author, part)
    clock.move(days=28, hours=23)
    assert await earlier(author, part) == [second, first]
    clock.move(hours=2)
    assert await earlier(author, part) == [second]
    assert code_of(await author.get(first["url"])) == "not-found"
    assert await kept_rows(service, first["id"]) == 1
    async with service.state.site.database.writing() as session:
        while await forget_old_versions(session):
            continue
    assert await kept_rows(service, first["id"]) == 0
    assert await earlier(author, part) == [second]


@pytest.mark.thorough
async def test_old_versions_are_forgotten_though_nobody_asks_for_anything(
    kind: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(main, "SECONDS_BETWEEN_LOOKS", 0.01)
    monkeypatch.setenv("FILLBOARD_DATA_DIR", str(tmp_path / "data"))
    async with installation(kind, request, tmp_path) as (app, town):
        await town.found_board()
        author = town.somebody()
        part = part_of(await town.fill(await town.prompt(), author))
        await edit(author, part, body="two")
        (version,) = await earlier(author, part)
        clock.move(days=30)
        for _ in range(5000):
            if not await kept_rows(app, version["id"]):
                break
            await asyncio.sleep(0.01)
        assert await kept_rows(app, version["id"]) == 0


async def test_an_author_who_saves_every_minute_fills_no_disk(
    fill: JSON, author: Person, clock: Clock
) -> None:
    part = part_of(fill)

    async def save(minute: int) -> None:
        await edit(author, part, body=f"minute {minute}")

    async def kept() -> list[str]:
        return [each["body"].removeprefix("minute ") for each in await earlier(author, part)]

    for minute in range(1, 10):
        clock.move(minutes=1)
        await save(minute)
    # The five latest as they are, and the one that stood there when the hour began.
    assert await kept() == ["8", "7", "6", "5", "4", "one"]
    clock.move(hours=1)
    for minute in range(70, 76):
        await save(minute)
    assert await kept() == ["74", "73", "72", "71", "70", "9", "one"]
    for hour in range(2, 24):
        clock.move(hours=1)
        await save(hour * 60)
    assert await kept() == [str(hour * 60) for hour in range(22, 2, -1)]


async def test_of_edits_at_once_none_is_lost(fill: JSON, author: Person) -> None:
    part = part_of(fill)
    words = [f"word {number}" for number in range(5)]
    await asyncio.gather(*(edit(author, part, body=each) for each in words))
    now = await author.read(part)
    versions = await earlier(author, part)
    assert sorted([now["body"], *(each["body"] for each in versions)]) == sorted(["one", *words])
    assert versions[-1]["body"] == "one"


@pytest.mark.thorough
async def test_what_was_taken_out_of_a_story_comes_out_nowhere(
    town: Town, author: Person, stranger: Person, service: FastAPI
) -> None:
    prompt = await town.prompt()
    said = {"title": f"About {CANARY}", "body": f"It is {CANARY}."}
    fill = await town.fill(prompt, author, parts_expected=None, body=said["body"])
    part = part_of(fill)
    await edit(author, part, **said, content_notes=[CANARY])
    await town.comment(fill, part_number=1)
    keeper, _ = await new_account(service, town.client, moderates=town.slug)
    everybody = [stranger, town.somebody(), keeper, town.administrator, author]
    await town.prompt(everybody[1])
    ids = {"board": [town.slug], "prompt": [prompt["id"]], "fill": [fill["id"]], "number": ["1"]}
    words = (f"/v1/search?q={CANARY}", f"/v1/boards/{town.slug}/fills?q={CANARY}")
    tags = f"/v1/tags?kind=content_note&q={CANARY[:12]}"

    async def seen_by(person: Person) -> list[str]:
        places = [*addresses(service, ids), *words, tags]
        answers = [(each, await person.get(f"http://board.test{each}")) for each in places]
        return [place for place, answer in answers if CANARY in answer.text]

    assert {f"/v1{part}", *words} <= set(await seen_by(stranger))
    await edit(author, part, title=None, body="It is somebody.", content_notes=[])
    for person in everybody:
        seen = await seen_by(person)
        own = [f"/v1{part}/versions"] if person is author else []
        assert seen == own
        for place in words:
            assert (await person.read(place.removeprefix("/v1")))["items"] == []
    assert CANARY in (await earlier(author, part))[0]["body"]
