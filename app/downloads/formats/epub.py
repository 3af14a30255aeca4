"""EPUB 3.3, as epubcheck wants it (https://www.w3.org/TR/epub-33/).

A ZIP archive whose entries are written one after another and sent as they are finished: no more
than one part is held. Each entry's head tells its length and its checksum, as readers expect that
don't look at the directory at the end.
"""

import io
import uuid
import zipfile
from typing import NamedTuple

from typing_extensions import Buffer

from app.downloads.formats import fragments
from app.downloads.work import PartText, PartTold, Work
from app.kit.xhtml import escaped, xhtml

MEDIA_TYPE = "application/epub+zip"

#: The space of names in which a fill's id names the book: the same for all of its versions.
_BOOKS = uuid.UUID("6d1f5c0e-3b59-4a0e-9a5c-6f1b8f0c7a42")
#: The first instant that a ZIP archive can tell. When a file was made is nobody's business, and
#: equal works are equal files.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_READABLE, _UNIX = 0o100644 << 16, 3
_CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
"""
_STYLE = """body{line-height:1.5;overflow-wrap:break-word}
h1,h2,h3,h4,h5,h6{line-height:1.25}
dt{font-weight:bold}
dd{margin:0 0 .4em 0}
pre{white-space:pre-wrap}
.byline,.notes{font-style:italic}
"""
_ACCESSIBILITY = (
    ("accessMode", "textual"),
    ("accessModeSufficient", "textual"),
    ("accessibilityFeature", "displayTransformability"),
    ("accessibilityFeature", "readingOrder"),
    ("accessibilityFeature", "structuralNavigation"),
    ("accessibilityFeature", "tableOfContents"),
    ("accessibilityHazard", "none"),
    ("accessibilitySummary", "Text alone, with headings and a table of contents."),
)


class _Chapter(NamedTuple):
    """A document of the book: its name in the manifest, its file, and what it is called."""

    name: str
    title: str

    @property
    def file(self) -> str:
        return f"{self.name}.xhtml"


class EpubWriter:
    """Writes the book: a page of its own for what it is, then a document for each part."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._window = _Window()
        self._archive = zipfile.ZipFile(self._window, "w")
        self._chapters = [_Chapter("about", work.title), *map(_chapter, work.parts)]

    def begin(self) -> bytes:
        # The first entry, neither packed nor with anything before it, tells what the archive is.
        self._put("mimetype", MEDIA_TYPE, zipfile.ZIP_STORED)
        self._put("META-INF/container.xml", _CONTAINER)
        self._put("EPUB/package.opf", self._package())
        self._put("EPUB/nav.xhtml", self._contents())
        self._put("EPUB/style.css", _STYLE)
        self._put("EPUB/about.xhtml", self._about())
        return self._window.take()

    def part(self, part: PartTold, text: PartText) -> bytes:
        chapter = _chapter(part)
        shown = (
            '<section epub:type="chapter" role="doc-chapter" aria-labelledby="heading">\n'
            f'<h1 id="heading" dir="auto">{escaped(part.heading)}</h1>\n'
            f"{fragments.notes(part)}{xhtml(text.html, below=1)}</section>"
        )
        self._put(f"EPUB/{chapter.file}", self._document(chapter.title, shown))
        return self._window.take()

    def end(self) -> bytes:
        self._archive.close()
        return self._window.take()

    def _put(self, name: str, text: str, packing: int = zipfile.ZIP_DEFLATED) -> None:
        entry = zipfile.ZipInfo(name, _NO_TIME)
        entry.create_system, entry.external_attr = _UNIX, _READABLE
        self._archive.writestr(entry, text.encode(), packing)

    def _package(self) -> str:
        work = self._work
        items = "\n".join(
            f'<item id="{each.name}" href="{each.file}" media-type="application/xhtml+xml"/>'
            for each in self._chapters
        )
        order = "\n".join(f'<itemref idref="{each.name}"/>' for each in self._chapters)
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n'
            '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="book">'
            f'\n<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n{self._metadata()}\n'
            f'</metadata>\n<manifest>\n<item id="nav" href="nav.xhtml" properties="nav" '
            'media-type="application/xhtml+xml"/>\n'
            f'<item id="style" href="style.css" media-type="text/css"/>\n{items}\n</manifest>\n'
            f'<spine page-progression-direction="{work.direction}">\n{order}\n</spine>\n'
            "</package>\n"
        )

    def _metadata(self) -> str:
        work = self._work
        core = [
            ("title", work.title),
            ("creator", work.byline),
            ("language", work.language_tag),
            ("date", work.created_at),
            ("source", work.url),
            ("relation", work.prompt_url),
            ("description", work.summary or ""),
        ]
        core += [
            ("subject", tag)
            for tags in (work.fandoms, work.relationships, work.characters, work.tags)
            for tag in tags
        ]
        book = uuid.uuid5(_BOOKS, work.id)
        lines = [f'<dc:identifier id="book">urn:uuid:{book}</dc:identifier>']
        lines += [f"<dc:{name}>{escaped(value)}</dc:{name}>" for name, value in core if value]
        lines.append(f'<meta property="dcterms:modified">{work.updated_at}</meta>')
        lines += [
            f'<meta property="schema:{name}">{value}</meta>' for name, value in _ACCESSIBILITY
        ]
        return "\n".join(lines)

    def _contents(self) -> str:
        items = "\n".join(
            f'<li><a href="{each.file}">{escaped(each.title)}</a></li>' for each in self._chapters
        )
        start = self._chapters[1 if self._work.parts else 0].file
        text = (
            '<nav epub:type="toc" role="doc-toc" aria-labelledby="contents">\n'
            f'<h1 id="contents" lang="en" xml:lang="en">Contents</h1>\n<ol>\n{items}\n</ol>\n'
            '</nav>\n<nav epub:type="landmarks" hidden="hidden" lang="en" xml:lang="en" '
            'aria-label="Landmarks">\n<ol>\n'
            f'<li><a epub:type="bodymatter" href="{start}">Start</a></li>\n</ol>\n</nav>'
        )
        return self._document(self._work.title, text)

    def _about(self) -> str:
        work = self._work
        text = fragments.title(work) + fragments.facts(work) + fragments.summary(work)
        missing = "" if work.parts else fragments.elsewhere(work)
        return self._document(
            work.title, f'<section epub:type="titlepage">\n{text}{missing}</section>'
        )

    def _document(self, title: str, text: str) -> str:
        language = self._work.language_tag
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
            '<html xmlns="http://www.w3.org/1999/xhtml" '
            'xmlns:epub="http://www.idpf.org/2007/ops" '
            f'lang="{language}" xml:lang="{language}" dir="{self._work.direction}">\n<head>\n'
            f"<title>{escaped(title)}</title>\n"
            '<link rel="stylesheet" type="text/css" href="style.css" />\n</head>\n'
            f"<body>\n{text}\n</body>\n</html>\n"
        )


def _chapter(part: PartTold) -> _Chapter:
    return _Chapter(f"part-{part.number}", part.heading)


class _Window(io.RawIOBase):
    """The stretch of an archive that has been written and not yet sent. Within it the archive may
    go back, to tell in an entry's head what is only known at its end.
    """

    def __init__(self) -> None:
        self._sent = 0
        self._stretch = io.BytesIO()

    def take(self) -> bytes:
        """What has been written since this was last called."""
        taken = self._stretch.getvalue()
        self._sent += len(taken)
        self._stretch = io.BytesIO()
        return taken

    def seekable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer, /) -> int:
        return self._stretch.write(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_SET:
            offset -= self._sent
        return self._sent + self._stretch.seek(offset, whence)

    def tell(self) -> int:
        return self._sent + self._stretch.tell()
