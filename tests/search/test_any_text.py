"""Any text at all is a question, and every question has an answer."""

from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import Person, Town, faults_of

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

#: What has a meaning to somebody who reads a query: to ours, to SQLite's, to PostgreSQL's.
_PIECES = (
    *('"', "-", "|", " or ", "OR", " AND ", " NOT ", "NEAR(", ")", "*", "^", ":", "{", "}", "+"),
    *("'", "''", "\\", "&", "!", "<->", ":*", ":A", "%s", "%(a)s", ":name", "?", "$1", "--", ";"),
    *("·whole", "·b1", "title:", "kettle", "umbrella", " ", "\t", "\n", "\u2028", "\u200b", "東京"),
    *("é", "e\u0301", "\u0301" * 40, "\ufdfa", "İ", "🦦", "\U000e0100", "\uffff", "\x7f", "\x85"),
)
anything = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=500),
    st.lists(st.sampled_from(_PIECES), max_size=60).map(lambda each: "".join(each)[:500]),
)
_SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@_SETTINGS
@given(anything, st.sampled_from(["relevance", "newest"]))
async def test_any_text_is_a_valid_question(
    town: Town, stranger: Person, query: str, sort: str
) -> None:
    for path in ("/search", f"/boards/{town.slug}/prompts", f"/boards/{town.slug}/fills"):
        asked = {"q": query, "sort": sort}
        response = await stranger.client.get(f"/v1{path}", params=asked)
        assert response.status_code == 200, response.text
    response = await stranger.client.get(f"/v1/boards/{town.slug}/facets", params={"q": query})
    assert response.status_code == 200, response.text


@pytest.mark.parametrize("character", ["a", "é", "猫", "🦦", '"', "ﷺ"])
async def test_five_hundred_characters_are_asked_and_no_more(
    town: Town, stranger: Person, character: str
) -> None:
    path = f"/search?board={town.slug}&q="
    assert (await stranger.read(path + quote(character * 500)))["items"] == []
    too_long = await stranger.get(path + quote(character * 501))
    assert {pointer for pointer, _ in faults_of(too_long)} == {"/q"}


@pytest.mark.parametrize("query", [" or ".join(["umbrella", *map(str, range(60))]), "a -" * 120])
async def test_a_question_of_many_words_is_answered(
    town: Town, stranger: Person, query: str
) -> None:
    await town.prompt(body="a umbrella")
    assert len((await stranger.read(f"/search?board={town.slug}&q={quote(query)}"))["items"]) <= 1


async def test_of_a_very_long_question_the_first_words_count(town: Town, stranger: Person) -> None:
    script = "".join(chr(0x4E00 + place) for place in range(450))
    prompt = await town.prompt(body=script[:64])
    await town.prompt(body=script[:60])
    for query in (script, f'"{script}"', f"{script} -kettle", " or ".join([script, *"abcdefgh"])):
        page = await stranger.read(f"/search?board={town.slug}&q={quote(query)}")
        assert [each["prompt"]["id"] for each in page["items"]] == [prompt["id"]]


#: Bytes that are no text: a NUL, halves of surrogate pairs, overlong and cut UTF-8, bare bytes.
_BYTES: tuple[str, ...] = (
    "%00",
    "a%00b",
    "%ED%A0%80",
    "%ED%BF%BF",
    "%C0%80",
    "%C1%BF",
    "%F4%90%80%80",
    "%E6%9D",
)
_BYTES += ("%FF%FE", "%", "%G1", "%u0000", "%80")


@pytest.mark.parametrize("raw", _BYTES)
async def test_bytes_that_are_no_text_are_no_fault_of_the_service(
    town: Town, stranger: Person, raw: str
) -> None:
    paths = [f"boards/{town.slug}/{each}" for each in ("prompts", "fills", "facets", "tags")]
    asked = ("q", "tag", "not_fandom", "relationship", "author", "id", "board", "cursor")
    for path in ["search", *paths]:
        for name in asked:
            target = f"/v1/{path}?{name}={raw}"
            url = httpx.URL("http://board.test", raw_path=target.encode())
            response = await stranger.client.get(url)
            assert response.status_code in (200, 400, 404, 422), (target, response.text)
            if "%00" in raw:
                # A cursor with anything in it that is not its own is no cursor.
                refused = (400, 422) if name == "cursor" else (422,)
                assert response.status_code in refused, target


async def test_a_nul_is_refused_by_name(town: Town, stranger: Person) -> None:
    response = await stranger.get(f"/boards/{town.slug}/prompts?tag=a%00b")
    assert faults_of(response) == {("/tag", "text_unacceptable")}
