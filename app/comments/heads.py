"""What stands at the head of a thread: a prompt or a fill, as its comments need to know it."""

from dataclasses import dataclass
from typing import Any, Literal

from app.core.site import Site
from app.fills.views import url as fill_url
from app.prompts.views import url as prompt_url
from app.tags.access import is_adult
from app.threads.states import State


@dataclass(frozen=True)
class Head:
    """The head of a thread.

    ``op_mask_id`` and ``op_is_named`` tell the author of the conversation's prompt. ``title`` is
    ``None`` where it may not be shown.
    """

    kind: Literal["prompt", "fill"]
    public_id: str
    title: str | None
    url: str
    slug: str
    board_id: int
    round_id: int
    prompt_id: int
    fill_id: int | None
    parts_count: int
    thread_id: int
    conversation: str
    shows_faces: bool
    op_mask_id: int | None
    op_is_named: bool
    is_frozen: bool


def prompt_head(site: Site, prompt: Any, *, adult: bool) -> Head:
    """The head made of a row of prompts (``prompts.queries.standing_prompts``)."""
    shown = prompt.state == State.VISIBLE and (adult or not is_adult(prompt.rating))
    return Head(
        kind="prompt",
        public_id=prompt.public_id,
        title=prompt.title if shown else None,
        url=prompt_url(site, prompt.public_id),
        prompt_id=prompt.id,
        fill_id=None,
        parts_count=0,
        op_mask_id=prompt.mask_id,
        op_is_named=bool(prompt.is_named),
        **_common(prompt),
    )


def fill_head(site: Site, fill: Any, *, adult: bool) -> Head:
    """The head made of a row of fills (``fills.queries.standing_fills``)."""
    shown = fill.state == State.VISIBLE and (adult or not is_adult(fill.rating))
    return Head(
        kind="fill",
        public_id=fill.public_id,
        title=fill.title if shown else None,
        url=fill_url(site, fill.public_id),
        prompt_id=fill.prompt_id,
        fill_id=fill.id,
        parts_count=fill.parts_count,
        op_mask_id=fill.prompt_mask_id,
        op_is_named=bool(fill.prompt_is_named),
        **_common(fill),
    )


def _common(row: Any) -> dict[str, Any]:
    return {
        "slug": row.slug,
        "board_id": row.board_id,
        "round_id": row.round_id,
        "thread_id": row.thread_id,
        "conversation": row.conversation,
        "shows_faces": row.settings["show_faces"],
        "is_frozen": bool(row.is_frozen),
    }
