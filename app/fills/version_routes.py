"""What the parts of a fill said before, for their author, over HTTP."""

from fastapi import Request, Response

from app.core.answers import no_content, seen_answer
from app.core.description import refusals
from app.core.errors import BadCursor, Gone, NotAllowed, NotFound
from app.core.paging import Address, ThePage, page_answer, read_page
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.core.site import TheSite
from app.fills import queries, versions, views
from app.fills.access import OwnFill, OwnPartRead, OwnVersion, OwnVersionRead
from app.fills.schemas import VersionPage, VersionWhole
from app.identity.scopes import needs_scope
from app.labels.errors import AdultContent

router = room_router("Fills")


@router.get(
    "/fills/{fill}/parts/{number}/versions",
    response_model=VersionPage,
    operation_id="list_part_versions",
    summary="List what your part said before",
    responses=refusals(AdultContent, NotAllowed, BadCursor, NotFound, Gone),
)
async def list_part_versions(
    request: Request,
    fill: OwnFill,
    part: OwnPartRead,
    session: CurrentSession,
    site: TheSite,
    page: ThePage,
) -> Response:
    """The earlier versions of a part of your own fill, the one that was replaced last first,
    without their text. Nobody but you sees them, moderators and administrators included, and no
    search finds them.

    Each edit of a part's text, title or notes keeps what they were for 30 days. Of each part the
    five latest versions are kept as they are, before those one an hour, and twenty at most. When
    you delete the part or the fill, they are gone at once; one alone goes with
    `delete_part_version`.
    """
    listed = queries.versions_listed(part.id, since=versions.since())
    rows = await read_page(session, site, Address.of(request), listed, versions.NEWEST_FIRST, page)
    items = [views.version_listed(site, fill.public_id, part.number, row) for row in rows.rows]
    return page_answer(request, {"items": items, "next": rows.next}, is_public=False)


@router.get(
    "/fills/{fill}/parts/{number}/versions/{version}",
    response_model=VersionWhole,
    operation_id="read_part_version",
    summary="Read what your part said before",
    responses=refusals(AdultContent, NotAllowed, NotFound, Gone),
)
async def read_part_version(
    request: Request, fill: OwnFill, part: OwnPartRead, version: OwnVersionRead, site: TheSite
) -> Response:
    """One earlier version of a part of your own fill, with its text.

    To bring it back, edit the part (`edit_part`) with the `body`, `title` and `content_notes` that
    you read here. What stands there now is kept in its turn.
    """
    content = views.version(site, fill.public_id, part.number, version)
    return seen_answer(request, content, is_public=False)


@router.delete(
    "/fills/{fill}/parts/{number}/versions/{version}",
    status_code=204,
    operation_id="delete_part_version",
    summary="Delete what your part said before",
    responses=refusals(NotAllowed, NotFound, Gone),
)
@needs_scope("fills:write")
async def delete_part_version(version: OwnVersion, session: CurrentSession) -> Response:
    """Delete one earlier version of a part of your own fill at once and for good: when you have
    taken something out that should be kept nowhere, such as somebody's name.
    """
    await versions.drop_version(session, version)
    return no_content()
