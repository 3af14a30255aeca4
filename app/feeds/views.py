"""From public shapes to entries of feeds. An entry says nothing that the shape doesn't.

What somebody should know before they read stands before the text: a feed reader shows neither a
rating nor a warning by itself.
"""

import html
from collections.abc import Iterable
from itertools import chain
from typing import Any

from app.comments.views import url as comment_url
from app.core.site import Site
from app.downloads.work import MEDIUMS, RATINGS, notes, progress
from app.feeds.atom import Entry, Thing, id_of
from app.fills.views import part_url
from app.kit.clock import rfc3339
from app.labels.reading import KINDS, is_adult

#: What may be had of a fill besides.
_FILES = {"epub": "a book", "html": "a page", "md": "Markdown", "txt": "plain text"}


def prompt(site: Site, shape: dict[str, Any]) -> Entry:
    """A prompt."""
    thing = _thing("prompt", shape, asks=is_adult(shape["rating"]))
    facts = [
        *_warned(shape, shape["content_notes"]),
        f"Prompt: {_link(thing.url, '#' + str(shape['number']))}",
    ]
    if shape["do_not_want"] is not None:
        facts.insert(-1, f"Do not want: {_lines(shape['do_not_want'])}")
    return Entry(
        thing,
        shape["title"],
        byline(shape["author"]),
        shape["created_at"],
        shape["edited_at"] or shape["created_at"],
        _list(facts) + shape["body_html"],
        _tags(site, shape),
    )


def fill(site: Site, shape: dict[str, Any]) -> Entry:
    """A fill: what it is, and where it is read."""
    thing = _thing("fill", shape, asks=is_adult(shape["rating"]))
    summary = shape["summary"]
    return Entry(
        thing,
        shape["title"],
        byline(shape["author"]),
        shape["created_at"],
        shape["updated_at"],
        "".join(
            (
                _list([*_about(shape, shape["content_notes"]), *_extent(shape)]),
                f"<p>{_lines(summary)}</p>\n" if summary else "",
                f"<p>{_places(shape, thing.url)}</p>\n",
            )
        ),
        _tags(site, shape),
        _answered_prompt(shape),
    )


def part(site: Site, shape: dict[str, Any], row: Any, text: str | None) -> Entry:
    """A part of a fill, given the fill's shape, with its text, if there is room for that."""
    where = part_url(site, shape["id"], row.number)
    url = _asking(where, asks=is_adult(shape["rating"]))
    name = f"Part {row.number}"
    facts = _about(shape, chain(shape["content_notes"], row.content_notes))
    facts.append(f"{row.words_count:,} words")
    return Entry(
        Thing(id_of("part", row.public_id), url),
        f"{name}: {row.title}" if row.title else name,
        byline(shape["author"]),
        rfc3339(row.posted_at),
        rfc3339(row.edited_at or row.posted_at),
        _list(facts) + (f"<p>{_link(url, 'Read it on the board')}</p>\n" if text is None else text),
    )


def comment(site: Site, shape: dict[str, Any], *, asks: bool) -> Entry:
    """A comment. ``asks`` says that it is below something adult."""
    thread, parent = shape["thread"], shape["parent_id"]
    above = Thing(id_of(thread["type"], thread["id"]), _asking(thread["url"], asks=asks))
    name = thread["title"] or f"a {thread['type']}"
    about = "" if shape["part_number"] is None else f", part {shape['part_number']}"
    answered = above
    if parent is not None:
        url = _asking(comment_url(site, parent), asks=asks)
        answered = Thing(id_of("comment", parent), url)
    return Entry(
        _thing("comment", shape, asks=asks),
        f"Re: {name}",
        byline(shape["author"]),
        shape["created_at"],
        shape["edited_at"] or shape["created_at"],
        f"<p>On {_link(above.url, name)}{about}:</p>\n{shape['body_html']}",
        answers=answered,
    )


def byline(author: dict[str, Any]) -> str:
    """Who wrote something, as everybody sees it."""
    name: str = author["name"] or author["face"] or "Anonymous"
    return name


def warnings(work: Any) -> str:
    """What to know of a work (a row with labels) before one reads about it, in one line."""
    return ". ".join(_warnings(work.rating, work.content_notes, work.notes_choice))


def _thing(kind: str, shape: dict[str, Any], *, asks: bool) -> Thing:
    return Thing(id_of(kind, shape["id"]), _asking(shape["url"], asks=asks))


def _asking(url: str, *, asks: bool) -> str:
    """An address that can be followed as it is: what is adult is only in feeds that were asked
    for it.
    """
    return f"{url}?adult=true" if asks else url


def _warnings(rating: str, content_notes: Iterable[str], choice: str) -> list[str]:
    return [
        f"Rating: {RATINGS[rating]}",
        f"Content notes: {', '.join(notes(content_notes, choice))}",
    ]


def _warned(shape: dict[str, Any], content_notes: Iterable[str]) -> list[str]:
    return [*map(_lines, _warnings(shape["rating"], content_notes, shape["notes_choice"]))]


def _about(shape: dict[str, Any], content_notes: Iterable[str]) -> list[str]:
    """What to know of a fill before one reads it."""
    prompt = shape["prompt"]
    number = f"#{prompt['number']}"
    name = f"{number}: {prompt['title']}" if prompt["title"] else number
    return [
        *_warned(shape, content_notes),
        f"For the prompt {_link(_answered_prompt(shape).url, name)}",
    ]


def _answered_prompt(shape: dict[str, Any]) -> Thing:
    return Thing(id_of("prompt", shape["prompt"]["id"]), shape["prompt"]["url"])


def _extent(shape: dict[str, Any]) -> list[str]:
    """Of what kind a fill is, how far it has come, and how long it is."""
    come = progress(shape["status"], shape["parts_count"], shape["parts_expected"])
    words = f", {shape['words_count']:,} words" if shape["parts_count"] else ""
    return [f"Medium: {MEDIUMS[shape['medium']]}", f"{come}{words}"]


def _places(shape: dict[str, Any], url: str) -> str:
    """Where a fill is read."""
    links = [_link(url, "On the board")]
    if shape["external_url"] is not None:
        links.append(_link(shape["external_url"], "Where the work is"))
    if shape["parts_count"]:
        links += [_link(shape["downloads"][form], f"As {_FILES[form]}") for form in _FILES]
    return " · ".join(links)


def _tags(site: Site, shape: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (site.url(f"/tags?kind={kind}"), name)
        for labels, kind in KINDS.items()
        for name in shape[labels]
    )


def _list(facts: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{each}</li>' for each in facts)}</ul>\n"


def _link(url: str, text: str) -> str:
    return f'<a href="{html.escape(url)}">{html.escape(text)}</a>'


def _lines(text: str) -> str:
    """A plain text, its lines kept."""
    return "<br>".join(html.escape(text).splitlines())
