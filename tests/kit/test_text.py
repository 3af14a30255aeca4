"""What a text may hold, how long it is, and how many words it has."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.text import (
    MAX_COMBINING_RUN,
    count_words,
    length,
    objection,
    title_from,
    with_directions_closed,
)
from tests.texts import TWO_AS_ONE, acceptable_texts

_ACUTE = "\u0301"


@pytest.mark.parametrize(
    "text",
    [
        "Two rivals, one umbrella.",
        "“Come in,” he said – to the weather…\n\n\tAnd something came in.\r\n",
        "¡Qué lluvia! 雨が降る, мама, שלום, 🦦👩‍👩‍👧",
        "?",
        "e" + _ACUTE * MAX_COMBINING_RUN,
    ],
)
def test_what_people_write_is_taken(text: str) -> None:
    assert objection(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a\x00b", "control"),
        ("a\x1b[31m", "control"),
        ("a\x85b", "control"),
        ("a\ud800b", "surrogate"),
        ("e" + _ACUTE * (MAX_COMBINING_RUN + 1), "combining"),
        (" \n\t", "seen"),
        ("\u200b\u200d\u202e", "seen"),
        ("\u3164\u115f", "seen"),
        (_ACUTE, "seen"),
        ("", "seen"),
    ],
)
def test_what_can_not_be_kept_or_seen_is_refused(text: str, reason: str) -> None:
    assert reason in str(objection(text))


@pytest.mark.parametrize("line_break", ["\n", "\r", "\u2028", "\u2029"])
def test_one_line_holds_no_line_break(line_break: str) -> None:
    text = f"one{line_break}two"
    assert objection(text) is None
    assert "line break" in str(objection(text, one_line=True))


def test_a_letter_counts_once_however_it_is_spelt() -> None:
    assert length(TWO_AS_ONE) == length("é") == 1
    assert length("🦦") == 1


@given(acceptable_texts)
def test_the_length_does_not_depend_on_the_spelling(text: str) -> None:
    assert length(text) == length(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("  \n ", 0),
        ("It rained, and nobody minded.", 5),
        ("“Come in,” he said – to nobody.", 7),
        ("well-met\nstranger\u00a0mine", 3),
        ("猫が好き", 4),
        ("the 猫 sat", 3),
        ("고양이가 좋아", 2),
        ("猫と猫\u3000the猫", 5),
    ],
)
def test_words_are_what_stands_between_white_space(text: str, words: int) -> None:
    assert count_words(text) == words


@given(acceptable_texts, acceptable_texts)
def test_words_of_two_paragraphs_add_up(one: str, other: str) -> None:
    assert count_words(f"{one}\n\n{other}") == count_words(one) + count_words(other)


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("A rescue at sea.", "A rescue at sea."),
        ("\n\n  # A *rescue* at `sea`\n\nPlease.", "A rescue at sea"),
        ("---\n> - **Found** family", "Found family"),
        ("* * *\n\nBanter", "Banter"),
        ("?!", "?!"),
        ("2 + 2 = 5, with banter", "2 + 2 = 5, with banter"),
        ("snake_case_names stay", "snake_case_names stay"),
        ("[Two otters](https://example.org/a_(b)), one raft", "Two otters, one raft"),
        ("![An otter](https://example.org/otter.png) floats", "An otter floats"),
        ("[![An otter](https://example.org/o.png)](https://example.org) floats", "An otter floats"),
        ("![](https://example.org/otter.png)\n\nA raft", "A raft"),
        ("> 1. **_Found_ family**, [*please*](https://example.org)", "Found family, please"),
        ("[M/M] [fluff] Two otters", "[M/M] [fluff] Two otters"),
        ("An [otter] (floating)", "An [otter] (floating)"),
        ("The \u202eend\u202c of the \u2067rain\u2069\u200e\u200f", "The end of the rain"),
    ],
)
def test_a_title_is_made_from_the_first_line_with_words(body: str, title: str) -> None:
    assert title_from(body) == title


@pytest.mark.parametrize("unseen", [" ", "\n", " \n\t", "\u3000", "\u200b", "\u202e", "\u3164 "])
def test_a_title_begins_where_something_can_be_seen(unseen: str) -> None:
    assert title_from(unseen * 1000 + "hello") == "hello"


@pytest.mark.parametrize(
    "body",
    [
        "![](https://example.org/otter.png)",
        "[](https://example.org)",
        "\u202e?",
        "*\u3164*",
        "a" + _ACUTE * 20 + "\u202e" + _ACUTE * 20,
        "*a" + _ACUTE * 20 + "*" + _ACUTE * 20,
        "x" + _ACUTE * 20 + "![" + _ACUTE * 20 + "](y)",
        "?" + "\n?" * 1000 + "\nhello",
    ],
)
def test_a_body_that_can_be_seen_has_a_title_that_can(body: str) -> None:
    assert objection(body) is None
    assert objection(title_from(body), one_line=True) is None


def test_a_title_takes_nothing_from_far_down_the_body() -> None:
    assert title_from("---\n" * 1000 + "hello") == "--- " * 19 + "---…"


def test_a_long_title_is_cut_between_words() -> None:
    title = title_from("umbrella, " * 20)
    assert title == "umbrella, " * 7 + "umbrella…"


def test_a_word_that_is_too_long_is_cut_all_the_same() -> None:
    assert title_from("u" * 200) == "u" * 79 + "…"
    assert title_from("u" * 80) == "u" * 80


@given(acceptable_texts)
def test_a_title_is_always_one_line_that_a_board_takes(body: str) -> None:
    title = title_from(body)
    assert 1 <= len(title) <= 80
    assert objection(title, one_line=True) is None
    assert not set(title) & set(
        "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )


@pytest.mark.timeout(10)  # A guard against a hang, which is what the text would cause.
@pytest.mark.parametrize(
    "piece", ["`", "*a ", "~~a ", "_", "> ", "- ", "[", "![", "[a](", "[a](b", "[a](()", "[a]((b)"]
)
def test_a_title_of_one_endless_line_is_made_at_once(piece: str) -> None:
    assert len(title_from(piece * (500_000 // len(piece)))) <= 80


@given(st.integers(1, 100), acceptable_texts)
def test_a_title_keeps_to_any_limit(limit: int, body: str) -> None:
    assert len(title_from(body, limit)) <= limit


@pytest.mark.parametrize(
    "opening", ["\u202a", "\u202b", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068"]
)
def test_a_line_turns_back_whatever_direction_it_turns(opening: str) -> None:
    closing = "\u2069" if opening >= "\u2066" else "\u202c"
    assert objection(f"a{opening}b", one_line=True) is not None
    assert objection(f"a{opening}b{closing}c", one_line=True) is None
    assert objection(f"a{closing}b", one_line=True) is not None
    # Of several lines each is a paragraph of its own, and what shows them closes it.
    assert objection(f"a{opening}b") is None


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("plain", "plain"),
        ("\u2067a\u202eb\u2069c", "\u2067a\u202eb\u2069c"),
        ("\u2067a\u202eb", "\u2067a\u202eb\u202c\u2069"),
        ("\u2069\u202cplain", "plain"),
        # What closes an embedding reaches out of no isolate: it is open still.
        ("\u202ea\u2067b\u202cc\u2069d", "\u202ea\u2067bc\u2069d\u202c"),
        ("a\u202eb\u2069c\u202cd", "a\u202ebc\u202cd"),
    ],
)
def test_what_a_text_turns_is_turned_back_and_nothing_else(text: str, whole: str) -> None:
    assert with_directions_closed(text) == whole
    assert with_directions_closed(whole) == whole


@given(st.text("ab \u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
def test_a_text_whose_directions_are_closed_stays_so_wherever_it_stands(text: str) -> None:
    whole = with_directions_closed(text)
    for around in ("\u2068{}\u2069", "\u202e{}\u202c", "a{}b"):
        placed = around.format(whole)
        assert with_directions_closed(placed) == placed
