"""Rendered text (:mod:`app.kit.markup`) as XHTML: what a file holds that is no page of the board.

What comes out is well-formed XML and valid HTML at once:

* nothing that XML forbids stays in it: control characters, which a writer may have typed as
  ``&#1;``, and code points that are no characters, become U+FFFD;
* headings stand below those of the file, and leave out no level; those without words go;
* a link without words is shown by its address, and one that not every program could follow by its
  words and its address;
* where a text has words that run from right to left, each paragraph runs as its own words do.
"""

import html
import re
from urllib.parse import quote

from pydantic_core import Url

from app.kit.rendered import Reader

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DEEPEST = 6
_EMPTY = frozenset(["br", "hr"])
#: Elements that may run in a direction of their own.
_RUNNING = frozenset(["p", "li", "blockquote", "pre", *_HEADINGS])
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]")
#: What is no character, or stands beyond the first plane, where it may be none. Were the last two
#: of each plane named one by one, all others would be compared with each of them.
_SUSPECT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    "\U00010000-\U0010ffff]"
)
_FIRST_PLANE, _LAST_OF_PLANE = 0xFFFF, 0xFFFE
#: What stays as it is where the rest of an address is percent-encoded.
_KEPT = "%/?:#@!$&'()*+,;=~"
_PLAIN = r"[A-Za-z0-9\-._~:/?@!$&'()*+,;=]|%[0-9A-Fa-f]{2}"
_USER = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:]|%[0-9A-Fa-f]{2})*@"
_LABEL = r"(?!-)[A-Za-z0-9-]+(?<!-)"
_HOST = (
    rf"(?:(?:{_LABEL}\.)*(?=[A-Za-z]){_LABEL}\.?|\d{{1,3}}(?:\.\d{{1,3}}){{3}}|\[[0-9A-Fa-f:.]+\])"
)
#: Addresses after RFC 3986, of the schemes that texts may link to, on hosts after RFC 1123: those
#: that every reader of books takes for addresses.
_ADDRESS = re.compile(
    rf"(?:https?://(?:{_USER})?{_HOST}(?::\d*)?(?:[/?](?:{_PLAIN})*)?|mailto:(?:{_PLAIN})+)"
    rf"(?:#(?:{_PLAIN})*)?",
    re.IGNORECASE,
)


def without_non_characters(text: str) -> str:
    """A text in which U+FFFD stands for each code point that XML or HTML forbids."""
    return _SUSPECT.sub(_stand_in, text)


def _stand_in(suspect: re.Match[str]) -> str:
    number = ord(suspect[0])
    is_last = number & _LAST_OF_PLANE == _LAST_OF_PLANE
    return suspect[0] if number > _FIRST_PLANE and not is_last else "\ufffd"


def escaped(text: str) -> str:
    """A text as it stands between tags, or in an attribute between double quotes."""
    return html.escape(without_non_characters(text))


def address(link: str) -> str | None:
    """A link as it may stand in an attribute ``href`` before it is escaped: as it is, or written
    with what an address may hold; ``None`` for one that not every program could follow.
    """
    try:
        canonical = quote(str(Url(link)), safe=_KEPT)
    except ValueError:
        return None
    return next((each for each in (link, canonical) if _ADDRESS.fullmatch(each)), None)


def runs_right_to_left(text: str) -> bool:
    """Whether there are letters in a text that run from right to left."""
    return _RIGHT_TO_LEFT.search(text) is not None


def xhtml(rendered: str, below: int) -> str:
    """Write a rendered text as XHTML, under a heading of the level ``below``.

    Takes about a microsecond for each character of the worst texts: call it away from the loop for
    long ones.
    """
    writer = _Writer(below, is_mixed=runs_right_to_left(rendered))
    writer.read(rendered)
    return writer.written()


class _Open:
    """An element that is open: what it is written as (nothing, for one that is left out), where in
    what is written it begins, and how much had been seen before it.
    """

    __slots__ = ("address", "aside", "level", "name", "seen", "start", "tag")

    def __init__(self, tag: str, name: str, start: int, seen: int, level: int) -> None:
        self.tag, self.name, self.start, self.seen, self.level = tag, name, start, seen, level
        self.address: str | None = None
        #: What is said behind it, in brackets.
        self.aside = ""


class _Writer(Reader):
    def __init__(self, below: int, *, is_mixed: bool) -> None:
        self._below = self._level = below
        self._direction = ' dir="auto"' if is_mixed else ""
        self._pieces: list[str] = []
        self._seen = 0
        self._open: list[_Open] = []

    def written(self) -> str:
        while self._open:
            self._end(self._open.pop())
        return without_non_characters("".join(self._pieces))

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _EMPTY:
            self._pieces.append(f"<{tag} />")
            return
        element = _Open(tag, tag, len(self._pieces), self._seen, self._level)
        if tag == "a":
            link = attributes.get("href", "")
            element.address = address(link)
            if element.address is None:
                element.name, element.aside, attributes = "", link, {}
        elif tag in _HEADINGS:
            wanted = self._below + _HEADINGS[tag]
            self._level = min(wanted, self._level + 1, _DEEPEST)
            element.name = f"h{self._level}"
        self._open.append(element)
        if element.name:
            if element.address is not None:
                attributes["href"] = element.address
            shown = "".join(f' {name}="{escaped(value)}"' for name, value in attributes.items())
            direction = self._direction if tag in _RUNNING else ""
            self._pieces.append(f"<{element.name}{shown}{direction}>")

    def end(self, tag: str) -> None:
        if not any(each.tag == tag for each in self._open):
            return
        while (element := self._open.pop()).tag != tag:
            self._end(element)
        self._end(element)

    def hear(self, text: str) -> None:
        self._seen += not text.isspace()
        self._pieces.append(html.escape(text, quote=False))

    def _end(self, element: _Open) -> None:
        is_empty = self._seen == element.seen
        if is_empty and element.tag in _HEADINGS:
            del self._pieces[element.start :]
            self._level = element.level
            return
        if is_empty and element.address is not None:
            self.hear(element.address)
        if element.aside:
            self.hear(element.aside if is_empty else f" ({element.aside})")
        if element.name:
            self._pieces.append(f"</{element.name}>")
