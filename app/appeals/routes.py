"""Appeals over HTTP."""

from fastapi import Request, Response

from app.appeals import queries, service, views
from app.appeals.access import ReadableAppeal, TheGrievance, UndecidedAppeal
from app.appeals.errors import AlreadyAppealed, AlreadyDecided
from app.appeals.overturning import overturn
from app.appeals.schemas import AppealCreate, AppealPublic, AppealUpdate
from app.core.answers import check_if_match, edit_tag, own_answer, seen_answer
from app.core.description import refusals
from app.core.errors import NotFound, PreconditionFailed
from app.core.parameters import ACCEPTS_ADULT
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.core.site import TheSite
from app.identity.access import KnownCaller
from app.identity.scopes import needs_scope
from app.moderation.errors import SameModerator

router = room_router("Moderation")


@router.post(
    "/mod-log/{entry}/appeals",
    status_code=201,
    response_model=AppealPublic,
    operation_id="appeal_against_decision",
    summary="Appeal against a decision",
    responses=refusals(NotFound, AlreadyAppealed),
)
async def appeal_against_decision(
    sent: AppealCreate, grievance: TheGrievance, session: CurrentSession, site: TheSite
) -> Response:
    """Ask for another look at what moderators did to something that you posted, or at your ban.
    Your post tells you the entry (`moderation.log_id`), and afterwards what came of it
    (`moderation.appeal`). Another moderator than the one who acted decides, and you may ask once.

    Send the token with which you posted.
    """
    made = await service.appeal(session, grievance.entry, grievance.things, sent.note)
    row = await session.first(queries.by_number(made.id))
    assert row is not None
    edit = edit_tag(row.public_id, row.edits)
    return own_answer(views.appeal(row), status=201, edit=edit, location=views.url(site, row))


@router.get(
    "/mod-log/{entry}/appeals/{appeal}",
    response_model=AppealPublic,
    operation_id="read_appeal",
    dependencies=[ACCEPTS_ADULT],
    summary="Read what came of an appeal",
    responses=refusals(NotFound),
)
async def read_appeal(request: Request, appeal: ReadableAppeal) -> Response:
    """An appeal: somebody whose post was acted upon asked another moderator to look. It is read by
    whoever made it and by the board's moderators: what it says, whether it was decided, and what
    was answered.
    """
    edit = edit_tag(appeal.public_id, appeal.edits)
    return seen_answer(request, views.appeal(appeal), is_public=False, edit=edit)


@router.patch(
    "/mod-log/{entry}/appeals/{appeal}",
    response_model=AppealPublic,
    operation_id="decide_appeal",
    summary="Decide about an appeal",
    responses=refusals(NotFound, SameModerator, AlreadyDecided, PreconditionFailed),
)
@needs_scope("moderate")
async def decide_appeal(
    request: Request,
    sent: AppealUpdate,
    appeal: UndecidedAppeal,
    caller: KnownCaller,
    session: CurrentSession,
    site: TheSite,
) -> Response:
    """Let a decision stand (`upheld`), or overturn it. What was hidden, screened, held or frozen
    comes back then, and a ban is lifted, each on record; labels and moves are put right by hand.

    This is for another moderator of the board than the one who acted, or an administrator.
    """
    check_if_match(request, edit_tag(appeal.public_id, appeal.edits))
    await service.decide(session, appeal, sent.status, sent.answer)
    if sent.status == "overturned":
        await overturn(session, site, appeal, caller)
    row = await session.first(queries.by_number(appeal.id))
    assert row is not None
    return own_answer(views.appeal(row), edit=edit_tag(row.public_id, row.edits))
