"""Faces."""

import hashlib
from itertools import chain

from app.kit.faces import ANIMALS, COLOURS, MANNERS, face

_KEY = b"k" * 32
_DIGEST = "95af4df28fd9c7c5ed6c57efe9fddc85698be15d7e97891fd38207ef6ba14259"


def test_a_mask_wears_one_face_in_one_conversation() -> None:
    assert face(_KEY, "rescue", "otter") == face(_KEY, "rescue", "otter")


def test_a_mask_wears_another_face_in_another_conversation() -> None:
    faces = {face(_KEY, f"conversation {number}", "otter") for number in range(100)}
    assert len(faces) == 100


def test_two_masks_in_a_conversation_wear_two_faces() -> None:
    assert len({face(_KEY, "rescue", f"mask {number}") for number in range(300)}) == 300


def test_faces_can_not_be_computed_without_the_key() -> None:
    assert face(_KEY, "rescue", "otter") != face(b"q" * 32, "rescue", "otter")


def test_a_face_is_three_plain_words() -> None:
    words = face(_KEY, "rescue", "otter").split(" ")
    assert len(words) == 3
    assert all(word.isascii() and word.isalpha() and word.islower() for word in words)


def test_there_are_four_million_faces_and_no_word_stands_twice() -> None:
    assert (len(MANNERS), len(COLOURS), len(ANIMALS)) == (128, 128, 256)
    for words in (MANNERS, COLOURS, ANIMALS):
        assert len(set(words)) == len(words)


def test_the_words_never_change() -> None:
    """Every face on every board is made of them, so this digest may not be brought up to date."""
    words = "\n".join(chain(MANNERS, COLOURS, ANIMALS)).encode()
    assert hashlib.sha256(words).hexdigest() == _DIGEST
