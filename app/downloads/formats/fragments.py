"""Pieces of pages that are valid HTML and well-formed XML at once."""

import re

from app.downloads.work import PartTold, Work
from app.kit.xhtml import address, escaped

_EMPTY_LINES = re.compile(r"(?:\r?\n[ \t]*){2,}")
_LINE_END = re.compile(r"\r?\n|\r")


def link(url: str, words: str) -> str:
    """A link, or its words and the address where no program could follow it."""
    href = address(url)
    if href is None:
        return escaped(words if words == url else f"{words} ({url})")
    return f'<a href="{escaped(href)}">{escaped(words)}</a>'


def title(work: Work) -> str:
    """The title, and who wrote it, as readers may know."""
    return (
        f'<h1 dir="auto">{escaped(work.title)}</h1>\n'
        f'<p class="byline">by <span dir="auto">{escaped(work.byline)}</span></p>\n'
    )


def facts(work: Work) -> str:
    """What it answers, what it is, and where it came from."""
    rows = [("Answers the prompt", link(work.prompt_url, work.prompt))]
    rows += [(name, escaped(", ".join(values))) for name, values in work.facts]
    if work.external_url is not None:
        rows.append(("Where it is", link(work.external_url, work.external_url)))
    rows.append(("From", link(work.url, work.url)))
    shown = "\n".join(f'<dt>{name}</dt><dd dir="auto">{value}</dd>' for name, value in rows)
    return f'<dl lang="en" xml:lang="en" dir="ltr">\n{shown}\n</dl>\n'


def summary(work: Work) -> str:
    """The summary, in paragraphs; nothing where there is none."""
    if work.summary is None:
        return ""
    paragraphs = filter(None, map(str.strip, _EMPTY_LINES.split(work.summary)))
    shown = "".join(
        '<p dir="auto">' + _LINE_END.sub("<br />", escaped(each)) + "</p>\n" for each in paragraphs
    )
    return f'<blockquote class="summary">\n{shown}</blockquote>\n'


def elsewhere(work: Work) -> str:
    """What stands in place of a text that is not here."""
    if work.external_url is None:
        return ""
    found = link(work.external_url, work.external_url)
    return f'<p lang="en" xml:lang="en" dir="ltr">This work is elsewhere: {found}</p>\n'


def notes(part: PartTold) -> str:
    """What a part warns about; nothing where it warns about nothing."""
    if not part.content_notes:
        return ""
    told = escaped(", ".join(part.content_notes))
    return f'<p class="notes"><span lang="en" xml:lang="en">Content notes:</span> {told}</p>\n'
