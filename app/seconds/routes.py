"""Seconds over HTTP."""

from typing import Any

from fastapi import Request, Response

from app.boards.errors import Banned, NameRequired, PostingPaused, RoundClosed
from app.core.answers import (
    check_if_match,
    edit_tag,
    no_content,
    own_answer,
    seen_answer,
)
from app.core.description import refusals
from app.core.errors import Gone, NotFound, PreconditionFailed, TokenRequired
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.identity.errors import AccountRequired
from app.identity.scopes import needs_scope
from app.labels.errors import AdultContent
from app.prompts.access import PresentPrompt, ReadablePrompt
from app.seconds import queries, service, views
from app.seconds.access import PromptToSecond, TheStance
from app.seconds.schemas import SecondPublic

router = room_router("Seconds")


@router.get(
    "/prompts/{prompt}/second",
    response_model=SecondPublic,
    operation_id="read_second",
    summary="Have I seconded it?",
    responses=refusals(AdultContent, NotFound, Gone),
)
async def read_second(request: Request, prompt: ReadablePrompt, stance: TheStance) -> Response:
    """Whether you have seconded a prompt. The answer is for you alone: who seconded what is never
    listed.

    Without a token you are told apart by the network that you come from, for a few days: others at
    the same address are taken for you.
    """
    content = views.stance(prompt, is_seconded=stance.is_seconded, count=prompt.seconds_count)
    return seen_answer(request, content, is_public=False, edit=_version(prompt, stance.is_seconded))


@router.put(
    "/prompts/{prompt}/second",
    response_model=SecondPublic,
    operation_id="second_prompt",
    summary="Second a prompt",
    responses=refusals(
        NotFound,
        Gone,
        RoundClosed,
        TokenRequired,
        AccountRequired,
        NameRequired,
        Banned,
        PostingPaused,
        PreconditionFailed,
    ),
)
@needs_scope("seconds:write")
async def second_prompt(
    request: Request, prompt: PromptToSecond, stance: TheStance, session: CurrentSession
) -> Response:
    """Say "+1, I want this too". It counts once for each mask or account, and once for whoever has
    neither (told apart by the network that they come from, for a few days), however often it is
    sent. It can be taken back.

    A board may ask for a token, or for an account (`seconds_by`). Without a token no mask is made.
    """
    check_if_match(request, _version(prompt, stance.is_seconded))
    await service.second_prompt(session, stance)
    count = await session.scalar(queries.seconds_count(prompt.id))
    content = views.stance(prompt, is_seconded=True, count=count)
    return own_answer(content, edit=_version(prompt, is_seconded=True))


@router.delete(
    "/prompts/{prompt}/second",
    status_code=204,
    operation_id="take_back_second",
    summary="Take your second back",
    responses=refusals(NotFound, Gone, PreconditionFailed),
)
@needs_scope("seconds:write")
async def take_back_second(
    request: Request, prompt: PresentPrompt, stance: TheStance, session: CurrentSession
) -> Response:
    """No longer want a prompt, too. Where you had not seconded it, nothing happens.

    This is possible for as long as the prompt is there, whatever its round or its board takes by
    now; without a token only for the few days for which the network that you come from is known.
    """
    check_if_match(request, _version(prompt, stance.is_seconded))
    await service.take_back_second(session, stance)
    return no_content()


def _version(prompt: Any, is_seconded: bool) -> str:
    return edit_tag(f"{prompt.public_id}/second", int(is_seconded))
