"""What was posted is found by the next request, and what is out of sight by none."""

from typing import Any

import pytest
from fastapi import FastAPI

from tests import backstage
from tests.people import JSON, Person, Town, path_of
from tests.search.looking import found, list_path, new_word, search_path, titles

pytestmark = pytest.mark.anyio


async def change_part(author: Person, fill: JSON, at: int, **changes: Any) -> None:
    path = f"{path_of(fill)}/parts/{at}"
    await author.change(path, changes, If_Match=await author.tag_of(path))


async def check_nowhere(town: Town, reader: Person, word: str) -> None:
    """Nothing that everybody can read holds the word, or counts what holds it."""
    nothing = {"adult": 0, "filtered": 0}
    for adult in ("", "&adult=true"):
        for path in (
            search_path(word),
            search_path(word, board=town.slug, sort="newest"),
            *(list_path(town, works, word) for works in ("prompts", "fills")),
            *(list_path(town, works, word, sort="relevance") for works in ("prompts", "fills")),
            *(
                f"/boards/{town.slug}/{works}?{kind}={word}"
                for works in ("prompts", "fills")
                for kind in ("tag", "fandom", "content_note")
            ),
        ):
            page = await reader.read(path + adult)
            assert (page["items"], page["omitted"]) == ([], nothing), path
        for asked in (f"q={word}", f"type=fill&q={word}", f"tag={word}"):
            page = await reader.read(f"/boards/{town.slug}/facets?{asked}{adult}")
            assert not any(page["facets"].values()), asked
            assert page["omitted"] == nothing
        for path in (
            f"/boards/{town.slug}/facets?of=tag",
            f"/boards/{town.slug}/facets?of=tag&type=fill",
            f"/boards/{town.slug}/tags",
            f"/boards/{town.slug}/tags?q={word}",
            f"/tags?q={word}",
            search_path("-nothing", board=town.slug),
            f"/boards/{town.slug}/prompts",
            f"/boards/{town.slug}/fills",
        ):
            separator = "&" if "?" in path else "?"
            response = await reader.get(path + (separator + adult[1:] if adult else ""))
            assert response.status_code == 200
            own = f"q={word}"
            assert word not in response.text.replace(own, ""), path
        picked = await reader.get(f"/boards/{town.slug}/prompts/random?q={word}{adult}")
        assert picked.status_code == 404


def everywhere(word: str) -> JSON:
    """Every field that a prompt and a fill have alike, with a word in it."""
    lists = ("fandoms", "characters", "tags", "content_notes")
    return {
        "title": f"T {word}",
        "body": f"B {word}",
        "relationships": [f"{word} & Otter"],
        **{name: [f"{word}"] for name in lists},
    }


async def test_what_is_posted_is_found_by_the_next_request(town: Town, stranger: Person) -> None:
    for _ in range(3):
        word = new_word()
        prompt = await town.prompt(**everywhere(word))
        assert await found(stranger, word) == [f"T {word}"]
        await town.fill(prompt, **everywhere(word), summary=word)
        assert await found(stranger, word) == [f"T {word}"] * 2


@pytest.mark.thorough
async def test_edited_words_go_and_come_at_once(town: Town, stranger: Person) -> None:
    author = town.somebody()
    prompt = await town.prompt(author, **everywhere(new_word()))
    fill = await town.fill(prompt, author, **everywhere(new_word()), summary=new_word())
    shared = {"title", "fandoms", "characters", "tags", "content_notes"}
    for thing, fields in ((prompt, {*shared, "body", "do_not_want"}), (fill, {*shared, "summary"})):
        last: dict[str, str] = {}
        for field in (*sorted(fields), *sorted(fields)):
            word = new_word()
            await author.change(path_of(thing), {field: [word] if field[-1] == "s" else word})
            expected = (await stranger.read(path_of(thing)))["title"]
            assert await found(stranger, word) == [expected], field
            if field in last:
                assert await found(stranger, last[field]) == [], field
            last[field] = word


async def test_parts_go_and_come_at_once(town: Town, stranger: Person) -> None:
    one, two, three, four = (new_word() for _ in range(4))
    author = town.somebody()
    fill = await town.fill(await town.prompt(), author, title="F", body=one)
    await town.part(fill, author, body=three)
    await town.part(fill, author, body=two, number=2, title=four)
    for query in (one, two, three, f"{one} {two} {three} {four}"):
        assert await found(stranger, query) == ["F"]
    await change_part(author, fill, 3, number=1)
    assert await found(stranger, f"{one} {two} {three} {four}") == ["F"]
    # It now stands third, behind what was moved to the front.
    await change_part(author, fill, 3, title=None)
    assert await found(stranger, four) == []
    edited = new_word()
    await change_part(author, fill, 1, body=edited)
    assert await found(stranger, three) == []
    assert await found(stranger, f"{edited} {two}") == ["F"]
    path = f"{path_of(fill)}/parts/2"
    await author.take_away(path, If_Match=await author.tag_of(path))
    assert await found(stranger, one) == []
    assert await found(stranger, f"{edited} {two}") == ["F"]


