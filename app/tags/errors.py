"""How the vocabulary says no."""

from typing import Any, ClassVar

from app.core.errors import Refusal


class AliasTaken(Refusal):
    code = "alias-taken"
    status = 409
    title = "This tag is filed under another already"
    explanation = (
        "A tag is filed under one other at most. `canonical` says under which it is now: delete "
        "that alias first, or choose another."
    )
    example: ClassVar[dict[str, Any]] = {"canonical": "found family"}


class AliasCircle(Refusal):
    code = "alias-circle"
    status = 409
    title = "The two tags would stand for each other"
    explanation = (
        "What the alias should be filed under is itself filed under the alias. Delete that alias "
        "first if it should be the other way round."
    )
