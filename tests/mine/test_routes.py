"""All that is one's own: on one page, answered, copied, and gone."""

import asyncio
import io
import json
import zipfile

import pytest
from fastapi import FastAPI

from app.core.answers import AnswerCut
from app.core.errors import UnknownToken
from app.identity.people import Caller
from app.identity.queries import owner_of_token
from app.kit.clock import now
from app.kit.tokens import hash_of
from app.mine.deleting import delete_all
from app.mine.exporting import archive, everything
from app.mine.lists import OwnAsked
from tests.backstage import new_account
from tests.clocks import Clock
from tests.moderation.keeping import act
from tests.people import JSON, Person, Town, path_of
from tests.recount import recount
from tests.statements import statements
from tests.stories.drift import drifted_counters


async def busy(town: Town, person: Person) -> list[JSON]:
    """Somebody posts one thing of each kind, the oldest first."""
    prompt = await town.prompt(person)
    fill = await town.fill(await town.prompt(), person)
    comment = await town.comment(fill, person)
    talk = await town.discussion(person)
    return [prompt, fill, comment, talk]


def ids(items: list[JSON]) -> list[str]:
    return [each[each["type"]]["id"] for each in items]


async def test_all_that_a_mask_posted_is_on_one_page(town: Town, clock: Clock) -> None:
    person, other = town.somebody(), town.somebody()
    things = []
    for make in (town.prompt, town.discussion):
        things.append(await make(person))
        clock.move(seconds=1)
    fill = await town.fill(await town.prompt(), person)
    clock.move(seconds=1)
    comment = await town.comment(fill, person)
    things += [fill, comment]
    await busy(town, other)
    items = (await person.read("/me/posts"))["items"]
    assert ids(items) == [each["id"] for each in reversed(things)]
    for item in items:
        kind = item["type"]
        assert [name for name in ("prompt", "fill", "discussion", "comment") if item[name]] == [
            kind
        ]
        shown = await person.read(path_of(item[kind]))
        assert item[kind]["url"] == shown["url"]
        assert item[kind]["author"] == shown["author"]
    assert await person.every_page("/me/posts?limit=1") == items
    only = (await person.read("/me/posts?type=fill&type=comment"))["items"]
    assert {each["type"] for each in only} == {"fill", "comment"}
    assert (await person.read("/me/posts?board=nowhere"))["items"] == []
    answer = await person.get("/me/posts")
    assert answer.headers["cache-control"] == "private, no-store"
    assert (await town.somebody().get("/me/posts")).status_code == 401


async def test_what_is_out_of_sight_is_there_for_its_author(town: Town) -> None:
    person = town.somebody()
    prompt = await town.prompt()
    fill = await town.fill(prompt, person)
    comment = await town.comment(fill, person)
    gone = await town.comment(fill, person)
    await person.take_away(path_of(gone))
    await act(town, "hide", prompt)
    items = (await person.read("/me/posts"))["items"]
    assert set(ids(items)) == {fill["id"], comment["id"]}
    other = await town.prompt(person)
    await act(town, "hide", other)
    hidden = (await person.read("/me/posts?state=hidden"))["items"]
    assert (ids(hidden), hidden[0]["prompt"]["state"]) == ([other["id"]], "hidden")


async def test_an_account_finds_what_it_posted_behind_its_mask_and_what_it_revealed(
    town: Town, service: FastAPI
) -> None:
    person, _ = await new_account(service, town.client)
    mask = town.somebody()
    path = f"/boards/{town.slug}/prompts"
    masked = await person.make(path, {"body": "A lantern", "anonymous": True})
    named = await person.make(path, {"body": "A lighthouse"})
    revealed = await town.prompt(mask)
    await town.prompt(mask)
    await person.put(f"{path_of(revealed)}/author", {"edit_token": mask.token})
    mine = {masked["id"], named["id"], revealed["id"]}
    assert set(ids((await person.read("/me/posts"))["items"])) == mine
    assert len((await mask.read("/me/posts"))["items"]) == 2


