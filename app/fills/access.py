"""How a request obtains a fill or a part."""

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request

from app.boards.access import check_editing, check_posting
from app.boards.rounds import check_takes_posts
from app.boards.settings import settings_of
from app.core.database import parameter, prepared_rows
from app.core.errors import Gone, NotFound
from app.core.fields import MAX_CURSOR, NumberInPath
from app.core.sessions import CurrentSession, held, hold
from app.core.site import TheSite
from app.core.sources import TheSource
from app.core.tables import table_of
from app.fills import queries
from app.fills.models import Fill
from app.fills.readings import Reading, resume
from app.fills.versions import since
from app.identity.access import KnownCaller, MaybeCaller, check_owner
from app.kit.ids import PATTERN
from app.labels.access import AdultAsked, check_adult
from app.threads.errors import Frozen
from app.threads.states import State

ReadingAsked = Annotated[
    str | None,
    Query(
        max_length=MAX_CURSOR,
        description="Where a reader is in the story, as `next_url` and `prev_url` carry it. The "
        "part is the one beside what they have read, wherever the author has moved it; `number` is "
        "where it was when the address was made.",
    ),
]
VersionId = Annotated[str, Path(pattern=PATTERN, description="The version's `id`.")]
FillId = Annotated[str, Path(pattern=PATTERN, description="The fill's `id`.")]


async def standing_fill(request: Request, session: CurrentSession, fill: FillId) -> Any:
    """The row of a fill that is not out of sight; it may be deleted."""
    prepared = _READ if request.method == "GET" else _HELD
    found = await session.rows(prepared, public_id=fill)
    if not found:
        raise NotFound
    return found[0]


_STANDING = queries.standing_fill(parameter("public_id"))
_READ = prepared_rows(_STANDING)
_HELD = prepared_rows(hold(_STANDING, table_of(Fill)))
StandingFill = Annotated[Any, Depends(standing_fill)]


async def seen_fill(
    request: Request, session: CurrentSession, caller: MaybeCaller, fill: FillId
) -> Any:
    """The row of a fill that the caller may see (:func:`queries.seen_fills`)."""
    if caller is None:
        return await standing_fill(request, session, fill)
    row = await session.first(held(request, queries.seen_fill(fill, caller), table_of(Fill)))
    if row is None:
        raise NotFound
    return row


SeenFill = Annotated[Any, Depends(seen_fill)]


async def fill_above(fill: StandingFill, adult: AdultAsked = False) -> Any:
    """A fill whose comments are being read. They stay when it is deleted.

    :raises AdultContent: it is adult, and that was not asked for.
    """
    check_adult(adult, fill.rating, fill.content_notes, fill.slug, fill.prompt_number)
    return fill


FillAbove = Annotated[Any, Depends(fill_above)]


async def readable_fill(fill: SeenFill, adult: AdultAsked = False) -> Any:
    """A fill to be read.

    :raises Gone: its author deleted it.
    """
    _refuse_deleted(fill)
    return await fill_above(fill, adult)


ReadableFill = Annotated[Any, Depends(readable_fill)]


async def open_fill(session: CurrentSession, fill: StandingFill) -> Any:
    """A fill below which comments may be posted.

    :raises Gone: its author deleted it.
    :raises Frozen: it, or its prompt, takes nothing more.
    :raises RoundClosed: its round is archived.
    """
    _check_open(fill)
    await check_takes_posts(session, fill)
    return fill


OpenFill = Annotated[Any, Depends(open_fill)]


async def own_fill(caller: KnownCaller, fill: SeenFill) -> Any:
    """The caller's own fill.

    :raises NotAllowed: somebody else wrote it.
    """
    _refuse_deleted(fill)
    check_owner(caller, fill)
    return fill


OwnFill = Annotated[Any, Depends(own_fill)]


