"""What can be done with fills. Their parts are in ``parts.py``."""

from typing import Any

from sqlalchemy import Row, delete, update

from app.boards.access import Byline
from app.boards.service import check_rating, count
from app.core.database import Session
from app.core.errors import invalid
from app.core.rendering import Draft
from app.core.tables import table_of
from app.fills import queries
from app.fills.models import FILL, PART, Fill, Part
from app.fills.schemas import FillCreate, FillUpdate
from app.kit.clock import now
from app.kit.text import count_words, title_from
from app.prompts.service import count_fills, note_activity
from app.tags.service import changed_labels, new_labels, no_labels
from app.tags.views import labels
from app.threads.service import open_thread
from app.threads.states import State


async def post_fill(
    session: Session, prompt: Row[Any], byline: Byline, draft: Draft[FillCreate]
) -> Fill:
    """Post a fill of a prompt, with its first part if there is a text.

    :raises Invalid: the board does not take its rating.
    """
    sent = draft.sent
    stored_labels = new_labels(sent, labels(prompt))
    check_rating(prompt.settings, stored_labels["rating"])
    status, parts_expected = _plan(sent)
    thread = await open_thread(session, prompt.board_id, prompt.conversation)
    words = count_words(sent.body or "")
    fill = Fill(
        board_id=prompt.board_id,
        round_id=prompt.round_id,
        prompt_id=prompt.id,
        thread_id=thread.id,
        title=_title(sent, prompt),
        summary=sent.summary,
        medium=sent.medium,
        status=status,
        external_url=sent.external_url,
        parts_count=0 if sent.body is None else 1,
        parts_expected=parts_expected,
        words_count=words,
        mask_id=byline.mask_id,
        is_named=byline.is_named,
        is_moderator=byline.is_moderator,
        **stored_labels,
    )
    # Counting holds the board's row until the commit, so fills of a board are numbered in the order
    # in which they are committed, and readers of its list miss none.
    await count(session, prompt.board_id, prompt.round_id, fills=1)
    await session.add(fill)
    if sent.body is not None:
        await session.add(
            Part(
                fill_id=fill.id,
                number=1,
                body=sent.body,
                body_html=draft.body_html or "",
                words_count=words,
            )
        )
    await _count_on_prompt(session, fill, _by_author_of(prompt, fill), status, by=1)
    await note_activity(session, prompt.id)
    return fill


async def edit_fill(session: Session, fill: Row[Any], sent: FillUpdate) -> None:
    """Change what was sent of a fill. Marking it complete fills its prompt.

    :raises Invalid: the board does not take its rating, or nothing would be left of the fill.
    """
    changes = sent.model_dump(exclude_unset=True)
    if changes.get("external_url", fill.external_url) is None and not fill.parts_count:
        raise invalid("body", "/external_url", "nothing_left", "Without parts it needs a link.")
    changes |= changed_labels(sent, {"rating": fill.rating}, fill)
    if "rating" in changes:
        check_rating(fill.settings, changes["rating"])
    changed_at = now()
    if changes.get("status") == "complete" and fill.status != "complete":
        changes["filled_at"] = changed_at
    await session.run(
        update(table_of(Fill))
        .where(FILL.id == fill.id)
        .values(**changes, updated_at=changed_at, edits=FILL.edits + 1)
    )
    if "status" in changes:
        await _move_status(session, fill, changes["status"])


async def delete_fill(session: Session, fill: Row[Any]) -> None:
    """Take a fill's words away, all parts of it. Comments that others posted below it stay."""
    await session.run(
        update(table_of(Fill))
        .where(FILL.id == fill.id)
        .values(
            state=State.DELETED.value,
            title="",
            summary=None,
            external_url=None,
            parts_count=0,
            words_count=0,
            edits=FILL.edits + 1,
            **no_labels(),
        )
    )
    await session.run(delete(table_of(Part)).where(PART.fill_id == fill.id))
    await _count_on_prompt(session, fill, is_by_op(fill), fill.status, by=-1)
    await count(session, fill.board_id, fill.round_id, fills=-1)


async def note_fill_activity(session: Session, fill_id: int) -> None:
    """Something was posted below a fill just now."""
    await session.run(
        update(table_of(Fill)).where(FILL.id == fill_id).values(last_activity_at=now())
    )


def is_by_op(fill: Row[Any]) -> bool:
    """Whether a fill (a row of :func:`queries.standing_fills`) is its prompt's own author's. Where
    one is named and the other isn't, nobody is told.
    """
    same_mask = fill.mask_id is not None and fill.mask_id == fill.prompt_mask_id
    return same_mask and bool(fill.is_named) == bool(fill.prompt_is_named)


def _by_author_of(prompt: Row[Any], fill: Fill) -> bool:
    return fill.mask_id == prompt.mask_id and fill.is_named == bool(prompt.is_named)


def _plan(sent: FillCreate) -> tuple[str, int | None]:
    """Status and number of parts, from whichever of them was sent."""
    if "parts_expected" in sent.model_fields_set:
        unfinished = sent.parts_expected is None or sent.parts_expected > 1
        return sent.status or ("wip" if unfinished else "complete"), sent.parts_expected
    return sent.status or "complete", None if sent.status == "wip" else 1


def _title(sent: FillCreate, prompt: Row[Any]) -> str:
    made = title_from(sent.body) if sent.body else f"A fill for #{prompt.number}"
    return sent.title or made


async def _move_status(session: Session, fill: Row[Any], status: str) -> None:
    def moved(to: str) -> int:
        return int(status == to) - int(fill.status == to)

    await count_fills(
        session,
        fill.prompt_id,
        wip=moved("wip"),
        complete=moved("complete"),
        last_filled_at=await session.scalar(queries.latest_filled_at(fill.prompt_id)),
    )


async def _count_on_prompt(
    session: Session, fill: Fill | Row[Any], is_own: bool, status: str, *, by: int
) -> None:
    """A fill came into sight (``by=1``) or went (``by=-1``): its prompt counts it."""
    await count_fills(
        session,
        fill.prompt_id,
        fills=by,
        wip=by * (status == "wip"),
        complete=by * (status == "complete"),
        own=by * is_own,
        last_filled_at=await session.scalar(queries.latest_filled_at(fill.prompt_id)),
    )
