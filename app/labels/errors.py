"""How labels say no."""

from typing import Any, ClassVar

from app.core.errors import Refusal


class AdultContent(Refusal):
    code = "adult-content"
    status = 403
    title = "This is adult material"
    explanation = (
        "It is rated `mature`, `explicit` or `not_rated`. `rating` and `content_notes` say what to "
        "expect. Whoever wants to see it repeats the request with `adult=true`."
    )
    example: ClassVar[dict[str, Any]] = {
        "rating": "mature",
        "content_notes": ["storms at sea"],
        "board": "found-family",
        "number": 3,
    }
