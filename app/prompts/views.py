"""How prompts are shown."""

from typing import Any

from app.boards.settings import settings_of
from app.core.site import Site
from app.identity.views import author
from app.kit.clock import rfc3339, rfc3339_or_none
from app.labels.reading import is_adult, labels
from app.threads.states import State


def prompt(site: Site, row: Any) -> dict[str, Any]:
    """The public shape of a row of :func:`queries.visible_prompts`."""
    settings = settings_of(row)
    shows_counts = settings["show_counts"]
    return {
        "id": row.public_id,
        "number": row.number,
        "board": row.slug,
        "round": row.round,
        "title": row.title,
        "body": row.body,
        "body_html": row.body_html,
        **labels(row),
        "mediums": row.mediums,
        "do_not_want": row.do_not_want,
        "status": row.status,
        "state": row.state,
        "is_frozen": bool(row.is_frozen),
        "seconds_count": row.seconds_count if shows_counts else None,
        "claims_count": row.claims_count if shows_counts else None,
        "fills_count": row.fills_count,
        "comments_count": row.comments_count,
        "latest_seq": row.latest_seq,
        "last_activity_at": rfc3339(row.last_activity_at),
        "last_filled_at": rfc3339_or_none(row.last_filled_at),
        "author": author(
            site,
            row.conversation,
            row,
            shows_faces=settings["show_faces"],
            is_op=True,
            is_filler=row.own_fills_count > 0,
        ),
        "created_at": rfc3339(row.created_at),
        "edited_at": rfc3339_or_none(row.edited_at),
        "url": url(site, row.public_id),
    }


def brief(site: Site, row: Any, *, adult: bool) -> dict[str, Any]:
    """A prompt where it is named elsewhere, from a row with the columns of
    :func:`queries.brief_columns`: without its title once it is deleted, and where it is adult and
    that was not asked for.
    """
    return {
        "id": row.prompt_public_id,
        "number": row.prompt_number,
        "title": row.prompt_title if shows_title(row, adult=adult) else None,
        "board": row.slug,
        "url": url(site, row.prompt_public_id),
    }


def shows_title(row: Any, *, adult: bool) -> bool:
    """Whether a prompt's title may stand elsewhere (columns as in :func:`brief`)."""
    return may_be_named(row.prompt_state, row.prompt_rating, adult=adult)


def may_be_named(state: str, rating: str, *, adult: bool) -> bool:
    """Whether the title of a work may stand elsewhere: while the work is visible, and, where it is
    adult, only for a reader who asked for that.
    """
    return state == State.VISIBLE and (adult or not is_adult(rating))


def url(site: Site, public_id: str) -> str:
    """Where a prompt is read."""
    return site.url(f"/prompts/{public_id}")
