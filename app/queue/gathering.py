"""Gathering what is known of things that wait, a kind at a time."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from app.appeals import queries as appeal_queries
from app.core.database import Session
from app.core.site import Site
from app.queue import queries, views
from app.reports import queries as report_queries


async def gather(
    session: Session, site: Site, board_id: int, rows: Sequence[Any]
) -> list[dict[str, Any]]:
    """What is shown of some rows of :func:`queries.waiting`."""
    if not rows:
        return []
    keys = [(row.type, row.thing_id) for row in rows]
    ids: dict[str, list[int]] = defaultdict(list)
    for kind, number in keys:
        ids[kind].append(number)
    things = {
        (kind, thing.id): thing
        for kind, numbers in ids.items()
        for thing in await session.all(queries.things(kind, numbers))
    }
    reports, appeals = defaultdict(list), defaultdict(list)
    for report in await session.all(report_queries.open_about(keys)):
        reports[report.type, report.thing_id].append(report)
    statement = appeal_queries.appeals().where(queries.open_appeals(keys))
    for appeal in await session.all(statement):
        appeals[appeal.type, appeal.thing_id].append(appeal)
    return [
        views.item(site, board_id, row, things[key], reports[key], appeals[key])
        for row, key in zip(rows, keys, strict=True)
        if key in things
    ]
