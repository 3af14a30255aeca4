"""Bearer tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.tokens import TokenKind, hash_of, kind_of, new_token

_EDIT = new_token(TokenKind.EDIT)
_PLACES = range(len(_EDIT))


@pytest.mark.parametrize("kind", TokenKind)
def test_a_token_tells_its_kind(kind: TokenKind) -> None:
    token = new_token(kind)
    assert token.startswith(kind.value)
    assert kind_of(token) is kind


def test_tokens_have_one_length_and_do_not_repeat() -> None:
    tokens = {new_token(TokenKind.EDIT) for _ in range(1000)}
    assert len(tokens) == 1000
    assert {len(token) for token in tokens} == {4 + 43 + 6}


@given(st.sampled_from(_PLACES), st.characters())
def test_a_mistyped_character_is_noticed(place: int, character: str) -> None:
    mistyped = _EDIT[:place] + character + _EDIT[place + 1 :]
    assert (kind_of(mistyped) is None) == (mistyped != _EDIT)


@given(st.sampled_from(_PLACES))
def test_a_token_cut_short_is_none(length: int) -> None:
    assert kind_of(_EDIT[:length]) is None


@given(st.text(max_size=60))
def test_no_other_text_is_a_token(text: str) -> None:
    assert kind_of(text) is None
    assert kind_of(TokenKind.EDIT.value + text) is None


def test_a_token_of_one_kind_does_not_pass_as_another() -> None:
    assert kind_of(TokenKind.SESSION.value + _EDIT.removeprefix(TokenKind.EDIT.value)) is None


def test_the_hash_of_a_token_is_its_sha256_and_holds_nothing_of_it() -> None:
    assert len(hash_of(_EDIT)) == 32
    assert hash_of(_EDIT) == hash_of(_EDIT)
    assert hash_of(_EDIT) != hash_of(new_token(TokenKind.EDIT))
    assert _EDIT.encode() not in hash_of(_EDIT)
