"""What is found, where, and in which order."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI

from app.boards import queries as boards
from app.tags.schemas import AliasCreate
from app.tags.service import add_alias
from tests import backstage
from tests.clocks import Clock
from tests.people import JSON, Person, Town, path_of
from tests.search.looking import (
    found,
    list_path,
    new_word,
    search_path,
    titles,
)

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "The {} keeper"},
        {"body": "Somewhere, {}, at last."},
        {"do_not_want": "Nobody called {}."},
        {"fandoms": ["The {} Archives"]},
        {"characters": ["Captain {}"]},
        {"relationships": ["Otter & {}"]},
        {"tags": ["slow {} burn"]},
        {"content_notes": ["{} weather"]},
    ],
    ids=lambda fields: next(iter(fields)),
)
async def test_a_prompt_is_found_by_all_that_it_says(
    town: Town, stranger: Person, fields: JSON
) -> None:
    word = new_word()
    prompt = await town.prompt(**_filled(fields, word))
    page = await stranger.read(search_path(word.upper()))
    (item,) = page["items"]
    assert (item["type"], item["fill"], page["next"]) == ("prompt", None, None)
    assert item["prompt"] == await stranger.read(path_of(prompt))
    for path in (list_path(town, "prompts", word), search_path(word, board=town.slug)):
        assert titles(await stranger.read(path)) == [prompt["title"]]
    assert await found(stranger, word, type="fill") == []


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "The {} keeper"},
        {"body": "Somewhere, {}, at last."},
        {"summary": "In which {} is lost."},
        {"tags": ["slow {} burn"]},
        {"content_notes": ["{} weather"]},
    ],
    ids=lambda fields: next(iter(fields)),
)
async def test_a_fill_is_found_by_all_that_it_says(
    town: Town, stranger: Person, fields: JSON
) -> None:
    word = new_word()
    fill = await town.fill(await town.prompt(), **_filled(fields, word))
    (item,) = (await stranger.read(search_path(word)))["items"]
    assert (item["type"], item["prompt"]) == ("fill", None)
    (listed,) = (await stranger.read(list_path(town, "fills", word)))["items"]
    assert item["fill"] == listed
    assert listed["id"] == fill["id"]
    assert await found(stranger, word, type="prompt") == []


async def test_a_fill_is_found_by_any_of_its_parts_and_by_words_of_several(
    town: Town, stranger: Person
) -> None:
    one, two, three, other = (new_word() for _ in range(4))
    author = town.somebody()
    fill = await town.fill(await town.prompt(), author, title="Kettles", body=f"First {one}.")
    await town.part(fill, author, title=f"On {two}", body="The kettle is on.")
    await town.part(fill, author, body=f"Third {three}.", content_notes=[other])
    for query in (
        one,
        two,
        three,
        other,
        f"{one} {two} {three} kettles {other}",
        f"{one} -missing",
    ):
        assert await found(stranger, query) == ["Kettles"], query
    # No phrase goes from one part to the next, and what one part has keeps all of the fill out.
    for query in (f'"{one} {two}"', f"{one} -{three}", f'{one} -"kettle is on"'):
        assert await found(stranger, query) == [], query


async def test_phrases_exclusions_and_alternatives(town: Town, stranger: Person) -> None:
    word = new_word()
    await town.prompt(title="A", body=f"{word} the kettle is on in the lighthouse")
    await town.prompt(title="B", body=f"{word} is the kettle on? No: a storm.")
    await town.prompt(title="C", body=f"{word} rain and storm")
    expected = {
        word: "CBA",
        f"{word} kettle": "BA",
        f"kettle {word} storm": "B",
        f'{word} "kettle is on"': "A",
        f"{word} “kettle is on”": "A",
        f'{word} "the kettle"': "BA",
        f"{word} -storm": "A",
        f"-storm {word} -kettle": "",
        f'{word} -"the kettle is"': "CB",
        f"{word} rain or lighthouse": "CA",
        f"{word} rain | lighthouse": "CA",
        f'{word} rain OR "kettle on"': "CB",
        f"{word} or": "",
        f'{word} "': "CBA",
        f"{word} -": "CBA",
        f"{word} AND kettle": "A"[:0],
        f"{word} NOT storm": "",
        f"{word} *": "CBA",
    }
    for query, letters in expected.items():
        assert "".join(await found(stranger, query, sort="newest")) == letters, query


@pytest.mark.parametrize(
    ("text", "queries", "others"),
    [
        ("東京タワーで猫が好きな人", ["東京", "京タ", "猫が好き", "猫 東京"], ["京東", "犬"]),
        ("고양이가 좋아", ["고양이", "양이가"], ["강아지"]),
        ("ภาษาไทยเขียนติดกัน", ["ไทย", "เขียน"], ["ไทยภาษา"]),
        ("Café naïve Straße", ["cafe", "CAFÉ", "cafe\u0301", "naive strasse"], ["caf"]),
        ("They don’t; O'Brien's", ["don't", "dont", "obriens", "O’Brien’s"], ["don", "brien"]),
        ("A slow-burn, snake_case", ["slow-burn", '"slow burn"', "snake case"], ["slowburn"]),
        ("\U00020000\U00020001 x² ﬁn", ["\U00020001", "x2", "fin"], ["x"]),
        ("हिन्दी में", ["हिन्दी"], ["हन्दी"]),
    ],
)
async def test_every_script_is_found(
    town: Town, stranger: Person, text: str, queries: list[str], others: list[str]
) -> None:
    await town.prompt(title="Here", body=text)
    for query in queries:
        assert await found(stranger, query, board=town.slug) == ["Here"], query
    for query in others:
        assert await found(stranger, query, board=town.slug) == [], query


async def test_one_board_or_all(town: Town, stranger: Person) -> None:
    word = new_word()
    await town.found_board(f"{town.slug}-2")
    await town.prompt(title="Here", body=word)
    await town.somebody().make(f"/boards/{town.slug}-2/prompts", {"title": "There", "body": word})
    assert await found(stranger, word) == ["There", "Here"]
    assert await found(stranger, word, board=town.slug) == ["Here"]
    assert await found(stranger, word, board=f"{town.slug}-2") == ["There"]
    assert await found(stranger, f"-{word}", board=town.slug) == []
    assert await found(stranger, "-missing", board=town.slug) == ["Here"]
    assert titles(await stranger.read(list_path(town, "prompts", word))) == ["Here"]


async def test_a_search_is_narrowed_by_labels(
    town: Town, stranger: Person, client: httpx.AsyncClient, service: FastAPI, clock: Clock
) -> None:
    word = new_word()
    named, name = await backstage.new_account(service, client)
    first = await town.prompt(
        title="P1",
        body=word,
        rating="teen",
        language="pt-BR",
        mediums=["art", "vid"],
        fandoms=["Lighthouse"],
        characters=["Otter", "Mole"],
        relationships=["Otter & Mole"],
        tags=["found family"],
        content_notes=["storms"],
    )
    moment = clock.after(hours=1)
    clock.move(hours=2)
    await town.prompt(named, title="P2", body=word, language="en", tags=["banter"])
    await town.fill(first, title="F1", body=word, medium="art", tags=["banter", "tea"])
    expected: dict[str, tuple[JSON, set[str]]] = {
        "rating": ({"rating": ["teen"]}, {"P1", "F1"}),
        "ratings": ({"rating": ["teen", "general"]}, {"P1", "P2", "F1"}),
        "language": ({"language": "pt"}, {"P1", "F1"}),
        "languages": ({"language": ["pt", "en"]}, {"P1", "P2", "F1"}),
        "medium": ({"medium": "art"}, {"P1", "F1"}),
        "other medium": ({"medium": ["vid", "fic"]}, {"P1"}),
        "fandom": ({"fandom": "LIGHTHOUSE"}, {"P1", "F1"}),
        "relationship": ({"relationship": "Mole&Otter"}, {"P1", "F1"}),
        "tag": ({"tag": "banter"}, {"P2", "F1"}),
        "all tags": ({"tag": ["banter", "tea"]}, {"F1"}),
        "not tag": ({"not_tag": ["banter"]}, {"P1"}),
        "not any tag": ({"not_tag": ["tea", "found family"]}, {"P2"}),
        "not note": ({"not_content_note": "storms", "tag": "banter"}, {"P2"}),
        "unknown tag": ({"tag": new_word()}, set()),
        "not unknown tag": ({"not_tag": new_word()}, {"P1", "P2", "F1"}),
        "author": ({"author": name}, {"P2"}),
        "nobody": ({"author": "Nobody-of-that-name"}, set()),
        "after": ({"created_after": moment}, {"P2", "F1"}),
        "before": ({"created_before": moment}, {"P1"}),
        "fills": ({"type": "fill"}, {"F1"}),
        "both": ({"type": ["fill", "prompt"]}, {"P1", "P2", "F1"}),
    }
    for what, (asked, wanted) in expected.items():
        for place in ({}, {"board": town.slug}):
            assert set(await found(stranger, word, **asked, **place)) == wanted, what
        if "type" not in asked:
            listed = [
                title
                for works in ("prompts", "fills")
                for title in titles(await stranger.read(list_path(town, works, word, **asked)))
            ]
            assert set(listed) == wanted, what


async def merge_tags(service: FastAPI, town: Town, alias: str, canonical: str) -> None:
    """Have the town's board file a tag under another."""
    sent = AliasCreate(kind="tag", alias=alias, canonical=canonical)
    async with service.state.site.database.writing() as session:
        board = await session.first(boards.board(town.slug))
        assert board is not None
        await add_alias(session, board.id, sent)


