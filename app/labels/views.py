"""How labels are shown."""

from app.labels.reading import is_adult


def notices(rating: str) -> list[dict[str, str]]:
    """What the author of something so rated should know."""
    if not is_adult(rating):
        return []
    message = "Readers see this only with adult=true, since its rating counts as adult."
    return [{"code": "shown-as-adult", "message": message}]
