"""Moderation over HTTP."""

from fastapi import Request, Response

from app.boards.access import ListedBoard, ModeratedBoard
from app.boards.errors import AnonymityRequired, NameRequired
from app.core.answers import edit_tag, no_content, own_answer, public_answer
from app.core.description import refusals
from app.core.errors import BadCursor, NotFound
from app.core.paging import Address, ThePage, page_answer, read_page
from app.core.parameters import ACCEPTS_ADULT
from app.core.routing import room_router
from app.core.sessions import CurrentSession
from app.core.site import TheSite
from app.discussions.errors import DiscussionClosed
from app.fills.errors import TooManyParts
from app.identity.access import KnownCaller
from app.identity.errors import NotAdministrator, NotModerator
from app.identity.scopes import needs_scope
from app.moderation import queries, service, views
from app.moderation.access import OwnBan, TheHeldAction, TheLogEntry
from app.moderation.errors import AnotherAuthor, LeavesAdultThread, NothingToDo, TooManyActions
from app.moderation.lists import BANS_NEWEST_FIRST, NEWEST_FIRST, TheLogAsked
from app.moderation.reasons import REASONS
from app.moderation.schemas import BanPage, LogEntryPublic, LogPage, ReasonPage

router = room_router("Moderation")


@router.post(
    "/boards/{board}/mod-actions",
    status_code=201,
    response_model=LogEntryPublic,
    operation_id="act_as_moderator",
    summary="Keep order on a board",
    responses=refusals(
        NotFound,
        NotModerator,
        NotAdministrator,
        NothingToDo,
        DiscussionClosed,
        LeavesAdultThread,
        AnotherAuthor,
        AnonymityRequired,
        NameRequired,
        TooManyParts,
        TooManyActions,
    ),
)
@needs_scope("moderate")
async def act_as_moderator(held: TheHeldAction, session: CurrentSession, site: TheSite) -> Response:
    """Take something out of sight or bring it back, close it to replies, correct its labels, put a
    misplaced comment where it belongs, or ban whoever posted it, with a reason. Everything that an
    action does happens at once, or nothing of it, and it stands as one entry in the board's public
    log, which is the answer.

    With `targets` the same is done to up to 100 things of the board. Those that are so already are
    passed over; if all are, the answer is 409 `nothing-to-do` and nothing is written.

    What is **screened** waits for a moderator's decision, what is **hidden** has met with one. To
    everybody but its author and the board's moderators, both are as if they did not exist, and what
    stands below a prompt, a fill or a discussion goes with it. A comment with replies stays as a
    tombstone: its words and its author are gone from it.

    A **moved** comment keeps its `id`, and what is below it moves along in its order. Where it
    stood a stub says where it went, until it is moved back. Its author keeps the face that it was
    seen with, also in another conversation, and is recognised there by nothing: so nobody learns
    who else they are in it. `part_number` is null unless it stays below its fill. A discussion that
    is closed takes no comments from elsewhere, either, nor are those in it put elsewhere in it:
    open it first.

    A **converted** comment becomes the fill or the part that it was meant to be, signed as it was
    and owned by whoever wrote it; the replies to it stay where they are, below a stub.

    Whoever is **banned** reads on, deletes and exports what is theirs, and posts nothing on this
    board. You never learn who they are, nor whether there is an account behind a mask; the log does
    not say for which post it was.

    In bulk one moderator acts upon 500 things in an hour at most. This needs the token of one of
    the board's moderators, or of an administrator. The author of what you act upon is told
    `action`, `reason` and `note` where they read it with their token.
    """
    entry = await service.take_action(held)
    row = await session.first(queries.entry(entry.public_id))
    content = views.entry(site, row)
    edit = edit_tag(entry.public_id, 0)
    return own_answer(content, status=201, edit=edit, location=content["url"])


@router.get(
    "/boards/{board}/mod-log",
    response_model=LogPage,
    operation_id="list_mod_log",
    dependencies=[ACCEPTS_ADULT],
    summary="Read what moderators did on a board",
    responses=refusals(BadCursor, NotFound),
)
async def list_mod_log(
    request: Request,
    board: ListedBoard,
    session: CurrentSession,
    site: TheSite,
    asked: TheLogAsked,
    page: ThePage,
) -> Response:
    """The board's log, the newest entry first. Everybody may read it, and nobody can change or
    delete what stands in it.

    An entry names what it was done to only if that was one thing which everybody had been able to
    see; else it says to how many things it was done. Which moderator acted is never told.
    """
    statement = asked.on_board(board.id)
    rows = await read_page(session, site, Address.of(request), statement, NEWEST_FIRST, page)
    items = [views.entry(site, row) for row in rows.rows]
    return page_answer(request, {"items": items, "next": rows.next})


@router.get(
    "/mod-log/{entry}",
    response_model=LogEntryPublic,
    operation_id="read_log_entry",
    dependencies=[ACCEPTS_ADULT],
    summary="Read an entry of a log",
    responses=refusals(NotFound),
)
async def read_log_entry(request: Request, entry: TheLogEntry, site: TheSite) -> Response:
    """One thing that was done on a board: what, to which post, for which reason, and when.
    Everybody may read it. Whether a moderator, the author or the service did it is said, and never
    who.
    """
    edit = edit_tag(entry.public_id, 0)
    return public_answer(request, views.entry(site, entry), edit=edit)


@router.get(
    "/boards/{board}/bans",
    response_model=BanPage,
    operation_id="list_bans",
    dependencies=[ACCEPTS_ADULT],
    summary="List a board's bans",
    responses=refusals(BadCursor, NotFound, NotModerator),
)
async def list_bans(
    request: Request, board: ModeratedBoard, session: CurrentSession, site: TheSite, page: ThePage
) -> Response:
    """The bans of a board, the newest first, those that are over included; for its moderators.
    Whom they meet is not told.
    """
    statement = queries.bans(board.id)
    read = await read_page(session, site, Address.of(request), statement, BANS_NEWEST_FIRST, page)
    items = [views.ban(row) for row in read.rows]
    return page_answer(request, {"items": items, "next": read.next}, is_public=False)


@router.delete(
    "/boards/{board}/bans/{ban}",
    status_code=204,
    operation_id="lift_ban",
    summary="Lift a ban",
    responses=refusals(NotFound, NotModerator, NothingToDo),
)
@needs_scope("moderate")
async def lift_ban(
    board: ModeratedBoard, ban: OwnBan, caller: KnownCaller, session: CurrentSession
) -> Response:
    """Let somebody post again before their ban is over. It stands in the board's log as `unban`."""
    await service.lift(session, board.id, caller, ban)
    return no_content()


@router.get(
    "/reasons",
    response_model=ReasonPage,
    operation_id="list_reasons",
    dependencies=[ACCEPTS_ADULT],
    summary="Explain the reasons",
)
async def list_reasons(request: Request) -> Response:
    """For which reasons moderators act: the codes that stand in logs, with what they mean. They are
    the same on all boards, so an app can show the words of its own for each code.
    """
    items = [views.reason(each) for each in REASONS]
    return page_answer(request, {"items": items, "next": None})
