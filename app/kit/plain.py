"""Rendered text (:mod:`app.kit.markup`) as plain text that reads well.

Paragraphs are parted by empty lines, and none is broken: whoever shows them does that. What is
stressed stands between marks, as in the plain texts of old libraries: ``_so_`` for emphasis and
``*so*`` for what is strong. Links are followed by their addresses, quotes begin with ``>``, items
of lists with ``-`` or their numbers.
"""

import re
from itertools import takewhile

from app.kit.rendered import Reader
from app.kit.xhtml import without_non_characters

_MARKS = {"em": "_", "strong": "*"}
_SPACES = re.compile(r"[ \t\r\n]+")


def plain(rendered: str) -> str:
    """Write a rendered text as plain text, without a line's end at its end."""
    writer = _Writer()
    writer.read(rendered)
    return without_non_characters(writer.written())


class _Writer(Reader):
    def __init__(self) -> None:
        #: What is written, each block with what its lines begin with, and whether it follows the
        #: one before without an empty line.
        self._blocks: list[tuple[str, str, bool]] = []
        self._current: list[str] = []
        #: The elements around what is read, but for those within lines.
        self._around: list[str] = []
        #: What lines begin with, for each list item and quote that is open.
        self._margins: list[str] = []
        #: What the next line begins with in place of it: the mark of an item.
        self._marker: str | None = None
        #: The number of the next item of each list that is open; none for lists without numbers.
        self._lists: list[int | None] = []
        self._is_first_item = False
        self._link: tuple[str, int] = ("", 0)

    def written(self) -> str:
        self._flush()
        lines: list[str] = []
        margin_before = ""
        for text, margin, is_tight in self._blocks:
            if lines and not is_tight:
                lines.append(_shared(margin_before, margin).rstrip())
            lines.append(text)
            margin_before = margin
        return "\n".join(lines)

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _MARKS:
            self._current.append(_MARKS[tag])
        elif tag == "br":
            self._current.append("\n")
        elif tag == "a":
            self._link = (attributes.get("href", ""), len(self._current))
        elif tag == "hr":
            self._flush()
            self._current.append("* * *")
            self._flush()
        elif tag != "code":
            self._flush()
            self._begin(tag, attributes)

    def end(self, tag: str) -> None:
        if tag in _MARKS:
            self._current.append(_MARKS[tag])
        elif tag == "a":
            self._end_link()
        elif tag in self._around:
            self._flush(ends_item=tag == "li")
            while self._end() != tag:
                pass

    def hear(self, text: str) -> None:
        self._current.append(text if "pre" in self._around else _SPACES.sub(" ", text))

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        self._around.append(tag)
        if tag in ("ul", "ol"):
            self._is_first_item = not self._lists
            start = attributes.get("start", "1")
            number = int(start) if start.isdecimal() else 1
            self._lists.append(number if tag == "ol" else None)
        elif tag == "li":
            self._begin_item()
        elif tag == "blockquote":
            self._margins.append("> ")

    def _begin_item(self) -> None:
        number = self._lists[-1] if self._lists else None
        mark = "- " if number is None else f"{number}. "
        if number is not None:
            self._lists[-1] = number + 1
        # An item that begins with an item has both marks on one line.
        self._marker = ("".join(self._margins) if self._marker is None else self._marker) + mark
        self._margins.append(" " * len(mark))

    def _end(self) -> str:
        tag = self._around.pop()
        if tag in ("ul", "ol"):
            self._lists.pop()
        elif tag in ("li", "blockquote"):
            self._margins.pop()
        return tag

    def _end_link(self) -> None:
        address, start = self._link
        shown = "".join(self._current[start:]).strip()
        if address and shown not in (address, address.removeprefix("mailto:")):
            self._current.append(f" <{address}>" if shown else address)

    def _flush(self, *, ends_item: bool = False) -> None:
        """Write what was said since the last block, if it was anything."""
        text = "".join(self._current)
        self._current.clear()
        is_preformatted = "pre" in self._around
        text = text.strip("\n") if is_preformatted else text.strip()
        if not text and (self._marker is None or not ends_item):
            return
        margin = "".join(self._margins)
        first = margin if self._marker is None else self._marker
        lines = text.split("\n") if is_preformatted else map(str.strip, text.split("\n"))
        written = "\n".join(
            (margin if at else first) + line for at, line in enumerate(lines)
        ).rstrip()
        is_tight = self._around[-1:] == ["li"] and not self._is_first_item
        self._blocks.append((written, margin, is_tight))
        self._marker, self._is_first_item = None, False


def _shared(margin: str, other: str) -> str:
    """The margin of an empty line between two blocks: that of the quotes in which both stand."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(margin, other, strict=False))
    return "".join(one for one, _ in alike)
