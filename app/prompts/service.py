"""What can be done with prompts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, select, update

from app.boards.posting import check_changed_labels, check_labels, check_prompt_words
from app.boards.service import count, hold_board, next_number
from app.boards.settings import settings_of
from app.core.database import Prepared, Session, parameter
from app.core.errors import Gone, NotFound
from app.core.rendering import Draft
from app.core.tables import is_unchanged, table_of
from app.identity.people import Byline
from app.kit.chunks import Stretch, stretches
from app.kit.clock import now
from app.kit.text import count_words, title_from
from app.labels.reading import medium_bits
from app.labels.schemas import LabelsUpdate
from app.labels.service import changed_labels, new_labels, no_labels
from app.outbox.models import EventType
from app.outbox.service import tell, tell_gone, tell_shown
from app.prompts import queries
from app.prompts.models import PROMPT, Prompt
from app.prompts.schemas import PromptCreate, PromptUpdate
from app.threads.models import ThreadKind
from app.threads.service import open_thread, show_conversation
from app.threads.states import State, stands
from app.works.filing import file_tags, file_text, forget, show_tags, show_tags_below

_NOTE_ACTIVITY = Prepared(
    update(table_of(Prompt))
    .where(PROMPT.id == parameter("prompt_id"))
    .values(last_activity_at=parameter("at", PROMPT.last_activity_at.type))
    .returning(PROMPT.state, PROMPT.was_visible)
)


async def post_prompt(
    session: Session,
    board: Row[Any],
    byline: Byline,
    draft: Draft[PromptCreate],
    state: State = State.VISIBLE,
) -> Prompt:
    """Post a prompt in the board's current round, in sight or ``screened``.

    :raises Invalid: the board does not take its labels, or so many words.
    """
    sent, settings = draft.sent, settings_of(board)
    labels = new_labels(sent, {"rating": settings["default_rating"]})
    check_labels(settings, labels)
    check_prompt_words(settings, draft.words)
    is_visible = state == State.VISIBLE
    # It holds the board's row until the commit, so threads of prompts are numbered in the order in
    # which they are committed, and readers of a list miss none.
    number = await next_number(session, board.id)
    thread = await open_thread(session, board.id, ThreadKind.PROMPT, is_in_sight=is_visible)
    prompt = Prompt(
        board_id=board.id,
        round_id=board.round_id,
        thread_id=thread.id,
        number=number,
        title=sent.title or title_from(sent.body),
        is_title_made=sent.title is None,
        body=sent.body,
        body_html=draft.body_html or "",
        mediums=list(sent.mediums),
        mediums_bits=medium_bits(sent.mediums),
        do_not_want=sent.do_not_want,
        state=state.value,
        was_visible=is_visible,
        mask_id=byline.mask_id,
        account_id=byline.account_id,
        is_moderator=byline.is_moderator,
        **labels,
    )
    await session.add(prompt)
    if is_visible:
        await count(session, board.id, board.round_id, prompts=1)
        tell_shown(session, board.id, "prompt", prompt.public_id, is_back=False)
    await file_text(session, prompt, ThreadKind.PROMPT, prompt.do_not_want, body=draft.stretches)
    await file_tags(session, prompt, ThreadKind.PROMPT, is_shown=is_visible)
    return prompt


async def edit_prompt(session: Session, prompt: Row[Any], draft: Draft[PromptUpdate]) -> None:
    """Change what was sent of a prompt. A title that was made from the words follows them.

    :raises Invalid: the board does not take its labels, or so many words.
    """
    settings = settings_of(prompt)
    changes = draft.sent.model_dump(exclude_unset=True)
    changes |= changed_labels(draft.sent, prompt)
    check_changed_labels(settings, prompt, changes)
    if "title" in changes:
        changes["is_title_made"] = changes["title"] is None
    if changes.get("is_title_made", prompt.is_title_made):
        changes["title"] = title_from(changes.get("body", prompt.body))
    if draft.body_html is not None:
        check_prompt_words(settings, draft.words, before=count_words(prompt.body))
        changes["body_html"] = draft.body_html
    if "mediums" in changes:
        changes["mediums_bits"] = medium_bits(changes["mediums"])
    if is_unchanged(prompt, changes):
        return
    await session.run(
        update(table_of(Prompt))
        .where(PROMPT.id == prompt.id)
        .values(**changes, edited_at=now(), edits=PROMPT.edits + 1)
    )
    await _refile(session, prompt.id, draft.stretches)
    _tell_changed(session, prompt)


async def relabel_prompt(session: Session, prompt: Row[Any], sent: LabelsUpdate) -> bool:
    """Correct the labels of a prompt, as a moderator; say whether that changed any. Its words stay
    the author's. Whoever calls this holds the prompt's row.

    :raises Invalid: the board does not take such labels.
    """
    changes = changed_labels(sent, prompt)
    check_changed_labels(settings_of(prompt), prompt, changes)
    if is_unchanged(prompt, changes):
        return False
    is_it = PROMPT.id == prompt.id
    await session.run(
        update(table_of(Prompt)).where(is_it).values(**changes, edits=PROMPT.edits + 1)
    )
    await _refile(session, prompt.id, ())
    _tell_changed(session, prompt)
    return True


async def delete_prompt(session: Session, prompt: Row[Any]) -> None:
    """Take a prompt's words away. What others posted below it stays, in sight if the prompt was."""
    await session.run(
        update(table_of(Prompt))
        .where(PROMPT.id == prompt.id)
        .values(
            state=State.DELETED.value,
            was_visible=stands(prompt.state, was_visible=prompt.was_visible),
            title="",
            body="",
            body_html="",
            do_not_want=None,
            mediums=[],
            **no_labels(),
            edits=PROMPT.edits + 1,
        )
    )
    await _follow(session, prompt, State.DELETED)
    await forget(session, prompt)


