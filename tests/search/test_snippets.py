"""What is quoted of what was found: the work's own words, safe to show, and little of them."""

import re

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import Person, Town, path_of
from tests.safety import Page
from tests.search.looking import new_word, search_path
from tests.statements import statements
from tests.texts import acceptable_texts

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

_ESCAPED = re.compile(r"&(amp|lt|gt|quot|#x27);")


def check_html(text: str, html: str) -> None:
    """The same as the text, and nothing in it but marks."""
    bare = html.replace("<mark>", "").replace("</mark>", "")
    assert html.count("<mark>") == html.count("</mark>")
    assert not set(bare) & set("<>\"'"), html
    assert "&" not in _ESCAPED.sub("", bare), html
    page = Page(html.replace("<mark>", "<em>").replace("</mark>", "</em>"))
    assert page.faults == []
    assert page.text.replace("\r", "\n") == text.replace("\r", "\n")


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    acceptable_texts, acceptable_texts, st.sampled_from(["{}", "{} or script", "a or {}", '"{}"'])
)
async def test_a_snippet_is_safe_whatever_was_posted(
    town: Town, stranger: Person, before: str, after: str, query: str
) -> None:
    word = new_word()
    text = f"{before[:300]} {word} {after[:300]}"
    prompt = await town.prompt(body=text)
    await town.fill(prompt, body=text, summary="<b>&amp;'\"</b>")
    items = (await stranger.read(search_path(query.format(word), board=town.slug)))["items"]
    assert len(items) >= 2
    for item in items:
        check_html(item["snippet"], item["snippet_html"])
        assert len(item["snippet"]) <= 202


async def test_a_snippet_is_around_the_words_and_marks_them(town: Town, stranger: Person) -> None:
    word = new_word()
    long = "All quiet at the lighthouse. " * 300
    author = town.somebody()
    prompt = await town.prompt(body=f'<script>**{word.upper()}**</script> & "tea" for {word}.')
    fill = await town.fill(prompt, author, title="F", body=long)
    await town.part(fill, author, body=f"{long} The keeper found {word} and <i>otters</i>. {long}")
    first, second = (await stranger.read(search_path(word, sort="newest")))["items"]
    assert f"found <mark>{word}</mark> and &lt;i&gt;otters" in first["snippet_html"]
    assert first["snippet"].startswith("…")
    assert first["snippet"].endswith("…")
    assert len(first["snippet"]) <= 202
    assert f"<mark>{word.upper()}</mark>" in second["snippet_html"]
    assert second["snippet_html"].endswith(f"&quot;tea&quot; for <mark>{word}</mark>.")


async def test_a_phrase_is_marked_whole_and_excluded_words_are_not(
    town: Town, stranger: Person
) -> None:
    word = new_word()
    await town.prompt(body=f"The {word} kettle is on; 東京タワー at the café.")

    async def html(query: str) -> str:
        (item,) = (await stranger.read(search_path(query, board=town.slug)))["items"]
        text: str = item["snippet_html"]
        return text

    assert f"<mark>{word} kettle</mark> is on" in await html(f'"{word} kettle"')
    assert "<mark>東京</mark>タワー" in await html("東京")
    assert "<mark>café</mark>" in await html("cafe")
    assert "<mark>" not in await html("-absent")


async def test_what_is_found_at_the_head_is_quoted_by_its_beginning(
    town: Town, stranger: Person
) -> None:
    word = new_word()
    prompt = await town.prompt(title="P", body="Otters at dawn.", tags=[word])
    author = town.somebody()
    await town.fill(prompt, title=f"F1 {word}", body="Once upon a time.")
    await town.fill(prompt, title=f"F2 {word}", summary="In short: tea.", body="Once again.")
    fill = await town.fill(prompt, author, title=f"F3 {word}", body="To be second.")
    await town.part(fill, author, body="Now the first.", number=1)
    linked = await town.fill(
        prompt, title=f"F4 {word}", body=None, external_url="https://example.org/"
    )
    items = (await stranger.read(search_path(word, sort="newest")))["items"]
    assert linked["id"] == items[0]["fill"]["id"]
    assert [item["snippet"] for item in items] == [
        "",
        "Now the first.",
        "In short: tea.",
        "Once upon a time.",
        "Otters at dawn.",
    ]


async def test_snippets_follow_edits(town: Town, stranger: Person) -> None:
    word = new_word()
    author = town.somebody()
    fill = await town.fill(await town.prompt(), author, title="F", body=f"Secret words, {word}.")
    path = f"{path_of(fill)}/parts/1"
    tag = await author.tag_of(path)
    await author.change(path, {"body": f"Other things, {word}."}, If_Match=tag)
    (item,) = (await stranger.read(search_path(word)))["items"]
    assert item["snippet"] == f"Other things, {word}."


async def test_no_whole_part_is_fetched_for_a_snippet(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    word = new_word()
    long = "quiet lighthouse " * 20_000
    await town.fill(await town.prompt(), title=f"F {word}", body=f"{long} {word} {long[:1000]}")
    with statements(service) as seen:
        (item,) = (await stranger.read(search_path(word)))["items"]
    assert word in item["snippet"]
    texts = [each for each in seen if "part.body" in each]
    assert texts
    for each in texts:
        assert each.count("part.body") == each.count("substr(part.body"), each
        assert "body_html" not in each


@pytest.mark.parametrize("works", [1, 25])
async def test_a_search_asks_the_same_few_questions_however_much_it_finds(
    town: Town, stranger: Person, service: FastAPI, works: int
) -> None:
    word = new_word()
    for number in range(works):
        prompt = await town.prompt(title=f"{number} {word}", body="Rain.")
        await town.fill(prompt, title=f"{number} {word}", body=f"Rain on {word}.")
    await town.fill(prompt, title=f"bare {word}", body="Rain.")
    budget = {
        search_path("nothing-of-it", board=town.slug): 3,
        search_path(word): 8,
        search_path(word, board=town.slug, sort="newest"): 9,
        search_path(word, adult="true"): 7,
        search_path(word, type="prompt", tag="tea", not_tag="rain"): 5,
    }
    for path, most in budget.items():
        with statements(service) as seen:
            await stranger.read(path)
        assert len(seen) <= most, (path, len(seen), seen)
