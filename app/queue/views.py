"""How what waits is shown."""

import hmac
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from app.core.site import Site
from app.identity.people import Byline
from app.kit.clock import rfc3339
from app.queue.queries import APPEALED, SCREENED
from app.reports import views as report_views
from app.threads.states import State

#: Reports that are listed about one thing.
MOST_REPORTS = 20
_WEEK = timedelta(days=7).total_seconds()


def item(
    site: Site,
    board_id: int,
    waiting: Any,
    thing: Any,
    reports: Sequence[Any],
    appeals: Sequence[Any],
) -> dict[str, Any]:
    """The shape of something that waits (a row of :func:`queries.waiting`), with what is known of
    it.
    """
    counts: dict[str, int] = {}
    for each in reports:
        counts[each.category] = counts.get(each.category, 0) + 1
    keepers = [each.moderator for each in reports if each.moderator]
    return {
        "kind": _kind(waiting.urgency, appeals),
        "target": _target(site, waiting.type, thing),
        "body": thing.body,
        "state": thing.state,
        "reports": [_report(site, each, counts) for each in reports[:MOST_REPORTS]],
        "appeals": [_appeal(each) for each in appeals],
        "author_ref": _author_ref(site, board_id, thing),
        "since": rfc3339(waiting.since),
        "held_because": _held_because(thing, reports),
        "assigned_to": keepers[0] if keepers else None,
    }


def _kind(urgency: int, appeals: Sequence[Any]) -> str:
    if urgency == SCREENED:
        return "screened"
    return "appeal" if urgency == APPEALED and appeals else "report"


def _target(site: Site, kind: str, thing: Any) -> dict[str, str]:
    where = f"/{kind}s/{thing.public_id}"
    if kind == "part":
        where = f"/fills/{thing.fill_public_id}/parts/{thing.part_number}"
    return {"type": kind, "id": thing.public_id, "url": site.url(where)}


def _report(site: Site, row: Any, counts: Mapping[str, int]) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "category": row.category,
        "note": row.note,
        "status": report_views.status(row),
        "reporter": report_views.alias(site, row),
        "assigned_to": row.moderator,
        "count": counts[row.category],
    }


def _appeal(row: Any) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "entry": row.entry,
        "action": row.action,
        "reason": row.reason,
        "note": row.note,
    }


def _author_ref(site: Site, board_id: int, thing: Any) -> str | None:
    """By what moderators see that two things of one week have one author, on one board."""
    seen_as = Byline(thing.mask_id, thing.account_id).seen_as
    if seen_as == (None, None):
        return None
    week = int(thing.created_at.timestamp() // _WEEK)
    named = f"author/{board_id}/{week}/{seen_as}"
    return hmac.digest(site.alias_key, named.encode(), "sha256").hex()[:12]


def _held_because(thing: Any, reports: Sequence[Any]) -> str | None:
    if thing.state == State.VISIBLE:
        return None
    if thing.state == State.SCREENED and not thing.was_seen:
        return "screening"
    return "report" if any(each.has_hidden for each in reports) else "moderator"
