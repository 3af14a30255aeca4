"""Posting, reading, changing and deleting fills over HTTP."""

import asyncio
import uuid

import pytest
from fastapi import FastAPI

from app.fills.models import Fill
from app.fills.schemas import FillCreate, FillUpdate
from tests.backstage import set_columns
from tests.people import JSON, Person, Town, code_of, faults_of, path_of
from tests.recount import recount
from tests.texts import TWO_AS_ONE

pytestmark = pytest.mark.anyio

WHOLE: JSON = {
    "title": "Kettle weather",
    "summary": "It *rains*.",
    "medium": "podfic",
    "external_url": "https://audio.example.org/kettle?part=1",
    "parts_expected": 3,
    "status": "wip",
    "fandoms": ["Original Work"],
    "characters": ["Ana", "Bo"],
    "relationships": ["Ana & Bo"],
    "tags": ["banter"],
    "content_notes": ["thunder"],
    "notes_choice": "listed",
    "rating": "teen",
    "language": "en",
}


#: What is no link that every reader could follow to the place that it seems to name.
NO_LINKS = (
    "javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,otter",
    "ftp://example.org/otter",
    "//example.org/otter",
    "example.org/otter",
    "https://",
    "https://localhost/otter",
    "https://otter@example.org/",
    "https://otter:secret@example.org/",
    "https://example.org/an otter",
    "https://example.org/\u202eotter",
    " https://example.org/",
    "http:example.org",
    "https://example.org:99999/",
    "https://good.example\\@evil.example/",
    "https://good.example\\.evil.example/",
    "https://@example.org/",
    "https:///example.org/otter",
    "https:\\\\example.org/otter",
    "&#106;avascript:alert(1)",
    "vbscript:otter",
    "mailto:otter@example.org",
    "https://example.org/\x00",
    "https://example.org/\r\nSet-Cookie: otter",
    "https://example.org/%0d%0aSet-Cookie:otter",
    "https://example.org/?q=%00",
    'https://example.org/"onclick=',
    "https://example.org/<script>",
    "https://example.org:0/",
    "https://example.org:-1/",
    "https://localhost./otter",
    "https://%6cocalhost/",
    "https://otter.localhost/",
    "https://printer.local/",
    "https://wiki.internal/",
    "https://otter/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0177.0.0.1/",
    "https://0x7f.1/",
    "https://127\u30020\u30020\u30021/",
    "https://\uff11\uff12\uff17.0.0.1/",
    "https://10.0.0.1/",
    "https://169.254.169.254/latest",
    "https://93.184.215.14/",
    "https://[::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[2001:db8::1]/",
    "https://example..org/",
    "https://example.org\u2044fic.evil.example/",
    "https://exa\u00admple.org/",
    "https://p\u0430ypal.example/",
    "https://xn--pypal-4ve.example/",
    "https://example.org/" + "o" * 2029,
    "",
)

LINKS = (
    "http://example.org",
    "HTTPS://Example.ORG/Otter?a=1&b=%20#top",
    "https://例え.example/川獺",
    "https://example.org:8443/" + "o" * 2023,
    "https://\u043f\u0440\u0438\u043c\u0435\u0440.example/",
    "https://xn--r8jz45g.example/",
    "https://example.org./otter",
    "https://an_otter-.example.org?view=full#part-2",
    "https://example.org/?a=1&amp;b=[2]|3&to=http://example.com:80/",
    "https://example.org/it's%20(an)%20otter%3f;v=1,2",
)


async def test_anybody_may_fill_a_prompt_without_an_account(town: Town, stranger: Person) -> None:
    prompt = await town.prompt(title="One umbrella")
    response = await stranger.post(f"{path_of(prompt)}/fills", {"body": "It *rained* all day."})
    assert response.status_code == 201
    receipt = response.json()
    assert response.headers["location"] == receipt["url"]
    assert receipt["edit_token"].startswith("fbe_")
    fill = await stranger.read(path_of(receipt))
    assert fill == {key: receipt[key] for key in receipt.keys() - {"edit_token", "notices"}}
    assert fill["prompt"] == {
        "id": prompt["id"],
        "number": 1,
        "title": "One umbrella",
        "board": town.slug,
        "url": prompt["url"],
    }
    assert (fill["title"], fill["medium"], fill["status"]) == (
        "It rained all day.",
        "fic",
        "complete",
    )
    assert (fill["parts_count"], fill["parts_expected"], fill["words_count"]) == (1, 1, 4)
    assert (fill["author"]["is_op"], fill["author"]["is_filler"]) == (False, True)
    (part,) = fill["parts"]
    assert (await stranger.read(part["url"]))["body"] == "It *rained* all day."


