"""Reading feeds as those do who follow them, and seeing whether they are well made."""

from functools import cache
from pathlib import Path
from typing import Any

import feedparser
import httpx
from lxml import etree

from tests.people import Person
from tests.safety import assert_safe

ATOM = "{http://www.w3.org/2005/Atom}"
_MEDIA_TYPE = "application/atom+xml; charset=utf-8"


@cache
def _grammar() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(str(Path(__file__).with_name("atom.rng"))))


def check(document: bytes) -> Any:
    """Fail where a document is no proper Atom feed (RFC 4287); return its root."""
    root = etree.fromstring(document)
    assert _grammar().validate(root), _grammar().error_log
    entries = root.findall(f"{ATOM}entry")
    assert all(each.find(f"{ATOM}author") is not None for each in entries)
    ids = [each.findtext(f"{ATOM}id") for each in entries]
    assert len(set(ids)) == len(ids)
    alternates = [
        (link.get("type"), link.get("hreflang"))
        for link in root.findall(f"{ATOM}link")
        if link.get("rel") == "alternate"
    ]
    assert len(set(alternates)) == len(alternates)
    return root


def parsed(response: httpx.Response) -> Any:
    """A feed as a feed reader understands it, once it was found to be a good one."""
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == _MEDIA_TYPE
    check(response.content)
    # Its own cleaning is left out: what is sent must be safe by itself.
    found = feedparser.parse(response.content, sanitize_html=False, resolve_relative_uris=False)
    assert not found.bozo, found
    for entry in found.entries:
        assert_safe(entry.content[0].value)
    return found


async def follow(reader: Person, path: str) -> Any:
    """A feed that must be there, with its entries."""
    return parsed(await reader.get(path))


def urls(feed: Any) -> list[str]:
    """Where the entries of a feed lead."""
    return [each.link.removesuffix("?adult=true") for each in feed.entries]


def text_of(entry: Any) -> str:
    """What an entry says, as HTML."""
    value: str = entry.content[0].value
    return value
