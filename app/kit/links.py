"""Finding links in what people write.

Those that Markdown makes, and those that a reader, or a reader's program, makes of plain text.
"""

import html
import re

#: What a rendered text links to.
_HREF = re.compile(r' href="([^"]*)"')
#: An address as it is typed: with a scheme, with "www.", or as "name.org/page". Each alternative
#: begins with a letter of its own, so that a long text is searched quickly.
_TYPED = re.compile(
    r"://[^\s<>\"]+|mailto:[^\s<>\"]+|www\.[^\s<>\"]+|\.(?<=\w\.)[a-z]{2,24}/[^\s<>\"]*",
    re.IGNORECASE,
)
#: What ends a sentence, or a mark around the address, and not the address.
_TRAILING = ".,;:!?)]}>*_~'’”\"`"


def links_in(*texts: str | None, rendered: str | None = None) -> frozenset[str]:
    """The links in some texts as they were typed, and in one that was rendered as HTML. Equal links
    are equal strings; what else they look like means nothing.
    """
    found = {_plain(each) for text in texts if text for each in _TYPED.findall(text)}
    for href in _HREF.findall(rendered or ""):
        address = html.unescape(href)
        typed = _TYPED.search(address)
        found.add(_plain(typed[0] if typed else address))
    return frozenset(found)


def _plain(link: str) -> str:
    return link.rstrip(_TRAILING).lower()
