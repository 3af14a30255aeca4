"""Sealed cursors."""

import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.kit.cursors import KEY_LENGTH, BadCursorError, CursorSealer, CursorValue

_SEALER = CursorSealer(b"k" * KEY_LENGTH)
_VALUES: list[CursorValue] = ["2026-11-02T09:30:00+00:00", 7]
_URL_SAFE = string.ascii_letters + string.digits + "-_"
#: One for each way in which base 64 ends: with no, four or two bits to spare.
_CURSORS = tuple(_SEALER.seal(["x" * length], "list") for length in (1, 2, 3))

values = st.lists(st.none() | st.integers() | st.text(st.characters(codec="utf-8")), max_size=4)
lists = st.text(st.characters(codec="utf-8"))


@given(values, lists)
def test_what_was_sealed_is_read_back(sealed: list[CursorValue], belongs_to: str) -> None:
    cursor = _SEALER.seal(sealed, belongs_to)
    assert set(cursor) <= set(_URL_SAFE)
    assert _SEALER.open(cursor, belongs_to) == sealed


def test_the_same_page_has_the_same_cursor() -> None:
    assert _SEALER.seal(_VALUES, "list") == _SEALER.seal(_VALUES, "list")


@given(lists)
def test_a_cursor_opens_for_no_other_list(other: str) -> None:
    cursor = _SEALER.seal(_VALUES, "list")
    if other != "list":
        with pytest.raises(BadCursorError):
            _SEALER.open(cursor, other)


def test_a_cursor_opens_under_no_other_key() -> None:
    with pytest.raises(BadCursorError):
        CursorSealer(b"q" * KEY_LENGTH).open(_SEALER.seal(_VALUES, "list"), "list")


@pytest.mark.parametrize("cursor", _CURSORS)
@pytest.mark.parametrize("place", ["first", "last"])
def test_a_cursor_with_any_character_changed_does_not_open(cursor: str, place: str) -> None:
    index = 0 if place == "first" else len(cursor) - 1
    for character in set(_URL_SAFE) - {cursor[index]}:
        with pytest.raises(BadCursorError):
            _SEALER.open(cursor[:index] + character + cursor[index + 1 :], "list")


@pytest.mark.parametrize("cursor", _CURSORS)
@pytest.mark.parametrize("edit", ["{}=", "{}==", "={}", "{}A", "{}\n", " {}"])
def test_a_cursor_with_something_added_does_not_open(cursor: str, edit: str) -> None:
    with pytest.raises(BadCursorError):
        _SEALER.open(edit.format(cursor), "list")


def test_a_cursor_in_another_alphabet_does_not_open() -> None:
    cursor = next(
        sealed for number in range(1000) if "-" in (sealed := _SEALER.seal([number], "list"))
    )
    with pytest.raises(BadCursorError):
        _SEALER.open(cursor.replace("-", "+"), "list")


@given(st.text())
@example("")
@example("A" * 21)
@example("ü")
def test_no_other_text_opens(text: str) -> None:
    with pytest.raises(BadCursorError):
        _SEALER.open(text, "list")


def test_a_cursor_does_not_show_what_it_holds() -> None:
    assert "2026" not in _SEALER.seal(_VALUES, "list")
    assert _SEALER.seal([1], "list")[:8] != _SEALER.seal([2], "list")[:8]
