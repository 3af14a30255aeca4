"""Fills over HTTP. Their parts are in ``part_routes.py``."""

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
from app.core.paging import Address, PageAsked, ThePage, page_answer
from app.core.rendering import Draft, draft, links_sent
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.core.site import Site, TheSite
from app.core.sources import TheSource
from app.fills import queries, service, views
from app.fills.access import EditableFill, OwnFill, ReadableFill
from app.fills.lists import FillsAsked, TheFillsAsked, of_prompt, on_board
from app.fills.schemas import (
    FillCreate,
    FillPage,
    FillPublic,
    FillReceipt,
    FillUpdate,
    FillWithOwn,
)
from app.fills.views import is_public
from app.filters.access import TheWishes
from app.filters.wishes import Wishes
from app.identity.access import KnownCaller, MaybeCaller, ThePoster, posting_for
from app.identity.errors import NotModerator, RatingAboveKey
from app.identity.scopes import needs_scope
from app.identity.views import receipt
from app.labels.access import AdultAsked
from app.labels.errors import AdultContent
from app.labels.reading import every_label
from app.labels.views import notices
from app.prompts.access import OpenPrompt, PromptAbove
from app.prompts.embeds import EmbedsAsked
from app.prompts.views import url as prompt_url
from app.threads.decisions import own_decision
from app.threads.errors import Frozen, LinksWait
from app.threads.screening import check_new_links, state_of_new
from app.threads.sources import note_source
from app.threads.views import notices as waiting_notices
from app.threads.views import status_of_new
from app.works.lists import read_works
from app.works.questions import Place

router = room_router("Fills")


async def _new(sent: FillCreate) -> Draft[FillCreate]:
    return await draft(sent, sent.body)


@router.get(
    "/prompts/{prompt}/fills",
    response_model=FillPage,
    operation_id="list_fills",
    summary="List the fills of a prompt",
    responses=refusals(AdultContent, BadCursor, NotFound),
)
async def list_fills(
    request: Request,
    prompt: PromptAbove,
    session: CurrentSession,
    site: TheSite,
    asked: TheFillsAsked,
    page: ThePage,
    wishes: TheWishes,
) -> Response:
    """The works that answer a prompt, the newest first unless `sort` says otherwise. They stay when
    the prompt is deleted.
    """
    place = of_prompt(prompt)
    content = await _page(session, site, Address.of(request), place, asked, page, wishes)
    return page_answer(request, content, is_public=wishes is None)


@router.get(
    "/boards/{board}/fills",
    response_model=FillPage,
    operation_id="list_board_fills",
    summary="List a board's fills",
    responses=refusals(BadCursor, NotFound),
)
async def list_board_fills(
    request: Request,
    board: ListedBoard,
    session: CurrentSession,
    site: TheSite,
    asked: TheFillsAsked,
    page: ThePage,
    wishes: TheWishes,
) -> Response:
    """All fills on a board, the newest first unless `sort` says otherwise.

    Adult fills are left out unless `adult=true`; `omitted.adult` says how many that were.
    """
    place = on_board(board)
    content = await _page(session, site, Address.of(request), place, asked, page, wishes)
    return page_answer(request, content, is_public=wishes is None)


@router.post(
    "/prompts/{prompt}/fills",
    status_code=201,
    response_model=FillReceipt,
    operation_id="post_fill",
    summary="Post a fill",
    responses={
        **waiting(FillReceipt),
        **refusals(
            NotFound,
            NotModerator,
            AnonymityRequired,
            NameRequired,
            RatingAboveKey,
            Gone,
            Frozen,
            RoundClosed,
            Banned,
            PostingPaused,
        ),
    },
)
@needs_scope("fills:write")
async def post_fill(
    draft: Annotated[Draft[FillCreate], Depends(_new)],
    prompt: OpenPrompt,
    poster: ThePoster,
    source: TheSource,
    session: CurrentSession,
    site: TheSite,
) -> Response:
    """Answer a prompt: with a text, or with a link to where the work is.

    A story may grow part by part over weeks: post the first part with `parts_expected` (null means
    "3/?"), add parts, and set `status` to `complete` at the end; the prompt is `filled` then. Sent
    without a token, the receipt carries the `edit_token` that all of this needs. On boards that
    have some posts wait for a moderator the answer may be 202; parts may be added meanwhile.
    """
    settings = settings_of(prompt)
    poster = await posting_for(session, poster, draft.sent)
    signed = await byline(session, poster, draft.sent, prompt.board_id, settings, "fills")
    state = await state_of_new(session, settings, prompt.board_id, poster, draft.links)
    fill = await service.post_fill(session, prompt, signed, draft, state)
    await note_source(session, fill.public_id, source)
    check_rating(poster.caller, fill.rating)
    content, edit = await _content(session, site, fill.public_id)
    told = [*notices(fill.rating), *board_notices(settings, fill), *waiting_notices(state)]
    answer = receipt(content, poster, told)
    return own_answer(answer, status=status_of_new(state), edit=edit, location=content["url"])


