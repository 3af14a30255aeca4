"""What can be done with fills. Their parts are in ``parts.py``."""

from typing import Any

from sqlalchemy import Row, delete, update

from app.boards.posting import check_changed_labels, check_fill_words, check_labels
from app.boards.service import count, hold_board
from app.boards.settings import settings_of
from app.claims.service import keep_claim
from app.core.database import Session
from app.core.errors import Gone, invalid
from app.core.rendering import Draft
from app.core.tables import is_unchanged, table_of
from app.fills import queries
from app.fills.filing import file_fill_tags, file_fill_text, file_part_text, refile
from app.fills.models import FILL, PART, Fill, Part
from app.fills.schemas import FillCreate, FillUpdate
from app.fills.versions import drop_versions_of_fill
from app.identity.people import Byline
from app.kit.clock import now
from app.kit.text import title_from
from app.labels.reading import labels
from app.labels.schemas import LabelsUpdate
from app.labels.service import changed_labels, new_labels, no_labels
from app.outbox.models import EventType
from app.outbox.service import tell, tell_gone, tell_shown
from app.prompts.service import count_fills, note_activity, note_filled, note_own_fills
from app.threads.models import ThreadKind
from app.threads.service import open_thread, show_thread
from app.threads.states import State, stands
from app.works.filing import forget, show_tags


async def post_fill(
    session: Session,
    prompt: Row[Any],
    byline: Byline,
    draft: Draft[FillCreate],
    state: State = State.VISIBLE,
) -> Fill:
    """Post a fill of a prompt, with its first part if there is a text, in sight or ``screened``. A
    claim of its author on the prompt has been kept then, and ends.

    :raises Invalid: the board does not take its labels, or so few words.
    """
    sent, settings = draft.sent, settings_of(prompt)
    stored_labels = new_labels(sent, labels(prompt))
    check_labels(settings, stored_labels)
    status, parts_expected = _plan(sent)
    if needs_words(status, sent.external_url):
        check_fill_words(settings, draft.words, "/body")
    is_visible = state == State.VISIBLE
    thread = await open_thread(
        session, prompt.board_id, ThreadKind.FILL, prompt.conversation, is_in_sight=is_visible
    )
    fill = Fill(
        board_id=prompt.board_id,
        round_id=prompt.round_id,
        prompt_id=prompt.id,
        thread_id=thread.id,
        title=sent.title or made_title(sent.body, prompt.number),
        is_title_made=sent.title is None,
        summary=sent.summary,
        medium=sent.medium,
        status=status,
        state=state.value,
        was_visible=is_visible,
        external_url=sent.external_url,
        parts_count=0 if sent.body is None else 1,
        parts_expected=parts_expected,
        words_count=draft.words,
        mask_id=byline.mask_id,
        account_id=byline.account_id,
        is_moderator=byline.is_moderator,
        **stored_labels,
    )
    # Counting holds the board's row until the commit, so fills of a board are numbered in the order
    # in which they are committed, and readers of its list miss none.
    if is_visible:
        await count(session, prompt.board_id, prompt.round_id, fills=1)
    await session.add(fill)
    await file_fill_text(session, fill)
    if sent.body is not None:
        part = Part(
            fill_id=fill.id,
            number=1,
            body=sent.body,
            body_html=draft.body_html or "",
            words_count=draft.words,
        )
        await session.add(part)
        await file_part_text(session, fill, part, draft.stretches)
    if is_visible:
        await _came_into_sight(session, fill, was_visible=False)
        await note_activity(session, prompt.id)
    await keep_claim(session, prompt, byline.mask_id)
    await file_fill_tags(session, fill, is_shown=is_visible)
    return fill


async def edit_fill(session: Session, fill: Row[Any], sent: FillUpdate) -> None:
    """Change what was sent of a fill. Marking it complete fills its prompt, and no further parts
    are expected of it, unless it is said how many.

    :raises Invalid: the board does not take its labels, or so few words of a complete fill; fewer
        parts are expected than there are; or nothing would be left of the fill.
    """
    changes = sent.model_dump(exclude_unset=True)
    _check_remains(fill, changes)
    changes |= changed_labels(sent, fill)
    check_changed_labels(settings_of(fill), fill, changes)
    _check_finished(fill, changes)
    is_finished = changes.get("status") == "complete" and fill.status != "complete"
    if is_finished and fill.parts_count:
        changes.setdefault("parts_expected", fill.parts_count)
    if "title" in changes:
        changes["is_title_made"] = changes["title"] is None
        if changes["is_title_made"]:
            changes["title"] = await _title_from_part(session, fill)
    if is_unchanged(fill, changes):
        return
    changed_at = now()
    if is_finished:
        changes["filled_at"] = changed_at
    await session.run(
        update(table_of(Fill))
        .where(FILL.id == fill.id)
        .values(**changes, updated_at=changed_at, edits=FILL.edits + 1)
    )
    if "status" in changes and fill.state == State.VISIBLE:
        await _move_status(session, fill, changes["status"])
    await refile(session, fill.id)
    tell_changed(session, fill, EventType.FILL_COMPLETED if is_finished else EventType.FILL_UPDATED)


