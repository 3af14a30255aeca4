r"""Markdown from which every part can be had again, byte for byte.

What a part holds could look like anything that a file might put between parts: headings, rules, a
fence that is never closed. So no mark parts them; each is measured. The last line before a text
says how many bytes of UTF-8 it has::

    <!-- text: 57 bytes -->

An empty line follows, then these bytes exactly, then an empty line. Whoever reads the file from its
beginning and skips what is measured meets such a line nowhere else: in all that stands between the
texts (the title, the facts, headings and notes) ``<!`` is written as ``\<\!`` or ``\u003c!``.

The file begins with the same facts for programs: lines between ``---`` and ``---``, each a name, a
colon, and a JSON value, which is YAML too.
"""

import json
import re
from typing import Any

from app.downloads.work import PartText, PartTold, Work
from app.kit.xhtml import address, without_non_characters

MEDIA_TYPE = "text/markdown; charset=utf-8; variant=CommonMark"

#: Marks that mean something within a line, where they do: an underline within a word is none, nor
#: is an ampersand that begins no reference. A tilde is one to many readers.
_MARKS = re.compile(r"[\\`*\[\]<~]|(?<=<)!|(?<![^\W_])_|_(?![^\W_])|&(?=#?[0-9A-Za-z]+;)")
#: What closes a heading where it ends a line.
_LAST_MARK = re.compile(r"(?:(?<=\s)|^)(#+)$")
#: What begins a heading, a quote, a table, a list or a rule, or underlines a heading, where it
#: begins a line.
_FIRST_MARK = re.compile(r"^(\d{0,9})([>|]|#(?=#{0,5}(?:\s|$))|[-+=](?=[-+=\s]|$)|[.)](?=\s|$))")
#: What would be a text's mark, or what YAML reads as the end of a line, or not at all.
_ESCAPED_IN_JSON = re.compile("[<\u2028\u2029\ufeff\ufffe\uffff]")


class MarkdownWriter:
    """Writes the file: facts for programs, facts for people, then the parts."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def begin(self) -> bytes:
        return (self._front_matter() + self._header()).encode()

    def part(self, part: PartTold, text: PartText) -> bytes:
        body = text.body.encode()
        told = ", ".join(map(_line, part.content_notes))
        notes = f"*Content notes:* {told}\n\n" if told else ""
        head = f"## {_heading(part.heading)}\n\n{notes}<!-- text: {len(body)} bytes -->\n\n"
        return head.encode() + body + b"\n\n"

    def end(self) -> bytes:
        return b""

    def _front_matter(self) -> str:
        work = self._work
        told = {
            "title": work.title,
            "author": work.byline,
            "url": work.url,
            "prompt_title": work.prompt_title,
            "prompt_number": work.prompt_number,
            "prompt_url": work.prompt_url,
            "board": work.board,
            "summary": work.summary,
            "rating": work.rating,
            "content_notes": work.content_notes,
            "notes_choice": work.notes_choice,
            "fandoms": work.fandoms,
            "characters": work.characters,
            "relationships": work.relationships,
            "tags": work.tags,
            "medium": work.medium,
            "language": work.language,
            "status": work.status,
            "parts_count": len(work.parts),
            "parts_expected": work.parts_expected,
            "words_count": work.words_count,
            "external_url": work.external_url,
            "created_at": work.created_at,
            "updated_at": work.updated_at,
        }
        lines = "".join(f"{name}: {_json(value)}\n" for name, value in told.items())
        return f"---\n{lines}---\n\n"

    def _header(self) -> str:
        work = self._work
        prompt = f"[{_line(work.prompt)}](<{work.prompt_url}>)"
        facts = [f"by {_line(work.byline)}", f"Answers the prompt {prompt}"]
        facts += [f"{name}: {', '.join(map(_line, values))}" for name, values in work.facts]
        if work.external_url is not None:
            facts.append(f"Where it is: {_link(work.external_url)}")
        facts.append(f"From: {_link(work.url)}")
        listed = "".join(f"- {each}\n" for each in facts)
        summary = "".join(
            f"> {_first(_line(line))}".rstrip() + "\n" for line in (work.summary or "").splitlines()
        )
        return f"# {_heading(work.title)}\n\n{listed}\n" + (f"{summary}\n" if summary else "")


def _line(text: str) -> str:
    """A text within a line, with every mark in it as the character that it is."""
    return _MARKS.sub(r"\\\g<0>", without_non_characters(text.strip()))


def _first(line: str) -> str:
    """The same, where nothing stands before it."""
    return _FIRST_MARK.sub(r"\1\\\2", line)


def _heading(text: str) -> str:
    """A text as a heading."""
    return _LAST_MARK.sub(r"\\\1", _line(text))


def _link(url: str) -> str:
    """An address as a link, or as words where no program could follow it."""
    followed = address(url)
    return _line(url) if followed is None else f"<{followed}>"


def _json(value: Any) -> str:
    written = json.dumps(value, ensure_ascii=False)
    return _ESCAPED_IN_JSON.sub(lambda each: f"\\u{ord(each[0]):04x}", written)
