"""How a request obtains a prompt."""

from typing import Annotated, Any

from fastapi import Depends, Path, Request

from app.boards.access import VisibleBoard, check_editing
from app.boards.rounds import check_takes_posts, taking_prompts
from app.boards.settings import settings_of
from app.core.database import parameter, prepared_rows
from app.core.errors import Gone, NotFound
from app.core.fields import NumberInPath
from app.core.sessions import CurrentSession, held, hold
from app.core.sources import TheSource
from app.core.tables import table_of
from app.identity.access import KnownCaller, MaybeCaller, check_owner
from app.kit.ids import PATTERN
from app.labels.access import AdultAsked, check_adult
from app.prompts import queries
from app.prompts.models import Prompt
from app.threads.errors import Frozen
from app.threads.states import State

PromptId = Annotated[str, Path(pattern=PATTERN, description="The prompt's `id`.")]


async def standing_prompt(request: Request, session: CurrentSession, prompt: PromptId) -> Any:
    """The row of a prompt that is not out of sight; it may be deleted."""
    prepared = _READ if request.method == "GET" else _HELD
    found = await session.rows(prepared, public_id=prompt)
    if not found:
        raise NotFound
    return found[0]


_STANDING = queries.standing_prompt(parameter("public_id"))
_READ = prepared_rows(_STANDING)
_HELD = prepared_rows(hold(_STANDING, table_of(Prompt)))
StandingPrompt = Annotated[Any, Depends(standing_prompt)]


async def present_prompt(prompt: StandingPrompt) -> Any:
    """A prompt that is still there.

    :raises Gone: its author deleted it.
    """
    if prompt.state == State.DELETED:
        raise Gone
    return prompt


PresentPrompt = Annotated[Any, Depends(present_prompt)]


async def seen_prompt(
    request: Request, session: CurrentSession, caller: MaybeCaller, prompt: PromptId
) -> Any:
    """The row of a prompt that the caller may see (:func:`queries.seen_prompts`)."""
    if caller is None:
        return await standing_prompt(request, session, prompt)
    statement = queries.seen_prompt(prompt, caller)
    row = await session.first(held(request, statement, table_of(Prompt)))
    if row is None:
        raise NotFound
    return row


SeenPrompt = Annotated[Any, Depends(seen_prompt)]


async def prompt_above(prompt: StandingPrompt, adult: AdultAsked = False) -> Any:
    """A prompt whose fills or comments are being read. They stay when it is deleted.

    :raises AdultContent: it is adult, and that was not asked for.
    """
    gate(prompt, adult=adult)
    return prompt


PromptAbove = Annotated[Any, Depends(prompt_above)]


async def readable_prompt(prompt: SeenPrompt, adult: AdultAsked = False) -> Any:
    """A prompt to be read.

    :raises Gone: its author deleted it.
    """
    return await prompt_above(await present_prompt(prompt), adult)


ReadablePrompt = Annotated[Any, Depends(readable_prompt)]


async def numbered_prompt(
    session: CurrentSession,
    board: VisibleBoard,
    caller: MaybeCaller,
    number: NumberInPath,
    adult: AdultAsked = False,
) -> Any:
    """A prompt to be read, by its number on a board."""
    row = await session.first(queries.numbered_prompt(board.id, number, caller))
    if row is None:
        raise NotFound
    return await readable_prompt(row, adult)


NumberedPrompt = Annotated[Any, Depends(numbered_prompt)]


async def open_prompt(session: CurrentSession, prompt: PresentPrompt) -> Any:
    """A prompt below which something may be posted.

    :raises Frozen: it takes nothing more.
    :raises RoundClosed: its round is archived.
    """
    if prompt.is_frozen:
        raise Frozen
    await check_takes_posts(session, prompt)
    return prompt


OpenPrompt = Annotated[Any, Depends(open_prompt)]


async def talked_about_prompt(session: CurrentSession, prompt: PromptId) -> Any:
    """As :func:`open_prompt`, for a comment, which nothing is posted more often than: it reads only
    what comments need (:func:`queries.talked_about_prompt`).
    """
    found = await session.rows(_TALKED_ABOUT, public_id=prompt)
    if not found:
        raise NotFound
    return await open_prompt(session, await present_prompt(found[0]))


_TALKED_ABOUT = prepared_rows(
    hold(queries.talked_about_prompt(parameter("public_id")), table_of(Prompt))
)
TalkedAboutPrompt = Annotated[Any, Depends(talked_about_prompt)]


async def own_prompt(caller: KnownCaller, prompt: SeenPrompt) -> Any:
    """The caller's own prompt.

    :raises Gone: its author deleted it.
    :raises NotAllowed: somebody else wrote it.
    """
    await present_prompt(prompt)
    check_owner(caller, prompt)
    return prompt


OwnPrompt = Annotated[Any, Depends(own_prompt)]


async def editable_prompt(
    session: CurrentSession, caller: KnownCaller, prompt: OwnPrompt, source: TheSource
) -> Any:
    """The caller's own prompt, to be edited.

    :raises PostingPaused: its board takes no new words now.
    :raises RoundClosed: its round is archived.
    """
    await check_takes_posts(session, prompt)
    await check_editing(session, caller, prompt.board_id, settings_of(prompt), source=source)
    return prompt


EditablePrompt = Annotated[Any, Depends(editable_prompt)]


async def prompting_board(session: CurrentSession, board: VisibleBoard) -> Any:
    """A board that takes prompts now.

    :raises RoundClosed: its round does not.
    """
    return await taking_prompts(session, board)


PromptingBoard = Annotated[Any, Depends(prompting_board)]


def gate(prompt: Any, *, adult: bool) -> None:
    """:raises AdultContent: the prompt is adult, and that was not asked for."""
    check_adult(adult, prompt.rating, prompt.content_notes, prompt.slug, prompt.number)
