"""Filing fills: their own words and tags, and those of their parts."""

from collections.abc import Sequence
from typing import Any

from app.boards.service import hold_board
from app.core.database import Session
from app.fills import queries
from app.index.service import file_part
from app.kit.chunks import Stretch
from app.threads.models import ThreadKind
from app.threads.states import State, stands
from app.works.filing import file_tags, file_text


async def file_fill_text(session: Session, fill: Any) -> None:
    """File a fill by the words of its title, its tags and its summary."""
    await file_text(session, fill, ThreadKind.FILL, fill.summary, body=None)


async def file_part_text(session: Session, fill: Any, part: Any, body: Sequence[Stretch]) -> None:
    """File a part by its words."""
    await file_part(
        session,
        fill.thread_id,
        fill.board_id,
        ThreadKind.FILL,
        part.id,
        body,
        title=part.title or "",
        head=part.content_notes,
    )


async def file_fill_tags(session: Session, fill: Any, *, is_shown: bool) -> None:
    """File a fill under its tags, and under what its parts warn about."""
    notes = await session.all(queries.notes_of_parts(fill.id))
    more = [("content_note", note) for row in notes for note in row.content_notes]
    await file_tags(session, fill, ThreadKind.FILL, more, is_shown=is_shown)


async def refile(session: Session, fill_id: int) -> None:
    """File a fill anew, since what it is filed by was edited."""
    fill = await session.first(queries.filed(fill_id))
    assert fill is not None
    await file_fill_text(session, fill)
    # The prompt is not held here. Whoever takes it out of sight holds the board when they come to
    # its fills, so what is asked below the same hold is still true when it is written.
    await hold_board(session, fill.board_id)
    fill = await session.first(queries.filed(fill_id))
    assert fill is not None
    is_below = stands(fill.prompt_state, was_visible=fill.prompt_was_visible)
    await file_fill_tags(session, fill, is_shown=is_below and fill.state == State.VISIBLE)
