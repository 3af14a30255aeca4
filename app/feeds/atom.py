"""Atom (RFC 4287), with its threading extension (RFC 4685), from what a feed says to its bytes.

Every text goes through one function on its way into the document, so no text can make it malformed:
what XML forbids becomes U+FFFD, and marks are escaped.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.kit.xhtml import escaped

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
#: Ids of feeds and entries are made in this namespace. They would change with it, so it never does.
_NAMESPACE = uuid.UUID("6d0f2c0e-6f0b-4f5e-9a6c-3c1b8f7a52d4")


@dataclass(frozen=True)
class Thing:
    """Something that a feed refers to: the id that it has in feeds, and where it is read."""

    id: str
    url: str


@dataclass(frozen=True)
class Entry:
    """One entry. ``tags`` are terms, each with the address of the vocabulary that it belongs to;
    ``answers`` is what it replies to. Times are as RFC 3339 writes them.
    """

    thing: Thing
    title: str
    author: str
    published: str
    updated: str
    html: str
    tags: tuple[tuple[str, str], ...] = ()
    answers: Thing | None = None


@dataclass(frozen=True)
class Feed:
    """A feed. ``began`` is when what it is of was made, ``url`` its own address, if that may be
    told, and ``source`` where the same is read as JSON.
    """

    id: str
    title: str
    subtitle: str | None
    began: str
    url: str | None
    source: str
    entries: tuple[Entry, ...]

    @property
    def updated(self) -> str:
        """When the author of any of its entries last changed one, or posted it."""
        # Written alike, in UTC, times are in the order of their texts.
        return max((each.updated for each in self.entries), default=self.began)


def id_of(kind: str, name: str) -> str:
    """The id of a thing or a feed, which is the same for ever: it comes from what it is and from
    its own name, and neither from where it is read nor from what it is called.
    """
    return uuid.uuid5(_NAMESPACE, f"{kind}/{name}").urn


def write(feed: Feed) -> bytes:
    """The document."""
    return "".join(_feed(feed)).encode()


def _feed(feed: Feed) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8"?>\n'
    yield '<feed xmlns="http://www.w3.org/2005/Atom"'
    yield ' xmlns:thr="http://purl.org/syndication/thread/1.0">\n'
    yield _element("id", feed.id)
    yield _element("title", feed.title)
    if feed.subtitle is not None:
        yield _element("subtitle", feed.subtitle)
    yield _element("updated", feed.updated)
    if feed.url is not None:
        yield _empty("link", rel="self", type="application/atom+xml", href=feed.url)
    yield _empty("link", rel="alternate", href=feed.source)
    for each in feed.entries:
        yield from _entry(each)
    yield "</feed>\n"


def _entry(entry: Entry) -> Iterator[str]:
    yield "<entry>\n"
    yield _element("id", entry.thing.id)
    yield _element("title", entry.title)
    yield f"<author>{_element('name', entry.author).rstrip()}</author>\n"
    yield _element("published", entry.published)
    yield _element("updated", entry.updated)
    # Feed readers that are told it is JSON take it for no link that anybody could follow.
    yield _empty("link", rel="alternate", href=entry.thing.url)
    if entry.answers is not None:
        answered = entry.answers
        yield _empty("thr:in-reply-to", ref=answered.id, type="application/json", href=answered.url)
    yield from _categories(entry.tags)
    yield f'<content type="html">{escaped(entry.html)}</content>\n'
    yield "</entry>\n"


def _categories(tags: Iterable[tuple[str, str]]) -> Iterator[str]:
    for scheme, term in tags:
        yield _empty("category", term=term, scheme=scheme)


def _element(name: str, text: str) -> str:
    return f"<{name}>{escaped(text)}</{name}>\n"


def _empty(name: str, **attributes: str) -> str:
    written = "".join(f' {each}="{escaped(value)}"' for each, value in attributes.items())
    return f"<{name}{written}/>\n"
