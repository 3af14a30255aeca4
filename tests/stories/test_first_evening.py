"""The first evening on a board: a prompt is asked, filled at length, and talked about."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.people import JSON, Person, Town, path_of
from tests.safety import assert_safe

pytestmark = pytest.mark.anyio

STORY = Path(__file__).with_name("kettle_weather.txt")
SCENE_BREAK = "* * *"


def story() -> str:
    return STORY.read_bytes().decode()


def paragraphs(text: str) -> list[str]:
    return [each.strip() for each in re.split(r"\n(?:[ \t]*\n)+", text) if each.strip()]


async def asked(evening: Town, asker: Person) -> JSON:
    return await evening.prompt(
        asker,
        title="Stranded travellers and one kettle",
        body="Strangers wait out a storm – somebody makes tea… “found family”, please!",
        tags=["found family", "rescue", "banter"],
    )


async def answered(evening: Town, prompt: JSON, writer: Person) -> JSON:
    return await evening.fill(prompt, writer, body=story(), title="Eventually", status="wip")


def test_the_story_has_what_writers_paste() -> None:
    text = story()
    assert text.startswith("Author's note: ")
    for typed in ("“", "”", "‘", "’", "'", " –", "…", "\n\n\n\n", "\n* * *\n", "<3", "<grins &"):
        assert typed in text
    assert text.endswith("\n\n\n\n")
    assert max(len(each.split()) for each in paragraphs(text)) > 120
    assert len(text.split()) == 1750


async def test_a_long_fill_comes_back_byte_for_byte(evening: Town) -> None:
    prompt = await asked(evening, evening.somebody())
    fill = await answered(evening, prompt, evening.somebody())
    part = await evening.somebody().read(f"{path_of(fill)}/parts/1")
    assert part["body"].encode() == STORY.read_bytes()


async def test_a_long_fill_is_shown_with_all_its_paragraphs_and_nothing_that_could_run(
    evening: Town,
) -> None:
    prompt = await asked(evening, evening.somebody())
    fill = await answered(evening, prompt, evening.somebody())
    part = await evening.somebody().read(f"{path_of(fill)}/parts/1")
    shown = assert_safe(part["body_html"])
    elements = re.findall(r"<(\w+)", part["body_html"])
    written = paragraphs(story())
    assert elements.count("p") == len(written) - written.count(SCENE_BREAK)
    assert elements.count("hr") == written.count(SCENE_BREAK) == 2
    assert set(elements) == {"p", "hr", "em"}
    # Marks of emphasis and scene breaks became elements; every other character is still there.
    assert shown.text.split() == story().replace("*", "").split()


async def test_the_words_of_a_long_fill_are_counted_as_wc_counts_them(evening: Town) -> None:
    prompt = await asked(evening, evening.somebody())
    fill = await answered(evening, prompt, evening.somebody())
    counted = int(word_count(STORY))
    assert fill["words_count"] == counted
    assert fill["parts"][0]["words_count"] == counted
    assert (await evening.somebody().read(path_of(fill)))["words_count"] == counted


def word_count(file: Path) -> str:
    wc = shutil.which("wc")
    assert wc is not None
    with file.open() as text:
        done = subprocess.run(
            [wc, "-w"], stdin=text, env={"LC_ALL": "C.UTF-8"}, capture_output=True, check=True
        )
    return done.stdout.decode()


async def test_a_prompt_goes_from_open_through_in_progress_to_filled(evening: Town) -> None:
    asker, writer, reader = [evening.somebody() for _ in range(3)]
    prompt = await asked(evening, asker)
    assert (await reader.read(path_of(prompt)))["status"] == "open"

    fill = await answered(evening, prompt, writer)
    begun = await reader.read(path_of(prompt))
    assert (begun["status"], begun["fills_count"]) == ("in_progress", 1)
    assert (await reader.read(f"/boards/{evening.slug}/prompts?status=open"))["items"] == []

    done = await writer.patch(path_of(fill), {"status": "complete"})
    assert done.status_code == 200, done.text
    filled = await reader.read(path_of(prompt))
    assert (filled["status"], filled["fills_count"]) == ("filled", 1)
    assert filled["last_filled_at"] is not None
    listed = await reader.read(f"/boards/{evening.slug}/prompts?status=filled")
    assert [each["id"] for each in listed["items"]] == [prompt["id"]]


async def test_a_fill_leads_to_its_prompt_and_the_prompt_to_its_fill(evening: Town) -> None:
    other = await evening.prompt()
    await evening.fill(other)
    prompt = await asked(evening, evening.somebody())
    fill = await answered(evening, prompt, evening.somebody())
    reader = evening.somebody()
    read = await reader.read(path_of(fill))
    assert read["prompt"] == {
        "id": prompt["id"],
        "number": 2,
        "title": "Stranded travellers and one kettle",
        "board": evening.slug,
        "url": prompt["url"],
    }
    assert (await reader.read(read["prompt"]["url"]))["id"] == prompt["id"]
    listed = await reader.read(f"{path_of(prompt)}/fills")
    assert [each["id"] for each in listed["items"]] == [fill["id"]]
    assert await reader.read(listed["items"][0]["url"]) == read


async def test_asker_and_writer_are_recognised_in_the_talk_below_the_fill(evening: Town) -> None:
    asker, writer, reader = [evening.somebody() for _ in range(3)]
    prompt = await asked(evening, asker)
    fill = await answered(evening, prompt, writer)
    thanks = await evening.comment(fill, asker, body="OP here – the *tablecloth*!", part_number=1)
    reply = await evening.comment(fill, writer, thanks, body="It was going to be soup…")
    await evening.comment(fill, reader, body="The goat is fine.")

    talk = (await evening.somebody().read(f"{path_of(fill)}/comments"))["items"]
    assert [(each["depth"], each["parent_id"]) for each in talk] == [
        (0, None),
        (1, thanks["id"]),
        (0, None),
    ]
    badges = [(each["author"]["is_op"], each["author"]["is_filler"]) for each in talk]
    assert badges == [(True, False), (False, True), (False, False)]
    faces = [each["author"]["face"] for each in talk]
    assert faces[:2] == [prompt["author"]["face"], fill["author"]["face"]]
    assert len(set(faces)) == 3
    assert talk[1]["id"] == reply["id"]
    assert (await reader.read(path_of(fill)))["comments_count"] == 3


async def test_only_the_first_post_of_a_person_carries_a_token(evening: Town) -> None:
    writer = evening.somebody()
    prompt = await asked(evening, evening.somebody())
    fill = await answered(evening, prompt, writer)
    assert fill["edit_token"] == writer.token
    assert "edit_token" not in await evening.comment(fill, writer)
