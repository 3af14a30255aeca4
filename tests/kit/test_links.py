"""Links in what people write."""

import pytest

from app.kit.links import links_in
from app.kit.markup import render


@pytest.mark.parametrize(
    "text",
    [
        "See https://lamps.example/buy now.",
        "See HTTPS://LAMPS.EXAMPLE/buy",
        "Go to www.lamps.example!",
        "At lamps.example/cheap there are more.",
        "[lamps](https://lamps.example)",
        "[lamps](&#104;ttps://lamps.example)",
        "![a lamp](https://lamps.example/lamp.png)",
        "[lamps][1]\n\n[1]: <https://lamps.example>",
        "<seller@lamps.example>",
        "[write](mailto:seller@lamps.example)",
        "gemini://lamps.example",
    ],
)
def test_a_link_is_found_however_it_is_written(text: str) -> None:
    assert links_in(text, rendered=render(text))


@pytest.mark.parametrize(
    "text",
    [
        "Ana and/or Bo: enemies to friends, 3/? parts.",
        "Wait... and then? He said: “Dr. Kettle/Mr. Cup.”",
        "Chapter 1.5 is at 9:30 p.m./half past nine.",
        "The www is a web; http is a protocol.",
        "[not a link] (just brackets) and a * star.",
        "",
    ],
)
def test_what_is_no_link_is_not_found(text: str) -> None:
    assert not links_in(text, rendered=render(text))


def test_a_link_is_the_same_wherever_it_stands_in_a_sentence() -> None:
    texts = ("(See https://lamps.example/a.)", "**https://lamps.example/a**, yes")
    first, second = [links_in(text, rendered=render(text)) for text in texts]
    assert first == second != links_in("https://lamps.example/b")
