"""Tags over HTTP."""

from fastapi import Request, Response

from app.boards.access import ListedBoard, ModeratedBoard
from app.core.answers import edit_tag, no_content, own_answer
from app.core.description import refusals
from app.core.errors import BadCursor, NotFound
from app.core.paging import Address, ThePage, page_answer, read_page
from app.core.parameters import ACCEPTS_ADULT
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.core.site import Site, TheSite
from app.identity.errors import NotModerator
from app.identity.scopes import needs_scope
from app.tags import queries, service, views
from app.tags.access import ModeratedAlias, ModeratedParent
from app.tags.errors import AliasCircle, AliasTaken
from app.tags.lists import (
    NEWEST_ALIAS_FIRST,
    NEWEST_PARENT_FIRST,
    TheTagsAsked,
    read_tags,
)
from app.tags.schemas import (
    AliasCreate,
    AliasPage,
    AliasPublic,
    ParentCreate,
    ParentPage,
    ParentPublic,
    TagPage,
)

router = room_router("Tags")


@router.get(
    "/tags",
    response_model=TagPage,
    operation_id="list_tags",
    summary="Complete a tag",
    responses=refusals(BadCursor),
)
async def list_tags(
    request: Request, session: CurrentSession, site: TheSite, asked: TheTagsAsked, page: ThePage
) -> Response:
    """The tags in use on any board, by name: with `q` those that begin so, which is what a field
    that completes tags while somebody types asks for. Where a synonym begins so, the tag that a
    board files it under is there.

    Names that differ only in case or in how accents are encoded are one tag. In a vocabulary of
    many thousands a page may be shorter than `limit` and still lead on.
    """
    address = Address.of(request)
    rows = await read_tags(session, site, address, asked, page)
    content = {"items": await views.tags(session, rows.rows), "next": rows.next}
    return page_answer(request, content)


@router.get(
    "/boards/{board}/tags",
    response_model=TagPage,
    operation_id="list_board_tags",
    summary="List the tags in use on a board",
    responses=refusals(BadCursor, NotFound),
)
async def list_board_tags(
    request: Request,
    board: ListedBoard,
    session: CurrentSession,
    site: TheSite,
    asked: TheTagsAsked,
    page: ThePage,
) -> Response:
    """The tags that prompts and fills of a board carry, by name, with how many do.

    Synonyms are counted with the tag that they are filed under, and `q` finds it by their names,
    too. For the tags of a filtered list,
    most frequent first, see `facets`.
    """
    rows = await read_tags(session, site, Address.of(request), asked, page, board.id)
    items = await views.tags(session, rows.rows, board.id)
    return page_answer(request, {"items": items, "next": rows.next})


@router.get(
    "/boards/{board}/tag-aliases",
    response_model=AliasPage,
    operation_id="list_tag_aliases",
    dependencies=[ACCEPTS_ADULT],
    summary="List a board's synonyms",
    responses=refusals(BadCursor, NotFound),
)
async def list_tag_aliases(
    request: Request, board: ListedBoard, session: CurrentSession, site: TheSite, page: ThePage
) -> Response:
    """Which tags a board files under which others, the newest entry first: whoever looks for one
    spelling of a tag finds the others, too. Moderators keep this list.
    """
    rows = await read_page(
        session, site, Address.of(request), queries.aliases(board.id), NEWEST_ALIAS_FIRST, page
    )
    items = [views.alias(row) for row in rows.rows]
    return page_answer(request, {"items": items, "next": rows.next})


@router.post(
    "/boards/{board}/tag-aliases",
    status_code=201,
    response_model=AliasPublic,
    operation_id="add_tag_alias",
    summary="Merge two tags",
    responses={
        200: {"model": AliasPublic, "description": "It stood already."},
        **refusals(NotFound, NotModerator, AliasTaken, AliasCircle),
    },
)
@needs_scope("moderate")
async def add_tag_alias(
    sent: AliasCreate, board: ModeratedBoard, session: CurrentSession, site: TheSite
) -> Response:
    """File one tag under another of its kind: what carries the synonym, now or later, is filtered
    and counted under the canonical tag. The labels of works stay as they were typed, and a search
    for words finds those that were. There are no chains: what was filed under the synonym is filed
    under the canonical tag from now on, each by an entry of its own that can be taken back.

    This needs the token of one of the board's moderators.
    """
    alias, is_new = await service.add_alias(session, board.id, sent)
    row = await session.first(queries.alias(board.id, alias))
    return _made(site, f"/boards/{board.slug}/tag-aliases", views.alias(row), is_new=is_new)


@router.delete(
    "/boards/{board}/tag-aliases/{alias}",
    status_code=204,
    operation_id="remove_tag_alias",
    summary="Part two tags again",
    responses=refusals(NotFound, NotModerator),
)
@needs_scope("moderate")
async def remove_tag_alias(
    board: ModeratedBoard, alias: ModeratedAlias, session: CurrentSession
) -> Response:
    """File a synonym under itself again, with everything that carries it."""
    await service.remove_alias(session, board.id, alias)
    return no_content()


@router.get(
    "/boards/{board}/tag-parents",
    response_model=ParentPage,
    operation_id="list_tag_parents",
    dependencies=[ACCEPTS_ADULT],
    summary="List which tags belong to which fandoms",
    responses=refusals(BadCursor, NotFound),
)
async def list_tag_parents(
    request: Request, board: ListedBoard, session: CurrentSession, site: TheSite, page: ThePage
) -> Response:
    """Which characters, relationships and tags a board's moderators say belong to which fandoms,
    the newest entry first.
    """
    rows = await read_page(
        session, site, Address.of(request), queries.parents(board.id), NEWEST_PARENT_FIRST, page
    )
    items = [views.parent(row) for row in rows.rows]
    return page_answer(request, {"items": items, "next": rows.next})


@router.post(
    "/boards/{board}/tag-parents",
    status_code=201,
    response_model=ParentPublic,
    operation_id="add_tag_parent",
    summary="Say which fandom a tag belongs to",
    responses={
        200: {"model": ParentPublic, "description": "It stood already."},
        **refusals(NotFound, NotModerator),
    },
)
@needs_scope("moderate")
async def add_tag_parent(
    sent: ParentCreate, board: ModeratedBoard, session: CurrentSession, site: TheSite
) -> Response:
    """Say that a character, a relationship or a tag belongs to a fandom, so that `fandom` narrows
    what is offered while somebody types. It may belong to several. No label of a work changes.

    This needs the token of one of the board's moderators.
    """
    parent, is_new = await service.add_parent(session, board.id, sent)
    row = await session.first(queries.parent(board.id, parent))
    return _made(site, f"/boards/{board.slug}/tag-parents", views.parent(row), is_new=is_new)


@router.delete(
    "/boards/{board}/tag-parents/{parent}",
    status_code=204,
    operation_id="remove_tag_parent",
    summary="Say no longer which fandom a tag belongs to",
    responses=refusals(NotFound, NotModerator),
)
@needs_scope("moderate")
async def remove_tag_parent(parent: ModeratedParent, session: CurrentSession) -> Response:
    """Take back that a tag belongs to a fandom. No label of a work changes."""
    await service.remove_parent(session, parent)
    return no_content()


def _made(site: Site, where: str, content: dict[str, str], *, is_new: bool) -> Response:
    """The answer to what made an entry, or found it standing. It is read in its list."""
    # Nobody edits an entry: it has one version.
    edit = edit_tag(content["id"], 0)
    if not is_new:
        return own_answer(content, edit=edit)
    return own_answer(content, status=201, edit=edit, location=site.url(where))
