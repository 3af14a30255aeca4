"""Being told when one is answered, with no account: a feed whose address only its owner knows."""

import logging
import re
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.identity import service as identity
from app.kit.tokens import TokenKind, hash_of, kind_of, new_token
from tests.backstage import new_account
from tests.clocks import Clock
from tests.conftest import migrated_database, new_app, new_client, settings_for
from tests.feeds.places import TOKENS, feed_of, token_in
from tests.feeds.reading import follow, text_of, urls
from tests.moderation.keeping import act
from tests.people import JSON, Person, Town, code_of, path_of
from tests.statements import Run, listening, statements
from tests.tables import rows, stored_bytes
from tests.works.test_plans import explained

pytestmark = pytest.mark.anyio


async def test_who_asked_is_told_when_their_prompt_is_filled(town: Town, clock: Clock) -> None:
    asker, writer, reader = town.somebody(), town.somebody(), town.somebody()
    prompt = await town.prompt(asker, title="Umbrellas")
    url = await feed_of(asker)
    assert (await follow(reader, url)).entries == []
    fill = await town.fill(prompt, writer, title="Kettle Weather")
    clock.move(minutes=1)
    remark = await town.comment(prompt, writer)
    clock.move(minutes=1)
    own = await town.comment(fill, asker)
    answer = await town.comment(fill, writer, own)
    feed = await follow(reader, url)
    assert urls(feed) == [answer["url"], remark["url"], fill["url"]]
    assert [each.title for each in feed.entries] == [
        *("Re: Kettle Weather", "Re: Umbrellas", "Kettle Weather")
    ]
    assert feed.feed.title == "What others said to you"
    assert {each.author for each in feed.entries} == {fill["author"]["face"]}
    # An entry is the same as in the feeds that everybody reads.
    public = await follow(reader, f"/boards/{town.slug}/fills.atom")
    assert (public.entries[0].id, text_of(public.entries[0])) == (
        feed.entries[2].id,
        text_of(feed.entries[2]),
    )


async def test_comments_on_fills_and_in_discussions_are_in_it_and_not_what_concerns_others(
    town: Town, clock: Clock
) -> None:
    person, other = town.somebody(), town.somebody()
    fill = await town.fill(await town.prompt(), person)
    talk = await town.discussion(person)
    url = await feed_of(person)
    on_fill = await town.comment(fill, other)
    clock.move(minutes=1)
    in_talk = await town.comment(talk, other)
    elsewhere = await town.prompt(other)
    await town.comment(elsewhere)
    await town.fill(elsewhere)
    # An answer to somebody else, be it below one's own work.
    await town.comment(fill, town.somebody(), on_fill)
    assert urls(await follow(other, url)) == [in_talk["url"], on_fill["url"]]
    clock.move(minutes=1)
    prompt = await town.prompt(person)
    newest = []
    for _ in range(26):
        clock.move(seconds=1)
        newest.append((await town.comment(prompt))["url"])
    assert urls(await follow(other, url)) == newest[:0:-1]


async def test_what_goes_out_of_sight_is_gone_from_it_at_once(town: Town) -> None:
    asker, reader = town.somebody(), town.somebody()
    prompt = await town.prompt(asker)
    url = await feed_of(asker)
    writer = town.somebody()
    fill, remark = await town.fill(prompt, writer), await town.comment(prompt, writer)
    before = (await reader.get(url)).headers["etag"]
    await act(town, "hide", fill)
    answer = await reader.get(url, If_None_Match=before)
    assert answer.status_code == 200
    assert urls(await follow(reader, url)) == [remark["url"]]
    await writer.take_away(path_of(remark))
    assert urls(await follow(reader, url)) == []
    await act(town, "unhide", fill)
    assert urls(await follow(reader, url)) == [fill["url"]]
    await act(town, "hide", prompt)
    assert urls(await follow(reader, url)) == []


async def test_what_is_adult_is_in_it_if_it_was_made_so(town: Town, clock: Clock) -> None:
    person, other = town.somebody(), town.somebody()
    wild = await town.prompt(person, rating="explicit", title="Wild")
    tame = await town.prompt(person)
    without, with_it = await feed_of(person), await feed_of(person, adult=True)
    wanted = [await town.comment(tame, other)]
    clock.move(minutes=1)
    # However much is adult, what is not is still there.
    for _ in range(25):
        await town.comment(wild, other)
    await town.fill(tame, other, rating="mature")
    gentle = await town.fill(wild, other, rating="general", title="Gentle")
    feed = await follow(other, without)
    assert urls(feed) == [gentle["url"], wanted[0]["url"]]
    assert "Wild" not in str(feed)
    clock.move(minutes=1)
    newest = await town.comment(wild, other)
    entries = (await follow(other, with_it)).entries
    assert (len(entries), entries[0].link) == (25, f"{newest['url']}?adult=true")
    assert (await other.get(entries[0].link)).status_code == 200
    # The address says it all; the parameter is taken, and changes nothing.
    assert urls(await follow(other, f"{without}?adult=true")) == urls(feed)