async def relabel_fill(session: Session, fill: Row[Any], sent: LabelsUpdate) -> bool:
    """Correct the labels of a fill, as a moderator; say whether that changed any. Whoever calls
    this holds the fill's row.

    :raises Invalid: the board does not take such labels.
    """
    changes = changed_labels(sent, fill)
    check_changed_labels(settings_of(fill), fill, changes)
    if is_unchanged(fill, changes):
        return False
    is_it = FILL.id == fill.id
    await session.run(update(table_of(Fill)).where(is_it).values(**changes, edits=FILL.edits + 1))
    await refile(session, fill.id)
    tell_changed(session, fill)
    return True


async def retitle(session: Session, fill: Row[Any]) -> None:
    """Make a title again that was made from words, since those words have changed."""
    if fill.is_title_made:
        title = await _title_from_part(session, fill)
        await session.run(update(table_of(Fill)).where(FILL.id == fill.id).values(title=title))


def made_title(body: str | None, prompt_number: int) -> str:
    """The title of a fill that was given none."""
    return title_from(body) if body else f"A fill for #{prompt_number}"


async def delete_fill(session: Session, fill: Row[Any]) -> None:
    """Take a fill's words away, all parts of it and what they said before. Comments that others
    posted below it stay, in sight if the fill was.
    """
    await session.run(
        update(table_of(Fill))
        .where(FILL.id == fill.id)
        .values(
            state=State.DELETED.value,
            was_visible=stands(fill.state, was_visible=fill.was_visible),
            title="",
            summary=None,
            external_url=None,
            parts_count=0,
            words_count=0,
            edits=FILL.edits + 1,
            **no_labels(),
        )
    )
    # It holds the thread: comments about the fill's parts are about to forget them.
    await _follow(session, fill, State.DELETED)
    await forget(session, fill)
    await drop_versions_of_fill(session, fill.id)
    await session.run(delete(table_of(Part)).where(PART.fill_id == fill.id))


async def set_state(session: Session, fill: Row[Any], state: State) -> None:
    """Take a fill out of sight (``screened``, ``hidden``), with its comments, or bring it into
    sight (``visible``). Whoever calls this holds the fill's row (:func:`queries.fill`), and nothing
    that is held after it.

    :raises Gone: its author deleted it.
    """
    if fill.state == State.DELETED:
        raise Gone
    if fill.state == state:
        return
    changes: dict[str, Any] = {"state": state.value}
    if state == State.VISIBLE:
        changes["was_visible"] = True
        if not fill.was_visible:
            changes |= dict.fromkeys(("filled_at", "last_activity_at"), now())
    await session.run(update(table_of(Fill)).where(FILL.id == fill.id).values(**changes))
    await _follow(session, fill, state)


async def set_frozen(session: Session, fill: Row[Any], *, is_frozen: bool) -> None:
    """Have a fill take no more parts and comments, or take them again. Whoever calls this holds the
    fill's row.
    """
    await session.run(update(table_of(Fill)).where(FILL.id == fill.id).values(is_frozen=is_frozen))
    tell_changed(session, fill)


async def set_author(
    session: Session, fill: Row[Any], *, mask_id: int | None, account_id: int | None
) -> None:
    """Have a fill be signed otherwise. Whoever calls this holds the fill's row and its prompt's.
    Where nobody is left who owns it, what its parts said before goes: nobody could read it.
    """
    changes = {"mask_id": mask_id, "account_id": account_id}
    await session.run(update(table_of(Fill)).where(FILL.id == fill.id).values(**changes))
    await count_own_fills(session, fill.prompt_id)
    if mask_id is None and account_id is None:
        await drop_versions_of_fill(session, fill.id)
    is_revealed = account_id is not None and account_id != fill.account_id
    tell_changed(session, fill, EventType.FILL_REVEALED if is_revealed else EventType.FILL_UPDATED)


async def count_own_fills(session: Session, prompt_id: int) -> None:
    """Count anew which fills of a prompt its own author is seen to have written: one of them, or
    the prompt, is signed otherwise now. Whoever calls this holds the prompt's row.
    """
    own = await session.scalar(queries.own_fills_count(prompt_id))
    await note_own_fills(session, prompt_id, own or 0)


async def note_fill_activity(session: Session, fill_id: int) -> None:
    """Something was posted below a fill just now."""
    await session.run(
        update(table_of(Fill)).where(FILL.id == fill_id).values(last_activity_at=now())
    )


def needs_words(status: str, external_url: str | None) -> bool:
    """Whether a fill must be as long as its board wants: once it is complete, unless it is a link
    to elsewhere. A story that is being written grows as it likes.
    """
    return status == "complete" and external_url is None


def _check_finished(fill: Row[Any], changes: dict[str, Any]) -> None:
    """A fill that was short when its board began to count may be edited."""
    status = changes.get("status", fill.status)
    link = changes.get("external_url", fill.external_url)
    if needs_words(status, link) and not needs_words(fill.status, fill.external_url):
        pointer = "/status" if status != fill.status else "/external_url"
        check_fill_words(settings_of(fill), fill.words_count, pointer)