async def test_a_fill_is_read_as_it_was_sent(town: Town, stranger: Person) -> None:
    fill = await town.fill(await town.prompt(), **WHOLE)
    read = await stranger.read(path_of(fill))
    assert {name: read[name] for name in WHOLE} == WHOLE


async def test_a_fill_may_be_a_link_alone(town: Town, stranger: Person) -> None:
    prompt = await town.prompt()
    sent = {"external_url": "https://art.example.org/otter.png", "medium": "art"}
    fill = await stranger.make(f"{path_of(prompt)}/fills", sent)
    assert {name: fill[name] for name in sent} == sent
    assert (fill["title"], fill["parts"], fill["words_count"]) == ("A fill for #1", [], 0)
    assert fill["status"] == "complete"


@pytest.mark.parametrize(
    ("sent", "status", "expected"),
    [
        ({}, "complete", 1),
        ({"parts_expected": None}, "wip", None),
        ({"parts_expected": 3}, "wip", 3),
        ({"parts_expected": 1}, "complete", 1),
        ({"status": "wip"}, "wip", None),
        ({"status": "abandoned", "parts_expected": 9}, "abandoned", 9),
        ({"status": "complete", "parts_expected": None}, "complete", None),
    ],
)
async def test_the_status_follows_from_the_parts_that_are_expected(
    town: Town, sent: JSON, status: str, expected: int | None
) -> None:
    fill = await town.fill(await town.prompt(), **sent)
    assert (fill["status"], fill["parts_expected"]) == (status, expected)


async def test_a_link_leads_to_a_public_http_or_https_address(town: Town) -> None:
    author = town.somebody()
    prompt = await town.prompt()
    fill = await town.fill(prompt, author)
    for link in NO_LINKS:
        for response in (
            await author.post(f"{path_of(prompt)}/fills", {"external_url": link}),
            await author.patch(path_of(fill), {"external_url": link}),
        ):
            assert {where for where, _ in faults_of(response)} == {"/external_url"}, repr(link)
    assert (await author.read(path_of(fill)))["external_url"] is None
    assert (await author.read(path_of(prompt)))["fills_count"] == 1


async def test_a_link_comes_back_exactly_as_sent(town: Town) -> None:
    author = town.somebody()
    fill = await town.fill(await town.prompt(), author)
    for link in LINKS:
        await author.change(path_of(fill), {"external_url": link})
        assert (await author.read(path_of(fill)))["external_url"] == link


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"body": ""}, ("/body", "text_too_short")),
        ({"body": 7}, ("/body", "string_type")),
        ({"title": "t" * 256}, ("/title", "text_too_long")),
        ({"title": TWO_AS_ONE * 256}, ("/title", "text_too_long")),
        ({"summary": "s" * 1251}, ("/summary", "text_too_long")),
        ({"medium": "Fic"}, ("/medium", "literal_error")),
        ({"status": "done"}, ("/status", "literal_error")),
        ({"parts_expected": 0}, ("/parts_expected", "greater_than_equal")),
        ({"parts_expected": 1001}, ("/parts_expected", "less_than_equal")),
        ({"parts_expected": "3"}, ("/parts_expected", "int_type")),
        ({"parts_expected": 3.0}, ("/parts_expected", "int_type")),
        ({"parts_expected": True}, ("/parts_expected", "int_type")),
        ({"parts_excepted": 3}, ("/parts_excepted", "extra_forbidden")),
    ],
)
async def test_what_can_not_be_a_fill_is_refused_whole(
    town: Town, fields: JSON, fault: tuple[str, str]
) -> None:
    author = town.somebody()
    prompt = await town.prompt()
    fill = await town.fill(prompt, author)
    response = await author.post(f"{path_of(prompt)}/fills", {"body": "Rain.", **fields})
    assert faults_of(response) == {fault}
    if "body" not in fields:
        response = await author.patch(path_of(fill), {"language": "en", **fields})
        assert faults_of(response) == {fault}
    assert (await author.read(path_of(fill)))["language"] is None
    assert (await author.read(path_of(prompt)))["fills_count"] == 1


