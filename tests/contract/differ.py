"""What breaks for a client that was written, or generated, for an earlier description.

``python -m tests.contract.differ OLD NEW`` prints it, and fails where there is any.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.contract.shapes import Break, Comparison, Document, Side

_METHODS = ("get", "put", "post", "delete", "patch", "head", "options")


def breaks(old: dict[str, Any], new: dict[str, Any]) -> list[Break]:
    """All breaking changes from one description to a later one, in their order."""
    differ = _Differ(Document(old), Document(new))
    return sorted(set(differ.all()), key=str)


class _Differ:
    def __init__(self, old: Document, new: Document) -> None:
        self._old, self._new = old, new
        self._comparison = Comparison(old, new)

    def all(self) -> Iterator[Break]:
        for path, methods in self._old.content["paths"].items():
            later = self._new.content["paths"].get(path)
            if later is None:
                yield Break(path, "is gone")
                continue
            for method in _METHODS:
                if method not in methods:
                    continue
                where = f"{method.upper()} {path}"
                if method in later:
                    yield from self._operation(methods[method], later[method], where)
                else:
                    yield Break(where, "is gone")
        yield from self._names()

    def _names(self) -> Iterator[Break]:
        """Generated clients call their types by the names of schemas."""
        before, after = (
            each.content.get("components", {}).get("schemas", {}) for each in (self._old, self._new)
        )
        for name in before:
            if name not in after:
                yield Break(f"schema {name}", "is gone")

    def _operation(self, was: Any, now: Any, where: str) -> Iterator[Break]:
        if was.get("operationId") != now.get("operationId"):
            yield Break(where, f"is called {now.get('operationId')}, was {was.get('operationId')}")
        yield from self._parameters(was, now, where)
        yield from self._body(was.get("requestBody"), now.get("requestBody"), where)
        yield from self._answers(was["responses"], now["responses"], where)
        if self._needs_token(self._new, now) and not self._needs_token(self._old, was):
            yield Break(where, "needs a token now")

    @staticmethod
    def _needs_token(document: Document, operation: Any) -> bool:
        security = operation.get("security", document.content.get("security", []))
        return bool(security) and {} not in security

    def _parameters(self, was: Any, now: Any, where: str) -> Iterator[Break]:
        before, after = (
            {
                (each["in"], each["name"]): each
                for each in map(document.behind, operation.get("parameters", ()))
            }
            for document, operation in ((self._old, was), (self._new, now))
        )
        for key, each in before.items():
            at = f"{where} {key[0]} {key[1]}"
            later = after.get(key)
            if later is None:
                yield Break(at, "is gone")
                continue
            if later.get("required") and not each.get("required"):
                yield Break(at, "must be sent now")
            yield from self._comparison.schemas(each["schema"], later["schema"], Side.SENT, at)
        for key in after.keys() - before.keys():
            if after[key].get("required"):
                yield Break(f"{where} {key[0]} {key[1]}", "must be sent now")

    def _body(self, was: Any, now: Any, where: str) -> Iterator[Break]:
        at = f"{where} body"
        if was is None or now is None:
            if was is not None:
                yield Break(at, "is gone")
            elif now is not None and now.get("required"):
                yield Break(at, "must be sent now")
            return
        if now.get("required") and not was.get("required"):
            yield Break(at, "must be sent now")
        yield from self._contents(was, now, Side.SENT, at)

    def _answers(self, was: Any, now: Any, where: str) -> Iterator[Break]:
        for status, answer in was.items():
            at = f"{where} {status}"
            if status not in now:
                yield Break(at, "is gone")
                continue
            before, after = self._old.behind(answer), self._new.behind(now[status])
            yield from self._contents(before, after, Side.ANSWERED, at)
            for name, header in before.get("headers", {}).items():
                later = after.get("headers", {}).get(name)
                if later is None:
                    yield Break(f"{at} {name}", "is gone")
                elif header.get("required") and not later.get("required"):
                    yield Break(f"{at} {name}", "may be missing now")

    def _contents(self, was: Any, now: Any, side: Side, where: str) -> Iterator[Break]:
        after = now.get("content", {})
        for media_type, content in was.get("content", {}).items():
            at = f"{where} {media_type}"
            if media_type not in after:
                yield Break(at, "is gone")
                continue
            before, later = (each.get("schema", {}) for each in (content, after[media_type]))
            yield from self._comparison.schemas(before, later, side, at)


def _main() -> int:
    old, new = (json.loads(Path(each).read_text()) for each in sys.argv[1:3])
    found = breaks(old, new)
    for each in found:
        print(each)  # noqa: T201 - that is what it is called for
    return bool(found)


if __name__ == "__main__":
    sys.exit(_main())
