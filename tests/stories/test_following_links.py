"""A reader who follows the links of answers arrives."""

import pytest

from tests.people import Town, path_of

pytestmark = pytest.mark.anyio


async def test_a_story_that_is_adult_is_read_to_its_end_by_its_links(town: Town) -> None:
    author, reader = town.somebody(), town.somebody()
    fill = await town.fill(await town.prompt(rating="mature"), author, body="one")
    for body in ("two", "three"):
        await author.make(f"{path_of(fill)}/parts", {"body": body})
    read = []
    following: str | None = f"{path_of(fill)}/parts/1?adult=true"
    while following is not None:
        part = await reader.read(following)
        read.append(part["body"])
        following = part["next_url"]
    assert read == ["one", "two", "three"]
    assert (await reader.read(part["prev_url"]))["body"] == "two"


@pytest.mark.parametrize("rating", ["general", "explicit"])
async def test_what_a_page_cuts_off_is_found_behind_its_link(town: Town, rating: str) -> None:
    prompt = await town.prompt(rating=rating)
    gone, reader = town.somebody(), town.somebody()
    top = await town.comment(prompt, body="top")
    taken_away = await town.comment(prompt, gone, top, body="taken away")
    await town.comment(prompt, reply_to=taken_away, body="an answer")
    assert (await gone.delete(path_of(taken_away))).status_code == 204
    page = await reader.read(f"{path_of(prompt)}/comments?depth=1&adult=true")
    (tombstone,) = [item for item in page["items"] if item["state"] == "deleted"]
    behind = await reader.read(tombstone["more_url"])
    assert [item["body"] for item in behind["items"]] == [None, "an answer"]
    assert [item["body"] for item in behind["ancestors"]] == ["top"]