async def test_an_address_that_was_never_given_out_is_nowhere(town: Town) -> None:
    person, reader = town.somebody(), town.somebody()
    await town.prompt(person)
    token = token_in(await feed_of(person))
    wrong = [new_token(TokenKind.FEED), token[:-1], token + "x", token.swapcase(), token[4:]]
    wrong += [str(person.token), "x" * 500]
    answers = [await reader.get(f"/feeds/{each}.atom") for each in wrong]
    answers.append(await reader.get(f"/feeds/{token}"))
    for answer in answers:
        assert (answer.status_code, code_of(answer)) == (404, "not-found")
        assert token[4:20] not in answer.text
        assert not re.search("fb[a-z]_", answer.text)


async def test_a_feed_token_opens_nothing_else(town: Town) -> None:
    person = town.somebody()
    prompt = await town.prompt(person)
    thief = Person(town.client, token_in(await feed_of(person)))
    for answer in (
        await thief.get("/me"),
        await thief.get("/me/replies"),
        await thief.get(TOKENS),
        await thief.post(TOKENS, {}),
        await thief.patch(path_of(prompt), {"title": "Mine"}),
        await thief.delete(path_of(prompt)),
        await thief.post(f"{path_of(prompt)}/comments", {"body": "I am OP."}),
    ):
        assert (answer.status_code, code_of(answer)) == (401, "unknown-token")


async def test_what_is_shown_of_it_is_never_its_address(town: Town, clock: Clock) -> None:
    person, other = town.somebody(), town.somebody()
    await town.prompt(person)
    await town.prompt(other)
    answer = await person.post(TOKENS, {"adult": True})
    made = answer.json()
    assert set(made) == {"id", "adult", "created_at", "url"}
    assert answer.headers["location"] == f"http://board.test/v1{TOKENS}/{made['id']}"
    assert answer.headers["cache-control"] == "private, no-store"
    token = token_in(made["url"])
    assert kind_of(token) is TokenKind.FEED
    assert made["url"] == f"http://board.test/v1/feeds/{token}.atom"
    shown = {name: made[name] for name in ("id", "adult", "created_at")}
    assert await person.read(f"{TOKENS}/{made['id']}") == shown
    clock.move(days=1)
    await feed_of(person)
    assert (await person.every_page(f"{TOKENS}?limit=1"))[1] == shown
    # Nobody else's.
    assert (await other.read(TOKENS))["items"] == []
    assert (await other.get(f"{TOKENS}/{made['id']}")).status_code == 404
    assert (await other.delete(f"{TOKENS}/{made['id']}")).status_code == 404
    for each in (await town.somebody().get(TOKENS), await town.somebody().post(TOKENS, {})):
        assert (each.status_code, code_of(each)) == (401, "token-required")
    refused = await person.post(TOKENS, {"adult": "yes"})
    assert refused.status_code == 422


async def test_it_is_polled_cheaply_and_kept_by_nobody(town: Town) -> None:
    person, reader = town.somebody(), town.somebody()
    prompt = await town.prompt(person)
    await town.comment(prompt)
    url = await feed_of(person)
    answer = await reader.get(url)
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert token_in(url)[4:] not in answer.text + str(answer.headers)
    tag = answer.headers["etag"]
    unchanged = await reader.get(url, If_None_Match=tag)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["referrer-policy"] == "no-referrer"
    # What its owner does is nobody's news.
    await town.comment(prompt, person)
    assert (await reader.get(url, If_None_Match=tag)).status_code == 304
    await town.comment(prompt)
    assert (await reader.get(url, If_None_Match=tag)).status_code == 200


async def test_what_answers_something_deleted_or_let_go_of_is_not_in_it(town: Town) -> None:
    person, other, reader = town.somebody(), town.somebody(), town.somebody()
    prompt, fill = await town.prompt(person), await town.fill(await town.prompt(), person)
    let_go = await town.prompt(person)
    comment = await town.comment(await town.prompt(), person)
    on = {"id": comment["thread"]["id"], "url": comment["thread"]["url"]}
    for head in (prompt, fill, let_go):
        await town.comment(head, other)
    await town.fill(prompt, other)
    await town.comment(on, other, comment)
    url = await feed_of(person)
    assert len((await follow(reader, url)).entries) == 5
    await person.take_away(path_of(fill))
    await person.take_away(f"{path_of(let_go)}/author")
    assert len((await follow(reader, url)).entries) == 3
    await person.take_away(path_of(comment))
    assert len((await follow(reader, url)).entries) == 2
    await person.take_away(path_of(prompt))
    assert (await follow(reader, url)).entries == []
    # Their own list has it still.
    assert len((await person.read("/me/replies"))["items"]) == 4


