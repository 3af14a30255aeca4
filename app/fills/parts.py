"""What can be done with the parts of a fill.

Parts are numbered 1, 2, 3 ... without gaps. Whatever changes their number or their words takes the
row of the fill first, so that two changes of one fill follow each other.
"""

from typing import Any

from sqlalchemy import ColumnElement, Row, case, delete, select, update

from app.boards.posting import check_fill_words
from app.boards.settings import settings_of
from app.core.database import Session
from app.core.rendering import Draft
from app.core.tables import is_unchanged, table_of
from app.fills import queries
from app.fills.errors import LastPart, TooManyParts
from app.fills.filing import file_part_text, refile
from app.fills.models import FILL, PART, Fill, Part
from app.fills.schemas import PartCreate, PartUpdate
from app.fills.service import needs_words, retitle, tell_changed
from app.fills.versions import drop_versions_of_part, keep_version
from app.index.service import remove_part
from app.kit.chunks import stretches
from app.kit.clock import now
from app.outbox.models import EventType
from app.prompts.service import note_activity
from app.threads.service import hold_thread
from app.threads.states import State

MAX_PARTS = 1000


async def add_part(session: Session, fill: Row[Any], draft: Draft[PartCreate]) -> Part:
    """Add a part, at the end unless a place is given; what stood there moves on.

    :raises TooManyParts: the fill has :data:`MAX_PARTS` already.
    """
    sent = draft.sent
    parts_count = await _take(session, fill, parts=1, words=draft.words, is_news=True)
    if parts_count > MAX_PARTS:
        raise TooManyParts
    number = min(sent.number or parts_count, parts_count)
    # The prompt is held before the thread, and parts that move change the thread: the numbers that
    # its comments show.
    if fill.state == State.VISIBLE:
        await note_activity(session, fill.prompt_id)
    await _shift(session, fill.id, first=number, last=parts_count, by=1)
    part = Part(
        fill_id=fill.id,
        number=number,
        title=sent.title,
        body=sent.body,
        body_html=draft.body_html or "",
        content_notes=sent.content_notes,
        words_count=draft.words,
    )
    await session.add(part)
    await retitle(session, fill)
    await file_part_text(session, fill, part, draft.stretches)
    await _refile(session, fill, is_noted=bool(part.content_notes))
    tell_changed(session, fill, EventType.FILL_PART_ADDED, part.public_id)
    return part


async def edit_part(
    session: Session, fill: Row[Any], part: Row[Any], draft: Draft[PartUpdate]
) -> int:
    """Change what was sent of a part, and its place if a number was sent; return its number. What
    it said before is kept for its author. Only being moved is no edit of it.

    :raises Invalid: the fill would have fewer words than its board wants.
    """
    changes = draft.sent.model_dump(exclude_unset=True)
    number: int = min(changes.pop("number", part.number), fill.parts_count)
    words = part.words_count
    if draft.body_html is not None:
        words = draft.words
        changes |= {"body_html": draft.body_html, "words_count": words}
    if number == part.number and is_unchanged(part, changes):
        return number
    _check_words(fill, words - part.words_count, "/body")
    await _take(session, fill, words=words - part.words_count)
    if not is_unchanged(part, changes):
        changes["edited_at"] = now()
        await keep_version(session, part, replaced_at=changes["edited_at"])
    await session.run(
        update(table_of(Part)).where(PART.id == part.id).values(**changes, edits=PART.edits + 1)
    )
    number = await _move(session, fill.id, part, number)
    await retitle(session, fill)
    if not changes.keys().isdisjoint(("body", "title", "content_notes")):
        await _refile_part(session, fill, part, draft)
    await _refile(session, fill, is_noted="content_notes" in changes)
    tell_changed(session, fill, EventType.FILL_PART_UPDATED, part.public_id)
    return number


async def relabel_part(
    session: Session, fill: Row[Any], part: Row[Any], content_notes: list[str]
) -> bool:
    """Correct what a part warns about, as a moderator; say whether that changed anything. Whoever
    calls this holds the fill's row.
    """
    changes = {"content_notes": content_notes}
    if is_unchanged(part, changes):
        return False
    is_it = PART.id == part.id
    await session.run(update(table_of(Part)).where(is_it).values(**changes, edits=PART.edits + 1))
    changed = await session.first(queries.part_by_id(part.id))
    await file_part_text(session, fill, changed, stretches(part.body))
    await refile(session, fill.id)
    tell_changed(session, fill, EventType.FILL_PART_UPDATED, part.public_id)
    return True


