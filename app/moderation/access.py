"""How a request obtains what a moderator acts upon, and an entry of the log."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, Path

from app.boards.access import ListedBoard, ModeratedBoard, moderates
from app.boards.posting import check_anonymity
from app.comments import queries as comment_queries
from app.comments.access import head_of
from app.core.errors import Invalid, NotFound, fault, invalid
from app.core.sessions import CurrentSession
from app.core.site import TheSite
from app.discussions.errors import DiscussionClosed
from app.identity.access import KnownCaller
from app.identity.errors import NotAdministrator, NotModerator
from app.identity.people import Byline
from app.kit.clock import now
from app.kit.ids import PATTERN
from app.moderation import queries
from app.moderation.errors import AnotherAuthor, LeavesAdultThread, NothingToDo, TooManyActions
from app.moderation.kinds import KINDS, holds_of_thread
from app.moderation.schemas import ModActionCreate, MoveTo, TargetSent
from app.moderation.things import Acting, Conversion, HeldAction, Hold, Move, Target
from app.threads.states import State

#: One moderator acts in bulk upon so many things in an hour at most.
MAX_IN_AN_HOUR = 500
#: What somebody posted in so many hours is meant, where nobody says otherwise.
USUAL_HOURS = 24
_HOLDS = (
    ("fill", queries.held_fills),
    ("prompt", queries.held_prompts),
    ("discussion", queries.held_discussions),
    ("thread", queries.held_threads),
)


async def acting_moderator(
    session: CurrentSession, site: TheSite, caller: KnownCaller, board: ListedBoard
) -> Acting:
    """A moderator of the board, whose turn it is to act. The board's row is not held yet: what is
    acted upon is held before it.

    :raises NotModerator: somebody else is.
    """
    if not await moderates(session, caller, board.id):
        raise NotModerator
    if session.dialect == "postgresql":
        await session.execute(queries.turn(board.id))
    return Acting(session, site, board.id, caller)


ActingModerator = Annotated[Acting, Depends(acting_moderator)]


async def held_action(sent: ModActionCreate, acting: ActingModerator) -> HeldAction:
    """What is to be done, with everything that it is done to, held.

    :raises Invalid: something of it is not there, or not on the board.
    :raises NothingToDo: a comment stands already where it is to be moved.
    :raises DiscussionClosed: a comment would be moved into a discussion that is closed.
    :raises LeavesAdultThread: a comment would be moved from below something adult.
    :raises AnotherAuthor: what a comment would become would tell who wrote it.
    :raises AnonymityRequired: it would become a fill under a name, where the board wants none.
    :raises NameRequired: it would become a fill without a name, where the board wants one.
    :raises NotAdministrator: somebody else holds what the law wants withheld.
    :raises TooManyActions: the moderator has acted upon too much at once in this hour.
    """
    if sent.action == "hold" and not acting.caller.is_administrator:
        raise NotAdministrator
    targets = await _find(acting, sent)
    if len(targets) > 1:
        await _check_cap(acting, len(targets))
    return await held_targets(acting, sent, targets)


TheHeldAction = Annotated[HeldAction, Depends(held_action)]


async def log_entry(
    session: CurrentSession,
    entry: Annotated[str, Path(pattern=PATTERN, description="The entry's `id`.")],
) -> Any:
    """The row of an entry of the log."""
    row = await session.first(queries.entry(entry))
    if row is None:
        raise NotFound
    return row


TheLogEntry = Annotated[Any, Depends(log_entry)]


async def held_targets(
    acting: Acting, sent: ModActionCreate, targets: tuple[Target, ...]
) -> HeldAction:
    """As :func:`held_action`, for targets that are known to be there."""
    await _hold(acting, targets, sent.to)
    if sent.to is None:
        return HeldAction(acting, sent, targets)
    if sent.action == "convert":
        conversion = await _conversion(acting, targets[0], sent.to)
        return HeldAction(acting, sent, targets, conversion=conversion)
    return HeldAction(acting, sent, targets, move=await _move(acting, targets[0], sent.to))


async def own_ban(
    session: CurrentSession,
    board: ModeratedBoard,
    ban: Annotated[str, Path(pattern=PATTERN, description="The ban's `id`.")],
) -> Any:
    """A ban from a board that the caller moderates. The board's row is held."""
    row = await session.first(queries.ban(board.id, ban))
    if row is None:
        raise NotFound
    return row


OwnBan = Annotated[Any, Depends(own_ban)]


async def _check_cap(acting: Acting, targets: int) -> None:
    account_id = acting.caller.account_id
    assert account_id is not None
    since = now() - timedelta(hours=1)
    acted = await acting.session.scalar(queries.acted_upon(account_id, since)) or 0
    if acted + targets > MAX_IN_AN_HOUR:
        raise TooManyActions


async def _posts_of_author(acting: Acting, sent: TargetSent) -> tuple[Target, ...]:
    """All that the author of a post has posted lately on the board."""
    for kind in KINDS.values():
        row = await kind.row(acting, sent.id)
        if row is not None and hasattr(row, "mask_id"):
            break
    else:
        raise invalid("body", "/target/id", "no_such_target", _NO_TARGET)
    signed = Byline(row.mask_id, row.account_id)
    if signed.seen_as == (None, None):
        raise invalid("body", "/target/id", "no_author", "Its author has cut the tie to it.")
    since = now() - timedelta(hours=sent.within_hours or USUAL_HOURS)
    rows = await acting.session.all(queries.posted_by(acting.board_id, signed, since))
    found = [Target(each.type, KINDS[each.type], each.public_id) for each in rows]
    return tuple([each for each in found if await each.kind.row(acting, each.public_id)])


