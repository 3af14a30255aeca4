"""Markdown to HTML that is safe to show.

Comrak reads CommonMark in linear time; raw HTML is shown as the text that it is, so that nothing a
writer typed disappears. Ammonia (nh3) then lets through a short list of elements. Links keep only
absolute http, https and mailto addresses. Images become links: a remote image would tell its host
who reads a thread.
"""

import html
import re

import comrak
import nh3

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
#: Rendering a text of up to this many characters takes under 5 ms whatever it holds; a longer one
#: is rendered away from the event loop.
QUICK_LENGTH = 16_000

_OPTIONS = comrak.RenderOptions()
_OPTIONS.escape = True


def render(markdown: str) -> str:
    """Render a text as HTML that can be put into a page as it is.

    What is nested deeper than :data:`MAX_NESTING` is shown as plain paragraphs of its source.
    """
    rough = comrak.render_markdown(markdown, render_options=_OPTIONS)
    if _is_nested_too_deep(rough):
        return _plain_paragraphs(markdown)
    return nh3.clean(
        _IMAGE.sub(_image_as_link, rough),
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        attribute_filter=_keep_absolute_links,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer ugc",
    )


def _image_as_link(image: re.Match[str]) -> str:
    source, alternative = image.groups()
    return f'<a href="{source}">{alternative or source}</a>'


def _keep_absolute_links(_tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href" and not value.lower().startswith(_SCHEMES):
        return None
    return value


def _is_nested_too_deep(rough: str) -> bool:
    depth = 0
    for tag in _NESTING.finditer(rough):
        depth += -1 if tag[1] else 1
        if depth > MAX_NESTING:
            return True
    return False


def _plain_paragraphs(source: str) -> str:
    paragraphs = re.split(r"\n\s*\n", source)
    return "".join(f"<p>{html.escape(each, quote=False)}</p>\n" for each in paragraphs)