async def set_state(session: Session, prompt: Row[Any], state: State) -> None:
    """Take a prompt out of sight (``screened``, ``hidden``), with everything below it, or bring it
    into sight (``visible``). Whoever calls this holds the prompt's row
    (:func:`app.prompts.queries.prompt`), and nothing that is held after it.

    :raises Gone: its author deleted it.
    """
    if prompt.state == State.DELETED:
        raise Gone
    if prompt.state == state:
        return
    changes: dict[str, Any] = {"state": state.value}
    if state == State.VISIBLE:
        changes["was_visible"] = True
        if not prompt.was_visible:
            changes["last_activity_at"] = now()
    await session.run(update(table_of(Prompt)).where(PROMPT.id == prompt.id).values(**changes))
    await _follow(session, prompt, state)


async def set_frozen(session: Session, prompt: Row[Any], *, is_frozen: bool) -> None:
    """Have a prompt take nothing more below it, its fills and comments included, or take it again.
    Whoever calls this holds the prompt's row.
    """
    is_it = PROMPT.id == prompt.id
    await session.run(update(table_of(Prompt)).where(is_it).values(is_frozen=is_frozen))
    _tell_changed(session, prompt)


async def note_activity(session: Session, prompt_id: int) -> None:
    """Something is posted below a prompt just now. Its row is held from here on.

    :raises NotFound: it went out of sight in the same moment.
    """
    found = await session.fetch(_NOTE_ACTIVITY, prompt_id=prompt_id, at=now())
    if not any(stands(state, was_visible=was_visible) for state, was_visible in found):
        raise NotFound


async def count_seconds(session: Session, prompt_id: int, by: int) -> None:
    """Move the counter of a prompt's seconds. The prompt's row is held from here on."""
    await session.run(
        update(table_of(Prompt))
        .where(PROMPT.id == prompt_id)
        .values(seconds_count=PROMPT.seconds_count + by)
    )


async def note_claimed(session: Session, prompt_id: int, until: datetime | None) -> None:
    """Note when the last of a prompt's claims runs out. Whoever calls this holds the prompt's row
    already, or would note what another has just outdated.
    """
    is_it = PROMPT.id == prompt_id
    await session.run(update(table_of(Prompt)).where(is_it).values(claimed_until=until))


async def count_fills(
    session: Session,
    prompt_id: int,
    *,
    fills: int = 0,
    wip: int = 0,
    complete: int = 0,
    signed: Byline | None = None,
) -> bool:
    """Move the counters of a prompt's visible fills, and its status with them: ``filled`` with a
    complete fill, ``in_progress`` with one that is being written, else ``open``. The prompt's row
    is held from here on, and what is returned, whether it stands, stays true. ``signed`` is how the
    fill is signed that ``fills`` counts: whether the prompt's own author is seen to have written it
    is asked of the prompt as it is once it is held.
    """
    own = 0 if signed is None else case((queries.is_seen_as_op(signed), fills), else_=0)
    wip_now, complete_now = PROMPT.wip_fills_count + wip, PROMPT.complete_fills_count + complete
    found = await session.first(
        update(table_of(Prompt))
        .where(PROMPT.id == prompt_id)
        .values(
            fills_count=PROMPT.fills_count + fills,
            wip_fills_count=wip_now,
            complete_fills_count=complete_now,
            own_fills_count=PROMPT.own_fills_count + own,
            status=case((complete_now > 0, "filled"), (wip_now > 0, "in_progress"), else_="open"),
        )
        .returning(PROMPT.state, PROMPT.was_visible)
    )
    assert found is not None
    return stands(found.state, was_visible=found.was_visible)


