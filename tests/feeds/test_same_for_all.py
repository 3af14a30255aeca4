"""What everybody may follow holds what everybody sees, and stays what it was."""

from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI

from tests.backstage import new_account
from tests.clocks import Clock
from tests.feeds.places import board, feeds_of, one_of_each
from tests.feeds.reading import follow, parsed, text_of, urls
from tests.moderation.keeping import act
from tests.people import JSON, Person, Town, code_of, path_of
from tests.statements import statements

pytestmark = pytest.mark.anyio

ODD = '*Hi* <script>alert("1")</script> &#1; ]]> \ufffe\uffff 🦦 [x](javascript:alert(1))'


async def test_nothing_adult_is_in_a_feed_that_was_not_asked_for_it(town: Town) -> None:
    reader = town.somebody()
    tame, wild = await town.prompt(), await town.prompt(rating="explicit", title="Wild")
    fill = await town.fill(wild, body="Wild words")
    comment = await town.comment(wild)
    below_tame = await town.fill(wild, rating="general", title="Tame")
    assert urls(await follow(reader, f"{board(town)}/prompts.atom")) == [tame["url"]]
    (entry,) = (await follow(reader, f"{board(town)}/fills.atom")).entries
    assert entry.link == below_tame["url"]
    assert "Wild" not in str(entry)
    for path in (
        *(f"{path_of(wild)}/comments.atom", f"{path_of(fill)}/comments.atom"),
        f"{path_of(fill)}/parts.atom",
    ):
        refused = await reader.get(path)
        assert (refused.status_code, code_of(refused)) == (403, "adult-content")
        assert "Wild" not in refused.text
        (entry,) = (await follow(reader, f"{path}?adult=true")).entries or [None]
        if entry is not None:
            assert (await reader.get(entry.link)).status_code == 200
    both = await follow(reader, f"{board(town)}/prompts.atom?adult=true")
    assert urls(both) == [wild["url"], tame["url"]]
    for entry in both.entries:
        # A link out of a feed that was asked for it can be followed.
        assert (await reader.get(entry.link)).status_code == 200
    (entry,) = (await follow(reader, f"{path_of(wild)}/comments.atom?adult=true")).entries
    assert entry.link == f"{comment['url']}?adult=true"


async def test_what_is_out_of_sight_is_gone_at_once_and_the_tag_moves(town: Town) -> None:
    author, reader = town.somebody(), town.somebody()
    prompt, fill, comment, discussion = await one_of_each(town, author)
    await town.comment(fill, reply_to=comment)

    async def hidden_from(path: str, thing: JSON, count: int) -> None:
        before = await reader.get(path)
        assert thing["url"] in before.text
        await act(town, "hide", thing)
        after = await reader.get(path, If_None_Match=before.headers["etag"])
        assert after.status_code == 200
        assert thing["url"] not in after.text.replace(f'href="{thing["url"]}"/>\n<content', "")
        assert len(parsed(after).entries) == count
        await act(town, "unhide", thing)
        again = await reader.get(path)
        assert again.headers["etag"] == before.headers["etag"]

    await hidden_from(f"{board(town)}/prompts.atom", prompt, 0)
    await hidden_from(f"{board(town)}/fills.atom", fill, 0)
    await hidden_from(f"{path_of(fill)}/comments.atom", comment, 1)
    for thing in (prompt, fill, discussion):
        await act(town, "hide", thing)
        for end in ("parts.atom", "comments.atom"):
            path = f"{path_of(thing)}/{end}"
            if path.startswith("/fills") or end.startswith("comments"):
                assert (await reader.get(path)).status_code == 404
                # Nobody's token is looked at, not even that of a moderator.
                assert (await town.administrator.get(path)).status_code == 404
        await act(town, "unhide", thing)
    await act(town, "hide", prompt)
    assert (await follow(reader, f"{board(town)}/fills.atom")).entries == []
    assert (await reader.get(f"{path_of(fill)}/parts.atom")).status_code == 404


