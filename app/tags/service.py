"""Turning labels as they were sent into labels as they are kept."""

from collections.abc import Collection
from typing import Any

from app.core.errors import invalid
from app.tags.schemas import LabelsSent

_LISTS = ("fandoms", "characters", "relationships", "tags", "content_notes")


def labels_to_store(
    sent: LabelsSent, defaults: dict[str, Any], changing: Collection[str] | None = None
) -> dict[str, Any]:
    """The label columns for what was sent. A label that was left out, or sent as null, takes its
    default, or is empty; with ``changing`` only the labels named there are returned.

    :raises Invalid: content notes are listed under a choice that says there are none to list.
    """
    stored: dict[str, Any] = {}
    for name in LabelsSent.model_fields:
        if changing is not None and name not in changing:
            continue
        value = getattr(sent, name)
        if value is None:
            value = defaults.get(name, [] if name in _LISTS else None)
        stored[name] = value
    _settle_notes_choice(stored, changing)
    return stored


def no_labels() -> dict[str, Any]:
    """What remains of the labels of something deleted: nothing that quotes its author."""
    return {name: [] for name in _LISTS}


def _settle_notes_choice(stored: dict[str, Any], changing: Collection[str] | None) -> None:
    """Notes that are given are a choice: ``listed``."""
    if stored.get("content_notes"):
        if stored.get("notes_choice") == "none_apply":
            raise invalid(
                "body", "/notes_choice", "notes_contradict", "Notes are listed, so some do apply."
            )
        if stored.get("notes_choice") in (None, "unset"):
            stored["notes_choice"] = "listed"
    elif (changing is None or "notes_choice" in changing) and stored["notes_choice"] is None:
        stored["notes_choice"] = "unset"