async def set_author(
    session: Session, prompt: Row[Any], *, mask_id: int | None, account_id: int | None
) -> None:
    """Have a prompt be signed otherwise. Whoever calls this holds its row, and sees to it that its
    own author's fills are counted anew (:func:`note_own_fills`).
    """
    is_it = PROMPT.id == prompt.id
    changes = {"mask_id": mask_id, "account_id": account_id}
    await session.run(update(table_of(Prompt)).where(is_it).values(**changes))
    _tell_changed(session, prompt)


async def note_own_fills(session: Session, prompt_id: int, own_fills: int) -> None:
    """Note how many visible fills of a prompt its own author is seen to have written. Whoever calls
    this holds the prompt's row already.
    """
    is_it = PROMPT.id == prompt_id
    await session.run(update(table_of(Prompt)).where(is_it).values(own_fills_count=own_fills))


async def note_filled(session: Session, prompt_id: int, last_filled_at: datetime | None) -> None:
    """Note when a prompt was last filled. Whoever calls this holds the prompt's row already, or
    would note what another has just outdated.
    """
    is_it = PROMPT.id == prompt_id
    await session.run(update(table_of(Prompt)).where(is_it).values(last_filled_at=last_filled_at))


async def _refile(session: Session, prompt_id: int, body: Sequence[Stretch]) -> None:
    """File a prompt anew, since what it is filed by was edited."""
    prompt = await session.first(select(*PROMPT).where(PROMPT.id == prompt_id))
    assert prompt is not None
    stretched = body or stretches(prompt.body)
    await file_text(session, prompt, ThreadKind.PROMPT, prompt.do_not_want, body=stretched)
    is_shown = prompt.state == State.VISIBLE
    await file_tags(session, prompt, ThreadKind.PROMPT, is_shown=is_shown)


async def _follow(session: Session, prompt: Row[Any], state: State) -> None:
    """A prompt was brought from the state that its row tells of into another: whatever depends on
    that follows. Below what can't be seen nothing can: its fills and all comments come and go with
    it.
    """
    stood = stands(prompt.state, was_visible=prompt.was_visible)
    was_visible = stood if state == State.DELETED else prompt.was_visible
    is_standing = stands(state, was_visible=was_visible or state == State.VISIBLE)
    by = int(is_standing) - int(stood)
    if by:
        # Threads are held before the board and the round.
        comments = await show_conversation(
            session, prompt.thread_id, prompt.conversation, is_in_sight=is_standing
        )
        await hold_board(session, prompt.board_id)
        below = {"fills": by * prompt.fills_count, "comments": by * comments}
        await count(session, prompt.board_id, prompt.round_id, **below)
        await show_tags_below(session, prompt, is_shown=is_standing)
    if prompt.state == State.VISIBLE:
        await _went_out_of_sight(session, prompt, state)
    if state == State.VISIBLE:
        await _came_into_sight(session, prompt)


async def _came_into_sight(session: Session, prompt: Row[Any]) -> None:
    """Everybody may see a prompt from now on, be it for the first time or again."""
    await count(session, prompt.board_id, prompt.round_id, prompts=1)
    await show_tags(session, prompt, is_shown=True)
    is_back = prompt.was_visible
    tell_shown(session, prompt.board_id, "prompt", prompt.public_id, is_back=is_back)


async def _went_out_of_sight(session: Session, prompt: Row[Any], state: State) -> None:
    """Nobody finds a prompt any more, be it screened, hidden or deleted."""
    await count(session, prompt.board_id, prompt.round_id, prompts=-1)
    await show_tags(session, prompt, is_shown=False)
    is_deleted = state == State.DELETED
    tell_gone(session, prompt.board_id, "prompt", prompt.public_id, is_deleted=is_deleted)


def _tell_changed(session: Session, prompt: Row[Any]) -> None:
    """A prompt is another than it was, for everybody if they see it."""
    if prompt.state == State.VISIBLE:
        tell(session, prompt.board_id, EventType.PROMPT_UPDATED, prompt.public_id)
