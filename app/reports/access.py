"""How a request obtains what it reports, and reports themselves."""

import hmac
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header, Path

from app.boards import queries as board_queries
from app.boards.access import moderates
from app.comments.access import head_of
from app.core.database import Session
from app.core.errors import ScopeRequired, invalid
from app.core.sessions import CurrentSession
from app.core.site import Site, TheSite
from app.core.sources import TheSource
from app.fills import queries as fill_queries
from app.fills.views import is_public
from app.identity.access import KnownCaller, MaybeCaller
from app.identity.people import Caller
from app.identity.service import has_posted
from app.kit.ids import PATTERN
from app.kit.tokens import TokenKind, hash_of, kind_of
from app.moderation.errors import SameModerator
from app.moderation.kinds import KINDS
from app.moderation.system import SERVICE, wait_for_turn
from app.reports import queries
from app.reports.errors import NoReceipt
from app.reports.schemas import ReportCreate, ReportUpdate
from app.reports.service import HIDES_A_DAY
from app.reports.things import Reported, Reporter
from app.threads.states import State

ReportId = Annotated[str, Path(pattern=PATTERN, description="The report's `id`.")]
Receipt = Annotated[
    str | None,
    Header(
        alias="Fillboard-Receipt",
        max_length=100,
        description="The `receipt_token` of the report, for whoever made it.",
    ),
]


async def reported_thing(sent: ReportCreate, session: CurrentSession, site: TheSite) -> Reported:
    """The thing that is reported, if everybody can see it. Nobody else acts as a moderator of its
    board, or reports anything there, until the commit.

    :raises Invalid: there is no such thing, or nobody can see it.
    """
    kind, public_id = sent.target.type, sent.target.id
    row = await session.first(KINDS[kind].find(public_id))
    if row is not None:
        await wait_for_turn(session, row.board_id)
        row = await session.first(KINDS[kind].find(public_id))
    if row is None or not await _is_seen(session, site, kind, row):
        raise invalid("body", "/target/id", "no_such_target", "There is no such thing.")
    return await reported(session, kind, row)


TheReported = Annotated[Reported, Depends(reported_thing)]


async def reported(session: Session, kind: str, row: Any) -> Reported:
    """A thing that is reported, from its row."""
    acted_upon, acted_id, version = (kind, row.public_id), row.id, ""
    if kind == "part":
        fill = await session.first(fill_queries.fill(row.fill_public_id))
        assert fill is not None
        acted_upon, acted_id = ("fill", fill.public_id), fill.id
        version = await _version_of_fill(session, fill)
    elif kind == "fill":
        version = await _version_of_fill(session, row)
    else:
        version = str(row.edits)
    return Reported(kind, row.id, row.public_id, row.board_id, row, acted_upon, acted_id, version)


async def reporter(
    site: TheSite, caller: MaybeCaller, source: TheSource, thing: TheReported
) -> Reporter:
    """Whoever reports something.

    :raises ScopeRequired: an API key was made for another board.
    """
    if caller is not None and not caller.may_write_on(thing.board_id):
        raise ScopeRequired("The key was made for another board.")
    at_thing = source.hashes(f"report/{thing.type}/{thing.public_id}")
    on_board = source.hashes(f"reporter/{thing.board_id}")[0]
    if caller is not None:
        named = f"reporter/{thing.board_id}/{caller.mask_id}"
        on_board = hmac.digest(site.alias_key, named.encode(), "sha256")
    mask_id = None if caller is None else caller.mask_id
    # Each thing that a network hides within a day is noted at a place of its own, so that nothing
    # says which of them are one network's to whoever does not have the key.
    hides = [source.hashes(f"hider/{number}") for number in range(HIDES_A_DAY)]
    return Reporter(mask_id, at_thing, hides, source.hashes("hider")[0], on_board)


TheReporter = Annotated[Reporter, Depends(reporter)]


@dataclass(frozen=True)
class Seen:
    """A report, and whether a moderator looks at it."""

    row: Any
    is_moderator: bool


async def readable_report(
    session: CurrentSession, caller: MaybeCaller, report: ReportId, receipt: Receipt = None
) -> Seen:
    """A report for whoever made it, or for a moderator of its board.

    :raises NoReceipt: for anybody else, whether or not there is one.
    """
    row = await session.first(queries.report(report))
    if row is None:
        raise NoReceipt
    if await moderates(session, caller, row.board_id):
        return Seen(row, is_moderator=True)
    is_receipt = receipt is not None and kind_of(receipt) is TokenKind.RECEIPT
    if is_receipt and hmac.compare_digest(hash_of(receipt or ""), bytes(row.receipt)):
        return Seen(row, is_moderator=False)
    raise NoReceipt


ReadableReport = Annotated[Seen, Depends(readable_report)]


async def moderated_report(session: CurrentSession, caller: KnownCaller, report: ReportId) -> Any:
    """A report about something on a board that the caller moderates, whose turn it is to act.

    :raises NoReceipt: for anybody else, whether or not there is one.
    """
    row = await session.first(queries.report(report))
    if row is None or not await moderates(session, caller, row.board_id):
        raise NoReceipt
    await wait_for_turn(session, row.board_id)
    row = await session.first(queries.report(report))
    assert row is not None
    return row


ModeratedReport = Annotated[Any, Depends(moderated_report)]


async def decided_report(
    sent: ReportUpdate, session: CurrentSession, caller: KnownCaller, report: ModeratedReport
) -> Any:
    """A report about which the caller may decide, if that is what they ask for.

    :raises SameModerator: it is about something that they posted.
    """
    decides = "status" in sent.model_fields_set and sent.status != report.status
    if decides and not await may_decide(session, caller, report.type, report.target_id):
        raise SameModerator
    return report


DecidedReport = Annotated[Any, Depends(decided_report)]


async def may_decide(session: Session, caller: Caller, kind: str, public_id: str) -> bool:
    """Whether a moderator decides about what is said of a thing: of what they posted another does,
    if the board has one.
    """
    row = await session.first(KINDS[kind].find(public_id))
    if row is not None and kind == "part":
        row = await session.first(fill_queries.fill(row.fill_public_id))
    if row is None or not await has_posted(session, caller, row):
        return True
    assert caller.account_id is not None
    others = board_queries.other_moderators(row.board_id, caller.account_id)
    return await session.first(others) is None


async def keeper_named(session: Session, board_id: int, name: str, caller: Caller) -> int:
    """The account of a moderator of a board, by name; an administrator may name themselves.

    :raises Invalid: nobody of that name moderates the board.
    """
    if caller.name is not None and name.lower() == caller.name.lower():
        assert caller.account_id is not None
        return caller.account_id
    found = await session.first(board_queries.moderator(board_id, name.lower()))
    if found is None or found.role is None:
        message = "Nobody of that name moderates this board."
        raise invalid("body", "/assigned_to", "no_such_moderator", message)
    return int(found.account_id)


async def _is_seen(session: Session, site: Site, kind: str, row: Any) -> bool:
    if row.state != State.VISIBLE:
        return False
    if kind in ("fill", "part"):
        fill = row
        if kind == "part":
            fill = await session.first(fill_queries.fill(row.fill_public_id))
        return fill is not None and is_public(fill)
    if kind == "comment":
        return (await head_of(session, site, row, SERVICE)).is_in_sight
    return True


async def _version_of_fill(session: Session, fill: Any) -> str:
    parts = await session.first(queries.edits_of_parts(fill.id))
    assert parts is not None
    return f"{fill.edits}/{parts.parts}/{parts.edits}"
