"""Names of tags: when two are one, and in which order a relationship is written."""

import unicodedata
from collections.abc import Iterable

#: Kind and folded name of a tag: what makes it the tag that it is.
TagKey = tuple[str, str]


def fold(name: str) -> str:
    """What two spellings of one tag have in common: case, composition and spacing don't count
    (Unicode's canonical caseless matching, D145, with runs of white space as one space).
    """
    decomposed = unicodedata.normalize("NFD", name).casefold()
    return " ".join(unicodedata.normalize("NFC", decomposed).split())


def without_repeats(names: list[str]) -> list[str]:
    """The names in their order, each once: the first spelling stays."""
    return list({fold(name): name for name in reversed(names)}.values())[::-1]


def relationship(name: str) -> str | None:
    """Write a relationship in its one form: members in alphabetical order, joined by "/" when it
    is romantic and by " & " when it is platonic. ``None`` where there are no two members.

    Where both signs stand, "/" joins the members and "&" is part of a name.
    """
    sign = "/" if "/" in name else "&"
    members = [" ".join(member.split()) for member in name.split(sign)]
    if sign not in name or not all(members):
        return None
    joint = "/" if sign == "/" else " & "
    return joint.join(sorted(members, key=lambda member: (fold(member), member)))


def tag_key(kind: str, name: str) -> TagKey:
    """Kind and folded name of a tag as somebody may write it: a relationship in its one form."""
    return kind, fold(written(kind, name))


def keyed(typed: Iterable[tuple[str, str]]) -> dict[TagKey, str]:
    """Tags by what makes them the tags that they are: of two spellings the first one stays."""
    return {tag_key(kind, name): name for kind, name in reversed(list(typed))}


def written(kind: str, name: str) -> str:
    """A tag as it is kept: a relationship in its one form, all else as somebody wrote it."""
    return (relationship(name) if kind == "relationship" else None) or name
