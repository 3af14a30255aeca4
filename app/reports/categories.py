"""What can be wrong with a thing, and how urgent that is."""

from typing import Literal

from typing_extensions import TypeAliasType

from app.moderation.reasons import ReasonCode

Category = TypeAliasType(
    "Category",
    Literal[
        "minor_safety",
        "outing",
        "threat",
        "harassment",
        "labels",
        "spam",
        "plagiarism",
        "copyright",
        "other",
    ],
)
#: The lower, the more urgent. Appeals and what is screened stand between and behind.
URGENCY: dict[str, int] = {
    "minor_safety": 0,
    "outing": 1,
    "threat": 2,
    "harassment": 3,
    "labels": 4,
    "spam": 5,
    "plagiarism": 6,
    "copyright": 6,
    "other": 7,
}
#: These hide a thing at once, for the reason of the same name.
HIDING: dict[str, ReasonCode] = {"minor_safety": "minor_safety", "outing": "outing"}
