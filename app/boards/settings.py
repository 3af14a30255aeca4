"""A board's settings as they are read: those that were chosen, over the defaults of the others."""

from datetime import datetime
from typing import Any

from app.boards.schemas import BoardSettings
from app.kit.clock import now

_DEFAULTS = BoardSettings(default_rating="general").model_dump(mode="json")


def settings_of(row: Any) -> dict[str, Any]:
    """All settings of a row's board. One that was founded before a setting existed has its
    default. Once ``posting_until`` is past, posting is open.
    """
    settings = {**_DEFAULTS, **row.settings}
    if settings["posting"] != "open" and _is_past(settings["posting_until"]):
        settings |= {"posting": "open", "posting_until": None}
    return settings


def _is_past(instant: str | None) -> bool:
    return instant is not None and datetime.fromisoformat(instant) <= now()
