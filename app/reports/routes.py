"""Reports over HTTP."""

from fastapi import Request, Response

from app.core.answers import check_if_match, edit_tag, own_answer, seen_answer
from app.core.database import Session
from app.core.description import refusals
from app.core.errors import BadCursor, PreconditionFailed
from app.core.paging import Address, ThePage, page_answer, read_page
from app.core.parameters import ACCEPTS_ADULT
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.core.site import Site, TheSite
from app.identity.access import Administrator, KnownCaller
from app.identity.errors import NotAdministrator
from app.identity.scopes import needs_scope
from app.moderation.errors import SameModerator
from app.reports import queries, service, views
from app.reports.access import (
    DecidedReport,
    ReadableReport,
    TheReported,
    TheReporter,
    keeper_named,
)
from app.reports.categories import HIDING
from app.reports.deciding import bring_back, hide
from app.reports.errors import NoReceipt
from app.reports.lists import OLDEST_FIRST
from app.reports.schemas import ReportCreate, ReportPage, ReportPublic, ReportReceipt, ReportUpdate

router = room_router("Reports")


@router.post(
    "/reports",
    status_code=201,
    response_model=ReportReceipt,
    operation_id="report_something",
    summary="Report something",
    responses={
        200: {"model": ReportReceipt, "description": "You had reported it already: this is it."}
    },
)
@needs_scope("reports:write")
async def report_something(
    sent: ReportCreate,
    thing: TheReported,
    reporter: TheReporter,
    session: CurrentSession,
    site: TheSite,
) -> Response:
    """Tell the moderators of a board that something is wrong with a prompt, a fill, a part, a
    comment or a discussion. Nobody needs an account for it, and whoever wrote it never learns who
    you are; not even moderators do.

    You report a thing once: again, you get the first report (200), without its `note` where only
    the network tells that it is yours. The receipt carries a
    `receipt_token`, by which you read what came of it. `minor_safety` and `outing` take it out of
    sight at once, until a moderator has looked; a few times a day, and not what a moderator has
    cleared already. Nothing else is hidden by reports, however many there are.
    """
    known = await session.first(
        queries.by(thing.type, thing.thing_id, reporter.mask_id, reporter.at_thing)
    )
    if known is not None:
        content = views.report(site, known, for_moderator=False)
        # Others come from the same network, be it whoever wrote the thing: what was said in
        # confidence is read with the receipt, or by the mask that said it.
        is_own = known.mask_id is not None and known.mask_id == reporter.mask_id
        note = known.note if is_own else None
        edit = edit_tag(known.public_id, known.edits)
        return own_answer({**content, "note": note, "receipt_token": None}, edit=edit)
    hider = None
    if sent.category in HIDING:
        hider = await service.may_hide(session, thing, reporter)
    if hider is not None and not await hide(session, site, thing, HIDING[sent.category]):
        hider = None
    public_id, token = await service.make_report(
        session, thing, reporter, sent.category, sent.note, hider=hider
    )
    row = await session.first(queries.report(public_id))
    content = views.report(site, row, for_moderator=False)
    return own_answer(
        {**content, "receipt_token": token},
        status=201,
        edit=edit_tag(public_id, 0),
        location=views.url(site, public_id),
    )


@router.get(
    "/reports",
    response_model=ReportPage,
    operation_id="list_escalated_reports",
    dependencies=[ACCEPTS_ADULT],
    summary="List reports that nobody decided about",
    responses=refusals(BadCursor, NotAdministrator),
)
async def list_escalated_reports(
    request: Request,
    _administrator: Administrator,
    session: CurrentSession,
    site: TheSite,
    page: ThePage,
) -> Response:
    """The reports that hid something, on whatever board, and about which its moderators have not
    decided within 72 hours, the oldest first; for administrators.
    """
    statement = queries.overdue(service.overdue_since())
    read = await read_page(session, site, Address.of(request), statement, OLDEST_FIRST, page)
    items = [views.report(site, row, for_moderator=True) for row in read.rows]
    return page_answer(request, {"items": items, "next": read.next}, is_public=False)


@router.get(
    "/reports/{report}",
    response_model=ReportPublic,
    operation_id="read_report",
    dependencies=[ACCEPTS_ADULT],
    summary="Read what came of a report",
    responses=refusals(NoReceipt),
)
async def read_report(request: Request, seen: ReadableReport, site: TheSite) -> Response:
    """A report: somebody said that something is wrong with a post. It is read by whoever made it,
    with the token of its receipt in the header `Fillboard-Receipt`, and by the board's moderators:
    whether it is still open, and what came of it.
    """
    content = views.report(site, seen.row, for_moderator=seen.is_moderator)
    edit = edit_tag(seen.row.public_id, seen.row.edits)
    return seen_answer(request, content, is_public=False, edit=edit)


@router.patch(
    "/reports/{report}",
    response_model=ReportPublic,
    operation_id="decide_report",
    summary="Decide about a report",
    responses=refusals(NoReceipt, SameModerator, PreconditionFailed),
)
@needs_scope("moderate")
async def decide_report(
    request: Request,
    sent: ReportUpdate,
    report: DecidedReport,
    caller: KnownCaller,
    session: CurrentSession,
    site: TheSite,
) -> Response:
    """Take a report on, or decide about it. To **uphold** it does nothing by itself to what was
    reported: act upon that (`…/mod-actions`, where `closes_reports` upholds the reports, too). To
    **dismiss** it brings back what it hid, unless another report or a moderator wants it hidden,
    and clears that: until it is edited, reports don't hide it any more. `open` reopens it.

    This needs the token of one of the board's moderators, or of an administrator. Whoever posted
    what was reported does not decide about it, unless nobody else moderates the board.
    """
    check_if_match(request, edit_tag(report.public_id, report.edits))
    if "assigned_to" in sent.model_fields_set:
        name = sent.assigned_to
        keeper = None
        if name is not None:
            keeper = await keeper_named(session, report.board_id, name, caller)
        await service.assign(session, report, keeper)
    if "status" in sent.model_fields_set and sent.status != report.status:
        await service.decide(session, report, sent.status)
        if sent.status == "dismissed":
            await bring_back(session, site, report, caller)
    return await _answer(session, site, report.public_id)


async def _answer(session: Session, site: Site, public_id: str) -> Response:
    row = await session.first(queries.report(public_id))
    assert row is not None
    content = views.report(site, row, for_moderator=True)
    return own_answer(content, edit=edit_tag(public_id, row.edits))
