"""For which reasons moderators act. The codes are part of the contract, the words for people."""

from dataclasses import dataclass
from typing import Literal, get_args

from typing_extensions import TypeAliasType

ReasonCode = TypeAliasType(
    "ReasonCode",
    Literal[
        "spam",
        "harassment",
        "outing",
        "labels",
        "duplicate",
        "misfire",
        "off_topic",
        "minor_safety",
        "illegal",
        "plagiarism",
        "rules",
        "other",
    ],
)


@dataclass(frozen=True)
class Reason:
    """A reason, as authors and readers are told it."""

    code: str
    title: str
    explanation: str


REASONS = (
    Reason("spam", "Spam", "Advertising, or the same thing over and over."),
    Reason("harassment", "Harassment", "It attacks, threatens or hounds somebody."),
    Reason(
        "outing",
        "Personal data",
        "It tells who somebody is, where they live or work, or which accounts are theirs.",
    ),
    Reason(
        "labels",
        "Wrong or missing labels",
        "Its rating, its tags or its content notes don't say what is in it.",
    ),
    Reason("duplicate", "Duplicate", "It is here already."),
    Reason("misfire", "Misfire", "It was posted in the wrong place."),
    Reason("off_topic", "Off topic", "It does not belong on this board, or in this thread."),
    Reason(
        "minor_safety",
        "Safety of minors",
        "Sexual content about minors, which no board allows, or something that endangers a minor.",
    ),
    Reason("illegal", "Against the law", "The law does not allow it to stand here."),
    Reason("plagiarism", "Plagiarism", "It is somebody else's work, passed off as one's own."),
    Reason("rules", "The board's rules", "It breaks a rule of this board. The note may say which."),
    Reason("other", "Another reason", "None of the others fits. The note should say more."),
)

assert tuple(each.code for each in REASONS) == get_args(ReasonCode.__value__)