async def test_a_fill_holds_something(town: Town) -> None:
    author, prompt = town.somebody(), await town.prompt()
    response = await author.post(f"{path_of(prompt)}/fills", {"title": "Nothing yet"})
    assert faults_of(response) == {("", "nothing_sent")}
    fill = await author.make(f"{path_of(prompt)}/fills", {"external_url": "https://example.org/"})
    response = await author.patch(path_of(fill), {"external_url": None})
    assert faults_of(response) == {("/external_url", "nothing_left")}


async def test_limits_count_characters_and_not_code_units(town: Town) -> None:
    sent: JSON = {"title": TWO_AS_ONE * 255, "summary": "🦦" * 1250}
    fill = await town.fill(await town.prompt(), body="🦦" * 500_000, **sent)
    assert {name: fill[name] for name in sent} == sent
    response = await town.somebody().post(fill["prompt"]["url"] + "/fills", {"body": "b" * 500_001})
    assert faults_of(response) == {("/body", "text_too_long")}


async def test_the_author_changes_what_they_send_and_nothing_else(
    town: Town, stranger: Person
) -> None:
    author = town.somebody()
    before = await town.fill(await town.prompt(), author, **WHOLE)
    changed = await author.change(path_of(before), {"title": "Tide", "summary": None, "tags": []})
    assert (changed["title"], changed["summary"], changed["tags"]) == ("Tide", None, [])
    moved = {name for name in changed if changed[name] != before[name]}
    assert moved - {"updated_at"} == {"title", "summary", "tags"}
    assert await stranger.read(path_of(before)) == changed


async def test_nobody_sets_what_the_service_owns(town: Town, stranger: Person) -> None:
    author, prompt = town.somebody(), await town.prompt()
    fill = await town.fill(prompt, author, **WHOLE)
    before = await stranger.read(path_of(fill))
    for name in fill.keys() - FillUpdate.model_fields.keys():
        response = await author.patch(path_of(fill), {"title": "Mine", name: fill[name]})
        assert faults_of(response) == {(f"/{name}", "extra_forbidden")}
    for name in fill.keys() - FillCreate.model_fields.keys():
        body = {"body": "Rain.", name: fill[name]}
        response = await stranger.post(f"{path_of(prompt)}/fills", body)
        assert faults_of(response) == {(f"/{name}", "extra_forbidden")}
    assert await stranger.read(path_of(fill)) == before
    assert (await stranger.read(path_of(prompt)))["fills_count"] == 1


async def test_only_the_author_changes_or_deletes_a_fill(town: Town, stranger: Person) -> None:
    asker = town.somebody()
    fill = await town.fill(await town.prompt(asker))
    path = path_of(fill)
    before = await stranger.read(path)
    for person, status, code in (
        (stranger, 401, "token-required"),
        (asker, 403, "not-allowed"),
        (town.administrator, 403, "not-allowed"),
    ):
        for response in (
            await person.patch(path, {"status": "abandoned"}),
            await person.delete(path),
            await person.post(f"{path}/parts", {"body": "And then?"}),
            await person.patch(f"{path}/parts/1", {"body": "No."}, If_Match="*"),
            await person.delete(f"{path}/parts/1", If_Match="*"),
        ):
            assert (response.status_code, code_of(response)) == (status, code)
    assert await stranger.read(path) == before


