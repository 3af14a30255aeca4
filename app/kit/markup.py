"""Markdown to HTML that is safe to show, in a time that the text's length bounds.

Comrak reads CommonMark; raw HTML is shown as the text that it is, so that nothing a writer typed
disappears. Ammonia (nh3) then lets through a short list of elements. Links keep only absolute
http, https and mailto addresses. Images become links: a remote image would tell its host who reads
a thread.

Both take a fraction of a microsecond for each thing that they build, which is nothing in prose and
a second in half a million marks. So a text is refused its markup, and shown as plain paragraphs of
its source, where it is made of marks rather than of words (:data:`MAX_MARKS`), and where it is
nested deeper than anybody reads (:data:`MAX_NESTING`).
"""

import html
import re
from collections.abc import Iterator

import comrak
import nh3

from app.kit.text import with_directions_closed, without_directions

_TAGS = frozenset(
    [
        "p",
        "br",
        "a",
        "em",
        "strong",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "li",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    ]
)
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = ("http://", "https://", "mailto:")
_IMAGE = re.compile(r'<img src="([^"]*)" alt="([^"]*)"(?: title="[^"]*")? />')
_NESTING = re.compile(r"<(/?)(?:blockquote|ul|ol|em|strong)\b")
#: Deeper than this nobody reads, and cleaning takes time quadratic in the depth.
MAX_NESTING = 40
#: A line that opens more lists and quotes than that. Comrak looks at the whole line again for each.
#: A divider, ``* * *``, is one mark however long it is.
_DEEP_LINE = re.compile(
    r"(?:\A|[\n\r])(?! {0,3}([-*])(?:[ \t]*\1)+[ \t]*(?:[\n\r]|\Z))"
    rf"(?:[ \t]*(?:>|(?:[-+*]|\d{{1,9}}[.)])(?=[ \t]))){{{MAX_NESTING + 1}}}"
)
#: Any text may hold this many marks, and a longer one may hold one for each
#: :data:`CHARACTERS_A_MARK`. English prose with dialogue has one in fifteen characters.
MAX_MARKS = 3_000
CHARACTERS_A_MARK = 4
#: Comrak pairs the marks of emphasis in a time quadratic in their number.
MAX_EMPHASIS = 20_000
#: The characters for which comrak builds a node of its own, or that begin a line or a block.
_MARKS = b"!\"#$&'()*+-.:<>[\\]^_`\n\r"
_NO_MARKS = bytes(set(range(256)) - set(_MARKS))
#: A mark opens and closes at most one element, or a few, as a first list item does.
_TAGS_A_MARK = 2
#: Comrak holds the interpreter while it works, so a long text is given to it in pieces of about
#: this length, and requests are answered between them.
PIECE_LENGTH = MAX_MARKS * CHARACTERS_A_MARK
#: An empty line and a paragraph that begins at the margin with a letter or a quotation mark: it
#: ends whatever was open, so what stands before and after can be rendered apart.
_CUT = re.compile('\n\r?\n(?=[^\\W\\d_]|["“”„‘’«»「『—…¿¡])')
#: What can reach over such a place: fenced code, some raw HTML, and definitions of links.
_FAR_REACHING = re.compile(r"```|~~~|\]:|<[!?]|<(?:script|pre|style|textarea)", re.IGNORECASE)
#: Rendering a text of up to this many characters takes about 5 ms at most, whatever it holds; a
#: longer one is rendered away from the event loop.
QUICK_LENGTH = 16_000

#: Ammonia writes each ampersand and each no-break space by searching the rest of the text, which
#: is quadratic. While it works, characters that Unicode reserves for a program's inner use stand in
#: for them. What they hide is text in any place, and is written back as a whole reference.
_AMPERSAND, _NO_BREAK = "\ufdd0", "\ufdd1"
_STAND_INS = re.compile(f"[{_AMPERSAND}{_NO_BREAK}]")

#: What turns the direction of a text or turns it back, where a block of it begins or ends, and a
#: tag of any kind.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_BLOCK_EDGE = re.compile(r"</?(?:p|li|ul|ol|hr|h[1-6]|pre|blockquote)\b[^>]*>")
_TAG = re.compile(r'<[^<>"]*(?:"[^"]*"[^<>"]*)*>')

_OPTIONS = comrak.RenderOptions()
_OPTIONS.escape = True


