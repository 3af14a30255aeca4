"""Gathering posts of all kinds in their public shapes, a kind at a time."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from app.comments import views as comment_views
from app.comments.heads import MAKE, rows_above
from app.comments.queries import some_comments
from app.core.database import Session
from app.core.site import Site
from app.discussions import views as discussion_views
from app.discussions.queries import some_discussions
from app.fills import views as fill_views
from app.fills.queries import some_fills
from app.labels.reading import is_adult
from app.prompts import views as prompt_views
from app.prompts.queries import some_prompts
from app.threads.models import ThreadKind

_NOTHING: dict[str, Any] = dict.fromkeys(("prompt", "fill", "discussion", "comment"))


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
    for row in await _all(session, some_prompts, ids["prompt"]):
        key = ("prompt", row.public_id)
        found.shapes[key] = prompt_views.prompt(site, row)
        _gate(found, key, row)
    fills = await _all(session, some_fills, ids["fill"])
    for row, shape in zip(
        fills, await fill_views.fills(session, site, fills, adult=adult), strict=True
    ):
        key = ("fill", row.public_id)
        found.shapes[key] = shape
        _gate(found, key, row)
    for row in await _all(session, some_discussions, ids["discussion"]):
        found.shapes["discussion", row.public_id] = discussion_views.discussion(site, row)
    comments = await _all(session, some_comments, ids["comment"])
    above = await rows_above(session, comments)
    for row in comments:
        head = MAKE[row.kind](site, above[row.thread_id], adult=adult)
        key = ("comment", row.public_id)
        found.shapes[key] = comment_views.seen_comment(site, head, row)
        if head.kind != ThreadKind.DISCUSSION:
            _gate(found, key, above[row.thread_id])
    return found


def _gate(found: Gathered, key: tuple[str, str], row: Any) -> None:
    if is_adult(row.rating):
        found.gated.add(key)


async def _all(session: Session, statement: Any, ids: list[str]) -> Sequence[Any]:
    return await session.all(statement(ids)) if ids else ()
