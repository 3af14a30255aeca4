"""What can be done with prompts."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, update

from app.boards.posting import check_changed_labels, check_labels, check_prompt_words
from app.boards.service import count, next_number
from app.boards.settings import settings_of
from app.core.database import Session
from app.core.rendering import Draft
from app.core.tables import is_unchanged, table_of
from app.identity.people import Byline
from app.kit.clock import now
from app.kit.text import count_words, title_from
from app.labels.service import changed_labels, new_labels, no_labels
from app.prompts.models import PROMPT, Prompt
from app.prompts.schemas import PromptCreate, PromptUpdate
from app.threads.models import ThreadKind
from app.threads.service import open_thread
from app.threads.states import State


async def post_prompt(
    session: Session, board: Row[Any], byline: Byline, draft: Draft[PromptCreate]
) -> Prompt:
    """Post a prompt in the board's current round.

    :raises Invalid: the board does not take its labels, or so many words.
    """
    sent, settings = draft.sent, settings_of(board)
    labels = new_labels(sent, {"rating": settings["default_rating"]})
    check_labels(settings, labels)
    check_prompt_words(settings, draft.words)
    thread = await open_thread(session, board.id, ThreadKind.PROMPT)
    prompt = Prompt(
        board_id=board.id,
        round_id=board.round_id,
        thread_id=thread.id,
        number=await next_number(session, board.id),
        title=sent.title or title_from(sent.body),
        is_title_made=sent.title is None,
        body=sent.body,
        body_html=draft.body_html or "",
        mediums=list(sent.mediums),
        do_not_want=sent.do_not_want,
        mask_id=byline.mask_id,
        is_named=byline.is_named,
        is_moderator=byline.is_moderator,
        **labels,
    )
    await session.add(prompt)
    await count(session, board.id, board.round_id, prompts=1)
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
    if is_unchanged(prompt, changes):
        return
    await session.run(
        update(table_of(Prompt))
        .where(PROMPT.id == prompt.id)
        .values(**changes, edited_at=now(), edits=PROMPT.edits + 1)
    )


async def delete_prompt(session: Session, prompt: Row[Any]) -> None:
    """Take a prompt's words away. What others posted below it stays."""
    await session.run(
        update(table_of(Prompt))
        .where(PROMPT.id == prompt.id)
        .values(
            state=State.DELETED.value,
            title="",
            body="",
            body_html="",
            do_not_want=None,
            mediums=[],
            **no_labels(),
            edits=PROMPT.edits + 1,
        )
    )
    await count(session, prompt.board_id, prompt.round_id, prompts=-1)


async def note_activity(session: Session, prompt_id: int) -> None:
    """Something was posted below a prompt just now."""
    await session.run(
        update(table_of(Prompt)).where(PROMPT.id == prompt_id).values(last_activity_at=now())
    )


async def count_fills(
    session: Session,
    prompt_id: int,
    *,
    fills: int = 0,
    wip: int = 0,
    complete: int = 0,
    own: int = 0,
) -> None:
    """Move the counters of a prompt's visible fills, and its status with them: ``filled`` with a
    complete fill, ``in_progress`` with one that is being written, else ``open``. The prompt's row
    is held from here on.
    """
    wip_now, complete_now = PROMPT.wip_fills_count + wip, PROMPT.complete_fills_count + complete
    await session.run(
        update(table_of(Prompt))
        .where(PROMPT.id == prompt_id)
        .values(
            fills_count=PROMPT.fills_count + fills,
            wip_fills_count=wip_now,
            complete_fills_count=complete_now,
            own_fills_count=PROMPT.own_fills_count + own,
            status=case((complete_now > 0, "filled"), (wip_now > 0, "in_progress"), else_="open"),
        )
    )


async def note_filled(session: Session, prompt_id: int, last_filled_at: datetime | None) -> None:
    """Note when a prompt was last filled. Whoever calls this holds the prompt's row already, or
    would note what another has just outdated.
    """
    is_it = PROMPT.id == prompt_id
    await session.run(update(table_of(Prompt)).where(is_it).values(last_filled_at=last_filled_at))
