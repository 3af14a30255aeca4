"""The kinds of posts that are signed, and what is different about each."""

from typing import Any

from app.authors.things import SignedKind
from app.comments import queries as comment_queries
from app.comments import service as comments
from app.core.database import Session
from app.core.sessions import hold
from app.core.tables import table_of
from app.discussions import queries as discussion_queries
from app.discussions import service as discussions
from app.discussions.models import Discussion
from app.fills import queries as fill_queries
from app.fills import service as fills
from app.fills.models import Fill
from app.prompts import queries as prompt_queries
from app.prompts import service as prompts
from app.prompts.models import Prompt
from app.threads.service import hold_thread


async def _hold_prompt(session: Session, row: Any) -> None:
    await session.first(hold(prompt_queries.prompt(row.public_id), table_of(Prompt)))


async def _hold_fill(session: Session, row: Any) -> None:
    await session.first(hold(fill_queries.fill(row.public_id), table_of(Fill)))
    await session.first(hold(prompt_queries.prompt(row.prompt_public_id), table_of(Prompt)))


async def _hold_discussion(session: Session, row: Any) -> None:
    await session.first(hold(discussion_queries.discussion(row.public_id), table_of(Discussion)))


async def _hold_comment(session: Session, row: Any) -> None:
    await hold_thread(session, row.thread_id)


async def _sign_prompt(
    session: Session, row: Any, *, mask_id: int | None, account_id: int | None
) -> None:
    await prompts.set_author(session, row, mask_id=mask_id, account_id=account_id)
    await fills.count_own_fills(session, row.id)


SIGNED = {
    "prompt": SignedKind(prompt_queries.prompt, _hold_prompt, _sign_prompt, "prompts"),
    "fill": SignedKind(fill_queries.fill, _hold_fill, fills.set_author, "fills"),
    "discussion": SignedKind(
        discussion_queries.discussion,
        _hold_discussion,
        discussions.set_author,
        "comments",
    ),
    "comment": SignedKind(comment_queries.comment, _hold_comment, comments.set_author, "comments"),
}
