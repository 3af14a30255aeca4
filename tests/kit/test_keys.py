"""Derived keys."""

from app.kit.keys import derive_key


def test_the_same_secret_and_purpose_give_the_same_key() -> None:
    assert derive_key("s" * 32, "faces") == derive_key("s" * 32, "faces")


def test_two_purposes_never_share_a_key() -> None:
    assert derive_key("s" * 32, "faces") != derive_key("s" * 32, "cursors")


def test_two_installations_never_share_a_key() -> None:
    assert derive_key("s" * 32, "faces") != derive_key("t" * 32, "faces")


def test_a_key_is_as_long_as_it_is_wanted() -> None:
    assert [len(derive_key("s" * 32, "cursors", length)) for length in (16, 32, 64)] == [16, 32, 64]


def test_a_key_does_not_show_the_secret() -> None:
    assert b"ssss" not in derive_key("s" * 32, "faces", 64)
