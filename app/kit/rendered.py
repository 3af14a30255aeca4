"""Reading rendered text again, as :mod:`app.kit.markup` writes it.

A renderer's output is far simpler than HTML at large: elements are closed in order, attributes
stand between double quotes, and each ``<`` in a text is escaped. So one expression reads it, in a
quarter of the time of a parser that is ready for anything; what is no tag to it is text.
"""

import html
import re
from abc import ABC, abstractmethod

_TOKEN = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z]+="[^"]*")*)>|[^<]+|<')
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')


class Reader(ABC):
    """Hears what is in a rendered text, from its beginning to its end."""

    def read(self, rendered: str) -> None:
        """Read a text."""
        for token in _TOKEN.finditer(rendered):
            closing, tag, attributes = token.groups()
            if tag is None:
                self.hear(html.unescape(token[0]))
            elif closing:
                self.end(tag)
            else:
                found = _ATTRIBUTE.findall(attributes) if attributes else ()
                self.begin(tag, {name: html.unescape(value) for name, value in found})

    @abstractmethod
    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins; ``br`` and ``hr`` never end."""

    @abstractmethod
    def end(self, tag: str) -> None:
        """An element ends."""

    @abstractmethod
    def hear(self, text: str) -> None:
        """Some text, without references."""
