"""What somebody looks for, read from what they typed."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.index.asked import MAX_TERMS, MAX_WANTED, read_query
from app.index.snippets import snippet
from app.kit.chunks import MAX_PHRASE
from tests.safety import Page
from tests.texts import acceptable_texts


def words(query: str) -> tuple[list[str], list[str]]:
    """What a query requires, and what it excludes, written out."""
    asked = read_query(query)

    def spelt(phrase: tuple[tuple[str, ...], ...]) -> str:
        return "+".join(" ".join(run) for run in phrase)

    wanted = ["|".join(map(spelt, choice)) for choice in asked.wanted]
    return wanted, list(map(spelt, asked.unwanted))


@pytest.mark.parametrize(
    ("query", "wanted", "unwanted"),
    [
        ("", [], []),
        ('- -- "" " | ?! 🦦', [], []),
        ("Rain kettle RAIN", ["rain", "kettle"], []),
        ('"a phrase" word', ["a phrase", "word"], []),
        ("“a phrase” word", ["a phrase", "word"], []),
        ('"not closed', ["not closed"], []),
        ('-word -"a phrase" --twice', [], ["word", "a phrase", "twice"]),
        ("slow-burn 東京", ["slow burn", "東 京"], []),
        ("cat or dog OR bird fish", ["cat|dog|bird", "fish"], []),
        ('cat|"a dog" fish', ["cat|a dog", "fish"], []),
        ("or", ["or"], []),
        ("cat or", ["cat", "or"], []),
        ("or cat", ["or", "cat"], []),
        ("cat or -dog", ["cat", "or"], ["dog"]),
        ("cat -dog or bird", ["cat", "or", "bird"], ["dog"]),
        ("| cat | | dog", ["cat", "dog"], []),
        ('"or" -or', ["or"], ["or"]),
    ],
)
def test_a_query_is_read(query: str, wanted: list[str], unwanted: list[str]) -> None:
    assert words(query) == (wanted, unwanted)


def test_a_long_phrase_is_cut_into_runs_that_overlap() -> None:
    ((phrase,),) = read_query('"' + " ".join(map(str, range(60))) + '"').wanted
    assert {len(run) for run in phrase} == {MAX_PHRASE}
    assert phrase[0][0] == "0"
    assert phrase[-1][-1] == "59"
    for one, other in pairwise(phrase):
        assert set(one) & set(other)


def test_only_so_many_words_are_required() -> None:
    assert len(read_query(" ".join(map(str, range(200)))).wanted) == MAX_WANTED


@pytest.mark.parametrize("query", ["雨" * 500, '-"' + "雨晴" * 249, "雨" * 33 + " " + "晴" * 400])
def test_only_so_many_characters_of_a_long_phrase_are_looked_for(query: str) -> None:
    asked = read_query(query)
    phrases = [*asked.unwanted, *(phrase for choice in asked.wanted for phrase in choice)]
    # What repeats itself is looked for once.
    runs = [run for phrase in phrases for run in phrase]
    assert len(runs) == len(set(runs))
    assert sum(map(len, runs)) <= 2 * MAX_TERMS


def test_alternatives_count_like_words_that_are_all_required() -> None:
    ((*choice,),) = read_query(" or ".join(map(str, range(200)))).wanted
    assert len(choice) == MAX_TERMS


@given(acceptable_texts, st.text(max_size=40), st.integers(20, 300))
def test_a_snippet_is_safe_whatever_it_is_of(text: str, query: str, length: int) -> None:
    made = snippet(text, read_query(query), length)
    assert len(made.text) <= length + 2
    page = Page(made.html().replace("<mark>", "<em>").replace("</mark>", "</em>"))
    assert page.faults == []
    assert page.text.replace("\r", "\n") == made.text.replace("\r", "\n")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("otters", "<mark>Otters</mark> &amp; a raft. Then the…"),
        ('"keeper came"', "…the <mark>keeper came</mark> home. End."),
        ("absent", "Otters &amp; a raft. Then the…"),
    ],
)
def test_a_snippet_shows_the_first_hit(query: str, shown: str) -> None:
    text = "**Otters** & a [raft](https://example.org). Then the keeper came home.\n\nEnd."
    assert snippet(text, read_query(query), 30).html() == shown
