"""Markdown from which every part comes back."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.downloads.formats.markdown import MarkdownWriter
from app.kit.text import title_from
from tests.downloads.reading import facts_in, texts_in
from tests.odd_works import FRAMED, work_of, written
from tests.texts import acceptable_texts

_PIECES = st.one_of(acceptable_texts, st.sampled_from(FRAMED))


@given(bodies=st.lists(_PIECES, max_size=5))
def test_whatever_was_sent_comes_back_byte_for_byte(bodies: list[str]) -> None:
    assert texts_in(written(MarkdownWriter, bodies)) == [each.encode() for each in bodies]


@given(words=acceptable_texts)
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
    facts = facts_in(head)
    assert (facts["title"], facts["summary"], facts["tags"][0]) == (line, words, line)
