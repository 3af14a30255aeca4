"""Feeds that everybody may follow: of a board, a story, a thread."""

import pytest
from fastapi import FastAPI

from app.feeds import lists
from app.feeds.atom import id_of
from tests.backstage import new_account
from tests.clocks import Clock
from tests.feeds.places import board
from tests.feeds.reading import follow, text_of, urls
from tests.people import JSON, Town, path_of

pytestmark = pytest.mark.anyio


async def test_the_prompts_of_a_board_can_be_followed(town: Town, clock: Clock) -> None:
    first = await town.prompt(
        title="A & B",
        body="Two rivals share *one* umbrella.",
        do_not_want="Nobody\nfalls ill",
        content_notes=["storms"],
        fandoms=["Lighthouses"],
        tags=["found family"],
        relationships=["Keeper/Captain"],
    )
    clock.move(minutes=5)
    second = await town.prompt()
    feed = await follow(town.somebody(), f"{board(town)}/prompts.atom")
    assert urls(feed) == [second["url"], first["url"]]
    assert feed.feed.title == "Lanterns: prompts"
    entry = feed.entries[1]
    assert (entry.title, entry.author) == ("A & B", first["author"]["face"])
    assert entry.published == entry.updated == first["created_at"]
    assert feed.feed.updated == second["created_at"]
    terms = {(each.scheme.partition("=")[2], each.term) for each in entry.tags}
    assert terms == {
        *(("fandom", "Lighthouses"), ("tag", "found family"), ("content_note", "storms")),
        ("relationship", first["relationships"][0]),
    }
    said = text_of(entry)
    places = [
        said.index(each)
        for each in (
            *("Rating: General", "Content notes: storms", "Do not want: Nobody<br>falls ill"),
            *(f'<a href="{first["url"]}">#{first["number"]}</a>', "<p>Two rivals share <em>one"),
        )
    ]
    assert places == sorted(places)


async def test_a_fill_says_what_it_is_and_not_what_it_tells(town: Town) -> None:
    prompt = await town.prompt(title="Umbrellas")
    fill = await town.fill(
        prompt,
        body="It rained, and nobody minded at all.",
        title="Kettle Weather",
        summary="One keeper,\ntwo kettles",
        parts_expected=3,
        content_notes=["storms"],
        external_url="https://example.org/a?b=c&d=e",
    )
    (entry,) = (await follow(town.somebody(), f"{board(town)}/fills.atom")).entries
    said = text_of(entry)
    assert "nobody minded" not in said
    told = (
        *("Rating: General", "Content notes: storms", "#1: Umbrellas", prompt["url"]),
        *("In progress, 1/3, 7 words", "One keeper,<br>two kettles", fill["url"]),
        *("https://example.org/a?b=c&amp;d=e", fill["downloads"]["epub"]),
    )
    places = [said.index(each) for each in told]
    assert places[:2] + places[4:6] == sorted(places[:2] + places[4:6])
    assert entry["thr_in-reply-to"]["ref"] == id_of("prompt", prompt["id"])
    assert entry["thr_in-reply-to"]["href"] == prompt["url"]


async def test_a_story_can_be_followed_part_by_part(town: Town, clock: Clock) -> None:
    author = town.somebody()
    fill = await town.fill(
        await town.prompt(), author, parts_expected=None, content_notes=["storms"]
    )
    where = f"{path_of(fill)}/parts.atom"
    for number in range(2, 28):
        clock.move(hours=1)
        await town.part(fill, author, body=f"And *then* {number}.", content_notes=["thunder"])
    # What was posted last comes first, wherever its author puts it.
    clock.move(hours=1)
    newest = await town.part(fill, author, number=1, title="Before it all")
    feed = await follow(town.somebody(), where)
    assert len(feed.entries) == 25
    assert feed.entries[0].title == "Part 1: Before it all"
    assert feed.entries[0].id == id_of("part", newest["id"])
    assert [each.title for each in feed.entries[1:3]] == ["Part 28", "Part 27"]
    said = text_of(feed.entries[1])
    assert said.index("Content notes: storms, thunder") < said.index("<p>And <em>then</em> 27.")
    assert feed.entries[1].author == fill["author"]["face"]
    assert feed.feed.updated == newest["posted_at"]


