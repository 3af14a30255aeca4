"""The form of a feed: whatever it is made of, it is one."""

import copy
from dataclasses import replace
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from app.feeds.atom import Entry, Feed, Thing, id_of, write
from app.kit.xhtml import without_non_characters
from tests.conftest import new_app, settings_for
from tests.feeds.reading import ATOM, check

_TIME = "2026-11-03T12:00:00Z"
_ENTRY = Entry(
    thing=Thing(id_of("prompt", "4k7t9x2m0p3r8s1w"), "http://board.test/v1/prompts/x?a=1&b=2"),
    title="A rescue",
    author="merry teal heron",
    published=_TIME,
    updated=_TIME,
    html="<p>A rescue, <em>please</em> &amp; thank you.</p>",
    tags=(("http://board.test/v1/tags?kind=tag", "found family"),),
    answers=Thing(id_of("fill", "4k7t9x2m0p3r8s1w"), "http://board.test/v1/fills/x"),
)
_FEED = Feed(
    id=id_of("prompts", "lanterns"),
    title="Lanterns: prompts",
    subtitle="Rating: General",
    began=_TIME,
    url="http://board.test/v1/boards/lanterns/prompts.atom",
    source="http://board.test/v1/boards/lanterns/prompts",
    entries=(_ENTRY,),
)
#: Half pairs, controls and what is no character included.
_ANY = st.one_of(
    st.text(st.characters(codec=None, exclude_categories=())),
    st.lists(
        st.sampled_from(
            [
                *("<", ">", "&", '"', "'", "]]>", "<![CDATA[", "<!--", "<?xml", "&#0;", "&lt;"),
                *("\0", "\x0b", "\x1b", "\x85", "\r\n", "\ufffe", "\uffff", "\ud800", "\U0001fffe"),
                *("</title>", "<script>", "xmlns:", "%0A", "猫", "🦦", "e\u0301", "\u202e"),
            ]
        )
    ).map("".join),
)


@given(st.lists(_ANY, min_size=6, max_size=6))
def test_no_text_makes_a_feed_malformed(texts: list[str]) -> None:
    title, author, html, scheme, term, url = texts
    thing = Thing(_ENTRY.thing.id, url)
    odd = replace(
        _ENTRY,
        thing=thing,
        title=title,
        author=author,
        html=html,
        answers=thing,
        tags=((scheme, term),),
    )
    feed = replace(_FEED, title=title, subtitle=html, url=url, source=url, entries=(odd,))
    root = check(write(feed))
    entry = root.find(f"{ATOM}entry")
    assert _same(entry.findtext(f"{ATOM}title"), title)
    assert _same(entry.findtext(f"{ATOM}author/{ATOM}name"), author)
    assert _same(entry.findtext(f"{ATOM}content"), html)


def _same(read: str, written: str) -> bool:
    """Whether a text came through: XML makes all ends of lines alike."""
    return read == without_non_characters(written).replace("\r\n", "\n").replace("\r", "\n")


def test_a_feed_reader_understands_all_of_it() -> None:
    found = feedparser.parse(write(_FEED), sanitize_html=False)
    assert not found.bozo
    assert (found.feed.title, found.feed.subtitle) == (_FEED.title, _FEED.subtitle)
    assert {each.rel: each.href for each in found.feed.links} == {
        "self": _FEED.url,
        "alternate": _FEED.source,
    }
    (entry,) = found.entries
    assert (entry.id, entry.link) == (_ENTRY.thing.id, _ENTRY.thing.url)
    assert (entry.published, entry.updated, entry.author) == (_TIME, _TIME, _ENTRY.author)
    assert [(each.scheme, each.term) for each in entry.tags] == list(_ENTRY.tags)
    assert entry.content[0].value == _ENTRY.html
    assert entry["thr_in-reply-to"]["ref"] == id_of("fill", "4k7t9x2m0p3r8s1w")


def test_the_examples_of_the_description_are_feeds() -> None:
    description = new_app(settings_for("sqlite:///never-opened.db")).openapi()
    examples = [
        answer["content"]["application/atom+xml"]["example"]
        for operations in description["paths"].values()
        for operation in operations.values()
        for answer in operation["responses"].values()
        if "application/atom+xml" in answer.get("content", {})
    ]
    assert len(examples) == 7
    for each in examples:
        check(each.encode())


def test_the_newest_change_of_an_entry_is_the_feeds() -> None:
    later = replace(_ENTRY, updated="2026-11-04T00:00:00Z")
    assert replace(_FEED, entries=(_ENTRY, later, _ENTRY)).updated == later.updated
    assert replace(_FEED, entries=()).updated == _FEED.began


def test_ids_are_what_they_always_were() -> None:
    assert id_of("prompt", "4k7t9x2m0p3r8s1w") == "urn:uuid:508114bf-74e7-5fc0-a99a-666cbdef229a"
    assert id_of("fill", "4k7t9x2m0p3r8s1w") != id_of("prompt", "4k7t9x2m0p3r8s1w")


@pytest.mark.parametrize(
    ("path", "change"),
    [
        (f"{ATOM}entry/{ATOM}id", "take away"),
        (f"{ATOM}entry/{ATOM}author", "take away"),
        (f"{ATOM}entry/{ATOM}title", "double"),
        (f"{ATOM}updated", "take away"),
        (f"{ATOM}entry/{ATOM}updated", "yesterday"),
        (f"{ATOM}entry", "double"),
    ],
)
def test_what_is_no_feed_is_noticed(path: str, change: str) -> None:
    root: Any = etree.fromstring(write(_FEED))
    found = root.find(path)
    if change == "take away":
        found.getparent().remove(found)
    elif change == "double":
        found.addnext(copy.deepcopy(found))
    else:
        found.text = change
    with pytest.raises(AssertionError):
        check(etree.tostring(root))
