"""How boards say no."""

from typing import Any, ClassVar

from app.core.errors import Refusal


class SlugTaken(Refusal):
    code = "slug-taken"
    status = 409
    title = "A board has this slug already"
    explanation = "A board's `slug` is its address and belongs to one board. Choose another."


class RoundClosed(Refusal):
    code = "round-closed"
    status = 409
    title = "The round does not take this now"
    explanation = (
        "A round takes prompts in its phase `prompting`; comments, fills and parts until it is "
        "`archived`, after which not even edits are taken, only deletions. `phase` says where it "
        "stands, and `opens_at` when the board takes prompts next, if that is known."
    )
    example: ClassVar[dict[str, Any]] = {
        "detail": "Round 2 is closed. Prompts are taken from 2026-12-01T18:00:00Z on.",
        "phase": "closed",
        "opens_at": "2026-12-01T18:00:00Z",
    }