async def test_each_board_has_its_own_aliases(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    word, alias, canonical = new_word(), new_word(), new_word()
    other = f"{town.slug}-2"
    await town.found_board(other)
    await town.prompt(title="Here old", body=word, tags=[alias])
    await town.prompt(title="Here new", body=word, tags=[canonical])
    for title, tag in (("There old", alias), ("There new", canonical)):
        sent = {"title": title, "body": word, "tags": [tag]}
        await town.somebody().make(f"/boards/{other}/prompts", sent)
    await merge_tags(service, town, alias, canonical)
    here, there = {"Here old", "Here new"}, {"There old", "There new"}
    assert set(await found(stranger, word, tag=canonical)) == here | {"There new"}
    assert set(await found(stranger, word, tag=alias)) == here | {"There old"}
    assert set(await found(stranger, word, not_tag=alias)) == {"There new"}
    assert set(await found(stranger, word, not_tag=canonical)) == {"There old"}
    assert set(await found(stranger, word, tag=[alias, canonical])) == here
    assert set(await found(stranger, word, tag=alias, board=other)) == {"There old"}
    assert there == set(await found(stranger, word, board=other))


async def test_the_nearer_to_the_title_the_earlier_and_the_newest_of_equals_first(
    town: Town, stranger: Person
) -> None:
    word = new_word()
    prompt = await town.prompt(title=f"1 {word}", body="Rain.")
    await town.prompt(title="2", body="Rain.", tags=[word])
    await town.prompt(title="3", body=f"{word}, rain.")
    await town.fill(prompt, title=f"4 {word}", body="Rain.")
    await town.fill(prompt, title="5", summary=word, body="Rain.")
    await town.fill(prompt, title="6", body=f"{word}, rain.")
    await town.prompt(title=f"7 {word} rain", body="Sun.")

    def numbers(found: list[str]) -> str:
        return "".join(title[0] for title in found)

    assert numbers(await found(stranger, word)) == "7415263"
    assert numbers(await found(stranger, word, sort="newest")) == "7654321"
    # All words must stand in the title, or in title and head.
    assert numbers(await found(stranger, f"{word} rain")) == "7654321"
    expected = {
        ("prompts", "relevance"): "7123",
        ("prompts", "newest"): "7321",
        ("prompts", "oldest"): "1237",
        ("prompts", "active"): "7132",
        ("prompts", "recently_filled"): "1",
        ("prompts", "most_seconded"): "7321",
        ("fills", "relevance"): "456",
        ("fills", "newest"): "654",
        ("fills", "oldest"): "456",
        ("fills", "active"): "654",
        ("fills", "recently_filled"): "654",
        ("fills", "most_seconded"): "654",
    }
    del expected["prompts", "active"]
    for (works, sort), order in expected.items():
        path = list_path(town, works, word, sort=sort)
        assert numbers(titles(await stranger.read(path))) == order, (works, sort)
        paged = await stranger.every_page(f"{path}&limit=1")
        assert numbers([each["title"] for each in paged]) == order, (works, sort)
    filtered = list_path(town, "prompts", word, sort="relevance", status="open", tag=word)
    assert numbers(titles(await stranger.read(filtered))) == "2"
    active = await stranger.read(list_path(town, "prompts", word, sort="active"))
    times = [each["last_activity_at"] for each in active["items"]]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("sort", ["relevance", "newest"])
async def test_pages_neither_repeat_nor_skip_while_others_post(
    town: Town, stranger: Person, sort: str
) -> None:
    word = new_word()
    author = town.somebody()
    expected = set()
    for number in range(9):
        title = f"{number} {word}" if number % 3 == 0 else f"{number}"
        prompt = await town.prompt(author, title=title, body=word)
        expected.add(title)
    await town.fill(prompt, title="F", body=word)
    expected.add("F")
    seen: list[str] = []
    following: str | None = search_path(word, sort=sort, limit=2, tag=[], board=town.slug)
    while following is not None:
        page = await stranger.read(following)
        seen += titles(page)
        following = page["next"]
        if following is not None:
            asked = parse_qs(urlsplit(following).query)
            assert (asked["q"], asked["sort"], asked["limit"]) == ([word], [sort], ["2"])
        await town.prompt(title=f"late {word}", body=word)
        await town.prompt(title=f"{len(seen)} late", body="Nothing of it.")
    assert len(seen) == len(set(seen))
    # What is posted meanwhile stands before all pages, or before those of its relevance.
    assert {title for title in seen if "late" not in title} == expected
    assert all(sort == "relevance" for title in seen if "late" in title)


def _filled(fields: JSON, word: str) -> JSON:
    return {
        name: [each.format(word) for each in value]
        if isinstance(value, list)
        else value.format(word)
        for name, value in fields.items()
    }
