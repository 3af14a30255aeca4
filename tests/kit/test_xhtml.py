"""Rendered text as XHTML and as plain text."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given

from app.kit.markup import render
from app.kit.plain import plain
from app.kit.xhtml import address, without_non_characters, xhtml
from tests.odd_works import EVERYTHING
from tests.safety import Page
from tests.texts import acceptable_texts

#: What stands for a code point that XML forbids.
_REPLACED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ufffd]")


def tree(markdown: str, below: int = 1) -> ET.Element:
    """A text as an XML parser reads what was made of it."""
    return ET.fromstring(f"<main>{xhtml(render(markdown), below)}</main>")


def words(text: str) -> str:
    return "".join(_REPLACED.sub("", text).split())


def test_each_code_point_that_xml_or_html_forbids_is_replaced_and_no_other() -> None:
    everything = "".join(map(chr, range(0x110000)))
    replaced = {
        number
        for number, each in enumerate(without_non_characters(everything))
        if each != chr(number)
    }
    controls = {*range(0x20), *range(0x7F, 0xA0)} - {0x09, 0x0A, 0x0D}
    last_of_planes = {
        plane + last for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)
    }
    assert replaced == controls | last_of_planes | {*range(0xD800, 0xE000), *range(0xFDD0, 0xFDF0)}
    assert {chr(0xFFFD)} == {without_non_characters(chr(number)) for number in replaced}


@given(text=acceptable_texts)
def test_whatever_is_written_is_well_formed_and_says_the_same(text: str) -> None:
    rendered = render(text)
    found = tree(text)
    shown = words("".join(found.itertext()))
    at = 0
    # Addresses may have been added.
    for word in _REPLACED.sub(" ", Page(rendered).text).split():
        at = shown.index(word, at) + len(word)
    assert all(address(each.get("href", "")) for each in found.iter("a"))


@given(text=acceptable_texts)
def test_headings_leave_out_no_level_and_none_is_empty(text: str) -> None:
    level = 2
    for element in tree(text, below=2).iter():
        if re.fullmatch("h[1-6]", element.tag):
            found = int(element.tag[1])
            assert 2 < found <= level + 1
            assert "".join(element.itertext()).strip()
            level = found


def test_everything_is_shown() -> None:
    found = tree(EVERYTHING)
    assert [each.tag for each in found.iter() if re.fullmatch("h[1-6]", each.tag)] == [
        *("h2", "h3", "h3")
    ]
    assert [each.get("href") for each in found.iter("a")] == [
        "https://example.org/no-words",
        "https://example.org/lantern.png",
        "https://example.org/?a=1&b=2#c",
        "http://example.org/a%20b",
        "https://xn--r8jz45g.jp/%C3%A9",
        "mailto:keeper@example.org",
        "http://example.org/%25zz%7C%7B%7D%5E",
        "mailto:a@example.org",
    ]


def test_paragraphs_run_as_their_words_do_where_some_run_to_the_left() -> None:
    assert {each.get("dir") for each in tree("שלום\n\nHello").iter("p")} == {"auto"}
    assert {each.get("dir") for each in tree("Hello").iter("p")} == {None}


@pytest.mark.parametrize(
    ("link", "written"),
    [
        ("https://example.org/a?b=c&d#e", "https://example.org/a?b=c&d#e"),
        ("https://example.org/a b|c", "https://example.org/a%20b%7Cc"),
        ("https://example.org/?a[]=b", "https://example.org/?a%5B%5D=b"),
        ("http://example.org/%zz", None),
        ("https://user@example.org:99/", "https://user@example.org:99/"),
        ("http://[::1]:80/a", "http://[::1]:80/a"),
        ("https://例え.jp/é", "https://xn--r8jz45g.jp/%C3%A9"),
        ("https://lamp.example.org.:8000?a", "https://lamp.example.org.:8000?a"),
        ("http://127.0.0.1/a", "http://127.0.0.1/a"),
        ("https://%E4%BE%8B.jp/%C3%A9", "https://xn--fsq.jp/%C3%A9"),
        ("https://the_keeper.example.org/", None),
        ("http://1.2.3.256/", None),
        ("http://", None),
        ("javascript:alert(1)", None),
        ("mailto:", None),
        ("", None),
    ],
)
def test_an_address_is_one_that_a_program_can_follow(link: str, written: str | None) -> None:
    assert address(link) == written


def test_plain_text_reads_well() -> None:
    assert plain(render(EVERYTHING.partition("![A lantern]")[0])) == (
        "A heading\n\nfar too deep\n\n*again* https://example.org/no-words\n\n"
        "“Come _in_,” said *the Keeper*.\n"
        "A line, a piece <of> code, & a <tag> & an ampersand \ufffd \xa0 ©\n\n"
        '<script>alert("no")</script> <br> <!-- a note --> <![CDATA[ ]]> <?php ?>\n\n'
        "> A quote\n>\n> > in a quote\n>\n> 1. with a list\n> 2. in it\n\n"
        "- one\n- two\n\n  - deeper\n\n    with a paragraph\n- - first\n-\n\n"
        "7. seven\n8. eight\n\n* * *\n\n"
        "preformatted   text\n  & more <of> it\n\n<p>fenced</p>"
    )


@given(text=acceptable_texts)
def test_plain_text_loses_no_word(text: str) -> None:
    rendered = render(text)
    shown = plain(rendered)
    for word in re.findall(r"\w+", _REPLACED.sub(" ", Page(rendered).text)):
        assert word in shown
