"""Turning labels as they were sent into labels as they are kept."""

from collections.abc import Mapping
from typing import Any

from app.core.errors import invalid
from app.labels.schemas import MAX_TOGETHER, LabelsSent, LabelsUpdate

_LISTS = ("fandoms", "characters", "relationships", "tags", "content_notes")


def new_labels(sent: LabelsSent, defaults: Mapping[str, Any]) -> dict[str, Any]:
    """The label columns of something new. What was left out, or sent as null, takes its default, or
    is empty.

    :raises Invalid: there are too many in all, or content notes are listed under a choice that says
        there are none to list.
    """
    labels = {name: _value(sent, name, defaults) for name in LabelsSent.model_fields}
    _check_number(labels)
    return labels | _settled(labels["content_notes"], sent.notes_choice, labels["notes_choice"])


def changed_labels(sent: LabelsUpdate, standing: Any) -> dict[str, Any]:
    """The label columns to change of a standing row. Null empties a label.

    :raises Invalid: there are too many in all, or content notes are listed under a choice that says
        there are none to list.
    """
    names = LabelsSent.model_fields.keys() & sent.model_fields_set
    changes = {name: _value(sent, name, {}) for name in names}
    _check_number({name: changes.get(name, getattr(standing, name)) for name in _LISTS})
    if not names & {"content_notes", "notes_choice"}:
        return changes
    notes = changes.get("content_notes", standing.content_notes)
    return changes | _settled(
        notes, sent.notes_choice, changes.get("notes_choice", standing.notes_choice)
    )


def no_labels() -> dict[str, Any]:
    """What remains of the labels of something deleted: nothing that quotes its author."""
    return {name: [] for name in _LISTS}


def _check_number(labels: Mapping[str, Any]) -> None:
    if sum(len(labels[name]) for name in _LISTS) > MAX_TOGETHER:
        message = f"There are more than {MAX_TOGETHER} tags in all."
        raise invalid("body", "", "too_many_tags", message)


def _value(sent: LabelsSent, name: str, defaults: Mapping[str, Any]) -> Any:
    value = getattr(sent, name)
    if value is not None:
        return value
    empty = {**no_labels(), "notes_choice": "unset"}
    return defaults.get(name, empty.get(name))


def _settled(notes: list[str], chosen: str | None, choice: str) -> dict[str, Any]:
    """The notes choice that goes with some notes: to list any is a choice, ``listed``. Only a
    choice that was just made can contradict them.
    """
    if not notes or choice in ("listed", "not_warned"):
        return {"notes_choice": choice}
    if chosen == "none_apply":
        raise invalid(
            "body", "/notes_choice", "notes_contradict", "Notes are listed, so some do apply."
        )
    return {"notes_choice": "listed"}
