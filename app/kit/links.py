"""Links in what people write.

Those that Markdown makes, and those that a reader, or a reader's program, makes of plain text; and
whether a link leads where every reader can follow. Nothing is ever looked up or fetched.
"""

import html
import re
import unicodedata

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

#: Top levels of names that mean another machine for each reader (RFC 6761, 6762, 8375, 9476).
_NOWHERE = frozenset(("localhost", "local", "internal", "invalid", "arpa", "lan", "alt"))
#: Alphabets that have letters in common by their looks.
_ALIKE = frozenset(("LATIN", "CYRILLIC", "GREEK", "COPTIC", "ARMENIAN", "CHEROKEE"))


def is_public_host(host: str) -> bool:
    """Whether a host, as a browser would understand it but in Unicode, can be one that every reader
    reaches, and is what it looks like.

    It is a name: an address in digits is nobody's library, and there are too many ways to write
    that of one's own machine. Its labels consist of letters, digits, hyphens and underscores (old
    journals have those), since there are characters that look like the end of a host; and no label
    mixes alphabets that look alike.
    """
    *labels, top = host.lower().removesuffix(".").split(".")
    if not labels or top in _NOWHERE or top.isdecimal():
        return False
    return all(map(_is_label, (*labels, top)))


def _is_label(label: str) -> bool:
    kinds = {unicodedata.category(each)[0] for each in label if each not in "-_"}
    alphabets = {unicodedata.name(each, "").split(" ")[0] for each in label}
    return label != "" and kinds <= set("LMN") and len(alphabets & _ALIKE) <= 1


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
