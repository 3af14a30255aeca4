"""The forms in which a whole work can be had."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.downloads.formats import epub, markdown, page, text
from app.downloads.writing import Writer


@dataclass(frozen=True)
class Form:
    """A kind of file: how its names end, what it is, who writes it, and what else is said of it."""

    ending: str
    media_type: str
    writer: type[Writer]
    headers: Mapping[str, str] = field(default_factory=dict)


EPUB = Form("epub", epub.MEDIA_TYPE, epub.EpubWriter)
HTML = Form("html", page.MEDIA_TYPE, page.PageWriter, page.HEADERS)
MARKDOWN = Form("md", markdown.MEDIA_TYPE, markdown.MarkdownWriter)
TEXT = Form("txt", text.MEDIA_TYPE, text.TextWriter)
