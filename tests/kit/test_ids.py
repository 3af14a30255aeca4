"""Opaque ids."""

import re

from app.kit.ids import ALPHABET, LENGTH, PATTERN, new_id


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