def _plan(sent: FillCreate) -> tuple[str, int | None]:
    """Status and number of parts, from whichever of them was sent."""
    if "parts_expected" in sent.model_fields_set:
        unfinished = sent.parts_expected is None or sent.parts_expected > 1
        return sent.status or ("wip" if unfinished else "complete"), sent.parts_expected
    is_one_shot = sent.body is not None and sent.status != "wip"
    return sent.status or "complete", 1 if is_one_shot else None


def _check_remains(fill: Row[Any], changes: dict[str, Any]) -> None:
    if changes.get("external_url", fill.external_url) is None and not fill.parts_count:
        raise invalid("body", "/external_url", "nothing_left", "Without parts it needs a link.")
    expected = changes.get("parts_expected")
    if expected is not None and expected < fill.parts_count:
        message = f"The fill has {fill.parts_count} parts already."
        raise invalid("body", "/parts_expected", "fewer_than_there_are", message)


async def _title_from_part(session: Session, fill: Row[Any]) -> str:
    first = await session.first(queries.part(fill.id, 1))
    return made_title(first.body if first else None, fill.prompt_number)


async def _move_status(session: Session, fill: Row[Any], status: str) -> None:
    def moved(to: str) -> int:
        return int(status == to) - int(fill.status == to)

    await count_fills(session, fill.prompt_id, wip=moved("wip"), complete=moved("complete"))
    await _note_filled(session, fill.prompt_id)


async def _follow(session: Session, fill: Row[Any], state: State) -> None:
    """A fill was brought from the state that its row tells of into another: whatever depends on
    that follows. Its comments come and go with it. Of what is below a prompt out of sight, board
    and round count nothing.
    """
    was, is_ = fill.state == State.VISIBLE, state == State.VISIBLE
    if was and not is_:
        is_counted = await _went_out_of_sight(session, fill, state)
    elif is_ and not was:
        is_counted = await _came_into_sight(session, fill, was_visible=fill.was_visible)
    else:
        is_counted = await count_fills(session, fill.prompt_id)
    if is_ and not fill.was_visible and is_counted:
        await note_activity(session, fill.prompt_id)
    stood = stands(fill.state, was_visible=fill.was_visible)
    was_visible = stood if state == State.DELETED else fill.was_visible
    is_standing = stands(state, was_visible=was_visible or is_)
    # The thread is held before board and round, and so before the comments on deleted parts.
    comments = await show_thread(session, fill.thread_id, is_in_sight=is_standing)
    by = int(is_standing) - int(stood)
    # A round is held after its board, and there may be nothing to count on the board.
    await hold_board(session, fill.board_id)
    if is_counted:
        moved = {"fills": int(is_) - int(was), "comments": by * comments}
        await count(session, fill.board_id, fill.round_id, **moved)
    await show_tags(session, fill, is_shown=is_ and is_counted)


async def _came_into_sight(session: Session, fill: Fill | Row[Any], *, was_visible: bool) -> bool:
    """Everybody may see a fill from now on, be it for the first time or again (``was_visible``), if
    its prompt stands, which is returned. The counters of board and round are the caller's to move.
    """
    is_standing = await _count_on_prompt(session, fill, by=1)
    if is_standing:
        tell_shown(session, fill.board_id, "fill", fill.public_id, is_back=was_visible)
    return is_standing


async def _went_out_of_sight(session: Session, fill: Row[Any], state: State) -> bool:
    """Nobody may find a fill any more, be it screened, hidden or deleted. As
    :func:`_came_into_sight`.
    """
    is_standing = await _count_on_prompt(session, fill, by=-1)
    if is_standing:
        is_deleted = state == State.DELETED
        tell_gone(session, fill.board_id, "fill", fill.public_id, is_deleted=is_deleted)
    return is_standing


def tell_changed(
    session: Session,
    fill: Row[Any],
    type_: EventType = EventType.FILL_UPDATED,
    part: str | None = None,
) -> None:
    """A fill (a row of :func:`queries.fill`) is another than it was, for everybody if they see it.
    ``part`` is the public id of the part that was added or changed.
    """
    is_above = stands(fill.prompt_state, was_visible=fill.prompt_was_visible)
    if fill.state == State.VISIBLE and is_above:
        tell(session, fill.board_id, type_, fill.public_id, part=part)


async def _count_on_prompt(session: Session, fill: Fill | Row[Any], *, by: int) -> bool:
    """A fill came into sight (``by=1``) or went (``by=-1``): its prompt counts it. Say whether the
    prompt stands.
    """
    is_standing = await count_fills(
        session,
        fill.prompt_id,
        fills=by,
        wip=by * (fill.status == "wip"),
        complete=by * (fill.status == "complete"),
        signed=Byline(fill.mask_id, fill.account_id),
    )
    await _note_filled(session, fill.prompt_id)
    return is_standing


async def _note_filled(session: Session, prompt_id: int) -> None:
    """Only when the prompt's row is held is what is asked here still true when it is noted."""
    last_filled_at = await session.scalar(queries.latest_filled_at(prompt_id))
    await note_filled(session, prompt_id, last_filled_at)
