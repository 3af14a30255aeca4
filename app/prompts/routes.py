"""Prompts over HTTP."""

from typing import Annotated, Any

from fastapi import Depends, Request, Response

from app.boards.access import ListedBoard, byline, check_rating
from app.boards.errors import AnonymityRequired, Banned, NameRequired, PostingPaused, RoundClosed
from app.boards.posting import notices as board_notices
from app.boards.settings import settings_of
from app.core.answers import check_if_match, edit_tag, no_content, own_answer, seen_answer
from app.core.database import Session
from app.core.description import refusals, waiting
from app.core.errors import BadCursor, Gone, NotAllowed, NotFound, PreconditionFailed
from app.core.paging import Address, ThePage, page_answer
from app.core.rendering import Draft, draft
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.core.site import Site, TheSite
from app.core.sources import TheSource
from app.filters.access import TheWishes
from app.identity.access import KnownCaller, MaybeCaller, ThePoster, posting_for
from app.identity.errors import NotModerator, RatingAboveKey
from app.identity.people import Caller
from app.identity.scopes import needs_scope
from app.identity.views import receipt
from app.labels.errors import AdultContent
from app.labels.reading import every_label
from app.labels.views import notices
from app.prompts import queries, service, views
from app.prompts.access import (
    EditablePrompt,
    NumberedPrompt,
    OwnPrompt,
    PromptingBoard,
    ReadablePrompt,
)
from app.prompts.embeds import EMBEDS, EmbedsAsked, TheEmbeds
from app.prompts.errors import PromptQuota
from app.prompts.lists import ThePromptsAsked, on_board
from app.prompts.quotas import take_from_quota
from app.prompts.schemas import (
    PromptCreate,
    PromptPage,
    PromptPublic,
    PromptReceipt,
    PromptUpdate,
    PromptWithEmbeds,
)
from app.threads.decisions import own_decision
from app.threads.errors import LinksWait
from app.threads.screening import check_new_links, state_of_new
from app.threads.sources import note_source
from app.threads.states import stands
from app.threads.views import notices as waiting_notices
from app.threads.views import status_of_new
from app.works.lists import read_works
from app.works.picking import pick_one

router = room_router("Prompts")


async def _new(sent: PromptCreate) -> Draft[PromptCreate]:
    return await draft(sent, sent.body)


async def _edited(sent: PromptUpdate) -> Draft[PromptUpdate]:
    body = sent.body if "body" in sent.model_fields_set else None
    return await draft(sent, body)


@router.get(
    "/boards/{board}/prompts",
    response_model=PromptPage,
    operation_id="list_prompts",
    summary="List a board's prompts",
    responses=refusals(BadCursor, NotFound),
)
async def list_prompts(
    request: Request,
    board: ListedBoard,
    session: CurrentSession,
    site: TheSite,
    asked: ThePromptsAsked,
    page: ThePage,
    wishes: TheWishes,
) -> Response:
    """The prompts of a board, the newest first unless `sort` says otherwise. All filters can be
    used together.

    Adult prompts are left out unless `adult=true`, and so is what your saved filters hide;
    `omitted` says how many that were. On a board with many thousands of prompts a page may be
    shorter than `limit` and still lead on: follow `next` until it is null.
    """
    place = on_board(board)
    listed = await read_works(session, site, Address.of(request), place, asked, page, wishes)
    items = [views.prompt(site, row) for row in listed.page.rows]
    return page_answer(request, listed.around(items), is_public=wishes is None)


@router.get(
    "/boards/{board}/prompts/random",
    response_model=PromptPublic,
    operation_id="read_random_prompt",
    summary="Read a prompt at random",
    responses=refusals(NotFound),
)
async def read_random_prompt(
    request: Request,
    board: ListedBoard,
    session: CurrentSession,
    site: TheSite,
    asked: ThePromptsAsked,
    wishes: TheWishes,
) -> Response:
    """One prompt of those that the list would show under the same filters, each as likely as any
    other; 404 where there is none. `sort` changes nothing but what it leaves out of the list, too.

    Wondering what to write? Ask for `status=open`.
    """
    picked = await pick_one(session, on_board(board), asked, wishes)
    row = await session.first(queries.visible_prompt_of_thread(picked.thread_id))
    if row is None:
        # It went out of sight since it was picked.
        raise NotFound
    content = {**views.prompt(site, row), **picked.warnings}
    return seen_answer(request, content, is_public=False)