async def test_what_waits_or_was_deleted_is_in_no_feed(town: Town) -> None:
    author, reader = town.somebody(), town.somebody()
    prompt, fill, comment, discussion = await one_of_each(town, author)
    reply = await town.comment(fill, reply_to=comment)
    await author.take_away(path_of(comment))
    assert urls(await follow(reader, f"{path_of(fill)}/comments.atom")) == [reply["url"]]
    await author.take_away(path_of(fill))
    assert urls(await follow(reader, f"{path_of(fill)}/comments.atom")) == [reply["url"]]
    gone = await reader.get(f"{path_of(fill)}/parts.atom")
    assert (gone.status_code, code_of(gone)) == (410, "gone")
    await author.take_away(path_of(prompt))
    await author.take_away(path_of(discussion))
    for path in ("prompts.atom", "fills.atom"):
        assert (await follow(reader, f"{board(town)}/{path}")).entries == []
    assert fill["title"] not in (await reader.get(f"{path_of(fill)}/comments.atom")).text
    await town.administrator.change(board(town), {"settings": {"screening": "all"}})
    await author.hand_in(f"{board(town)}/prompts", {"body": "A lighthouse that walks."})
    assert (await follow(author, f"{board(town)}/prompts.atom")).entries == []


async def test_ids_stay_whatever_is_edited_and_wherever_the_board_moves(
    town: Town, service: FastAPI
) -> None:
    author, reader = town.somebody(), town.somebody()
    paths = await feeds_of(town, author)

    async def ids() -> list[Any]:
        feeds = [await follow(reader, path) for path in paths]
        return [(each.feed.id, [entry.id for entry in each.entries]) for each in feeds]

    before = await ids()
    assert len({each for each, _ in before}) == len(paths)
    for item in (await author.read("/me/posts"))["items"]:
        kind = item["type"]
        change = {"body": "Otherwise"} if kind == "comment" else {"title": "Otherwise"}
        await author.change(path_of(item[kind]), change)
    await town.administrator.change(board(town), {"name": "Other lanterns"})
    assert await ids() == before
    site = service.state.site
    service.state.site = replace(site, public_url="https://elsewhere.example")
    site.reads.clear()
    try:
        assert await ids() == before
        assert "https://elsewhere.example/v1/prompts/" in (await reader.get(paths[0])).text
    finally:
        service.state.site = site
        site.reads.clear()
    # What is asked in another order is the same; something else is something else.
    asked = [
        (await follow(reader, f"{paths[0]}?{query}")).feed.id
        for query in ("tag=a&status=open", "status=open&tag=a", "status=open", "")
    ]
    assert len(set(asked)) == 3


async def test_an_entry_is_updated_by_its_author_and_nobody_else(town: Town, clock: Clock) -> None:
    author, reader = town.somebody(), town.somebody()
    paths = await feeds_of(town, author)
    prompt = (await reader.read(f"{board(town)}/prompts"))["items"][0]
    fill = (await reader.read(f"{board(town)}/fills"))["items"][0]
    lists_ = paths[:3]
    before = [(await reader.get(path)).headers["etag"] for path in lists_]
    clock.move(hours=1)
    await town.comment(prompt)
    await town.comment(fill)
    await town.somebody().put(f"{path_of(prompt)}/second")
    for path, tag in zip(lists_, before, strict=True):
        assert (await reader.get(path, If_None_Match=tag)).status_code == 304
    edited = await author.change(path_of(prompt), {"title": "Umbrellas"})
    (entry,) = (await follow(reader, paths[0])).entries
    assert (entry.published, entry.updated) == (prompt["created_at"], edited["edited_at"])
    clock.move(hours=1)
    part = await town.part(fill, author)
    (entry,) = (await follow(reader, paths[1])).entries
    assert (entry.published, entry.updated) == (fill["created_at"], part["posted_at"])
    clock.move(hours=1)
    tag = await author.tag_of(f"{path_of(fill)}/parts/1")
    changed = await author.change(f"{path_of(fill)}/parts/1", {"body": "Rain."}, If_Match=tag)
    entries = (await follow(reader, paths[2])).entries
    assert [each.updated for each in entries] == [part["posted_at"], changed["edited_at"]]
    # The order is that of posting.
    assert [each.title for each in entries] == ["Part 2", "Part 1"]


