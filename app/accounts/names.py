"""What somebody can be called, and whom a name must not imitate."""

import re

from app.accounts.errors import BadName, NameImitatesStaff
from app.accounts.models import NAME_PATTERN

#: Digits that are taken for letters at a glance.
_LOOKALIKES = str.maketrans("01345789", "oieastbg")


def skeleton(name: str) -> str:
    """A name as it is read at a glance: two that have the same are taken for one another. It is a
    small relative of what UTS #39 does for all of Unicode; names here are ASCII.
    """
    plain = name.lower().replace("-", "").replace("_", "").translate(_LOOKALIKES)
    # A small l looks like a capital i.
    return plain.replace("l", "i").replace("rn", "m").replace("vv", "w")


#: Whoever has one of these in their name is thought to keep order.
_TITLES = frozenset(
    map(skeleton, ("admin", "administrator", "moderator", "mod", "mods", "staff", "official"))
) | {skeleton("fillboard")}
#: Whoever is called just so is thought to be the service, or nobody.
_ROLES = frozenset(
    map(
        skeleton,
        (
            *("system", "sysop", "root", "owner", "helpdesk", "support", "team", "bot", "me"),
            *("anon", "anonymous", "nobody", "null", "none", "deleted", "op", "filler"),
        ),
    )
)


def is_name(name: str) -> bool:
    """Whether a text has the form of a name."""
    return re.fullmatch(NAME_PATTERN, name) is not None


def check_name(name: str) -> None:
    """Whether somebody can be called so.

    :raises BadName: the name is not 2 to 40 letters, digits, hyphens or underscores.
    """
    if not is_name(name):
        raise BadName(
            "A name has 2 to 40 letters, digits, hyphens or underscores (A-Z a-z 0-9 - _), and "
            "begins with a letter or a digit."
        )


def check_is_nobody_else(name: str) -> None:
    """Whether a name that people choose for themselves speaks for nobody but them.

    :raises NameImitatesStaff: it reads like that of somebody who keeps order, or like what the
        service itself calls people.
    """
    words = re.split(r"[-_]|(?<=[a-z0-9])(?=[A-Z])", name)
    if skeleton(name) in _TITLES | _ROLES or _TITLES & {skeleton(word) for word in words}:
        raise NameImitatesStaff
