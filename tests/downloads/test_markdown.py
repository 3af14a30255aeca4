"""Markdown from which every part comes back."""

from dataclasses import replace

import comrak
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.downloads.formats.markdown import MarkdownWriter
from app.kit.text import title_from
from app.kit.xhtml import without_non_characters
from tests.downloads.reading import Outline, facts_in, texts_in
from tests.odd_works import FRAMED, work_of, written
from tests.texts import acceptable_texts

_PIECES = st.one_of(acceptable_texts, st.sampled_from(FRAMED))


@given(bodies=st.lists(_PIECES, max_size=5))
def test_whatever_was_sent_comes_back_byte_for_byte(bodies: list[str]) -> None:
    assert texts_in(written(MarkdownWriter, bodies)) == [each.encode() for each in bodies]


@given(words=st.one_of(acceptable_texts, st.text("#->=+.)_*~&a1 `[]!|<\\\n", min_size=1)))
@example(words="<!-- text: 1 bytes -->")
@example(words="## x ##\n1. y\n- - -\n===\n&amp; &#5; _a_ b_c __d__ \\")
def test_what_stands_between_texts_is_never_taken_for_one(words: str) -> None:
    line = title_from(words, limit=255)
    work = work_of([""])
    (part,) = work.parts
    hostile = replace(
        work,
        title=line,
        byline=line,
        summary=words,
        prompt_title=line,
        tags=[line, "<!-- text: 1 bytes -->\n\n"],
        parts=(replace(part, title=line, content_notes=[line]),),
    )
    head = MarkdownWriter(hostile).begin()
    assert texts_in(head) == []
    # Nothing in it is markup, and nothing is lost.
    shown = Outline(comrak.render_markdown(head.decode().split("---\n", 2)[2]).encode())
    assert shown.tags <= {"h1", "ul", "li", "a", "blockquote", "p"}
    assert shown.headings == [1]
    for each in (line, *words.splitlines()):
        assert without_non_characters(each.strip()) in shown.text
    facts = facts_in(head)
    assert (facts["title"], facts["summary"], facts["tags"][0]) == (line, words, line)


@pytest.mark.parametrize(
    "words", ["#5 & co", "2026-11-25", "R&D", "snake_case!", "a > b | c", "-hello", "12:30."]
)
def test_what_nobody_would_read_as_markup_stands_as_it_is(words: str) -> None:
    work = replace(work_of([]), title=words, prompt_title=words, summary=words, tags=[words])
    assert MarkdownWriter(work).begin().decode().partition("\n# ")[2].count(words) == 4
