"""Opaque ids."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from app.kit.ids import ALPHABET, LENGTH, PATTERN, is_id, new_id


def test_an_id_matches_the_published_pattern() -> None:
    assert all(re.fullmatch(PATTERN, new_id()) for _ in range(100))


def test_ids_do_not_repeat() -> None:
    assert len({new_id() for _ in range(1000)}) == 1000


def test_ids_do_not_grow_with_time() -> None:
    ids = [new_id() for _ in range(50)]
    assert ids not in (sorted(ids), sorted(ids, reverse=True))


def test_each_place_of_an_id_takes_many_letters() -> None:
    ids = [new_id() for _ in range(1000)]
    assert all(len({each[place] for each in ids}) == len(ALPHABET) for place in range(LENGTH))


@given(st.text(max_size=20))
@example("0" * 15)
@example("0" * 17)
@example("0" * 16 + "\n")
@example("I" * 16)
@example("\u0660" * 16)
def test_only_what_has_the_shape_of_an_id_is_one(text: str) -> None:
    assert is_id(text) == (len(text) == LENGTH and set(text) <= set(ALPHABET))


def test_a_fresh_id_is_one() -> None:
    assert is_id(new_id())