async def test_a_deleted_fill_is_gone_and_its_words_with_it(town: Town, stranger: Person) -> None:
    canary = uuid.uuid4().hex
    author, prompt = town.somebody(), await town.prompt()
    said: JSON = dict.fromkeys(("body", "title", "summary"), canary)
    said |= {"external_url": f"https://example.org/{canary}", "tags": [canary]}
    fill = await town.fill(prompt, author, **said)
    await town.part(fill, author, body=canary, title=canary)
    comment = await town.comment(fill)
    path = path_of(fill)
    tags = [await stranger.tag_of(each) for each in (path, f"{path}/parts/1")]
    await author.take_away(path)
    for place in (path, f"{path}/parts", f"{path}/parts/1"):
        response = await stranger.get(place, If_None_Match=", ".join(tags))
        assert (response.status_code, code_of(response)) == (410, "gone")
    places = (
        *(path, f"{path}/parts/1", f"{path}/comments", path_of(comment), path_of(prompt)),
        *(f"{path_of(prompt)}?embed=fills", f"{path_of(prompt)}/fills"),
        f"/boards/{town.slug}/fills",
    )
    assert not any([canary in (await stranger.get(place)).text for place in places])
    comments = await stranger.read(f"{path}/comments")
    assert [each["id"] for each in comments["items"]] == [comment["id"]]
    assert comments["items"][0]["thread"]["title"] is None
    await recount(town)


async def test_a_deleted_fill_takes_nothing_more(town: Town) -> None:
    author = town.somebody()
    fill = await town.fill(await town.prompt(), author)
    path = path_of(fill)
    await author.take_away(path)
    for response in (
        await author.patch(path, {"title": "Back"}),
        await author.delete(path),
        await author.post(f"{path}/parts", {"body": "Late."}),
        await author.patch(f"{path}/parts/1", {"body": "Late."}, If_Match="*"),
        await author.post(f"{path}/comments", {"body": "Late."}),
    ):
        assert (response.status_code, code_of(response)) == (410, "gone")


async def test_a_change_can_be_made_to_depend_on_the_version(town: Town) -> None:
    author = town.somebody()
    fill = await town.fill(await town.prompt(), author)
    path = path_of(fill)
    tag = await author.tag_of(path)
    await town.comment(fill)
    first = await author.patch(path, {"title": "Tide"}, If_Match=tag)
    assert first.status_code == 200
    for stale in (
        await author.patch(path, {"title": "Ebb"}, If_Match=tag),
        await author.delete(path, If_Match=tag),
    ):
        assert (stale.status_code, code_of(stale)) == (412, "precondition-failed")
    await author.take_away(path, If_Match=stale.headers["etag"])


async def test_of_two_changes_to_one_version_exactly_one_wins(town: Town) -> None:
    author = town.somebody()
    path = path_of(await town.fill(await town.prompt(), author))
    tag = await author.tag_of(path)
    # Each is a change, whichever comes first: what changes nothing leaves the version to others.
    titles = ("Ebb", "Flow", "Slack", "Neap")
    responses = await asyncio.gather(
        *(author.patch(path, {"title": title}, If_Match=tag) for title in titles)
    )
    won = [each.json()["title"] for each in responses if each.status_code == 200]
    assert [each.status_code for each in responses].count(412) == 3
    assert won == [(await author.read(path))["title"]]
    await recount(town)


@pytest.mark.parametrize("phase", ["upcoming", "fill_only", "closed"])
async def test_a_round_takes_fills_and_parts_until_it_is_archived(town: Town, phase: str) -> None:
    author = town.somebody()
    prompt = await town.prompt()
    await town.change_round(1, phase=phase)
    fill = await town.fill(prompt, author)
    await town.part(fill, author)
    await town.change_round(1, phase="archived")
    for response in (
        await author.post(f"{path_of(prompt)}/fills", {"body": "Late."}),
        await author.post(f"{path_of(fill)}/parts", {"body": "Late."}),
    ):
        assert (response.status_code, code_of(response)) == (409, "round-closed")
        assert response.json()["phase"] == "archived"
    await recount(town)


async def test_a_frozen_fill_takes_no_parts(town: Town, service: FastAPI) -> None:
    author = town.somebody()
    fill = await town.fill(await town.prompt(), author)
    await set_columns(service, Fill, fill["id"], is_frozen=True)
    response = await author.post(f"{path_of(fill)}/parts", {"body": "Late."})
    assert (response.status_code, code_of(response)) == (409, "frozen")
    assert (await author.read(path_of(fill)))["is_frozen"]