async def editable_fill(
    session: CurrentSession, caller: KnownCaller, fill: OwnFill, source: TheSource
) -> Any:
    """The caller's own fill, to be edited, or a part of it.

    :raises PostingPaused: its board takes no new words now.
    :raises RoundClosed: its round is archived.
    """
    await check_takes_posts(session, fill)
    await check_editing(session, caller, fill.board_id, settings_of(fill), source=source)
    return fill


EditableFill = Annotated[Any, Depends(editable_fill)]


async def growing_fill(
    session: CurrentSession, caller: KnownCaller, fill: OwnFill, source: TheSource
) -> Any:
    """The caller's own fill, to which a part may be added, be it one that waits for a moderator. It
    stays signed as it is, whatever its board wants of new fills.

    :raises NameRequired: its board takes only posts under a name now, and it is anonymous.
    :raises PostingPaused: its board takes no posts now.
    :raises Frozen: it, or its prompt, takes nothing more.
    :raises RoundClosed: its round is archived.
    """
    settings = settings_of(fill)
    named = fill.account_id is not None
    await check_posting(session, caller, fill.board_id, settings, is_named=named, source=source)
    _check_open(fill)
    await check_takes_posts(session, fill)
    return fill


GrowingFill = Annotated[Any, Depends(growing_fill)]


async def readable_part(
    session: CurrentSession,
    site: TheSite,
    fill: ReadableFill,
    number: NumberInPath,
    reading: ReadingAsked = None,
) -> tuple[Any, Reading]:
    """A part to be read: the one at a place, where a reading begins; or the next one of a reading,
    which goes on. Its row, and the reading.

    :raises BadCursor: the reading is none of this fill.
    """
    if reading is None:
        begun = await Reading.begin(session, fill)
        return await _first(session, begun.at(number)), begun
    resumed, following = await resume(session, site, fill, reading)
    return await _first(session, following), resumed


ReadablePart = Annotated[tuple[Any, Reading], Depends(readable_part)]


async def own_part(session: CurrentSession, fill: OwnFill, number: NumberInPath) -> Any:
    """A part of the caller's own fill."""
    return await _part(session, fill, number)


OwnPart = Annotated[Any, Depends(own_part)]


async def own_part_read(fill: OwnFill, part: OwnPart, adult: AdultAsked = False) -> Any:
    """A part of the caller's own fill, whose earlier versions are read.

    :raises AdultContent: the fill is adult, and that was not asked for.
    """
    await fill_above(fill, adult)
    return part


OwnPartRead = Annotated[Any, Depends(own_part_read)]


async def own_version(session: CurrentSession, part: OwnPart, version: VersionId) -> Any:
    """What a part of the caller's own fill said before."""
    row = await session.first(queries.version(part.id, version, since=since()))
    if row is None:
        raise NotFound
    return row


OwnVersion = Annotated[Any, Depends(own_version)]


async def own_version_read(_part: OwnPartRead, version: OwnVersion) -> Any:
    """As :func:`own_version`, to be read.

    :raises AdultContent: the fill is adult, and that was not asked for.
    """
    return version


OwnVersionRead = Annotated[Any, Depends(own_version_read)]


async def _part(session: CurrentSession, fill: Any, number: int) -> Any:
    found = await session.rows(_PART, fill_id=fill.id, number=number)
    if not found:
        raise NotFound
    return found[0]


_PART = prepared_rows(queries.part(parameter("fill_id"), parameter("number")))


async def _first(session: CurrentSession, part_ids: Iterable[int]) -> Any:
    """The first of some parts that is still there."""
    for part_id in part_ids:
        row = await session.first(queries.part_by_id(part_id))
        if row is not None:
            return row
    raise NotFound


def _check_open(fill: Any) -> None:
    _refuse_deleted(fill)
    if fill.is_frozen or fill.prompt_is_frozen:
        raise Frozen


def _refuse_deleted(fill: Any) -> None:
    if fill.state == State.DELETED:
        raise Gone
