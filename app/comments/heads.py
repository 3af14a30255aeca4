"""What stands at the head of a thread, as its comments need to know it."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol

from sqlalchemy import Select

from app.boards.settings import settings_of
from app.core.database import Session
from app.core.site import Site
from app.discussions.queries import discussions_of_threads
from app.discussions.views import url as discussion_url
from app.fills.queries import fills_of_threads
from app.fills.views import is_public
from app.fills.views import url as fill_url
from app.identity.people import Byline
from app.prompts.queries import prompts_of_threads
from app.prompts.views import may_be_named
from app.prompts.views import url as prompt_url
from app.threads.models import ThreadKind
from app.threads.states import State, stands


@dataclass(frozen=True)
class Shown:
    """What comments show of the head of their thread.

    ``op`` is how the author of the conversation's prompt, or whoever began the discussion, is seen.
    ``title`` is ``None`` where it may not be shown. ``settings`` are those of the board. ``adult``
    says that adult material was asked for.
    """

    kind: ThreadKind
    public_id: str
    title: str | None
    url: str
    slug: str
    thread_id: int
    conversation: str
    settings: dict[str, Any]
    op: Byline
    adult: bool

    @cached_property
    def thread(self) -> dict[str, Any]:
        """The thread as each of its comments names it."""
        return {
            "type": self.kind,
            "id": self.public_id,
            "title": self.title,
            "board": self.slug,
            "url": self.url,
        }


@dataclass(frozen=True)
class Head(Shown):
    """The head of a thread.

    ``prompt_id``, ``fill_id`` and ``discussion_id`` are what a new comment is news for.
    ``round_id``, ``round`` and ``phase`` are of the round that counts it, and ``next_change_at`` is
    when something is due on its board; discussions stand in no round. ``is_in_sight`` says that
    everybody may look below it, ``latest_seq`` which is the last number given in the thread.
    """

    board_id: int
    latest_seq: int
    is_in_sight: bool
    next_change_at: datetime | None = None
    round_id: int | None = None
    round: int | None = None
    phase: str | None = None
    prompt_id: int | None = None
    fill_id: int | None = None
    discussion_id: int | None = None


def prompt_head(site: Site, prompt: Any, *, adult: bool) -> Head:
    """The head made of a row of prompts (``prompts.queries.standing_prompts``)."""
    return Head(
        kind=ThreadKind.PROMPT,
        url=prompt_url(site, prompt.public_id),
        prompt_id=prompt.id,
        is_in_sight=stands(prompt.state, was_visible=prompt.was_visible),
        op=Byline(prompt.mask_id, prompt.account_id),
        **_of_work(prompt, adult=adult),
    )


def fill_head(site: Site, fill: Any, *, adult: bool) -> Head:
    """The head made of a row of fills (``fills.queries.standing_fills``)."""
    return Head(
        kind=ThreadKind.FILL,
        url=fill_url(site, fill.public_id),
        prompt_id=fill.prompt_id,
        fill_id=fill.id,
        is_in_sight=is_public(fill),
        op=Byline(fill.prompt_mask_id, fill.prompt_account_id),
        **_of_work(fill, adult=adult),
    )


def discussion_head(site: Site, discussion: Any, *, adult: bool) -> Head:
    """The head made of a row of discussions (``discussions.queries.standing_discussions``)."""
    return Head(
        kind=ThreadKind.DISCUSSION,
        title=discussion.title if discussion.state == State.VISIBLE else None,
        url=discussion_url(site, discussion.public_id),
        discussion_id=discussion.id,
        is_in_sight=stands(discussion.state, was_visible=discussion.was_visible),
        op=Byline(discussion.mask_id, discussion.account_id),
        **_of_any(discussion, adult=adult),
    )


class _Make(Protocol):
    def __call__(self, site: Site, row: Any, /, *, adult: bool) -> Head: ...


#: What makes the head of a kind of thread of the row of what stands there.
MAKE: dict[ThreadKind, _Make] = {
    ThreadKind.PROMPT: prompt_head,
    ThreadKind.FILL: fill_head,
    ThreadKind.DISCUSSION: discussion_head,
}
_OF_THREADS: dict[ThreadKind, Callable[[Iterable[int]], Select[Any]]] = {
    ThreadKind.PROMPT: prompts_of_threads,
    ThreadKind.FILL: fills_of_threads,
    ThreadKind.DISCUSSION: discussions_of_threads,
}


async def rows_above(session: Session, comments: Iterable[Any]) -> dict[int, Any]:
    """The rows of what stands at the heads of the threads of some comments (rows with the ``kind``
    of their thread), whatever its state, by the numbers of the threads.
    """
    threads: dict[str, set[int]] = defaultdict(set)
    for row in comments:
        threads[row.kind].add(row.thread_id)
    return {
        row.thread_id: row
        for kind, wanted in threads.items()
        for row in await session.all(_OF_THREADS[ThreadKind(kind)](wanted))
    }


def _of_work(row: Any, *, adult: bool) -> dict[str, Any]:
    return {
        "title": row.title if may_be_named(row.state, row.rating, adult=adult) else None,
        "next_change_at": row.next_change_at,
        "round_id": row.round_id,
        "round": row.round,
        "phase": row.phase,
        **_of_any(row, adult=adult),
    }


def _of_any(row: Any, *, adult: bool) -> dict[str, Any]:
    return {
        "public_id": row.public_id,
        "slug": row.slug,
        "board_id": row.board_id,
        "thread_id": row.thread_id,
        "latest_seq": row.latest_seq,
        "conversation": row.conversation,
        "settings": settings_of(row),
        "adult": adult,
    }