async def test_of_very_long_parts_the_older_ones_say_where_they_are(
    town: Town, service: FastAPI, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    monkeypatch.setattr(lists, "MAX_TEXT", 300)
    author = town.somebody()
    fill = await town.fill(await town.prompt(), author, body="Old " * 20)
    for word in ("older", "newer", "newest"):
        clock.move(minutes=1)
        await town.part(fill, author, body=f"{word} " * 15)
    feed = await follow(town.somebody(), f"{path_of(fill)}/parts.atom")
    assert ["newest " in text_of(each) for each in feed.entries] == [True, False, False, False]
    assert "newer " in text_of(feed.entries[1])
    for entry in feed.entries[2:]:
        assert f'<a href="{entry.link}">Read it on the board</a>' in text_of(entry)
    monkeypatch.setattr(lists, "MAX_TEXT", 5)
    service.state.site.reads.clear()
    feed = await follow(town.somebody(), f"{path_of(fill)}/parts.atom")
    assert ["Read it" in text_of(each) for each in feed.entries] == [False, True, True, True]


async def test_talk_can_be_followed_and_says_what_it_answers(town: Town, clock: Clock) -> None:
    prompt, fill, discussion = (
        await town.prompt(title="Umbrellas"),
        await town.fill(await town.prompt(), title="Kettles"),
        await town.discussion(title="Lanterns"),
    )
    for head, name in ((prompt, "Umbrellas"), (fill, "Kettles"), (discussion, "Lanterns")):
        comment = await town.comment(head, body="*Oh*")
        clock.move(seconds=2)
        reply = await town.comment(head, reply_to=comment)
        feed = await follow(town.somebody(), f"{path_of(head)}/comments.atom")
        assert feed.feed.title == f"Comments on {name}"
        assert urls(feed) == [reply["url"], comment["url"]]
        assert [each.author for each in feed.entries] == [
            each["author"]["face"] for each in (reply, comment)
        ]
        assert {each.title for each in feed.entries} == {f"Re: {name}"}
        refs = [each["thr_in-reply-to"]["ref"] for each in feed.entries]
        kind = comment["thread"]["type"]
        assert refs == [id_of("comment", comment["id"]), id_of(kind, head["id"])]
        assert "<p><em>Oh</em></p>" in text_of(feed.entries[1])


async def test_an_author_is_named_as_everywhere(town: Town, service: FastAPI) -> None:
    named, name = await new_account(service, town.client)
    await town.prompt(named)
    (entry,) = (await follow(town.somebody(), f"{board(town)}/prompts.atom")).entries
    assert entry.author == name
    await town.administrator.change(board(town), {"settings": {"show_faces": False}})
    await town.prompt()
    entries = (await follow(town.somebody(), f"{board(town)}/prompts.atom")).entries
    assert [each.author for each in entries] == ["Anonymous", name]


FILTERS = (
    *("", "tag=banter", "tag=banter&tag=rescue", "not_tag=banter", "status=filled", "q=kettle"),
    *("sort=oldest", "sort=active", "sort=most_seconded", "sort=recently_filled", "rating=teen"),
    *("adult=true", "adult=true&rating=explicit", "fandom=lighthouses&not_content_note=storms"),
    *(
        "tag=never+used",
        "max_seconds=0&tag=banter",
        "sort=relevance&q=kettle",
        "round=1&adult=true",
    ),
)


async def test_a_feed_holds_what_the_list_does_under_the_same_filters(
    town: Town, clock: Clock
) -> None:
    reader = town.somebody()
    labels: list[JSON] = [
        {"tags": ["banter"], "fandoms": ["Lighthouses"]},
        {"tags": ["banter", "rescue"], "title": "A kettle"},
        {"rating": "teen", "content_notes": ["storms"], "fandoms": ["Lighthouses"]},
        {"rating": "explicit", "tags": ["banter"]},
    ]
    for each in labels * 8:
        clock.move(seconds=30)
        prompt = await town.prompt(**each)
        if each.get("title"):
            await town.fill(prompt, title="A kettle")
            await reader.put(f"{path_of(prompt)}/second")
    for kind in ("prompts", "fills"):
        for query in FILTERS:
            if (kind, query) == ("fills", "status=filled"):
                continue
            listed = await reader.read(f"{board(town)}/{kind}?{query}")
            feed = await follow(reader, f"{board(town)}/{kind}.atom?{query}")
            assert urls(feed) == [each["url"] for each in listed["items"]], query
            source = next(each.href for each in feed.feed.links if each.rel == "alternate")
            assert [each["url"] for each in (await reader.read(source))["items"]] == urls(feed)
    assert (await reader.get(f"{board(town)}/prompts.atom?cursor=x")).status_code == 422
    assert (await reader.get(f"{board(town)}/prompts.atom?limit=5")).status_code == 422
    assert (await reader.get(f"{board(town)}/prompts.atom?colour=red")).status_code == 422
