"""What a text may hold, how long it is, and how many words it has.

Texts are kept and given back exactly as they were sent. These functions only measure and refuse.
"""

import re
import unicodedata

#: Control characters (Unicode category Cc) but tab, line feed and carriage return.
_STRAY_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_FILLERS = "\u115f\u1160\u3164\uffa0"
_LINE_BREAK = re.compile("[\n\r\u2028\u2029\x85\x0b\x0c]")
#: A base character carries at most this many combining marks. No language stacks so many; normal
#: forms of long runs take quadratic time, and such text overprints its neighbours.
MAX_COMBINING_RUN = 20
#: Scripts written without spaces, in which a character counts as a word: Han, Hiragana, Katakana.
_UNSPACED = re.compile(
    "[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]+"
)
_MARKDOWN_LEAD = re.compile(r"^\s*(?:(?:#{1,6}|>|[-*+]|\d+[.)])\s+)*")
#: Paired marks around words. Underscores mark nothing within a word.
_MARKDOWN_PAIRS = re.compile(
    r"(\*{1,3}|`++|~~)(?=\S)(.+?)(?<=\S)\1|(?<!\w)(_{1,3})(?=\S)(.+?)(?<=\S)\3(?!\w)"
)
#: A Markdown link or image, whose address holds brackets at most one in another.
_MARKDOWN_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()]|\([^()]*\))*\)")
#: An image may stand in a link, and bold words in italic ones.
_MARKDOWN_DEPTH = 2
#: Characters that turn the direction of what follows. In a title they would turn round the
#: names and numbers that a list shows beside it.
_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_POP_EMBEDDING, _POP_ISOLATE = "\u202c", "\u2069"
_CLOSED_BY = {
    **dict.fromkeys("\u202a\u202b\u202d\u202e", _POP_EMBEDDING),
    **dict.fromkeys("\u2066\u2067\u2068", _POP_ISOLATE),
}
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
#: Where a title is made, no more than this many characters of the body are looked at, from the
#: first that can be seen.
_LOOK = 1000


def objection(text: str, *, one_line: bool = False) -> str | None:
    """Say in one phrase why a text can't be taken, or return ``None`` for one that can.

    Refused are NUL and other stray control characters, lone surrogates, runs of more than
    :data:`MAX_COMBINING_RUN` combining marks, text with nothing visible in it, and with
    ``one_line`` any line break, and a direction that is turned and not turned back, or the other
    way round: a list shows names and numbers beside it.
    """
    if _SURROGATE.search(text):
        return "holds half of a surrogate pair"
    if _STRAY_CONTROL.search(text):
        return "holds a control character"
    if one_line and _LINE_BREAK.search(text):
        return "holds a line break"
    if one_line and with_directions_closed(text) != text:
        return "turns the direction of what stands beside it"
    if _has_long_combining_run(text):
        return f"stacks more than {MAX_COMBINING_RUN} combining marks on one character"
    if not _has_something_visible(text):
        return "holds nothing that can be seen"
    return None


def with_directions_closed(text: str) -> str:
    """A text that turns nothing around it: whatever isolates, embeddings and overrides it leaves
    open (UAX #9, 2.1 to 2.5) are closed at its end, the innermost first, and what would close
    those of others, because it has opened none, is left out. One that is whole stays as it is.
    """
    if text.isascii():
        return text
    pieces: list[str] = []
    waiting: list[str] = []
    start = 0
    for found in _TURNS.finditer(text):
        character = found[0]
        if character in _CLOSED_BY:
            waiting.append(_CLOSED_BY[character])
        elif not _close(waiting, character):
            pieces.append(text[start : found.start()])
            start = found.end()
    return "".join([*pieces, text[start:], *reversed(waiting)])


def _close(waiting: list[str], character: str) -> bool:
    """Close what a character closes, of what ``waiting`` says is open; say whether it was there."""
    if character == _POP_EMBEDDING:
        # It reaches out of no isolate.
        is_there = waiting[-1:] == [_POP_EMBEDDING]
        del waiting[len(waiting) - is_there :]
        return is_there
    if _POP_ISOLATE not in waiting:
        return False
    # What closes an isolate closes all that was opened within it.
    while waiting.pop() != _POP_ISOLATE:
        pass
    return True


def without_directions(text: str) -> str:
    """A text without the characters that turn the direction of what follows."""
    return text if text.isascii() else _DIRECTIONS.sub("", text)


def length(text: str) -> int:
    """The length in code points after Unicode normalisation (NFC), so that spelling a letter with
    one code point or with two counts the same. Call it after :func:`objection`, which bounds the
    time that normalisation takes.
    """
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return len(text)
    return len(unicodedata.normalize("NFC", text))


def count_words(text: str) -> int:
    """Count words as word processors and ``wc -w`` do: what stands between white space. Of scripts
    written without spaces (Han, kana), each character counts as a word.
    """
    if text.isascii():
        return len(text.split())
    spaced = _UNSPACED.split(text)
    characters = len(text) - sum(map(len, spaced))
    return characters + len(" ".join(spaced).split())


def title_from(body: str, limit: int = 80) -> str:
    """Make a title of at most ``limit`` characters from the first line that has words in it,
    without its Markdown marks, cut between words and ending in an ellipsis where it was cut.

    A body that :func:`objection` lets pass has a title that it lets pass as one line.
    """
    look = _unstacked(_DIRECTIONS.sub("", _from_first_visible(body)))
    for line in look.splitlines():
        words = _unstacked(without_markdown(line))
        if any(character.isalnum() and _is_visible(character) for character in words):
            return _shorten(words.split(), limit)
    return _shorten(look.split(), limit)


def _from_first_visible(body: str) -> str:
    body = body.lstrip()
    for start in range(0, len(body), _LOOK):
        stretch = body[start : start + _LOOK]
        seen = set(filter(_is_visible, set(stretch)))
        if seen:
            first = next(at for at, character in enumerate(stretch) if character in seen)
            return body[start + first : start + first + _LOOK]
    return ""


def without_markdown(line: str) -> str:
    """A line without its Markdown marks: the words alone."""
    line = _MARKDOWN_LEAD.sub("", line)
    for _ in range(_MARKDOWN_DEPTH):
        line = _MARKDOWN_LINK.sub(r"\1", line)
    for _ in range(_MARKDOWN_DEPTH):
        line, found = _MARKDOWN_PAIRS.subn(r"\2\4", line)
        if not found:
            break
    return line


def _unstacked(text: str) -> str:
    """Take the combining marks away where leaving something out has piled them up."""
    if not _has_long_combining_run(text):
        return text
    return "".join(character for character in text if not unicodedata.combining(character))


def _shorten(words: list[str], limit: int) -> str:
    whole = " ".join(words)
    if len(whole) <= limit:
        return whole
    kept = whole[:limit]
    if not whole[limit - 1].isspace() and " " in kept:
        kept = kept.rsplit(" ", 1)[0]
    kept = kept[: limit - 1].rstrip()
    return (kept.rstrip(" ,;:.-–—…") or kept) + "…"


def _has_long_combining_run(text: str) -> bool:
    if text.isascii():
        return False
    run = 0
    for character in text:
        run = run + 1 if character > "\u02ff" and unicodedata.combining(character) else 0
        if run > MAX_COMBINING_RUN:
            return True
    return False


def _has_something_visible(text: str) -> bool:
    """Letters, numbers, punctuation and symbols can be seen; separators, marks alone and format
    characters (zero-width joiners, bidi controls) can't, nor can the Hangul fillers.
    """
    return any(map(_is_visible, text))


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNPS" and character not in _FILLERS
