"""One HTML page that needs nothing else: no script, no picture, no other host.

It passes a validator, and reads in a browser's reading view and in screen readers: a language,
landmarks, headings that leave no level out, a link past the list of parts.
"""

import base64
import hashlib

from app.downloads.formats import fragments
from app.downloads.work import PartText, PartTold, Work
from app.kit.xhtml import escaped, xhtml

MEDIA_TYPE = "text/html; charset=utf-8"

_STYLE = """
:root{color-scheme:light dark}
body{font:1.125rem/1.6 Georgia,"Times New Roman",serif;max-width:38rem;margin:0 auto;
padding:1rem;color:#1d1d1d;background:#fdfdfb;overflow-wrap:anywhere}
h1,h2,h3,h4,h5,h6{line-height:1.25;margin:2em 0 .6em}
h1{margin-top:1em}
a{color:#0b4f8a}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;font-size:.9rem}
dt{font-weight:bold}
dd{margin:0}
blockquote{margin:1em 0;padding:0 1em;border-inline-start:.2em solid #8a8a8a}
pre{white-space:pre-wrap}
.byline,.notes{font-style:italic}
.skip{position:absolute;left:-99rem}
.skip:focus{position:static}
@media(prefers-color-scheme:dark){body{color:#e4e4e0;background:#191919}a{color:#8fc1f2}}
@media print{nav,.skip{display:none}body{max-width:none}}
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
#: The page may show its own style and do nothing else. Of this a page itself can't say
#: ``frame-ancestors``.
_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"
HEADERS = {"Content-Security-Policy": f"{_POLICY}; frame-ancestors 'none'"}


class PageWriter:
    """Writes the page, under a heading of the second level for each part."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def begin(self) -> bytes:
        work = self._work
        return (
            f'<!DOCTYPE html>\n<html lang="{work.language_tag}" dir="{work.direction}">\n<head>\n'
            f'<meta charset="utf-8" />\n<title>{escaped(work.title)}</title>\n'
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}" />\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1" />\n'
            f'<meta name="author" content="{escaped(work.byline)}" />\n'
            f"<style>{_STYLE}</style>\n</head>\n<body>\n"
            '<a class="skip" lang="en" href="#work">Skip to the text</a>\n'
            f"<header>\n{self._header()}</header>\n{self._contents()}"
            f'<main id="work">\n{"" if work.parts else fragments.elsewhere(work)}'
        ).encode()

    def part(self, part: PartTold, text: PartText) -> bytes:
        return (
            f'<article id="part-{part.number}" aria-labelledby="heading-{part.number}">\n'
            f'<h2 id="heading-{part.number}" dir="auto">{escaped(part.heading)}</h2>\n'
            f"{fragments.notes(part)}{xhtml(text.html, below=2)}</article>\n"
        ).encode()

    def end(self) -> bytes:
        return b"</main>\n</body>\n</html>\n"

    def _header(self) -> str:
        work = self._work
        return fragments.title(work) + fragments.facts(work) + fragments.summary(work)

    def _contents(self) -> str:
        if not self._work.parts:
            return ""
        items = "\n".join(
            f'<li><a href="#part-{each.number}" dir="auto">{escaped(each.heading)}</a></li>'
            for each in self._work.parts
        )
        return (
            '<nav aria-labelledby="contents">\n<h2 id="contents" lang="en">Parts</h2>\n'
            f"<ul>\n{items}\n</ul>\n</nav>\n"
        )