@router.get(
    "/fills/{fill}",
    response_model=FillWithOwn,
    operation_id="read_fill",
    summary="Read a fill",
    responses=refusals(AdultContent, NotFound, Gone),
)
async def read_fill(
    request: Request,
    fill: ReadableFill,
    caller: MaybeCaller,
    session: CurrentSession,
    site: TheSite,
    adult: AdultAsked = False,
) -> Response:
    """One fill, a work that answers a prompt: which prompt that is, what kind of work, how it is
    labelled, and its parts. The text is in the parts, or, whole, in the `downloads`.
    """
    (content,) = await views.fills(session, site, [fill], adult=adult)
    own = await own_decision(session, caller, "fill", fill)
    edit = edit_tag(fill.public_id, fill.edits)
    shown_to_all = not own and is_public(fill)
    return seen_answer(request, {**content, **own}, is_public=shown_to_all, edit=edit)


@router.patch(
    "/fills/{fill}",
    response_model=FillPublic,
    operation_id="edit_fill",
    summary="Edit your fill",
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
@needs_scope("fills:write")
async def edit_fill(
    request: Request,
    sent: FillUpdate,
    fill: EditableFill,
    caller: KnownCaller,
    session: CurrentSession,
    site: TheSite,
) -> Response:
    """Change your own fill: its title, its labels, its status. What is left out stays as it is.

    Setting `status` to `complete` makes its prompt `filled`.
    """
    check_if_match(request, edit_tag(fill.public_id, fill.edits))
    standing = (fill.title, fill.summary, fill.external_url, *every_label(fill))
    await check_new_links(session, fill, settings_of(fill), caller, links_sent(sent), standing)
    await service.edit_fill(session, fill, sent)
    content, edit = await _content(session, site, fill.public_id)
    check_rating(caller, content["rating"])
    return own_answer(content, edit=edit)


@router.delete(
    "/fills/{fill}",
    status_code=204,
    operation_id="delete_fill",
    summary="Delete your fill",
    responses=refusals(NotAllowed, NotFound, Gone, PreconditionFailed),
)
@needs_scope("fills:write")
async def delete_fill(request: Request, fill: OwnFill, session: CurrentSession) -> Response:
    """Take your own fill's words away for good, with all its parts. Comments that others posted
    below it stay.
    """
    check_if_match(request, edit_tag(fill.public_id, fill.edits))
    await service.delete_fill(session, fill)
    return no_content()


async def embed_fills(
    session: Session, site: Site, prompt: Any, asked: EmbedsAsked
) -> dict[str, Any]:
    """The first page of a prompt's fills, to be brought along with the prompt."""
    path = prompt_url(site, prompt.public_id).removeprefix(site.public_url) + "/fills"
    address = Address(path, (("adult", "true"),) if asked.adult else ())
    place, fills_asked = of_prompt(prompt), FillsAsked(adult=asked.adult)
    return await _page(session, site, address, place, fills_asked, PageAsked(), asked.wishes)


async def _page(
    session: Session,
    site: Site,
    address: Address,
    place: Place,
    asked: FillsAsked,
    page: PageAsked,
    wishes: Wishes | None,
) -> dict[str, Any]:
    listed = await read_works(session, site, address, place, asked, page, wishes)
    return listed.around(await views.fills(session, site, listed.page.rows, adult=asked.adult))


async def _content(session: Session, site: Site, public_id: str) -> tuple[dict[str, Any], str]:
    """A fill as its author gets it back, and its version. Whoever fills an adult prompt need not
    have asked for adult material, so its title is not told.
    """
    row = await session.first(queries.fill(public_id))
    assert row is not None
    (content,) = await views.fills(session, site, [row], adult=False)
    return content, edit_tag(public_id, row.edits)
