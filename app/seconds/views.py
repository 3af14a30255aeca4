"""How a second is shown, to whoever gave it."""

from typing import Any

from app.boards.settings import settings_of


def stance(prompt: Any, *, is_seconded: bool, count: int) -> dict[str, Any]:
    """Whether somebody has seconded a prompt, and, where its board shows that, how many have."""
    shows_counts = settings_of(prompt)["show_counts"]
    return {"is_seconded": is_seconded, "seconds_count": count if shows_counts else None}
