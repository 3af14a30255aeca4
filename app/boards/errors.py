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
        "`archived`. `phase` says where it stands, and `opens_at` when it opens, if "
        "that is known."
    )
    example: ClassVar[dict[str, Any]] = {"phase": "archived", "opens_at": None}
