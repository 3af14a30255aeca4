"""Titles that were made from words follow those words."""

import pytest

from tests.people import Town, path_of

pytestmark = pytest.mark.anyio

OUTED = "Marigold of 12 Harbour Lane, please write to me."


async def test_what_is_edited_out_of_a_prompt_is_out_of_its_made_title(town: Town) -> None:
    author = town.somebody()
    prompt = await town.prompt(author, body=OUTED)
    fill = await town.fill(prompt)
    comment = await town.comment(prompt)
    changed = await author.change(path_of(prompt), {"body": "A letter that finds its way."})
    assert changed["title"] == "A letter that finds its way."
    for path in (path_of(prompt), path_of(fill), f"/comments/{comment['id']}"):
        assert "Harbour" not in (await author.get(path)).text
    assert "Harbour" not in (await author.get(f"/boards/{town.slug}/prompts")).text


async def test_a_title_that_was_chosen_stays_when_the_words_change(town: Town) -> None:
    author = town.somebody()
    prompt = await town.prompt(author, title="Harbour lights")
    assert (await author.change(path_of(prompt), {"body": "New."}))["title"] == "Harbour lights"
    assert (await author.change(path_of(prompt), {"title": None}))["title"] == "New."
    assert (await author.change(path_of(prompt), {"body": "Newer."}))["title"] == "Newer."


async def test_a_made_title_of_a_fill_follows_its_first_part(town: Town) -> None:
    author = town.somebody()
    fill = await town.fill(await town.prompt(), author, body=OUTED, parts_expected=None)
    parts = f"{path_of(fill)}/parts"
    await author.make(parts, {"body": "The tide came in."})

    async def title() -> str:
        return str((await author.read(path_of(fill)))["title"])

    await author.make(parts, {"body": "A prologue.", "number": 1})
    assert await title() == "A prologue."
    tag = (await author.get(f"{parts}/1")).headers["etag"]
    assert (await author.delete(f"{parts}/1", If_Match=tag)).status_code == 204
    assert await title() == OUTED
    tag = (await author.get(f"{parts}/1")).headers["etag"]
    assert (await author.patch(f"{parts}/1", {"body": "Gone."}, If_Match=tag)).status_code == 200
    assert await title() == "Gone."
    tag = (await author.get(f"{parts}/1")).headers["etag"]
    assert (await author.patch(f"{parts}/1", {"number": 2}, If_Match=tag)).status_code == 200
    assert await title() == "The tide came in."
