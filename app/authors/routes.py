"""Revealing and orphaning over HTTP."""

from typing import Annotated

from fastapi import Query, Response

from app.authors import service, views
from app.authors.access import (
    CommentSignature,
    CommentToOrphan,
    DiscussionSignature,
    DiscussionToOrphan,
    FillSignature,
    FillToOrphan,
    PromptSignature,
    PromptToOrphan,
)
from app.authors.errors import NotProven
from app.authors.schemas import SignedPublic
from app.authors.things import NewSignature, SignedPost
from app.boards.errors import AnonymityRequired, NameRequired
from app.core.answers import edit_tag, no_content, own_answer
from app.core.database import Session
from app.core.description import refusals
from app.core.errors import Gone, NotAllowed, NotFound
from app.core.fields import Flag
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.core.site import Site, TheSite
from app.identity.people import Byline

router = room_router("Authors")
DryRun = Annotated[Flag, Query(description="Change nothing, and tell what it would give away.")]
_SIGNING = refusals(NotFound, NotProven, AnonymityRequired, NameRequired, Gone)
_ORPHANING = refusals(NotFound, NotAllowed, Gone)


@router.put(
    "/prompts/{prompt}/author",
    response_model=SignedPublic,
    operation_id="sign_prompt",
    summary="Reveal who wrote a prompt, or hide it",
    responses=_SIGNING,
)
async def sign_prompt(
    new: PromptSignature, session: CurrentSession, site: TheSite, dry_run: DryRun = False
) -> Response:
    """Put the name of your account under a prompt that you posted behind a mask, or hide it again
    (`"anonymous": true`). Everything that shows it follows at once: lists, search, downloads.

    Send your session's token, and in `edit_token` the one of the mask that posted it; what your
    account posted itself (`anonymous`) needs none, and hiding takes either. The edit token goes on
    working. Once you hide your name again, the post shows the face that it had before.

    Ask with `dry_run=true` first: `gives_away` lists what else of yours in this conversation stands
    behind the same mask, so that readers would know it, too. On other prompts and in other
    discussions your faces differ, and nothing of those is given away.
    """
    return await _sign(session, site, new, is_dry_run=dry_run)


@router.delete(
    "/prompts/{prompt}/author",
    status_code=204,
    operation_id="orphan_prompt",
    summary="Leave a prompt without an author",
    responses=_ORPHANING,
)
async def orphan_prompt(post: PromptToOrphan, session: CurrentSession) -> Response:
    """Cut the tie between you and your prompt, for good. The text stays, without name and face;
    your token is good for it no more, and nobody can undo that, you and moderators included.
    """
    return await _orphan(session, post)


@router.put(
    "/fills/{fill}/author",
    response_model=SignedPublic,
    operation_id="sign_fill",
    summary="Reveal who wrote a fill, or hide it",
    responses=_SIGNING,
)
async def sign_fill(
    new: FillSignature, session: CurrentSession, site: TheSite, dry_run: DryRun = False
) -> Response:
    """Put the name of your account under a fill that you posted behind a mask, or hide it again. It
    works as it does for a prompt (`sign_prompt`): ask with `dry_run=true` first what else readers
    would know then.
    """
    return await _sign(session, site, new, is_dry_run=dry_run)


@router.delete(
    "/fills/{fill}/author",
    status_code=204,
    operation_id="orphan_fill",
    summary="Leave a fill without an author",
    responses=_ORPHANING,
)
async def orphan_fill(post: FillToOrphan, session: CurrentSession) -> Response:
    """As for a prompt (`orphan_prompt`), with a fill: the text stays, and is nobody's. What its
    parts said earlier is gone.
    """
    return await _orphan(session, post)


@router.put(
    "/discussions/{discussion}/author",
    response_model=SignedPublic,
    operation_id="sign_discussion",
    summary="Reveal who wrote a discussion, or hide it",
    responses=_SIGNING,
)
async def sign_discussion(
    new: DiscussionSignature, session: CurrentSession, site: TheSite, dry_run: DryRun = False
) -> Response:
    """Put the name of your account under a discussion that you began behind a mask, or hide it
    again. It works as it does for a prompt (`sign_prompt`): ask with `dry_run=true` first what else
    readers would know then.
    """
    return await _sign(session, site, new, is_dry_run=dry_run)


@router.delete(
    "/discussions/{discussion}/author",
    status_code=204,
    operation_id="orphan_discussion",
    summary="Leave a discussion without an author",
    responses=_ORPHANING,
)
async def orphan_discussion(post: DiscussionToOrphan, session: CurrentSession) -> Response:
    """Cut the tie between you and a discussion that you began, for good, as for a prompt
    (`orphan_prompt`): the text stays, and is nobody's.
    """
    return await _orphan(session, post)


@router.put(
    "/comments/{comment}/author",
    response_model=SignedPublic,
    operation_id="sign_comment",
    summary="Reveal who wrote a comment, or hide it",
    responses=_SIGNING,
)
async def sign_comment(
    new: CommentSignature, session: CurrentSession, site: TheSite, dry_run: DryRun = False
) -> Response:
    """Put the name of your account under a comment that you wrote behind a mask, or hide it again.
    It works as it does for a prompt (`sign_prompt`): ask with `dry_run=true` first what else
    readers would know then.
    """
    return await _sign(session, site, new, is_dry_run=dry_run)


@router.delete(
    "/comments/{comment}/author",
    status_code=204,
    operation_id="orphan_comment",
    summary="Leave a comment without an author",
    responses=_ORPHANING,
)
async def orphan_comment(post: CommentToOrphan, session: CurrentSession) -> Response:
    """Cut the tie between you and a comment of yours, for good, as for a prompt (`orphan_prompt`):
    the text stays, and is nobody's.
    """
    return await _orphan(session, post)


async def _sign(session: Session, site: Site, new: NewSignature, *, is_dry_run: bool) -> Response:
    given_away = await service.given_away(session, new)
    signed = Byline(new.post.row.mask_id, new.account_id)
    if not is_dry_run:
        await service.sign(session, new)
    badges = await service.badges(session, new.post, signed)
    content = views.signed(site, new, badges, given_away, is_dry_run=is_dry_run)
    return own_answer(content, edit=edit_tag(new.post.row.public_id, new.post.row.edits))


async def _orphan(session: Session, post: SignedPost) -> Response:
    await service.orphan(session, post)
    return no_content()
