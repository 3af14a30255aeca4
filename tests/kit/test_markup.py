"""Markdown to HTML that is safe to show."""

import re
from collections.abc import Callable
from typing import Any

import comrak
import nh3
import pytest
from hypothesis import example, given, settings

from app.kit import markup
from app.kit.markup import (
    CHARACTERS_A_MARK,
    MAX_EMPHASIS,
    MAX_MARKS,
    MAX_NESTING,
    PIECE_LENGTH,
    QUICK_LENGTH,
    render,
)
from app.kit.text import with_directions_closed
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


class Watch:
    """What the two libraries are given to do."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.parsed: list[str] = []
        self.cleaned: list[str] = []
        self._note(patch, comrak, "render_markdown", self.parsed)
        self._note(patch, nh3, "clean", self.cleaned)

    @staticmethod
    def _note(patch: pytest.MonkeyPatch, library: Any, name: str, given: list[str]) -> None:
        does: Callable[..., str] = getattr(library, name)

        def noting(text: str, **options: Any) -> str:
            given.append(text)
            return does(text, **options)

        patch.setattr(library, name, noting)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)


def _marks(text: str) -> int:
    return sum(text.count(mark) for mark in "!\"#$&'()*+-.:<>[\\]^_`\n\r")


def _depth(html: str) -> int:
    depth = deepest = 0
    for piece in html.split("<")[1:]:
        if piece.startswith(("br", "hr", "img")):
            continue
        depth += -1 if piece.startswith("/") else 1
        deepest = max(deepest, depth)
    return deepest


#: Pieces of which a text may consist: each was slow, or may become so, or might break out.
_PIECES = (
    *("&", "&amp;", "&#x;", "&#106;", "&notit;", "&#0;", '"', "'", "<", ">", "<>", "\\", "\\&"),
    *("!", ":", "*", "*a ", "a*", "*a*", "**a", "*_", "_a ", "*a **b aaaaaa", "`", "`a", "``a`"),
    *("[", "]", "![", "![[", "[a](", "[a](<", "](", "a](b) [", "[a][b]", "[a]\n\n", "[a]: b\n"),
    *("[a](http://b)", "![a](http://b)", '![a](http://b "c")', "[![a](http://b)](http://c) "),
    *("<http://a>", "<a@b>", "<javascript:alert(1)>", "[a](javascript:alert(1))"),
    *("[a](java%0Ascript:alert(1))", "[a](%6aavascript:b)", "[a](&#106;avascript:b)"),
    *("[a](JaVaScRiPt:b)", "[a](data:text/html,b)", '[a](http://b"c)', "[a](http://b'c)"),
    *("<a>", "<b c=", "<b onclick='c'>", "</p>", "<script>", "<!--", "-->", "<![CDATA[", "<?"),
    *("\n", "\r", "\r\n", "a\n", "a\n\n", "a\r\n\r\n", "a  \n", "\\\n", "\t", "\ta\n", "    &\n"),
    *("# a\n", "#\n", "===\n", "a\n---\n", "* * *\n", "```\n", "~~~\n", "```a\n", "a\n\n\n"),
    *("> ", ">", "- ", "* ", "+ ", "1. ", "1) ", "> - ", "> a\n", "> a\n\n", "- a\n", "- a\n\n"),
    *("- a\n* b\n", "1) a\n2. b\n", "-\ta\n\n\tb\n", "- a\n  - b\n    - c\n", "- a\n\n      b\n"),
    *("a\u0301", "\u202e", "\xa0", "\ufdd0", "\ufdd1", "&#xfdd0;", "猫", "🦦", "|a|b\n", "~~a~~ "),
)
_LONG = 30_000
_TYPED = (
    {repr(piece): piece * (_LONG // len(piece)) for piece in _PIECES}
    | {  # Fewer marks, so that it is not their number that stops them.
        f"{piece!r} among words": (piece + "a" * CHARACTERS_A_MARK * _marks(piece))
        * (_LONG // (len(piece) + CHARACTERS_A_MARK * _marks(piece)))
        for piece in _PIECES
    }
    | {f"{piece!r} and words": piece * (2_000 // len(piece)) + "a " * 15_000 for piece in _PIECES}
    | {
        "deep quotes": ("> " * 39 + "a\n\n") * 300,
        "deep lists": "".join("  " * depth + "- a\n" for depth in range(39)) * 15,
        "lists in one line": "+ " * 15_000 + "a",
        "deep emphasis": "*a " * 5_000 + " a*" * 5_000,
        "brackets": "[" * 5_000 + "](http://a)" * 2_000,
        "images": "![" * 5_000 + "](http://a)" * 2_000,
        "backticks": " ".join("`" * count for count in range(1, 240)),
        "a long address": "[a](http://" + "&" * _LONG + ")",
        "a long title": "[a](http://b '" + '"' * _LONG + "')",
        "code": "```\n" + '&<>"\xa0' * 6_000,
        "a heading": "&\n" * 15_000 + "===",
        "definitions": "".join(f"[{number}]: http://b\n" for number in range(2_000)),
        "references": "[a]: http://" + "b" * 1_000 + "\n\n" + "[a] bbbb " * 3_000,
        "references to unlike": "[a]: javascript:b 'c'\n\n" + "[a] ![a] bbbbbbbbbbbb" * 1_000,
    }
)


@pytest.mark.parametrize("typed", _TYPED.values(), ids=_TYPED)
def test_the_libraries_are_given_a_bounded_task_and_what_they_make_is_safe(
    typed: str, watch: Watch
) -> None:
    shown = render(typed)

    assert_safe(shown)
    assert len(shown) < 20 * len(typed)
    for text in watch.parsed:
        assert _marks(text) <= max(MAX_MARKS, len(text) // CHARACTERS_A_MARK)
    for html in watch.cleaned:
        assert html.count("<") <= 2 * max(MAX_MARKS, len(typed) // CHARACTERS_A_MARK)
        assert _depth(html) <= 2 * MAX_NESTING
        assert "&amp;" not in html
        assert "\xa0" not in html


@pytest.mark.parametrize("mark", ["&", "&#x;", '"', "a*", "<", "a\n\n", "- a\n", "[a]("])
def test_a_long_text_of_marks_is_shown_as_it_was_typed(mark: str, watch: Watch) -> None:
    typed = mark * 20_000
    assert assert_safe(render(typed)).text.split() == typed.split()
    assert watch.parsed == watch.cleaned == []


def test_emphasis_without_end_is_shown_as_it_was_typed(watch: Watch) -> None:
    typed = "*a **b aaaaaa" * (MAX_EMPHASIS // 3 + 1)
    assert render(typed) == f"<p>{typed}</p>\n"
    assert watch.parsed == []


def test_a_few_marks_are_rendered_however_dense_they_stand() -> None:
    assert render("*a* " * (MAX_MARKS // 2)).count("<em>") == MAX_MARKS // 2


@pytest.mark.parametrize("mark", ["> ", "- ", "1. ", "> * "])
def test_a_line_that_opens_too_much_is_not_parsed(mark: str, watch: Watch) -> None:
    render(f"otter\n{mark * (MAX_NESTING + 1)}otter")
    assert watch.parsed == []


@pytest.mark.parametrize("mark", ["* ", "- ", "-", "*", "-\t"])
def test_a_divider_is_one_however_long_it_is(mark: str) -> None:
    assert render(f"otter\n\n{mark * 100}\n\notter") == "<p>otter</p>\n<hr>\n<p>otter</p>\n"


_STORY = "“Come in,” *he* said – to the weather & the otter.\n\nAnd something came in.\n\n"


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_long_story_is_rendered_in_pieces(line_end: str, watch: Watch) -> None:
    typed = (_STORY * 3_000).replace("\n", line_end)
    shown = render(typed)
    longest = PIECE_LENGTH + len(_STORY) + 4
    assert "".join(watch.parsed) == typed
    assert max(map(len, watch.parsed)) <= longest <= QUICK_LENGTH
    assert shown == render(_STORY.replace("\n", line_end)) * 3_000


def test_one_passage_of_marks_does_not_spoil_a_story() -> None:
    shown = render(_STORY * 500 + "&<>" * 10_000 + "\n\n" + _STORY * 500)
    assert assert_safe(shown).text.count("&<>") == 10_000
    assert shown.count("<em>") >= 900


@pytest.mark.parametrize(
    "opening",
    [
        "```\n",
        "> x\n\n~~~\n",
        "<!-- ",
        "<script>\n",
        "<?x\n",
        "<!X\n",
        "<![CDATA[\n",
        "[x]: https://example.org/\n",
    ],
)
def test_what_reaches_over_empty_lines_keeps_a_text_in_one_piece(
    opening: str, watch: Watch
) -> None:
    typed = opening + _STORY * 300
    render(typed)
    assert watch.parsed == [typed]


@settings(max_examples=300)
@given(acceptable_texts, acceptable_texts, acceptable_texts)
@example("- a\n\n  - b", "c\n---", "    d")
@example("> a\nb", "c", "> d")
@example("1. a\n2. b", "“c” *d", "e* 3. f")
@example("```\na", "b\n```", "c")
@example("[a]", "b", "[a]: http://c")
@example("<!-- a", "b", "c --> *d*")
@example("<div>", "b", "</div>")
def test_a_text_in_pieces_is_what_it_is_as_a_whole(one: str, other: str, third: str) -> None:
    typed = f"{one}\n\n{other}\n\n{third}"
    with pytest.MonkeyPatch.context() as patch:
        whole = render(typed)
        patch.setattr(markup, "PIECE_LENGTH", 1)
        assert render(typed) == whole


def test_what_stands_in_for_an_ampersand_is_not_taken_for_one() -> None:
    assert render("a&b\xa0c\ufdd0d&#xfdd1;e") == "<p>a&amp;b&nbsp;c\ufffdd\ufffde</p>\n"
    page = assert_safe(render('[&](https://example.org/?a&b=\ufdd0 "&\xa0&lt;")'))
    assert page.text.strip() == "&"
    assert [link.partition("=")[0] for link in page.links] == ["https://example.org/?a&b"]


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


@pytest.mark.parametrize(
    "typed",
    [
        "![an otter](https://example.org/o.png)",
        "![an otter](<https://example.org/o.png>)",
        "![an otter](\nhttps://example.org/o.png\n'a \"swim\"')",
        '![an otter](https://example.org/o.png "a\nswim")',
        "![an otter](https://example.org/o.png (a swim))",
        "![an otter][o]\n\n[o]: https://example.org/o.png",
        "![an otter][]\n\n[an otter]: https://example.org/o.png",
        "![an otter]\n\n[an otter]: <https://example.org/o.png> 'a swim'",
        "![*an* `otter`](https://example.org/o.png)",
        "![an [otter](https://example.org/b)](https://example.org/o.png)",
        "![an ![otter](https://example.org/b)](https://example.org/o.png)",
        "!&#91;![an otter](https://example.org/o&#46;png)",
        "> - # ![an otter](https://example.org/o.png)",
        "**_![an otter](https://example.org/o.png)_**",
        "[![an otter](https://example.org/b.png)](https://example.org/o.png)",
        "\\![an otter](https://example.org/o.png)",
    ],
)
def test_however_an_image_is_written_it_is_one_link_and_loads_nothing(typed: str) -> None:
    page = assert_safe(render(typed))
    assert page.links == ["https://example.org/o.png"]
    assert page.text.strip().lstrip("![") == "an otter"


@pytest.mark.parametrize(
    "typed",
    [
        '<img src="https://example.org/o.png">',
        "<IMG\nSRC=https://example.org/o.png />",
        '<picture><source srcset="https://example.org/o.png"></picture>',
        '<svg><image href="https://example.org/o.png"/></svg>',
        '<p style="background:url(https://example.org/o.png)">',
        "![an otter](data:image/png;base64,AAAA)",
        "![an otter](//example.org/o.png)",
    ],
)
def test_what_would_load_something_else_is_shown_as_words(typed: str) -> None:
    page = assert_safe(render(typed))
    assert page.links == []


@pytest.mark.parametrize("mark", ["> ", "- ", "1. "])
def test_what_is_nested_too_deep_is_shown_as_it_was_typed(mark: str) -> None:
    typed = mark * (MAX_NESTING + 1) + "otter"
    page = assert_safe(render(typed))
    assert page.text.strip() == typed


def test_what_is_nested_a_little_is_shown_nested() -> None:
    assert render("> > otter").count("<blockquote>") == 2


def test_a_chat_in_a_story_is_shown_line_by_line() -> None:
    shown = render("[Alice]: hello\n[Bob]: hi\n\nThey laughed.")
    for words in ("[Alice]: hello", "[Bob]: hi", "They laughed."):
        assert words in shown


def test_a_link_by_reference_still_works() -> None:
    shown = render("See [the map][1].\n\n[1]: https://example.org/map")
    assert 'href="https://example.org/map"' in shown
    assert "[1]:" not in shown


def test_an_image_in_a_link_is_one_link() -> None:
    shown = render("[![a kettle](https://example.org/k.png)](https://example.org/tea)")
    assert shown.count("<a ") == 1
    assert 'href="https://example.org/tea"' in shown
    assert ">a kettle</a>" in shown


@pytest.mark.parametrize("opening", ["\u202e", "\u2067", "\u2068\u202e"])
@pytest.mark.parametrize(
    "markdown",
    ["one {0} two\n\nthree", "* a {0} b\n* c", "# head {0}\n\ntext", "    code {0}\n\nx"],
)
def test_no_block_leaves_a_direction_turned(markdown: str, opening: str) -> None:
    shown = render(markdown.format(opening))
    for block in re.split("</(?:p|li|h1|pre)>", shown):
        assert with_directions_closed(block) == block
    assert opening in shown


def test_what_a_link_says_of_itself_turns_nothing() -> None:
    shown = render('[x](https://example.org "\u202egnp.exe") and \u2067more')
    assert 'title="gnp.exe"' in shown
    assert shown.endswith("and \u2067more\u2069</p>\n")