async def test_what_others_said_is_on_one_page(town: Town, clock: Clock) -> None:
    person, other = town.somebody(), town.somebody()
    prompt = await town.prompt(person)
    fill = await town.fill(prompt, person)
    comment = await town.comment(await town.prompt(), person)
    said = [
        await town.comment(prompt, other),
        await town.comment(fill, other),
        await town.comment(comment_thread(comment), other, comment),
    ]
    await town.comment(prompt, person)
    await town.comment(prompt, other, said[0])
    clock.move(hours=1)
    said.append(await town.fill(prompt, other))
    items = (await person.read("/me/replies"))["items"]
    assert set(ids(items)) == {each["id"] for each in said}
    assert items[0]["fill"]["id"] == said[-1]["id"]
    since = clock.after(minutes=-30)
    assert ids((await person.read(f"/me/replies?since={since}"))["items"]) == [said[-1]["id"]]
    await act(town, "hide", said[0])
    assert len((await person.read("/me/replies"))["items"]) == 3
    await act(town, "hide", prompt)
    assert ids((await person.read("/me/replies"))["items"]) == [said[2]["id"]]
    assert (await town.somebody().get("/me/replies")).status_code == 401


def comment_thread(comment: JSON) -> JSON:
    """What a comment is about, as far as a reply needs it."""
    return comment["thread"]  # type: ignore[no-any-return]


async def test_replies_below_something_adult_are_there_on_request(town: Town) -> None:
    person, other = town.somebody(), town.somebody()
    prompt = await town.prompt(person, rating="explicit")
    remark = await town.comment(prompt, other)
    page = await person.read("/me/replies")
    assert (page["items"], page["omitted"]["adult"]) == ([], 1)
    assert ids((await person.read("/me/replies?adult=true"))["items"]) == [remark["id"]]


def unpacked(raw: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(raw)) as whole:
        assert whole.testzip() is None
        return {name: whole.read(name).decode() for name in whole.namelist()}


async def test_a_copy_holds_all_and_nobody_elses(town: Town) -> None:
    person, other = town.somebody(), town.somebody()
    await town.administrator.change(f"/boards/{town.slug}", {"settings": {"claims": True}})
    things = await busy(town, person)
    fill = things[1]
    await person.make(f"{path_of(fill)}/parts", {"body": "*And* then.", "title": "Two"})
    wanted = await town.prompt(other, body="Somebody else's words")
    await person.put(f"{path_of(wanted)}/second")
    await person.make(f"{path_of(wanted)}/claims", {})
    await act(town, "hide", things[0])
    answer = await person.get("/me/export")
    assert answer.headers["content-type"] == "application/zip"
    files = unpacked(answer.content)
    lines = [json.loads(line) for line in files["posts.jsonl"].splitlines()]
    assert {each[each["type"]]["id"] for each in lines} == {each["id"] for each in things}
    story = files[f"stories/{fill['id']}.md"]
    assert story.startswith(f"# {fill['title']}\n")
    assert "## Part 2: Two\n\n*And* then.\n" in story
    assert json.loads(files["seconds.jsonl"])["prompt"] == wanted["id"]
    assert json.loads(files["claims.jsonl"])["prompt"] == wanted["id"]
    assert "Somebody else's words" not in str(files)
    assert set(files) == {
        *("README.txt", "posts.jsonl", f"stories/{fill['id']}.md"),
        *("seconds.jsonl", "claims.jsonl"),
    }
    assert (await town.somebody().get("/me/export")).status_code == 401
    person.token = (await town.somebody().post("/masks")).json()["edit_token"]
    nothing = unpacked((await person.get("/me/export")).content)
    assert nothing["posts.jsonl"] == ""


async def test_a_copy_holds_what_an_account_saved(town: Town, service: FastAPI) -> None:
    person, _ = await new_account(service, town.client)
    saved = {
        "hide": [{"kind": "tag", "name": "Spiders"}],
        "warn": [{"kind": "content_note", "name": "grief"}],
    }
    await person.put("/me/filters", saved)
    files = unpacked((await person.get("/me/export")).content)
    assert json.loads(files["filters.json"]) == saved


async def test_everything_goes_with_one_call(
    town: Town, service: FastAPI, database_url: str
) -> None:
    _ = service
    person, other = town.somebody(), town.somebody()
    things = await busy(town, person)
    prompt, fill, comment, _talk = things
    reply = await town.comment(fill, other, comment)
    theirs = await town.fill(prompt, other)
    elsewhere = await town.found_board(f"{town.slug[:30]}-b")
    there = await person.make(f"/boards/{elsewhere['slug']}/prompts", {"body": "There"})
    below = await town.prompt()
    hidden = await town.fill(below, person)
    await act(town, "hide", below)
    answer = await person.send("DELETE", f"/me/posts?board={town.slug}")
    assert answer.json() == {"deleted_count": 5, "is_done": True}
    reader = town.somebody()
    for thing in things:
        assert (await reader.get(path_of(thing))).status_code in (404, 410)
    assert (await reader.get(path_of(theirs))).status_code == 200
    assert (await reader.get(path_of(reply))).status_code == 200
    await act(town, "unhide", below)
    assert (await reader.get(path_of(hidden))).status_code in (404, 410)
    assert ids((await person.read("/me/posts"))["items"]) == [there["id"]]
    again = await person.send("DELETE", "/me/posts")
    assert again.json() == {"deleted_count": 1, "is_done": True}
    assert (await person.send("DELETE", "/me/posts")).json()["deleted_count"] == 0
    assert (await reader.delete("/me/posts")).status_code == 401
    await recount(town)
    assert drifted_counters(database_url) == {}