async def _conversion(acting: Acting, target: Target, to: MoveTo) -> Conversion:
    comment = await target.row(acting)
    source = await head_of(acting.session, acting.site, comment, acting.caller)
    if to.type == "discussion" or to.parent_id is not None:
        message = "A comment becomes a fill of a prompt, or a part of a fill."
        raise invalid("body", "/to/type", "becomes_no_such_thing", message)
    if comment.state != State.VISIBLE:
        raise NothingToDo
    kind = KINDS[to.type]
    into = await kind.row(acting, to.id)
    if into is None:
        raise invalid("body", "/to/id", "no_such_thread", _NO_TARGET)
    if into.state != State.VISIBLE:
        raise invalid("body", "/to/id", "out_of_sight", "It is out of sight itself.")
    signed = Byline(comment.mask_id, comment.account_id, bool(comment.is_moderator))
    said_here = (comment.said_in or source.conversation) == into.conversation
    _check_signature(to, signed, into, source.settings, said_here=said_here)
    above = await acting.session.first(KINDS[source.kind].find(source.public_id))
    leaves = KINDS[source.kind].is_adult(above) and not kind.is_adult(into)
    if leaves and not to.from_adult:
        raise LeavesAdultThread
    return Conversion(source, comment, to.type, into)


def _check_signature(
    to: MoveTo, signed: Byline, into: Any, settings: dict[str, Any], *, said_here: bool
) -> None:
    if to.type == "fill":
        # A part is signed as its fill is, which stands already.
        if not said_here or not signed.is_seen_as(Byline(into.mask_id, into.account_id)):
            raise AnotherAuthor
    else:
        if not said_here and not signed.is_named:
            raise AnotherAuthor
        check_anonymity(settings, "fills", signed)


async def _find(acting: Acting, sent: ModActionCreate) -> tuple[Target, ...]:
    """All targets, each once. What is on another board is as unknown as what is nowhere."""
    if sent.target is not None and sent.target.type == "author_of":
        return await _posts_of_author(acting, sent.target)
    found: dict[tuple[str, str], Target] = {}
    faults = []
    for pointer, each in _sent(sent):
        kind = KINDS[each.type]
        if await kind.row(acting, each.id) is None:
            faults.append(fault("body", f"{pointer}/id", "no_such_target", _NO_TARGET))
        found[each.type, each.id] = Target(each.type, kind, each.id)
    if faults:
        raise Invalid(_NO_TARGET, errors=faults)
    return tuple(found.values())


_NO_TARGET = "There is no such thing on this board."


def _sent(sent: ModActionCreate) -> Iterator[tuple[str, Any]]:
    if sent.target is not None:
        yield "/target", sent.target
    for at, each in enumerate(sent.targets or ()):
        yield f"/targets/{at}", each


async def _hold(acting: Acting, targets: tuple[Target, ...], to: MoveTo | None) -> None:
    """Hold everything in the order of all holds. While this waits a prompt may be filled: then
    there is one more thread to hold.
    """
    held: set[Hold] = set()
    while missing := await _holds(acting, targets, to) - held:
        for table, statement in _HOLDS:
            ids = [number for name, number in missing if name == table]
            if ids:
                await acting.session.execute(statement(ids))
        held |= missing


async def _holds(acting: Acting, targets: tuple[Target, ...], to: MoveTo | None) -> set[Hold]:
    needed: set[Hold] = set()
    for each in targets:
        needed |= await each.kind.holds(acting, await each.row(acting))
    if to is not None:
        kind = KINDS[to.type]
        row = await kind.row(acting, to.id)
        if row is None or kind.head is None:
            raise invalid("body", "/to/id", "no_such_thread", _NO_TARGET)
        needed |= holds_of_thread(kind.head(acting.site, row))
    return needed


async def _move(acting: Acting, target: Target, to: MoveTo) -> Move:
    comment = await target.row(acting)
    source = await head_of(acting.session, acting.site, comment, acting.caller)
    head, is_to_adult = await _head_at(acting, to)
    if not head.is_in_sight:
        raise invalid("body", "/to/id", "out_of_sight", "It is out of sight itself.")
    parent = None if to.parent_id is None else await _parent(acting, head.thread_id, to.parent_id)
    parent_id = None if parent is None else parent.id
    if (comment.thread_id, comment.parent_id) == (head.thread_id, parent_id):
        raise NothingToDo
    kind = KINDS[source.kind]
    above = await acting.session.first(kind.find(source.public_id))
    if kind.is_adult(above) and not is_to_adult and not to.from_adult:
        raise LeavesAdultThread
    return Move(source, head, comment, parent)


async def _head_at(acting: Acting, to: MoveTo) -> tuple[Any, bool]:
    """What stands at the head of the thread to which something goes, and whether it is adult.

    :raises DiscussionClosed: a closed discussion takes no comments, wherever they come from.
    """
    kind = KINDS[to.type]
    row = await kind.row(acting, to.id)
    if row is None or kind.head is None:
        raise invalid("body", "/to/id", "no_such_thread", _NO_TARGET)
    if kind.is_closed(row):
        raise DiscussionClosed
    return kind.head(acting.site, row), kind.is_adult(row)


async def _parent(acting: Acting, thread_id: int, public_id: str) -> Any:
    """A comment below which another can stand: one that has a place in its thread."""
    row = await acting.session.first(comment_queries.comment(public_id))
    is_one = row is not None and row.thread_id == thread_id and row.seq is not None
    if row is None or not is_one or row.state == State.MOVED:
        message = "No such comment in that thread."
        raise invalid("body", "/to/parent_id", "no_such_parent", message)
    return row