@router.post(
    "/boards/{board}/prompts",
    status_code=201,
    response_model=PromptReceipt,
    operation_id="post_prompt",
    summary="Post a prompt",
    responses={
        **waiting(PromptReceipt),
        **refusals(
            NotFound,
            NotModerator,
            AnonymityRequired,
            NameRequired,
            RatingAboveKey,
            RoundClosed,
            Banned,
            PostingPaused,
            PromptQuota,
        ),
    },
)
@needs_scope("prompts:write")
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
    (`author.is_op`) when you comment below it. On boards that have some posts wait for a moderator
    the answer may be 202.
    """
    settings = settings_of(board)
    poster = await posting_for(session, poster, draft.sent)
    signed = await byline(session, poster, draft.sent, board.id, settings, "prompts")
    await take_from_quota(session, board, poster, source)
    state = await state_of_new(session, settings, board.id, poster, draft.links)
    prompt = await service.post_prompt(session, board, signed, draft, state)
    await note_source(session, prompt.public_id, source)
    check_rating(poster.caller, prompt.rating)
    content, edit = await _content(session, site, prompt.public_id)
    told = [*notices(prompt.rating), *board_notices(settings, prompt), *waiting_notices(state)]
    answer = receipt(content, poster, told)
    return own_answer(answer, status=status_of_new(state), edit=edit, location=content["url"])


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
    caller: MaybeCaller,
    session: CurrentSession,
    site: TheSite,
    embeds: TheEmbeds,
) -> Response:
    """The prompt that people on the board call "#1234". Prompts are numbered on each board in the
    order in which they were posted, and keep their number; all else is done under the prompt's
    `id`.
    """
    return await _read(request, session, site, prompt, caller, embeds)


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
    caller: MaybeCaller,
    session: CurrentSession,
    site: TheSite,
    embeds: TheEmbeds,
) -> Response:
    """One prompt: what somebody asks for, how it is labelled, whether anybody has filled it, and
    how many want it, too. With `embed=fills` the first page of the works that answer it comes
    along.
    """
    return await _read(request, session, site, prompt, caller, embeds)


@router.patch(
    "/prompts/{prompt}",
    response_model=PromptPublic,
    operation_id="edit_prompt",
    summary="Edit your prompt",
    responses=refusals(
        NotAllowed,
        NotFound,
        Banned,
        PostingPaused,
        Gone,
        LinksWait,
        PreconditionFailed,
        RatingAboveKey,
        RoundClosed,
    ),
)
@needs_scope("prompts:write")
async def edit_prompt(
    request: Request,
    draft: Annotated[Draft[PromptUpdate], Depends(_edited)],
    prompt: EditablePrompt,
    caller: KnownCaller,
    session: CurrentSession,
    site: TheSite,
) -> Response:
    """Change your own prompt. What is left out stays as it is.

    Send the edit token from its receipt, or the token of the account that posted it.
    """
    check_if_match(request, edit_tag(prompt.public_id, prompt.edits))
    standing = (prompt.title, prompt.body, prompt.do_not_want, *every_label(prompt))
    await check_new_links(session, prompt, settings_of(prompt), caller, draft.links, standing)
    await service.edit_prompt(session, prompt, draft)
    content, edit = await _content(session, site, prompt.public_id)
    check_rating(caller, content["rating"])
    return own_answer(content, edit=edit)


@router.delete(
    "/prompts/{prompt}",
    status_code=204,
    operation_id="delete_prompt",
    summary="Delete your prompt",
    responses=refusals(NotAllowed, NotFound, Gone, PreconditionFailed),
)
@needs_scope("prompts:write")
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
    caller: Caller | None,
    embeds: EmbedsAsked,
) -> Response:
    own = await own_decision(session, caller, "prompt", prompt)
    content = {**views.prompt(site, prompt), **own}
    for name in embeds.names:
        content[name] = await EMBEDS[name](session, site, prompt, embeds)
    is_standing = stands(prompt.state, was_visible=prompt.was_visible)
    is_public = not own and is_standing and embeds.wishes is None
    edit = edit_tag(prompt.public_id, prompt.edits)
    return seen_answer(request, content, is_public=is_public, edit=edit)


async def _content(session: Session, site: Site, public_id: str) -> tuple[dict[str, Any], str]:
    """A prompt as its author gets it back, and its version."""
    row = await session.first(queries.prompt(public_id))
    assert row is not None
    return views.prompt(site, row), edit_tag(public_id, row.edits)