async def test_others_go_on_posting_meanwhile(town: Town, database_url: str) -> None:
    person, prompt = town.somebody(), await town.prompt()
    for number in range(10):
        await town.comment(prompt, person, body=f"No. {number}")

    async def talk() -> None:
        writer = town.somebody()
        for number in range(5):
            await town.comment(prompt, writer, body=f"Still here {number}")

    talks = [asyncio.create_task(talk()) for _ in range(4)]
    answer = await person.delete("/me/posts")
    await asyncio.gather(*talks)
    assert answer.json() == {"deleted_count": 10, "is_done": True}
    assert (await town.somebody().read(path_of(prompt)))["comments_count"] == 20
    assert drifted_counters(database_url) == {}


@pytest.mark.parametrize("path", ["/me/posts", "/me/replies"])
async def test_a_page_takes_as_many_statements_however_long_it_is(
    town: Town, service: FastAPI, path: str
) -> None:
    person, other = town.somebody(), town.somebody()
    for _ in range(3):
        prompt = await town.prompt(person)
        fill = await town.fill(prompt, other)
        await town.comment(prompt, person, await town.comment(prompt, other))
        await town.comment(fill, person)
    counts = []
    for limit in (6, 12):
        with statements(service) as seen:
            await person.read(f"{path}?limit={limit}")
        counts.append(len(seen))
    assert counts[0] <= counts[1] <= 9


async def caller_of(service: FastAPI, person: Person) -> Caller:
    async with service.state.site.database.reading() as session:
        row = await session.first(owner_of_token(hash_of(person.token or "")))
        assert row is not None
        return Caller(row.mask_id, None, None, is_administrator=False, token_id=row.id)


async def test_each_file_of_a_copy_says_when_it_was_made(town: Town, clock: Clock) -> None:
    person = town.somebody()
    await busy(town, person)
    clock.move(days=3)
    made = now()
    raw = (await person.get("/me/export")).content
    with zipfile.ZipFile(io.BytesIO(raw)) as whole:
        entries = whole.infolist()
    assert len(entries) > 4
    for entry in entries:
        assert entry.date_time[:3] == (made.year, made.month, made.day)
        assert entry.compress_type == zipfile.ZIP_DEFLATED


async def test_a_copy_is_cut_off_when_its_token_is_revoked(town: Town, service: FastAPI) -> None:
    person = town.somebody()
    fill = await town.fill(await town.prompt(), person, parts_expected=None)
    for number in range(3):
        await person.make(f"{path_of(fill)}/parts", {"body": f"Part {number}"})
    caller, site = await caller_of(service, person), service.state.site
    async with site.database.reading() as session:
        rows = await session.all(everything(OwnAsked().of(caller)[0]))
    (token,) = (await person.read("/me/tokens"))["items"]
    sent = []

    async def read_and_revoke() -> None:
        async for chunk in archive(site, caller, rows):
            sent.append(chunk)
            if len(sent) == 1:
                await person.take_away(f"/me/tokens/{token['id']}")

    with pytest.raises(AnswerCut):
        await read_and_revoke()
    assert len(sent) <= 2


async def test_nothing_more_is_deleted_once_its_token_is_revoked(
    town: Town, service: FastAPI
) -> None:
    person = town.somebody()
    prompt, other = await town.prompt(person), await town.prompt(person)
    caller, site = await caller_of(service, person), service.state.site
    (token,) = (await person.read("/me/tokens"))["items"]
    mine, _ = OwnAsked().of(caller)
    # As if it were revoked after the request has been let in.
    await person.take_away(f"/me/tokens/{token['id']}")
    with pytest.raises(UnknownToken):
        await delete_all(site, caller, mine)
    for each in (prompt, other):
        assert (await town.somebody().get(path_of(each))).status_code == 200
