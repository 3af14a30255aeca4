"""Markdown to HTML that is safe to show."""

import pytest
from hypothesis import example, given, settings

from app.kit.markup import MAX_NESTING, render
from tests.safety import assert_safe
from tests.texts import acceptable_texts


@settings(max_examples=300)
@given(acceptable_texts)
@example("[x](java%0Ascript:alert(1))")
@example("[x](&#x6A;avascript:alert(1))")
@example("[x](  javascript:alert(1))")
@example("<javascript:alert(1)>")
@example('![x](https://example.org/"onerror="alert(1))')
@example('[x](https://example.org "\\" onclick=\\"alert(1)")')
@example("<script>alert(1)</script>")
@example("> " * 200 + "<b onclick=alert(1)>")
@example("[x]: javascript:alert(1)\n\n[x]")
def test_whatever_is_typed_can_not_run(text: str) -> None:
    assert_safe(render(text))


def test_paragraphs_and_emphasis_are_shown() -> None:
    html = render("“Come in,” *he* said.\n\nAnd **something** came in.")
    assert html == (
        "<p>“Come in,” <em>he</em> said.</p>\n<p>And <strong>something</strong> came in.</p>\n"
    )


def test_what_looks_like_html_is_shown_as_text() -> None:
    typed = 'She typed <b onclick="x()">bold</b> & <script>x()</script>.'
    assert assert_safe(render(typed)).text == f"{typed}\n"


@pytest.mark.parametrize(
    "link", ["http://example.org/a?b=c&d", "https://example.org/", "mailto:otter@example.org"]
)
def test_absolute_links_are_kept(link: str) -> None:
    page = assert_safe(render(f"[here]({link})"))
    assert page.links == [link]
    assert page.text.strip() == "here"


@pytest.mark.parametrize(
    "link", ["/v1/boards", "//example.org", "#top", "ftp://example.org", "data:text/html,x", "x"]
)
def test_other_links_keep_only_their_text(link: str) -> None:
    page = assert_safe(render(f"[here]({link})"))
    assert page.links == []
    assert page.text.strip() == "here"


def test_links_tell_crawlers_and_hosts_nothing() -> None:
    assert 'rel="nofollow noopener noreferrer ugc"' in render("[here](https://example.org)")


def test_an_image_becomes_a_link_to_it() -> None:
    html = render('![an otter](https://example.org/otter.png "floating")')
    assert "<img" not in html
    page = assert_safe(html)
    assert (page.links, page.text.strip()) == (["https://example.org/otter.png"], "an otter")


def test_an_image_without_a_description_shows_its_address() -> None:
    page = assert_safe(render("![](https://example.org/otter.png)"))
    assert page.text.strip() == "https://example.org/otter.png"


@pytest.mark.parametrize("mark", ["> ", "- ", "1. "])
def test_what_is_nested_too_deep_is_shown_as_it_was_typed(mark: str) -> None:
    typed = mark * (MAX_NESTING + 1) + "otter"
    page = assert_safe(render(typed))
    assert page.text.strip() == typed


def test_what_is_nested_a_little_is_shown_nested() -> None:
    assert render("> > otter").count("<blockquote>") == 2
