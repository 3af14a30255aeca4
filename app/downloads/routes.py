"""Whole works as files over HTTP."""

from fastapi import Request, Response

from app.core.answers import seen_file
from app.core.description import refusals
from app.core.errors import Gone, NotFound
from app.core.routing import room_router
from app.downloads.access import TheReading
from app.downloads.filenames import content_disposition
from app.downloads.forms import EPUB, HTML, MARKDOWN, TEXT, Form
from app.downloads.schemas import (
    EPUB_ANSWER,
    HTML_ANSWER,
    MARKDOWN_ANSWER,
    TEXT_ANSWER,
    EpubFile,
    HtmlFile,
    MarkdownFile,
    TextFile,
)
from app.downloads.sending import Reading
from app.fills.views import is_public
from app.labels.errors import AdultContent

router = room_router("Fills")

_REFUSALS = refusals(AdultContent, NotFound, Gone)


@router.get(
    "/fills/{fill}/download.epub",
    response_class=EpubFile,
    operation_id="download_epub",
    summary="Download a fill as a book",
    responses={**_REFUSALS, **EPUB_ANSWER},
)
async def download_epub(request: Request, reading: TheReading) -> Response:
    """The whole work as an EPUB 3 book: a page that says what it is (title, author, the prompt that
    it answers, labels, summary), then all parts, each with its title and its content notes.

    It is sent while it is made, without `Content-Length`. Should the author change the work
    meanwhile, the connection is closed before the end: a file that arrives whole is of one version.
    Adult works need `adult=true`.
    """
    return _file(request, reading, EPUB)


@router.get(
    "/fills/{fill}/download.html",
    response_class=HtmlFile,
    operation_id="download_html",
    summary="Download a fill as a page",
    responses={**_REFUSALS, **HTML_ANSWER},
)
async def download_html(request: Request, reading: TheReading) -> Response:
    """The whole work as one HTML page that needs nothing else: no script, no font, no picture. It
    has a language, headings, a list of its parts, and follows the reader's choice of a dark or a
    light screen.

    It is sent while it is made, as the book is.
    """
    return _file(request, reading, HTML)


@router.get(
    "/fills/{fill}/download.md",
    response_class=MarkdownFile,
    operation_id="download_md",
    summary="Download a fill as Markdown",
    responses={**_REFUSALS, **MARKDOWN_ANSWER},
)
async def download_md(request: Request, reading: TheReading) -> Response:
    """The whole work as Markdown (CommonMark), from which every part's text can be had again
    exactly as its author sent it.

    Between a line `---` and another stand facts, each as a name, a colon, and a JSON value, which
    is YAML too. The same facts follow for people, then the parts, each below a heading. Before a
    part's text stands a line `<!-- text: 57 bytes -->`, with its length in bytes of UTF-8, and an
    empty line; then these bytes as they were sent, and an empty line. Read from the beginning, find
    the next such line, take that many bytes, go on behind them: whatever a text holds, it can't be
    mistaken for what stands between texts.

    It is sent while it is made, as the book is.
    """
    return _file(request, reading, MARKDOWN)


@router.get(
    "/fills/{fill}/download.txt",
    response_class=TextFile,
    operation_id="download_txt",
    summary="Download a fill as plain text",
    responses={**_REFUSALS, **TEXT_ANSWER},
)
async def download_txt(request: Request, reading: TheReading) -> Response:
    """The whole work as plain text in UTF-8. Paragraphs are parted by empty lines and not broken
    into lines. Emphasis is kept as `_so_` and `*so*`, links are followed by their addresses.

    It is sent while it is made, as the book is.
    """
    return _file(request, reading, TEXT)


def _file(request: Request, reading: Reading, form: Form) -> Response:
    work = reading.work
    return seen_file(
        request,
        work.version(form.ending),
        lambda: reading.send(form.writer(work)),
        media_type=form.media_type,
        is_public=is_public(reading.row),
        headers={
            "Content-Disposition": content_disposition(work.title, form.ending),
            **form.headers,
        },
    )