async def test_an_account_is_told_of_all_that_it_owns_and_a_bot_has_no_feed(
    town: Town, service: FastAPI
) -> None:
    person, _ = await new_account(service, town.client)
    path = f"/boards/{town.slug}/prompts"
    masked = await person.make(path, {"body": "A lantern", "anonymous": True})
    named = await person.make(path, {"body": "A lighthouse"})
    made = await person.make("/me/api-keys", {"name": "a bot", "scopes": ["prompts:write"]})
    bot = Person(town.client, made["key"])
    posted = await bot.make(path, {"body": "Prompt of the day"})
    wanted = {(await town.comment(each))["url"] for each in (masked, named, posted)}
    assert set(urls(await follow(town.somebody(), await feed_of(person)))) == wanted
    refused = await bot.post(TOKENS, {})
    assert (refused.status_code, code_of(refused)) == (403, "scope-required")
    assert (await bot.read(TOKENS))["items"] == []


async def test_nobody_has_very_many(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "MAX_FEEDS", 3)
    person, other = town.somebody(), town.somebody()
    await town.prompt(person)
    await town.prompt(other)
    for _ in range(3):
        await feed_of(person)
    refused = await person.post(TOKENS, {})
    assert (refused.status_code, code_of(refused)) == (409, "too-many-tokens")
    await feed_of(other)
    (first, *_) = (await person.read(TOKENS))["items"]
    await person.take_away(f"{TOKENS}/{first['id']}")
    await feed_of(person)


async def test_its_token_is_in_no_line_of_the_log_and_not_in_the_database(
    town: Town, service: FastAPI, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert service
    person, reader = town.somebody(), town.somebody()
    await town.prompt(person)
    with caplog.at_level(logging.INFO):
        url = await feed_of(person)
        for path in (url, f"{url}?{token_in(url)}=1", f"{url}x", url.replace("/v1/", "/")):
            await reader.get(path)
        await reader.post(url, {})
    logged = [str(vars(each)) for each in caplog.records]
    assert any("/v1/feeds/{feed_token}.atom" in each for each in logged)
    assert [each for each in logged if token_in(url)[4:20] in each] == []
    kept = rows(database_url)["feed_token"]
    assert any(repr(hash_of(token_in(url))) in each for each in kept)
    assert token_in(url)[4:].encode() not in stored_bytes(database_url)
    metrics = (await town.client.get("/metrics")).text
    assert token_in(url)[4:] not in metrics


async def test_it_takes_as_many_statements_however_much_is_in_it(
    town: Town, service: FastAPI
) -> None:
    person, other = town.somebody(), town.somebody()
    url = await feed_of_busy(town, person, other)
    with statements(service) as few:
        await follow(other, url)
    await feed_of_busy(town, person, other)
    with statements(service) as many:
        await follow(other, url)
    assert len(many) == len(few) <= 8


@pytest.mark.only_on("sqlite")
async def test_reading_it_begins_with_what_is_ones_own(town: Town, service: FastAPI) -> None:
    person, other = town.somebody(), town.somebody()
    named, _ = await new_account(service, town.client)
    urls_ = [await feed_of_busy(town, each, other) for each in (person, named)]
    for url in urls_:
        heard: list[Run] = []
        with listening(service, heard.append):
            await follow(other, url)
        (searched,) = [each for each in heard if "own_comment" in each[0]]
        steps = [row.detail for row in await explained(service, searched)]
        assert [each for each in steps if each.startswith("SCAN")] == ["SCAN replies"], steps


async def test_polling_it_counts_for_the_network_and_what_is_unchanged_costs_nothing(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with migrated_database(kind, request, tmp_path) as database_url:
        limits = {"rate_limits": "on", "reads_per_minute": 5, "writes_per_minute": 50}
        app = new_app(settings_for(database_url, data_dir=tmp_path / "data", **limits))
        async with app.router.lifespan_context(app), new_client(app) as client:
            person, reader = Person(client), Person(client)
            person.token = (await person.post("/masks")).json()["edit_token"]
            feeds = [await feed_of(person), await feed_of(person)]
            first = await reader.get(feeds[0])
            assert first.headers["ratelimit"].startswith('"read";r=4;')
            for _ in range(6):
                again = await reader.get(feeds[0], If_None_Match=first.headers["etag"])
                assert again.status_code == 304
            answers = [(await reader.get(feeds[1])).status_code for _ in range(5)]
            assert answers == [200, 200, 200, 200, 429]
            # Whoever shows a token of their own is counted by that.
            assert (await person.get("/me")).status_code == 200


async def feed_of_busy(town: Town, person: Person, other: Person) -> str:
    """The address of a feed of somebody who was answered in every way."""
    prompt: JSON = await town.prompt(person)
    fill = await town.fill(prompt, other)
    await town.comment(fill, other, await town.comment(fill, person))
    await town.comment(await town.discussion(person), other)
    return await feed_of(person)
