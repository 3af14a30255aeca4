"""How a request obtains a thread or a comment."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Path, Request

from app.comments import queries
from app.comments.heads import Head, fill_head, prompt_head
from app.core.errors import Gone, NotFound
from app.core.sessions import CurrentSession, held
from app.core.site import TheSite
from app.core.tables import table_of
from app.fills.access import FillAbove, OpenFill, fill_above
from app.fills.models import FILL
from app.fills.queries import standing_fills
from app.identity.access import KnownCaller, check_owner
from app.kit.ids import PATTERN
from app.prompts.access import OpenPrompt, PromptAbove, prompt_above
from app.prompts.models import PROMPT
from app.prompts.queries import standing_prompts
from app.tags.access import AdultAsked
from app.threads.models import Thread
from app.threads.states import State

CommentId = Annotated[str, Path(pattern=PATTERN, description="The comment's `id`.")]


async def prompt_thread(site: TheSite, prompt: PromptAbove, adult: AdultAsked = False) -> Head:
    """The thread of a prompt, to be read."""
    return prompt_head(site, prompt, adult=adult)


async def fill_thread(site: TheSite, fill: FillAbove, adult: AdultAsked = False) -> Head:
    """The thread of a fill, to be read."""
    return fill_head(site, fill, adult=adult)


async def open_prompt_thread(site: TheSite, prompt: OpenPrompt) -> Head:
    """The thread of a prompt, to be posted in. Who posts need not be kept from its title."""
    return prompt_head(site, prompt, adult=True)


async def open_fill_thread(site: TheSite, fill: OpenFill) -> Head:
    """The thread of a fill, to be posted in."""
    return fill_head(site, fill, adult=True)


PromptThread = Annotated[Head, Depends(prompt_thread)]
FillThread = Annotated[Head, Depends(fill_thread)]
OpenPromptThread = Annotated[Head, Depends(open_prompt_thread)]
OpenFillThread = Annotated[Head, Depends(open_fill_thread)]


@dataclass(frozen=True)
class Placed:
    """A comment with the head of its thread."""

    row: Any
    head: Head


async def readable_comment(
    session: CurrentSession, site: TheSite, comment: CommentId, adult: AdultAsked = False
) -> Placed:
    """A comment to be read.

    :raises AdultContent: what it is about is adult, and that was not asked for.
    :raises Gone: its author deleted it.
    """
    row = await session.first(queries.standing_comment(comment))
    if row is None:
        raise NotFound
    head = await _head(session, site, row, adult=adult, gated=True)
    _refuse_deleted(row)
    return Placed(row, head)


ReadableComment = Annotated[Placed, Depends(readable_comment)]


async def own_comment(
    request: Request,
    session: CurrentSession,
    site: TheSite,
    caller: KnownCaller,
    comment: CommentId,
) -> Placed:
    """The caller's own comment, its thread held.

    :raises NotAllowed: somebody else wrote it.
    """
    await session.first(held(request, queries.thread_of(comment), table_of(Thread)))
    row = await session.first(queries.standing_comment(comment))
    if row is None:
        raise NotFound
    head = await _head(session, site, row, adult=True, gated=False)
    _refuse_deleted(row)
    check_owner(caller, row.mask_id)
    return Placed(row, head)


OwnComment = Annotated[Placed, Depends(own_comment)]


async def _head(
    session: CurrentSession, site: TheSite, comment: Any, *, adult: bool, gated: bool
) -> Head:
    """The head of a comment's thread; what is below something out of sight is not found."""
    if comment.fill_id is None:
        statement = standing_prompts().where(PROMPT.id == comment.prompt_id)
    else:
        statement = standing_fills().where(FILL.id == comment.fill_id)
    row = await session.first(statement)
    if row is None:
        raise NotFound
    if comment.fill_id is None:
        if gated:
            await prompt_above(row, adult)
        return prompt_head(site, row, adult=adult)
    if gated:
        await fill_above(row, adult)
    return fill_head(site, row, adult=adult)


def _refuse_deleted(comment: Any) -> None:
    if comment.state == State.DELETED:
        raise Gone
