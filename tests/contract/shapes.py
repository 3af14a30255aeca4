"""What of a schema has become something that clients of the released one don't expect.

A schema is read as the alternatives that it allows (``anyOf``, ``oneOf``, several types, or just
itself), and each of them is compared with the one that it was. What is sent (``SENT``) may be
widened and never narrowed; what is answered (``ANSWERED``) may gain properties, and all else of it
stays. A new value of an enumeration breaks clients on either side: generated ones know the old
values alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

Schema = dict[str, Any]


class Side(Enum):
    """Who makes what a schema describes."""

    SENT = "sent"
    ANSWERED = "answered"


@dataclass(frozen=True)
class Break:
    """Something that a client of the released description would stumble over."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True)
class Document:
    """A description, whose references can be followed."""

    content: dict[str, Any]

    def behind(self, node: dict[str, Any]) -> dict[str, Any]:
        """What a reference leads to, or the node itself."""
        while "$ref" in node:
            reference, node = node["$ref"], self.content
            for step in reference.removeprefix("#/").split("/"):
                node = node[step.replace("~1", "/").replace("~0", "~")]
        return node

    def alternatives(self, schema: Schema) -> dict[str, Schema]:
        """What a schema allows, by a name that stays when the rest of it changes: the name of what
        is referred to, or the type.
        """
        named = schema.get("$ref", "")
        found = self.behind(schema)
        inner = found.get("anyOf") or found.get("oneOf")
        if inner is not None:
            return {name: each for one in inner for name, each in self.alternatives(one).items()}
        types = found.get("type", "any")
        if isinstance(types, list):
            return {one: {**found, "type": one} for one in types}
        return {named.rpartition("/")[2] or types: found}


#: Bounds of what may be sent: one that is lowered, or is new, refuses what was taken.
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_SPELLING = ("pattern", "format", "const", "multipleOf")


class Comparison:
    """Two descriptions side by side."""

    def __init__(self, old: Document, new: Document) -> None:
        self.old, self.new = old, new
        #: What was compared, by identity; it is kept, or another might come to have the same.
        self._compared: dict[tuple[int, int, Side], tuple[Schema, Schema]] = {}

    def schemas(self, was: Schema, now: Schema, side: Side, where: str) -> Iterator[Break]:
        """Whatever has broken between two schemas, and in all that is below them."""
        before, after = self.old.alternatives(was), self.new.alternatives(now)
        pairs = dict(_paired(before, after))
        for name, each in before.items():
            if name in pairs:
                yield from self._alternative(each, after[pairs[name]], side, where)
            elif side is Side.SENT or not pairs:
                yield Break(where, f"is no longer {name}")
        if side is Side.ANSWERED:
            for name in after.keys() - set(pairs.values()):
                yield Break(where, f"may now be {name}")

    def _alternative(self, was: Schema, now: Schema, side: Side, where: str) -> Iterator[Break]:
        seen = (id(was), id(now), side)
        if seen in self._compared:
            return
        self._compared[seen] = (was, now)
        yield from _values(was, now, where)
        if side is Side.SENT:
            yield from _bounds(was, now, where)
        elif was.get("format") != now.get("format"):
            yield Break(where, f"has the format {now.get('format')}, was {was.get('format')}")
        yield from self._properties(was, now, side, where)
        for inner in ("items", "additionalProperties"):
            before, after = was.get(inner), now.get(inner)
            if isinstance(before, dict) and isinstance(after, dict):
                yield from self.schemas(before, after, side, f"{where}/{inner}")

    def _properties(self, was: Schema, now: Schema, side: Side, where: str) -> Iterator[Break]:
        before, after = was.get("properties", {}), now.get("properties", {})
        needed_before, needed = set(was.get("required", ())), set(now.get("required", ()))
        for name, each in before.items():
            if name not in after:
                yield Break(f"{where}/{name}", "is gone")
                continue
            yield from self.schemas(each, after[name], side, f"{where}/{name}")
        if side is Side.SENT:
            for name in sorted(needed - needed_before):
                yield Break(f"{where}/{name}", "must be sent now")
        else:
            for name in sorted((needed_before - needed) & after.keys()):
                yield Break(f"{where}/{name}", "may be missing now")


def _paired(before: dict[str, Schema], after: dict[str, Schema]) -> Iterator[tuple[str, str]]:
    """Which alternative became which: the one of the same name, or, where one of each is left over
    and both are objects, that one under another name.
    """
    both = before.keys() & after.keys()
    yield from ((name, name) for name in both)
    gone, come = (
        [name for name in side if name not in both and side[name].get("type") == "object"]
        for side in (before, after)
    )
    if len(gone) == len(come) == 1:
        yield gone[0], come[0]


def _values(was: Schema, now: Schema, where: str) -> Iterator[Break]:
    before, after = (each.get("enum") for each in (was, now))
    if before is None and after is None:
        return
    if before is None:
        yield Break(where, f"takes the values {after} alone")
    elif after is not None:
        for value in before:
            if value not in after:
                yield Break(where, f"has no value {value!r} any more")
        for value in after:
            if value not in before:
                yield Break(where, f"has a new value {value!r}")


def _bounds(was: Schema, now: Schema, where: str) -> Iterator[Break]:
    for name in _UPPER:
        if name in now and now[name] < was.get(name, float("inf")):
            yield Break(where, f"has a {name} of {now[name]}, was {was.get(name)}")
    for name in _LOWER:
        if name in now and now[name] > was.get(name, float("-inf")):
            yield Break(where, f"has a {name} of {now[name]}, was {was.get(name)}")
    for name in _SPELLING:
        if name in now and now[name] != was.get(name):
            yield Break(where, f"has the {name} {now[name]!r}, was {was.get(name)!r}")
    if was.get("additionalProperties") is not False and now.get("additionalProperties") is False:
        yield Break(where, "takes no other properties any more")