async def test_a_feed_is_the_same_for_everybody_and_asked_for_again_cheaply(
    town: Town, service: FastAPI
) -> None:
    author, reader = town.somebody(), town.somebody()
    member, _ = await new_account(service, town.client)
    impostor = Person(town.client, "nonsense")
    paths = await feeds_of(town, author)
    await member.put("/me/filters", {"hide": [{"kind": "tag", "name": "banter"}], "warn": []})
    await town.prompt(tags=["banter"])
    for path in paths:
        answers = [
            await each.get(path) for each in (reader, author, member, town.administrator, impostor)
        ]
        assert {each.content for each in answers} == {answers[0].content}
        assert {each.headers["etag"] for each in answers} == {answers[0].headers["etag"]}
        for each in answers:
            assert each.headers["cache-control"] == "public, no-cache"
            assert "vary" not in each.headers
        tag = answers[0].headers["etag"]
        unchanged = await reader.get(path, If_None_Match=tag)
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert unchanged.headers["etag"] == tag
        head = await reader.send("HEAD", path)
        assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)


async def test_an_empty_feed_is_one_too(town: Town, clock: Clock) -> None:
    reader = town.somebody()
    founded = await reader.read(board(town))
    clock.move(hours=1)
    feed = await follow(reader, f"{board(town)}/prompts.atom?status=filled")
    assert (feed.entries, feed.feed.updated) == ([], founded["created_at"])
    own = next(each.href for each in feed.feed.links if each.rel == "self")
    assert own == f"http://board.test/v1{board(town)}/prompts.atom?status=filled"
    art = await town.fill(await town.prompt(), body=None, external_url="https://example.org/art")
    for path in (f"{path_of(art)}/parts.atom", f"{path_of(art)}/comments.atom"):
        feed = await follow(reader, path)
        assert (feed.entries, feed.feed.updated) == ([], art["created_at"])
    assert (await reader.get("/boards/nowhere/prompts.atom")).status_code == 404
    assert (await reader.get("/fills/nowhere/parts.atom")).status_code == 404


async def test_texts_that_xml_can_not_hold_are_told_all_the_same(town: Town) -> None:
    author = town.somebody()
    odd: JSON = {"title": "<b> & \ufffe", "do_not_want": ODD, "tags": ["<&>"]}
    prompt = await town.prompt(author, body=ODD, **odd)
    fill = await town.fill(prompt, author, body=ODD, summary=ODD, title="]]> & \uffff")
    await town.comment(fill, author, body=ODD)
    for path in (
        *(f"{board(town)}/prompts.atom", f"{board(town)}/fills.atom"),
        *(f"{path_of(fill)}/parts.atom", f"{path_of(fill)}/comments.atom"),
    ):
        (entry,) = (await follow(town.somebody(), path)).entries
        assert "alert(" in text_of(entry)
        assert "<script" not in text_of(entry)


@pytest.mark.parametrize(
    ("feed", "budget"),
    [
        ("{b}/prompts.atom", 2),
        ("{b}/prompts.atom?adult=true", 3),
        ("{b}/prompts.atom?tag=banter", 3),
        ("{b}/fills.atom", 2),
        ("{f}/parts.atom", 3),
        ("{p}/comments.atom", 2),
        ("{f}/comments.atom", 2),
        ("{d}/comments.atom", 2),
    ],
)
async def test_a_feed_takes_as_many_statements_as_it_says(
    town: Town, service: FastAPI, feed: str, budget: int
) -> None:
    author = town.somebody()
    for _ in range(2):
        prompt, fill, _comment, discussion = await one_of_each(town, author)
        await town.part(fill, author)
    places = {"b": board(town), "p": path_of(prompt), "f": path_of(fill), "d": path_of(discussion)}
    await town.prompt(tags=["banter"])
    path = feed.format(**places)
    await follow(author, path)
    with statements(service) as seen:
        await follow(author, path)
    assert len(seen) == budget, seen
