"""What a file is called where it is saved."""

from unicodedata import category, normalize
from urllib.parse import quote

from pathvalidate import sanitize_filename

#: Bytes of a name without its ending: file systems take 255 of a name.
_LONGEST = 120


def content_disposition(title: str, ending: str) -> str:
    """The header that has a browser save a file under its title (RFC 6266): in full, and in ASCII
    for what reads no other names. Neither holds what any system forbids in names, nor characters
    that change the direction of what follows: ``fdp.exe`` shall not read as ``exe.pdf``.
    """
    plain = normalize("NFKD", title).encode("ascii", "ignore").decode()
    fallback = _name(plain).replace('"', "").replace("\\", "").replace("%", "")
    return (
        f'attachment; filename="{fallback or "fill"}.{ending}"; '
        f"filename*=UTF-8''{quote(_name(title) or 'fill', safe='')}.{ending}"
    )


def _name(title: str) -> str:
    name = "".join(each for each in title if each == " " or category(each)[0] not in "CZ")
    # What is left once something was taken away may be a name that a system keeps for itself.
    for _ in range(2):
        name = sanitize_filename(name.strip(" ."), platform="universal", max_len=_LONGEST)
    return name.strip(" .")
