"""How a request obtains somebody's stance to a prompt."""

from typing import Annotated, Any

from fastapi import Depends

from app.boards.access import check_posting
from app.boards.rounds import check_takes_posts
from app.boards.settings import settings_of
from app.core.errors import TokenRequired
from app.core.sessions import CurrentSession
from app.core.sources import TheSource
from app.identity.access import MaybeCaller
from app.identity.errors import AccountRequired
from app.identity.people import Caller, has_name
from app.prompts.access import PresentPrompt
from app.seconds import queries
from app.seconds.people import Seconder, Stance


async def find_stance(
    session: CurrentSession, prompt: PresentPrompt, caller: MaybeCaller, source: TheSource
) -> Stance:
    """How whoever asks stands to a prompt. In a request that writes, the prompt is held by now, so
    it stays true.
    """
    seconder = Seconder(caller, source)
    found = await session.scalar(queries.second(prompt.id, seconder))
    return Stance(prompt.id, seconder, found is not None)


TheStance = Annotated[Stance, Depends(find_stance)]


async def prompt_to_second(
    session: CurrentSession, prompt: PresentPrompt, caller: MaybeCaller, source: TheSource
) -> Any:
    """A prompt that whoever asks may second. A frozen one may be wanted, too.

    :raises RoundClosed: its round is archived.
    :raises TokenRequired: its board takes no seconds without a token.
    :raises AccountRequired: its board takes seconds from accounts alone.
    :raises NameRequired: for the time being its board takes nothing from those without a name.
    :raises PostingPaused: its board takes nothing now.
    """
    await check_takes_posts(session, prompt)
    settings = settings_of(prompt)
    _check_by(settings["seconds_by"], caller)
    await check_posting(
        session, caller, prompt.board_id, settings, is_named=has_name(caller), source=source
    )
    return prompt


PromptToSecond = Annotated[Any, Depends(prompt_to_second)]


def _check_by(seconds_by: str, caller: Caller | None) -> None:
    if seconds_by == "anyone":
        return
    if caller is None:
        whose = "an account's token" if seconds_by == "accounts" else "a token"
        raise TokenRequired(f"To second a prompt on this board, send {whose}.")
    # An account may have many bots, and each of them a mask of its own.
    if seconds_by == "accounts" and caller.owner_id is None:
        raise AccountRequired
