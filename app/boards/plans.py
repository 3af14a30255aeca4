"""Which phases, dates and numbers of a round go together."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from app.boards.round_schemas import RoundCreate, RoundUpdate
from app.core.errors import Invalid, fault

#: Phases in which a round still is to close.
UNCLOSED = ("upcoming", "prompting", "fill_only")
#: Phases in which a round takes prompts or is going to.
_PROMPTING = ("upcoming", "prompting")
_SCHEDULE = {"phase", "opens_at", "closes_at", "closes_at_comments"}


def new_plan(sent: RoundCreate, usual_number: int | None, at: datetime) -> dict[str, Any]:
    """Phase, dates and number of a new round; ``usual_number`` is the board's own.

    :raises Invalid: they don't go together.
    """
    is_later = sent.opens_at is not None and sent.opens_at > at
    has_number = "closes_at_comments" in sent.model_fields_set
    plan = {
        "phase": sent.phase or ("upcoming" if is_later else "prompting"),
        "opens_at": sent.opens_at,
        "closes_at": sent.closes_at,
        "closes_at_comments": sent.closes_at_comments if has_number else usual_number,
    }
    _check(plan, sent.model_fields_set, 0, at)
    return plan


def changed_plan(round_: Any, sent: RoundUpdate, at: datetime) -> dict[str, Any]:
    """What changes of a round, with the conditions that its new phase has overtaken cleared, unless
    they are sent anew.

    :raises Invalid: what was sent does not go together, or not with what stays.
    """
    changes = sent.model_dump(exclude_unset=True)
    if "phase" in changes:
        changes = {**_overtaken(round_, changes["phase"], at), **changes}
    plan = {name: changes.get(name, getattr(round_, name)) for name in _SCHEDULE}
    _check(plan, sent.model_fields_set, round_.comments_count, at)
    return changes


def _overtaken(round_: Any, phase: str, at: datetime) -> dict[str, None]:
    """The conditions of a round that make no sense in a phase: a date to open at that is past for
    an upcoming round, or still to come for one that has begun; the same for the date to close at;
    and a number of comments that was reached already.
    """
    cleared = []
    if round_.opens_at is not None and (round_.opens_at > at) != (phase == "upcoming"):
        cleared.append("opens_at")
    if round_.closes_at is not None and (round_.closes_at > at) != (phase in UNCLOSED):
        cleared.append("closes_at")
    number = round_.closes_at_comments
    if number is not None and phase in _PROMPTING and round_.comments_count >= number:
        cleared.append("closes_at_comments")
    return dict.fromkeys(cleared)


def _check(
    plan: Mapping[str, Any], sent: AbstractSet[str], comments_count: int, at: datetime
) -> None:
    faults = []
    if sent & {"phase", "opens_at"}:
        faults += _faults_of_opening(plan["phase"], plan["opens_at"], at)
    if sent & {"phase", "closes_at"}:
        faults += _faults_of_closing(plan["phase"], plan["closes_at"], at)
    if not faults and sent & {"opens_at", "closes_at"}:
        faults += _faults_of_order(plan, "closes_at" if "closes_at" in sent else "opens_at")
    if "closes_at_comments" in sent and plan["phase"] in _PROMPTING:
        faults += _faults_of_number(plan["closes_at_comments"], comments_count)
    if faults:
        raise Invalid(faults[0]["message"], errors=faults)


def _faults_of_opening(phase: str, opens_at: datetime | None, at: datetime) -> list[dict[str, str]]:
    if opens_at is None:
        return []
    if phase == "upcoming" and opens_at <= at:
        return [
            _fault(
                "opens_at",
                "not_in_future",
                "It is past. Send phase prompting to open it now.",
            )
        ]
    if phase != "upcoming" and opens_at > at:
        return [_fault("opens_at", "not_upcoming", "Only an upcoming round opens later.")]
    return []


def _faults_of_closing(
    phase: str, closes_at: datetime | None, at: datetime
) -> list[dict[str, str]]:
    if closes_at is None:
        return []
    if phase in UNCLOSED and closes_at <= at:
        return [
            _fault(
                "closes_at",
                "not_in_future",
                "It is past. Send phase closed to close it now.",
            )
        ]
    if phase not in UNCLOSED and closes_at > at:
        return [_fault("closes_at", "closed_already", f"A round that is {phase} closes no more.")]
    return []


def _faults_of_order(plan: Mapping[str, Any], name: str) -> list[dict[str, str]]:
    opens_at, closes_at = plan["opens_at"], plan["closes_at"]
    if opens_at is None or closes_at is None or opens_at < closes_at:
        return []
    return [_fault(name, "closes_before_opening", "The round would close before it opens.")]


def _faults_of_number(number: int | None, comments_count: int) -> list[dict[str, str]]:
    if number is None or comments_count < number:
        return []
    message = f"The round has {comments_count} comments already."
    return [_fault("closes_at_comments", "reached_already", message)]


def _fault(name: str, code: str, message: str) -> dict[str, str]:
    return fault("body", f"/{name}", code, message)
