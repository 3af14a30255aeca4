"""Gathering posts of all kinds in their public shapes, a kind at a time."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from app.comments import views as comment_views
from app.comments.heads import Head, discussion_head, fill_head, prompt_head
from app.core.database import Session
from app.core.site import Site
from app.discussions import views as discussion_views
from app.fills import views as fill_views
from app.labels.reading import is_adult
from app.mine import queries
from app.prompts import views as prompt_views

_NOTHING: dict[str, Any] = dict.fromkeys(("prompt", "fill", "discussion", "comment"))
_HEADS: dict[str, Callable[..., Head]] = {
    "prompt": prompt_head,
    "fill": fill_head,
    "discussion": discussion_head,
}


class Gathered:
    """Posts in their public shapes, by type and public id; ``gated`` are those that are adult, or
    below something adult.
    """

    def __init__(self) -> None:
        self.shapes: dict[tuple[str, str], dict[str, Any]] = {}
        self.gated: set[tuple[str, str]] = set()

    def items(self, rows: Sequence[Any], *, adult: bool) -> tuple[list[dict[str, Any]], int]:
        """The items for some rows with ``type`` and ``public_id``, and how many adult ones were
        left out for somebody who did not ask for them.
        """
        keys = [(row.type, row.public_id) for row in rows]
        shown = [each for each in keys if adult or each not in self.gated]
        there = [each for each in shown if each in self.shapes]
        return [self._item(each) for each in there], len(keys) - len(shown)

    def _item(self, key: tuple[str, str]) -> dict[str, Any]:
        return {"type": key[0], **_NOTHING, key[0]: self.shapes[key]}


async def gather(session: Session, site: Site, rows: Sequence[Any], *, adult: bool) -> Gathered:
    """Posts of all kinds, from rows with ``type`` and ``public_id``."""
    ids: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        ids[row.type].append(row.public_id)
    found = Gathered()
    for row in await _all(session, queries.some_prompts, ids["prompt"]):
        key = ("prompt", row.public_id)
        found.shapes[key] = prompt_views.prompt(site, row)
        _gate(found, key, row)
    fills = await _all(session, queries.some_fills, ids["fill"])
    for row, shape in zip(
        fills, await fill_views.fills(session, site, fills, adult=adult), strict=True
    ):
        key = ("fill", row.public_id)
        found.shapes[key] = shape
        _gate(found, key, row)
    for row in await _all(session, queries.some_discussions, ids["discussion"]):
        found.shapes["discussion", row.public_id] = discussion_views.discussion(site, row)
    comments = await _all(session, queries.some_comments, ids["comment"])
    heads = await _heads(session, comments)
    for row in comments:
        kind, head_row = heads[row.thread_id]
        head = _HEADS[kind](site, head_row, adult=adult)
        key = ("comment", row.public_id)
        found.shapes[key] = comment_views.seen_comment(site, head, row)
        if kind != "discussion":
            _gate(found, key, head_row)
    return found


def _gate(found: Gathered, key: tuple[str, str], row: Any) -> None:
    if is_adult(row.rating):
        found.gated.add(key)


async def _all(session: Session, statement: Any, ids: list[str]) -> Sequence[Any]:
    return await session.all(statement(ids)) if ids else ()


async def _heads(session: Session, comments: Sequence[Any]) -> dict[int, tuple[str, Any]]:
    """What stands at the head of the threads of some comments, by the number of the thread."""
    threads: dict[str, set[int]] = defaultdict(set)
    for row in comments:
        threads[row.kind].add(row.thread_id)
    return {
        row.thread_id: (kind, row)
        for kind, wanted in threads.items()
        for row in await session.all(queries.heads(kind, wanted))
    }
