"""Parts of fills over HTTP."""

from typing import Annotated, Any

from fastapi import Depends, Request, Response

from app.boards.errors import Banned, NameRequired, PostingPaused, RoundClosed
from app.boards.settings import settings_of
from app.core.answers import check_if_match, edit_tag, no_content, own_answer, seen_answer
from app.core.database import Session
from app.core.description import refusals
from app.core.errors import (
    BadCursor,
    Gone,
    NotAllowed,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
)
from app.core.paging import Address, ThePage, page_answer
from app.core.rendering import Draft, draft
from app.core.replays import found_again
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.core.site import Site, TheSite
from app.fills import parts, queries, views
from app.fills.access import EditableFill, GrowingFill, OwnFill, OwnPart, ReadableFill, ReadablePart
from app.fills.errors import LastPart, TooManyParts
from app.fills.readings import Reading, read_parts
from app.fills.schemas import PartCreate, PartPage, PartPublic, PartUpdate
from app.identity.access import KnownCaller
from app.identity.scopes import needs_scope
from app.labels.access import AdultAsked
from app.labels.errors import AdultContent
from app.threads.errors import Frozen, LinksWait
from app.threads.screening import check_new_links

router = room_router("Fills")


async def _new(sent: PartCreate) -> Draft[PartCreate]:
    return await draft(sent, sent.body)


async def _edited(sent: PartUpdate) -> Draft[PartUpdate]:
    body = sent.body if "body" in sent.model_fields_set else None
    return await draft(sent, body)


@router.get(
    "/fills/{fill}/parts",
    response_model=PartPage,
    operation_id="list_parts",
    summary="List the parts of a fill",
    responses=refusals(AdultContent, BadCursor, NotFound, Gone),
)
async def list_parts(
    request: Request,
    fill: ReadableFill,
    session: CurrentSession,
    site: TheSite,
    page: ThePage,
) -> Response:
    """The parts of a fill in their order, without their text.

    Page after page in the order in which they stood when you asked for the first: each part that is
    there all the while comes exactly once, whatever the author puts in, moves or deletes meanwhile.
    What was added since comes last. `number` is a part's place now.
    """
    rows = await read_parts(session, site, Address.of(request), fill, page)
    items = [views.part_listed(site, fill.public_id, row) for row in rows.rows]
    return page_answer(
        request, {"items": items, "next": rows.next}, is_public=views.is_public(fill)
    )


async def _place_now(session: Session, site: Site, public_id: str) -> str | None:
    """Where a part is read now: others may have been put before it."""
    row = await session.first(queries.part_of_any(public_id))
    return None if row is None else views.part_url(site, row.fill_public_id, row.number)


@router.post(
    "/fills/{fill}/parts",
    status_code=201,
    response_model=PartPublic,
    operation_id="add_part",
    summary="Add a part to your fill",
    responses=refusals(
        NotAllowed,
        NameRequired,
        NotFound,
        Gone,
        Frozen,
        LinksWait,
        RoundClosed,
        Banned,
        PostingPaused,
        TooManyParts,
    ),
)
@needs_scope("fills:write")
@found_again(_place_now)
async def add_part(
    draft: Annotated[Draft[PartCreate], Depends(_new)],
    fill: GrowingFill,
    caller: KnownCaller,
    session: CurrentSession,
    site: TheSite,
) -> Response:
    """Let your fill grow by a part: at its end, or at `number`, where the parts from there on move
    up by one. It has up to 500,000 characters, so that no chapter needs splitting.
    """
    await check_new_links(session, fill, settings_of(fill), caller, draft.links)
    part = await parts.add_part(session, fill, draft)
    content, edit = await _content(session, site, fill.public_id, part.number)
    location = views.part_url(site, fill.public_id, part.number)
    return own_answer(content, status=201, edit=edit, location=location)


@router.get(
    "/fills/{fill}/parts/{number}",
    response_model=PartPublic,
    operation_id="read_part",
    summary="Read a part",
    responses=refusals(AdultContent, BadCursor, NotFound, Gone),
)
async def read_part(
    request: Request,
    fill: ReadableFill,
    part: ReadablePart,
    site: TheSite,
    adult: AdultAsked = False,
) -> Response:
    """One part with its text: `body` exactly as it was sent, `body_html` safe to show.

    To read on, follow `next_url` as it is. It leads to what comes after the part that you have read
    and not to a number, so that a reader who is in the middle of a story reads each part exactly
    once although the author puts one in, moves or deletes one before they come there; what was
    added since comes last. `url` in lists, and `number`, name a place: what stands there may
    change, and the part's `id` tells whether it has.
    """
    row, reading = part
    content = views.part(site, fill, row, reading, adult=adult)
    edit = edit_tag(row.public_id, row.edits)
    return seen_answer(request, content, is_public=views.is_public(fill), edit=edit)


@router.patch(
    "/fills/{fill}/parts/{number}",
    response_model=PartPublic,
    operation_id="edit_part",
    summary="Edit a part of your fill",
    responses=refusals(
        NotAllowed,
        NotFound,
        Banned,
        PostingPaused,
        Gone,
        LinksWait,
        PreconditionFailed,
        PreconditionRequired,
        RoundClosed,
    ),
)
@needs_scope("fills:write")
async def edit_part(
    request: Request,
    draft: Annotated[Draft[PartUpdate], Depends(_edited)],
    fill: EditableFill,
    part: OwnPart,
    caller: KnownCaller,
    session: CurrentSession,
    site: TheSite,
) -> Response:
    """Change a part of your own fill, or move it to another place with `number`.

    `If-Match` with the part's `ETag` is required, so that two open windows can't overwrite each
    other's work. What the part said before is kept for you, and for nobody else, for 30 days
    (`list_part_versions`).
    """
    check_if_match(request, edit_tag(part.public_id, part.edits), required=True)
    standing = (part.title, part.body, *part.content_notes)
    await check_new_links(session, fill, settings_of(fill), caller, draft.links, standing)
    number = await parts.edit_part(session, fill, part, draft)
    content, edit = await _content(session, site, fill.public_id, number)
    return own_answer(content, edit=edit)


@router.delete(
    "/fills/{fill}/parts/{number}",
    status_code=204,
    operation_id="delete_part",
    summary="Delete a part of your fill",
    responses=refusals(
        NotAllowed, NotFound, LastPart, Gone, PreconditionFailed, PreconditionRequired
    ),
)
@needs_scope("fills:write")
async def delete_part(
    request: Request, fill: OwnFill, part: OwnPart, session: CurrentSession
) -> Response:
    """Take a part of your own fill away for good, with all that it said before; the parts behind it
    move up. `If-Match` with the part's `ETag` is required.
    """
    check_if_match(request, edit_tag(part.public_id, part.edits), required=True)
    await parts.delete_part(session, fill, part)
    return no_content()


async def _content(
    session: Session, site: Site, fill_id: str, number: int
) -> tuple[dict[str, Any], str]:
    """A part as its author gets it back, and its version."""
    fill = await session.first(queries.fill(fill_id))
    assert fill is not None
    row = await session.first(queries.part(fill.id, number))
    assert row is not None
    reading = await Reading.begin(session, fill)
    return views.part(site, fill, row, reading), edit_tag(row.public_id, row.edits)