async def test_a_title_made_from_words_follows_them(town: Town, stranger: Person) -> None:
    old, new, first = (new_word() for _ in range(3))
    author = town.somebody()
    prompt = await town.prompt(author, body=f"{old} at sea.")
    fill = await town.fill(prompt, author, body=f"{old} at sea.")
    await town.prompt(title="Later", body=new)
    await author.change(path_of(prompt), {"body": f"{new} at sea."})
    await change_part(author, fill, 1, body=f"{new} at sea.")
    assert await found(stranger, old) == []
    # As parts of titles they come before the later prompt.
    assert await found(stranger, new) == [f"{new} at sea."] * 2 + ["Later"]
    await town.part(fill, author, body=f"{first} at sea.", number=1)
    assert await found(stranger, f"{first}", type="fill") == [f"{first} at sea."]


@pytest.mark.thorough
@pytest.mark.parametrize("state", ["hidden", "screened", "deleted"])
async def test_what_is_out_of_sight_is_found_by_nobody(
    town: Town, stranger: Person, service: FastAPI, state: str
) -> None:
    word, below = new_word(), new_word()
    author = town.somebody()
    prompt = await town.prompt(author, **everywhere(word), do_not_want=word)
    other = await town.prompt(title="Other")
    fill = await town.fill(other, author, **everywhere(word), summary=word, rating="mature")
    await town.part(fill, author, title=word, body=word, content_notes=[word])
    # Of its own: what is left out would be taken over from the prompt.
    lists = ("fandoms", "characters", "relationships", "content_notes")
    bare: JSON = {name: [] for name in lists}
    await town.fill(prompt, title=below, body=below, tags=[below], **bare)
    for thing in (prompt, fill):
        if state == "deleted":
            await author.take_away(path_of(thing))
        else:
            await backstage.set_state(service, thing, state)
    for reader in (stranger, author, town.administrator):
        await check_nowhere(town, reader, word)
    if state == "deleted":
        # What others posted below it stays.
        assert await found(stranger, below) == [below]
        return
    await check_nowhere(town, stranger, below)
    for thing in (prompt, fill):
        await backstage.set_state(service, thing, "visible")
    assert await found(stranger, word, adult="true", sort="newest") == [f"T {word}"] * 2
    assert (await stranger.read(search_path(word)))["omitted"]["adult"] == 1
    assert await found(stranger, below) == [below]


@pytest.mark.thorough
async def test_what_waits_for_a_moderator_is_found_once_it_is_released(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    slug = f"{town.slug}-s"
    await town.found_board(slug, screening="all")
    word = new_word()
    author = town.somebody()
    prompt = await author.hand_in(f"/boards/{slug}/prompts", everywhere(word))
    held = Town(town.client, town.administrator, slug)
    await check_nowhere(held, stranger, word)
    await check_nowhere(held, author, word)
    # Nor are the words of an edit found.
    edited = new_word()
    await author.change(path_of(prompt), {"body": edited})
    await check_nowhere(held, stranger, edited)
    await backstage.set_state(service, prompt, "visible")
    assert await found(stranger, f"{word} {edited}") == [f"T {word}"]
    fill = await author.post(f"{path_of(prompt)}/fills", {"body": f"Later, {edited}."})
    assert fill.status_code == 202
    assert await found(stranger, edited, type="fill") == []
    await backstage.set_state(service, fill.json(), "visible")
    assert await found(stranger, edited, type="fill") == [f"Later, {edited}."]


async def test_what_becomes_adult_is_gone_at_once(town: Town, stranger: Person) -> None:
    word = new_word()
    author = town.somebody()
    prompt = await town.prompt(author, title="P", body=word, tags=[word])
    await author.change(path_of(prompt), {"rating": "explicit"})
    for path in (
        search_path(word),
        list_path(town, "prompts", word),
        f"/boards/{town.slug}/prompts?tag={word}",
    ):
        page = await stranger.read(path)
        assert (titles(page), page["omitted"]["adult"]) == ([], 1)
        separator = "&adult=true"
        assert titles(await stranger.read(path + separator)) == ["P"]
    await author.change(path_of(prompt), {"rating": "teen"})
    assert await found(stranger, word) == ["P"]
    assert await found(stranger, word, tag=word) == ["P"]
