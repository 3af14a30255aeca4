"""A board's settings as they are read: those that were chosen, over the defaults of the others."""

from typing import Any

from app.boards.schemas import BoardSettings

_DEFAULTS = BoardSettings(default_rating="general").model_dump(mode="json")


def settings_of(row: Any) -> dict[str, Any]:
    """All settings of a row's board. One that was founded before a setting existed has its
    default.
    """
    return {**_DEFAULTS, **row.settings}
