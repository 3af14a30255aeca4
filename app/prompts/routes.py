"""Prompts over HTTP."""

from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response

from app.boards.access import VisibleBoard, byline
from app.boards.errors import AnonymityRequired, NameRequired, PostingPaused, RoundClosed
from app.boards.settings import settings_of
from app.core.answers import check_if_match, edit_tag, no_content, own_answer, public_answer
from app.core.database import Session
from app.core.description import refusals
from app.core.errors import BadCursor, Gone, NotAllowed, NotFound, PreconditionFailed
from app.core.paging import Address, ThePage, page_answer
from app.core.rendering import Draft, draft
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.core.site import Site, TheSite
from app.core.sources import TheSource
from app.identity.access import ThePoster
from app.identity.errors import NotModerator
from app.identity.views import receipt
from app.labels.access import AdultAsked
from app.labels.errors import AdultContent
from app.labels.views import notices
from app.prompts import queries, service, views
from app.prompts.access import (
    EditablePrompt,
    NumberedPrompt,
    OwnPrompt,
    PromptingBoard,
    ReadablePrompt,
)
from app.prompts.embeds import EMBEDS, EmbedName
from app.prompts.errors import PromptQuota
from app.prompts.lists import ThePromptsAsked, read_works
from app.prompts.quotas import take_from_quota
from app.prompts.schemas import (
    PromptCreate,
    PromptPage,
    PromptPublic,
    PromptReceipt,
    PromptUpdate,
    PromptWithEmbeds,
)

router = room_router("Prompts")

EmbedsAsked = Annotated[
    tuple[EmbedName, ...], Query(description="`fills` brings the first page of its fills along.")
]


async def _new(sent: PromptCreate) -> Draft[PromptCreate]:
    return await draft(sent, sent.body)


async def _edited(sent: PromptUpdate) -> Draft[PromptUpdate]:
    return await draft(sent, sent.body if "body" in sent.model_fields_set else None)


@router.get(
    "/boards/{board}/prompts",
    response_model=PromptPage,
    operation_id="list_prompts",
    summary="List a board's prompts",
    responses=refusals(BadCursor, NotFound),
)
async def list_prompts(
    request: Request,
    board: VisibleBoard,
    session: CurrentSession,
    site: TheSite,
    asked: ThePromptsAsked,
    page: ThePage,
) -> Response:
    """The prompts of a board, the newest first unless `sort` says otherwise.

    Adult prompts are left out unless `adult=true`; `omitted.adult` says how many that were.
    """
    prompts = queries.on_board(board.id)
    listed = await read_works(session, site, Address.of(request), prompts, asked, page)
    items = [views.prompt(site, row) for row in listed.page.rows]
    return page_answer(request, listed.around(items))


@router.post(
    "/boards/{board}/prompts",
    status_code=201,
    response_model=PromptReceipt,
    operation_id="post_prompt",
    summary="Post a prompt",
    responses=refusals(
        NotFound,
        NotModerator,
        AnonymityRequired,
        NameRequired,
        RoundClosed,
        PostingPaused,
        PromptQuota,
    ),
)
async def post_prompt(
    draft: Annotated[Draft[PromptCreate], Depends(_new)],
    board: PromptingBoard,
    poster: ThePoster,
    source: TheSource,
    session: CurrentSession,
    site: TheSite,
) -> Response:
    """Ask for a fan work.

    Only `body` is needed, and no account. Sent without a token, the receipt carries an
    `edit_token`: with it you edit and delete the prompt later, and are recognised as its author
    (`author.is_op`) when you comment below it.
    """
    settings = settings_of(board)
    signed = await byline(session, poster, draft.sent, board.id, settings, "prompts")
    await take_from_quota(session, board, poster, source)
    prompt = await service.post_prompt(session, board, signed, draft)
    content, edit = await _content(session, site, prompt.public_id)
    answer = receipt(content, poster, notices(prompt.rating))
    return own_answer(answer, status=201, edit=edit, location=content["url"])


@router.get(
    "/boards/{board}/prompts/{number}",
    response_model=PromptWithEmbeds,
    operation_id="read_numbered_prompt",
    summary="Read a prompt by its number",
    responses=refusals(AdultContent, NotFound, Gone),
)
async def read_numbered_prompt(
    request: Request,
    prompt: NumberedPrompt,
    session: CurrentSession,
    site: TheSite,
    embed: EmbedsAsked = (),
    adult: AdultAsked = False,
) -> Response:
    """The prompt that people on the board call "#1234"."""
    return await _read(request, session, site, prompt, embed, adult)


@router.get(
    "/prompts/{prompt}",
    response_model=PromptWithEmbeds,
    operation_id="read_prompt",
    summary="Read a prompt",
    responses=refusals(AdultContent, NotFound, Gone),
)
async def read_prompt(
    request: Request,
    prompt: ReadablePrompt,
    session: CurrentSession,
    site: TheSite,
    embed: EmbedsAsked = (),
    adult: AdultAsked = False,
) -> Response:
    """One prompt, with its counts, and with `embed=fills` the first page of its fills."""
    return await _read(request, session, site, prompt, embed, adult)


@router.patch(
    "/prompts/{prompt}",
    response_model=PromptPublic,
    operation_id="edit_prompt",
    summary="Edit your prompt",
    responses=refusals(NotAllowed, NotFound, PostingPaused, Gone, PreconditionFailed),
)
async def edit_prompt(
    request: Request,
    draft: Annotated[Draft[PromptUpdate], Depends(_edited)],
    prompt: EditablePrompt,
    session: CurrentSession,
    site: TheSite,
) -> Response:
    """Change your own prompt. What is left out stays as it is.

    Send the edit token from its receipt, or the token of the account that posted it.
    """
    check_if_match(request, edit_tag(prompt.public_id, prompt.edits))
    await service.edit_prompt(session, prompt, draft)
    content, edit = await _content(session, site, prompt.public_id)
    return own_answer(content, edit=edit)


@router.delete(
    "/prompts/{prompt}",
    status_code=204,
    operation_id="delete_prompt",
    summary="Delete your prompt",
    responses=refusals(NotAllowed, NotFound, Gone, PreconditionFailed),
)
async def delete_prompt(request: Request, prompt: OwnPrompt, session: CurrentSession) -> Response:
    """Take your own prompt's words away for good. Fills and comments that others posted below it
    stay, and name it without its title.
    """
    check_if_match(request, edit_tag(prompt.public_id, prompt.edits))
    await service.delete_prompt(session, prompt)
    return no_content()


async def _read(
    request: Request,
    session: Session,
    site: Site,
    prompt: Any,
    embed: tuple[EmbedName, ...],
    adult: bool,
) -> Response:
    content = views.prompt(site, prompt)
    for name in embed:
        content[name] = await EMBEDS[name](session, site, prompt, adult)
    return public_answer(request, content, edit=edit_tag(prompt.public_id, prompt.edits))


async def _content(session: Session, site: Site, public_id: str) -> tuple[dict[str, Any], str]:
    """A prompt as its author gets it back, and its version."""
    row = await session.first(queries.standing_prompt(public_id))
    assert row is not None
    return views.prompt(site, row), edit_tag(public_id, row.edits)
