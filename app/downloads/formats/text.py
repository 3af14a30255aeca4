"""Plain text, for whatever shows nothing else."""

import unicodedata

from app.downloads.work import PartText, PartTold, Work
from app.kit.plain import plain
from app.kit.xhtml import without_non_characters

MEDIA_TYPE = "text/plain; charset=utf-8"

#: How long the line below a heading is at most.
_LONGEST_LINE = 72


class TextWriter:
    """Writes the file: the words of the work, below what is worth knowing before one reads."""

    def __init__(self, work: Work) -> None:
        self._work = work

    def begin(self) -> bytes:
        work = self._work
        facts = [("Answers the prompt", [work.prompt, f"<{work.prompt_url}>"]), *work.facts]
        if work.external_url is not None:
            facts.append(("Where it is", [work.external_url]))
        facts.append(("From", [work.url]))
        told = "".join(f"{name}: {', '.join(values)}\n" for name, values in facts)
        head = f"{_underlined(work.title, '=')}by {work.byline}\n\n{told}"
        if work.summary is not None:
            head += f"\n{work.summary.strip()}\n"
        return without_non_characters(head).encode()

    def part(self, part: PartTold, text: PartText) -> bytes:
        head = _underlined(part.heading, "-")
        if part.content_notes:
            head += f"Content notes: {', '.join(part.content_notes)}\n\n"
        return f"\n\n{without_non_characters(head)}{plain(text.html)}\n".encode()

    def end(self) -> bytes:
        return b""


def _underlined(heading: str, mark: str) -> str:
    """A heading with a line below it, as long as it is, and an empty line."""
    wide = sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in heading)
    return f"{heading}\n{mark * min(wide, _LONGEST_LINE)}\n\n"