async def delete_part(session: Session, fill: Row[Any], part: Row[Any]) -> None:
    """Take a part away, and what it said before; those behind it move up.

    :raises LastPart: nothing would be left of the fill.
    :raises Invalid: the fill would have fewer words than its board wants.
    """
    parts_count = await _take(session, fill, parts=-1, words=-part.words_count)
    if parts_count == 0 and fill.external_url is None:
        raise LastPart
    _check_words(fill, -part.words_count, "")
    # Comments about the part forget it.
    await hold_thread(session, fill.thread_id)
    await remove_part(session, part.id)
    await drop_versions_of_part(session, part.id)
    await session.run(delete(table_of(Part)).where(PART.id == part.id))
    await _shift(session, fill.id, first=part.number + 1, last=parts_count + 1, by=-1)
    await retitle(session, fill)
    await _refile(session, fill, is_noted=bool(part.content_notes))
    tell_changed(session, fill)


async def _refile_part(
    session: Session, fill: Row[Any], part: Row[Any], draft: Draft[PartUpdate]
) -> None:
    changed = await session.first(select(*PART).where(PART.id == part.id))
    assert changed is not None
    await file_part_text(session, fill, changed, draft.stretches or stretches(changed.body))


async def _refile(session: Session, fill: Row[Any], *, is_noted: bool) -> None:
    """File the fill anew, after all else: its title may have changed with its parts, and so, where
    one of them ``is_noted``, may what it warns about.
    """
    if fill.is_title_made or is_noted:
        await refile(session, fill.id)


def _check_words(fill: Row[Any], by: int, pointer: str) -> None:
    """What makes a complete fill too short for its board is refused; one that is short already
    stands as it is. Whoever calls this holds the fill's row.
    """
    settings, words = settings_of(fill), fill.words_count
    was_enough = words >= (settings["fill_min_words"] or 0)
    if was_enough and needs_words(fill.status, fill.external_url):
        check_fill_words(settings, words + by, pointer)


async def _take(
    session: Session, fill: Row[Any], *, parts: int = 0, words: int = 0, is_news: bool = False
) -> int:
    """Hold the fill's row, move its counters, and say how many parts it has now."""
    changed_at = now()
    news = {"last_activity_at": changed_at} if is_news else {}
    parts_count = await session.scalar(
        update(table_of(Fill))
        .where(FILL.id == fill.id)
        .values(
            parts_count=FILL.parts_count + parts,
            parts_expected=_expected(FILL.parts_count + parts),
            words_count=FILL.words_count + words,
            updated_at=changed_at,
            **news,
        )
        .returning(FILL.parts_count)
    )
    assert isinstance(parts_count, int)
    return parts_count


def _expected(parts_count: ColumnElement[int]) -> ColumnElement[int | None]:
    """Nobody expects fewer parts than there are. Null, "nobody knows yet", stays null."""
    too_few = FILL.parts_expected < parts_count
    return case((too_few, parts_count), else_=FILL.parts_expected)


async def _move(session: Session, fill_id: int, part: Row[Any], number: int) -> int:
    if number == part.number:
        return number
    await _place(session, part.id, 0)
    if number > part.number:
        await _shift(session, fill_id, first=part.number + 1, last=number, by=-1)
    else:
        await _shift(session, fill_id, first=number, last=part.number - 1, by=1)
    await _place(session, part.id, number)
    return number


async def _place(session: Session, part_id: int, number: int) -> None:
    await session.run(update(table_of(Part)).where(PART.id == part_id).values(number=number))


async def _shift(session: Session, fill_id: int, *, first: int, last: int, by: int) -> None:
    """Move the parts from one place to another by one, over negative numbers: no two parts may have
    one number even for the time of a statement.
    """
    of_fill = PART.fill_id == fill_id
    number = PART.number
    await session.run(
        update(table_of(Part)).where(of_fill, number.between(first, last)).values(number=-number)
    )
    await session.run(update(table_of(Part)).where(of_fill, number < 0).values(number=by - number))
