"""Reading files as those do who get them, and seeing whether they are well made."""

import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from html.parser import HTMLParser

from tests.people import JSON

_XHTML = "{http://www.w3.org/1999/xhtml}"
_PACKAGE = "{http://www.idpf.org/2007/opf}"
_TEXT_OF = re.compile(rb"<!-- text: (\d+) bytes -->\n\n")


def texts_in(markdown: bytes) -> list[bytes]:
    """The texts of the parts, read as the documentation says."""
    found, at = [], 0
    while head := _TEXT_OF.search(markdown, at):
        at = head.end() + int(head[1])
        found.append(markdown[head.end() : at])
        assert markdown[at : at + 2] == b"\n\n"
    return found


def facts_in(markdown: bytes) -> JSON:
    """The facts that stand above the text for programs."""
    head = markdown.decode().split("---\n", 2)[1]
    return {
        name: json.loads(value)
        for name, _, value in (line.partition(": ") for line in head.splitlines())
    }


def check_book(book: bytes) -> str:
    """Fail where the structure of a book is not as it must be; give its text."""
    archive = zipfile.ZipFile(io.BytesIO(book))
    first, *others = archive.infolist()
    assert (first.filename, first.compress_type, first.extra) == ("mimetype", 0, b"")
    assert book[30:58] == b"mimetypeapplication/epub+zip"
    # Neither is the first entry's length told behind it, nor that of any other.
    assert not any(each.flag_bits & 0x08 for each in archive.infolist())
    assert {each.date_time for each in others} == {(1980, 1, 1, 0, 0, 0)}
    assert archive.testzip() is None
    for name in archive.namelist():
        if name.endswith((".xhtml", ".xml", ".opf")):
            ET.fromstring(archive.read(name))
    container = ET.fromstring(archive.read("META-INF/container.xml"))
    (root,) = (each.get("full-path") for each in container.iter() if each.get("full-path"))
    package = ET.fromstring(archive.read(str(root)))
    items = {each.get("id"): each.get("href") for each in package.iter(f"{_PACKAGE}item")}
    named = {
        "mimetype",
        "META-INF/container.xml",
        root,
        *(f"EPUB/{href}" for href in items.values()),
    }
    assert named == set(archive.namelist())
    order = [items[each.get("idref")] for each in package.iter(f"{_PACKAGE}itemref")]
    contents = ET.fromstring(archive.read("EPUB/nav.xhtml"))
    toc = contents.find(f".//{_XHTML}nav")
    assert toc is not None
    assert [each.get("href") for each in toc.iter(f"{_XHTML}a")] == order
    shown = [ET.fromstring(archive.read(f"EPUB/{file}")) for file in order]
    return "\n".join("".join(each.itertext()) for each in shown)


class Outline(HTMLParser):
    """What a page has: its headings, its links, its words, and all that it must not have."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.inner_links: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        given = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.ids += [given["id"] or ""] if "id" in given else []
        href = given.get("href") or ""
        self.inner_links += [href[1:]] if href.startswith("#") else []

    def handle_data(self, data: str) -> None:
        self.text += data


def check_page(page: bytes) -> str:
    """Fail where a page is not well made, or loads or runs anything; give its text."""
    found = Outline(page)
    assert not found.tags & {"script", "img", "link", "iframe", "object", "form", "input", "svg"}
    assert not {each for each in found.attributes if each.startswith("on")} | (
        found.attributes & {"src", "srcset", "style"}
    )
    assert found.headings[0] == 1
    assert found.headings.count(1) == 1
    steps = zip(found.headings, found.headings[1:], strict=False)
    assert all(after <= before + 1 for before, after in steps)
    assert len(set(found.ids)) == len(found.ids)
    assert set(found.inner_links) <= set(found.ids)
    assert {"header", "main", "title"} <= found.tags
    return found.text
