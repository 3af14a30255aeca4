"""What rendered text may hold, read by a parser that knows nothing of how it was rendered."""

from html.parser import HTMLParser

_ELEMENTS = {
    *("p", "br", "hr", "a", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li"),
    *("h1", "h2", "h3", "h4", "h5", "h6"),
}
_ATTRIBUTES = {"a": {"href", "title", "rel"}, "ol": {"start"}}
_LINKS = ("http://", "https://", "mailto:")
_EMPTY = {"br", "hr"}


class Page(HTMLParser):
    """HTML that was read: its text, its links, and all that it must not hold."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.links: list[str] = []
        self.faults: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _ELEMENTS:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            self._look_at(tag, name, value or "")
        if tag not in _EMPTY:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"<?{data}>")

    def unknown_decl(self, data: str) -> None:
        self.faults.append(f"<![{data}]>")

    def _look_at(self, tag: str, name: str, value: str) -> None:
        if name not in _ATTRIBUTES.get(tag, ()):
            self.faults.append(f"<{tag} {name}>")
        if name == "href":
            self.links.append(value)
            if not value.lower().startswith(_LINKS):
                self.faults.append(f"a link to {value}")


def assert_safe(html: str) -> Page:
    """Fail where a text could do more than be read; return what was read."""
    page = Page(html)
    assert page.faults == [], html
    return page
