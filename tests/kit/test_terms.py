"""The words of a text as a search knows them."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.kit import terms as module
from app.kit.terms import MAX_TERM, located_terms, terms
from tests.texts import acceptable_texts

any_texts = st.one_of(st.text(), acceptable_texts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("?! … 🦦👩‍👩‍👧", []),
        ("Two rivals, ONE umbrella.", ["two", "rivals", "one", "umbrella"]),
        ("Don't; don’t; dont", ["dont"] * 3),
        ("'tis O’Brien's dogs'", ["tis", "obriens", "dogs"]),
        ("rock''n roll", ["rock", "n", "roll"]),
        ("slow-burn snake_case a.b", ["slow", "burn", "snake", "case", "a", "b"]),
        ("CAFÉ cafe\u0301 Straße ŒUVRE", ["cafe", "cafe", "strasse", "œuvre"]),
        ("\ufb01n x² ½ ①", ["fin", "x2", "1", "2", "1"]),
        ("1\ufe0f\u20e3", ["1"]),
        ("co\u00adop zero\u200bspace", ["coop", "zero", "space"]),
        ("雨が、降る", ["雨", "が", "降", "る"]),
        ("か\u3099 が", ["が", "が"]),
        ("ﾊﾟﾝ・ア", ["パ", "ン", "ア"]),
        ("a猫b", ["a", "猫", "b"]),
        ("\U00020000\U0001f9a6\U00010400", ["\U00020000", "\U00010428"]),
        ("고양이", ["고", "양", "이"]),
        ("ก็ดี", ["ก", "็", "ด", "ี"]),
        ("हिन्दी", ["हिन्दी"]),
        ("שָׁלוֹם مُحَمَّد", ["שלום", "محمد"]),
        ("İstanbul", ["istanbul"]),
        ("\ud800 half", ["half"]),
    ],
)
def test_terms_are_what_people_would_type(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_an_endless_word_is_cut() -> None:
    assert terms("u" * 1000 + " é" + "v" * 1000) == ["u" * MAX_TERM, "e" + "v" * (MAX_TERM - 1)]


@given(any_texts)
@example("가\u11a8ᄀ\u1161")
@example("か\u3099'a'か")
def test_the_spelling_in_code_points_does_not_matter(text: str) -> None:
    for form in ("NFC", "NFD"):
        assert terms(unicodedata.normalize(form, text)) == terms(text)


@given(any_texts)
def test_terms_have_nothing_in_them_that_separates(text: str) -> None:
    for term in terms(text):
        assert 1 <= len(term) <= MAX_TERM
        assert not set(term) & set(" '\"\\:·&|!()<>*-\x00")
        # Characters of scripts that this Python does not know yet are not assigned to it.
        assert all(unicodedata.category(each)[0] in "LMN" or each > "\U0001aff0" for each in term)


@given(any_texts)
def test_terms_are_found_again_where_they_stand(text: str) -> None:
    found = list(located_terms(text))
    assert [each.term for each in found] == terms(text)
    for before, each in pairwise(found):
        assert before.start <= each.start
    for each in found:
        assert each.term in terms(text[each.start : each.stop])


@given(st.text(st.characters(max_codepoint=127)), any_texts)
def test_every_way_to_the_terms_leads_to_the_same(plain: str, text: str) -> None:
    assert terms(f"{plain} ") + terms("é") == terms(f"{plain} é")
    assert terms(f"{plain}\n{text}") == terms(plain) + terms(text)


def test_the_short_way_for_plain_characters_is_no_other_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = [
        "雨が降る。“Kettle”の話",
        "か\u3099き",
        "猫'猫's",
        "가\u11a8나",
        "ー゛ー",
        "漢\ufe00字",
    ]
    short = [terms(text) for text in texts]
    monkeypatch.setattr(module, "_pieces", lambda run: [(run, False)])
    assert [terms(text) for text in texts] == short


@pytest.mark.timeout(20)  # A guard against a hang, which is what quadratic time would cause.
@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "a\u0301",
        "\u0301",
        "'",
        "’",
        "a'",
        "雨",
        "雨\u3099",
        "\u1160",
        "が’",
        "ह\u0940",
        "\ufdfa",
    ],
)
def test_many_characters_without_a_space_take_no_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    assert len(terms(text)) == len(list(located_terms(text)))
