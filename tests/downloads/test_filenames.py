"""What files are called where they are saved."""

import re
from urllib.parse import unquote

import pytest
from hypothesis import given

from app.downloads.filenames import content_disposition
from app.kit.text import title_from
from tests.texts import acceptable_texts

_HEADER = re.compile(r"attachment; filename=\"([ -~]+)\"; filename\*=UTF-8''([A-Za-z0-9%._~-]+)")


def names(title: str) -> tuple[str, str]:
    """The name in ASCII, and the one in full."""
    found = _HEADER.fullmatch(content_disposition(title, "txt"))
    assert found is not None
    return found[1], unquote(found[2])


@pytest.mark.parametrize(
    ("title", "plain", "full"),
    [
        ("Kettle Weather", "Kettle Weather.txt", "Kettle Weather.txt"),
        ("Café “猫”", "Cafe.txt", "Café “猫”.txt"),
        ("猫", "fill.txt", "猫.txt"),
        ("../../etc/passwd", "etcpasswd.txt", "etcpasswd.txt"),
        ("con", "con_.txt", "con_.txt"),
        ("..", "fill.txt", "fill.txt"),
        ("\u202efdp.exe\u2028", "fdp.exe.txt", "fdp.exe.txt"),
        ('a"b\\c%2F: d?', "abc2F d.txt", "abc%2F d.txt"),
    ],
)
def test_a_name_is_the_title_as_far_as_systems_let_it(title: str, plain: str, full: str) -> None:
    assert names(title) == (plain, full)


@given(text=acceptable_texts)
def test_any_title_makes_a_name_that_every_system_takes(text: str) -> None:
    for title in (title_from(text), text * 50):
        for name in names(title):
            assert len(name.encode()) <= 200
            assert not re.search(r'[<>:"/\\|?*\x00-\x1f\u202a-\u202e]', name)
            assert not re.match(r"[. ]", name)