#: The head of a line such as "[Alice]: hello", as stories write a chat. CommonMark reads it as the
#: definition of a link and shows nothing of it; only one with a web address is meant so.
_SPEAKER = re.compile(
    r"^( {0,3})\[(?=[^\]\n]{1,200}\]:[ \t]*(?!\s|<?(?:https?://|mailto:)))", re.MULTILINE
)
#: Where code may stand that must be shown as it is.
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE)
#: An image alone in a link is shown by the words that stand for it: links can't be nested.
_IMAGE_IN_LINK = re.compile(
    r'(<a href="[^"]*"(?: title="[^"]*")?>)<img src="[^"]*" alt="([^"]+)"(?: title="[^"]*")? />'
    r"(?=</a>)"
)


def render(markdown: str) -> str:
    """Render a text as HTML that can be put into a page as it is.

    What is nested deeper than :data:`MAX_NESTING`, or consists of marks, is shown as plain
    paragraphs of its source.
    """
    if not _FENCE.search(markdown):
        markdown = _SPEAKER.sub(r"\1\\[", markdown)
    return _with_directions_closed("".join(map(_render_piece, _pieces(markdown))))


def _with_directions_closed(shown: str) -> str:
    """HTML in which no block leaves a direction turned, nor turns back what it has not turned: what
    stands beside it in a page would be turned round with it.
    """
    if shown.isascii() or not _TURNING.search(shown):
        return shown
    shown = _TAG.sub(lambda tag: without_directions(tag[0]), shown)
    return "".join(with_directions_closed(block) + edge for block, edge in _blocks(shown))


def _blocks(shown: str) -> Iterator[tuple[str, str]]:
    start = 0
    for edge in _BLOCK_EDGE.finditer(shown):
        yield shown[start : edge.start()], edge[0]
        start = edge.end()
    yield shown[start:], ""


def _pieces(markdown: str) -> Iterator[str]:
    start = 0
    if len(markdown) > PIECE_LENGTH and not _FAR_REACHING.search(markdown):
        while cut := _CUT.search(markdown, start + PIECE_LENGTH):
            yield markdown[start : cut.end()]
            start = cut.end()
    yield markdown[start:]


def _render_piece(markdown: str) -> str:
    allowed = max(MAX_MARKS, len(markdown) // CHARACTERS_A_MARK)
    if (
        _count_marks(markdown) > allowed
        or markdown.count("*") + markdown.count("_") > MAX_EMPHASIS
        or _DEEP_LINE.search(markdown)
    ):
        return _plain_paragraphs(markdown)
    rough = comrak.render_markdown(markdown, render_options=_OPTIONS)
    if rough.count("<") > _TAGS_A_MARK * allowed or _is_nested_too_deep(rough):
        return _plain_paragraphs(markdown)
    return _clean(_IMAGE.sub(_image_as_link, _IMAGE_IN_LINK.sub(r"\1\2", rough)))


def _count_marks(markdown: str) -> int:
    return len(markdown.encode("utf-8", "replace").translate(None, _NO_MARKS))


def _clean(rough: str) -> str:
    hidden = _STAND_INS.sub("\ufffd", rough)
    hidden = hidden.replace("&amp;", _AMPERSAND).replace("\xa0", _NO_BREAK)
    return _CLEANER.clean(hidden).replace(_AMPERSAND, "&amp;").replace(_NO_BREAK, "&nbsp;")


def _image_as_link(image: re.Match[str]) -> str:
    source, alternative = image.groups()
    return f'<a href="{source}">{alternative or source}</a>'


def _keep_absolute_links(_tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href" and not value.lower().startswith(_SCHEMES):
        return None
    return value


#: Made once: to make it takes longer than to clean a comment.
_CLEANER = nh3.Cleaner(
    tags=set(_TAGS),
    attributes=_ATTRIBUTES,
    attribute_filter=_keep_absolute_links,
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow noopener noreferrer ugc",
)


def _is_nested_too_deep(rough: str) -> bool:
    depth = 0
    for tag in _NESTING.finditer(rough):
        depth += -1 if tag[1] else 1
        if depth > MAX_NESTING:
            return True
    return False


def _plain_paragraphs(source: str) -> str:
    escaped = html.escape(source.strip(), quote=False)
    return "<p>" + re.sub(r"\n\s*\n", "</p>\n<p>", escaped) + "</p>\n"
