"""Moving a comment, with all that is below it, to another place.

The comments stay the same rows: ids, links between them, words, states and times stay. What is new
is where they stand: they get new sequence numbers, in the order of the old ones, so that whoever
follows the thread by ``since`` misses none, and new paths below the new place, so that they are
read in the order in which they were. Faces stay, too: a comment that comes from another
conversation keeps the one that it was seen with (``said_in``), or the move would tell which two
faces are one person's.

Where the comment stood a *stub* stays: a row of its own (state ``moved``) that keeps the place in
the order and the number, and says where the comment went. It is shown if the comment was. When the
comment comes back to that place, the stub is shown no longer.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, Update, column, func, update, values

from app.boards.service import count, hold_board
from app.comments import queries
from app.comments.heads import Head
from app.comments.models import COMMENT, Comment
from app.comments.service import drop_idle_tombstones, raise_tombstones
from app.core.database import Session
from app.core.errors import invalid
from app.core.tables import row_of, table_of
from app.kit.paths import has_room, segment
from app.outbox.models import EventType
from app.outbox.service import tell, tell_gone, tell_shown
from app.threads.models import THREAD, Thread
from app.threads.queries import out_of_sight_above
from app.threads.service import count_comments
from app.threads.states import State

#: How many rows are read or written before others get their turn.
SLICE = 500
#: What is written of a comment that gets a new place, beside the number of its row.
_PLACED = ("seq", "path", "depth", "children_count")


async def move_comment(
    session: Session, source: Head, target: Head, comment: Row[Any], parent: Row[Any] | None
) -> None:
    """Move a comment from one thread to another, or within one: to the end of what is below
    ``parent``, or of the top level. All that is below it goes along, whatever its state.

    Whoever calls this holds the fills, prompts, discussions and threads of both heads, has read the
    comment and the parent (rows of :func:`queries.comment`) since, and has checked that the parent
    has a place in the thread of the target.

    The comment becomes neither newer nor older: the activity of what it is about stays as it was.

    :raises Invalid: the parent is the comment itself, or below it.
    """
    moved = await _collect(session, comment)
    if parent is not None and parent.id in moved.ids:
        message = "A comment can't be moved below itself."
        raise invalid("body", "/to/parent_id", "below_itself", message)
    await _move_pending(session, moved, source, target, _depth_below(parent) - comment.depth)
    if comment.seq is not None:
        await _move_placed(session, moved, source, target, parent)
    parent_id = None if parent is None else parent.id
    await _change(session, comment.id, parent_id=parent_id)
    if comment.seq is not None:
        await session.put(table_of(Comment), [_stub(comment)])
    if comment.is_shown:
        await raise_tombstones(session, parent_id)
    await _drop_stubs(session, comment.public_id, target.thread_id, parent_id)
    await _count_in_rounds(session, source, target, moved.visible)
    if comment.state == State.VISIBLE:
        await _tell(session, source, target, comment.public_id)


@dataclass
class _Moved:
    """What is moved: the comment, and the replies to each, in their order. ``placed`` are those
    that have a place, ``pending`` those that nobody has seen yet.
    """

    root: Row[Any]
    placed: list[Row[Any]]
    pending: list[Row[Any]] = field(default_factory=list)
    replies: dict[int, list[Row[Any]]] = field(default_factory=dict)
    ids: set[int] = field(default_factory=set)
    visible: int = 0

    def add(self, row: Row[Any]) -> None:
        self.ids.add(row.id)
        self.visible += row.state == State.VISIBLE
        (self.pending if row.seq is None else self.placed).append(row)


@dataclass
class _Place:
    """A place in the reading order. ``anchor`` is where its path hangs, ``handed_out`` how many
    ordinals it has given to what hangs below its own.
    """

    id: int
    path: str
    depth: int
    anchor: "_Place | None"
    handed_out: int = 0

    def below(self) -> "_Place":
        """The place under whose path a reply hangs."""
        return self if self.anchor is None or has_room(self.path) else self.anchor

    def next(self, comment_id: int) -> "_Place":
        """The next place for a reply."""
        anchor = self.below()
        path = anchor.path + segment(anchor.handed_out)
        anchor.handed_out += 1
        return _Place(comment_id, path, self.depth + 1, anchor)


async def _collect(session: Session, comment: Row[Any]) -> _Moved:
    """All that is below a comment, level by level, by who answers whom: paths end where replies are
    too deep for them.
    """
    moved = _Moved(comment, [])
    moved.add(comment)
    level: list[int] = [comment.id]
    while level:
        below: list[int] = []
        for at in range(0, len(level), SLICE):
            found = await session.all(queries.replies_to(level[at : at + SLICE]))
            for row in found:
                moved.add(row)
            # Who came into sight first among the replies to one comment stands first.
            for row in sorted((each for each in found if each.seq is not None), key=_by_seq):
                moved.replies.setdefault(row.parent_id, []).append(row)
            below += [row.id for row in found]
            await asyncio.sleep(0)
        level = below
    return moved


def _by_seq(row: Row[Any]) -> int:
    seq: int = row.seq
    return seq


def _depth_below(parent: Row[Any] | None) -> int:
    return 0 if parent is None else parent.depth + 1


async def _move_pending(
    session: Session, moved: _Moved, source: Head, target: Head, deeper: int
) -> None:
    """What nobody has seen yet has no place: it will get one when it is released."""
    ids = [row.id for row in moved.pending]
    for at in range(0, len(ids), SLICE):
        await _change(
            session,
            *ids[at : at + SLICE],
            thread_id=target.thread_id,
            depth=COMMENT.depth + deeper,
            part_id=_part_id(source, target),
            said_in=_said_in(source, target),
        )
        await asyncio.sleep(0)


async def _move_placed(
    session: Session, moved: _Moved, source: Head, target: Head, parent: Row[Any] | None
) -> None:
    """Give what has a place a new one."""
    taken = await _take(session, target.thread_id, moved, is_top=parent is None)
    await count_comments(session, source.thread_id, -moved.visible)
    first_seq = taken.latest_seq - len(moved.placed) + 1
    seqs = {row.id: seq for seq, row in enumerate(sorted(moved.placed, key=_by_seq), first_seq)}
    root, above = await _new_place(session, moved.root.id, taken, parent)
    await _carry_over(session, moved, source, target)
    # Places under whose paths more hangs than what answers them, since it is too deep for its own.
    crowded: dict[int, _Place] = {above.id: above} if above is not None else {}
    hanging: dict[int, list[int]] = {}
    rows: list[tuple[Any, ...]] = []
    for place in _walk(moved, root):
        anchor = place.below()
        replies = moved.replies.get(place.id, ())
        if anchor is not place:
            crowded[anchor.id] = anchor
            hanging.setdefault(anchor.id, []).extend(reply.id for reply in replies)
        children = len(replies) if anchor is place else 0
        rows.append((place.id, seqs[place.id], place.path, place.depth, children))
        if len(rows) == SLICE:
            await session.run(_placing(rows))
            rows = []
            await asyncio.sleep(0)
    if rows:
        await session.run(_placing(rows))
    await _change(session, root.id, anchor_id=None if above is None else above.id)
    for anchor_id, ids in hanging.items():
        for at in range(0, len(ids), SLICE):
            await _change(session, *ids[at : at + SLICE], anchor_id=anchor_id)
    for place in crowded.values():
        await _change(session, place.id, children_count=place.handed_out)


def _placing(rows: Sequence[tuple[Any, ...]]) -> Update:
    """The statement that gives some comments their places: the number of each one's row, and the
    values of :data:`_PLACED`. It is one for many of them, because each statement is counted on the
    thread's row (``Thread.version``), and PostgreSQL has to pass by what earlier counts of the same
    transaction have left behind.
    """
    columns = [table_of(Comment).c[name] for name in ("id", *_PLACED)]
    given = values(*(column(each.name, each.type) for each in columns)).data(rows).cte("given")
    return (
        update(table_of(Comment))
        .where(COMMENT.id == given.c.id)
        .values({name: given.c[name] for name in _PLACED})
    )


async def _carry_over(session: Session, moved: _Moved, source: Head, target: Head) -> None:
    """Bring what has a place into the new thread, where it has none for now. Each hangs below what
    it answers.

    Columns that refer to other rows are written for many rows in one statement: with each of those
    SQLite goes through all that the transaction has written so far.
    """
    ids = [row.id for row in moved.placed]
    for at in range(0, len(ids), SLICE):
        await _change(
            session,
            *ids[at : at + SLICE],
            thread_id=target.thread_id,
            seq=None,
            path=None,
            anchor_id=COMMENT.parent_id,
            part_id=_part_id(source, target),
            said_in=_said_in(source, target),
        )
        await asyncio.sleep(0)


def _walk(moved: _Moved, root: _Place) -> Iterator[_Place]:
    """The places of all that is moved, in reading order."""
    waiting: list[tuple[_Place, int]] = [(root, reply.id) for reply in _last_first(moved, root.id)]
    yield root
    while waiting:
        above, comment_id = waiting.pop()
        place = above.next(comment_id)
        yield place
        waiting += [(place, reply.id) for reply in _last_first(moved, comment_id)]


def _last_first(moved: _Moved, comment_id: int) -> Sequence[Row[Any]]:
    return moved.replies.get(comment_id, [])[::-1]


async def _take(session: Session, thread_id: int, moved: _Moved, *, is_top: bool) -> Row[Any]:
    """Take the sequence numbers that are needed from a thread, and at the top level an ordinal."""
    row = await session.first(
        update(table_of(Thread))
        .where(THREAD.id == thread_id)
        .values(
            latest_seq=THREAD.latest_seq + len(moved.placed),
            comments_count=THREAD.comments_count + moved.visible,
            children_count=THREAD.children_count + int(is_top),
        )
        .returning(THREAD.latest_seq, THREAD.children_count)
    )
    assert row is not None
    return row


async def _new_place(
    session: Session, comment_id: int, taken: Row[Any], parent: Row[Any] | None
) -> tuple[_Place, _Place | None]:
    """Where the comment will stand, and the place above under whose path it hangs, if any."""
    if parent is None:
        return _Place(comment_id, segment(taken.children_count - 1), 0, None), None
    anchor_id = parent.id if has_room(parent.path) else parent.anchor_id
    row = await session.first(queries.by_id(anchor_id))
    assert row is not None
    above = _Place(row.id, row.path, parent.depth, None, row.children_count)
    return above.next(comment_id), above


async def _drop_stubs(
    session: Session, public_id: str, thread_id: int, parent_id: int | None
) -> None:
    """A comment is back: nothing has to say any longer that it is elsewhere. The stub's row keeps
    its place in the order.
    """
    for stub in await session.all(queries.stubs_at(public_id, thread_id, parent_id)):
        await _change(session, stub.id, is_shown=False)
        await drop_idle_tombstones(session, parent_id)


async def _count_in_rounds(session: Session, source: Head, target: Head, visible: int) -> None:
    """Have the rounds count what came and went, of what everybody may look at. They are held after
    their board, and in one order.
    """
    by: dict[int, int] = {}
    for head, moved in ((source, -visible), (target, visible)):
        is_in_sight = await session.first(out_of_sight_above(head.thread_id)) is None
        if is_in_sight and head.round_id is not None:
            by[head.round_id] = by.get(head.round_id, 0) + moved
    await hold_board(session, target.board_id)
    for round_id, comments in sorted(by.items()):
        await count(session, target.board_id, round_id, comments=comments)


async def _tell(session: Session, source: Head, target: Head, public_id: str) -> None:
    """A comment is elsewhere, as far as everybody may look at either place. What came along with it
    is found where it is.
    """
    was, is_ = [
        await session.first(out_of_sight_above(head.thread_id)) is None for head in (source, target)
    ]
    if was and is_:
        tell(session, target.board_id, EventType.COMMENT_MOVED, public_id)
    elif was:
        tell_gone(session, source.board_id, "comment", public_id, is_deleted=False)
    elif is_:
        tell_shown(session, target.board_id, "comment", public_id, is_back=False)


async def _change(session: Session, *comment_ids: int, **changes: Any) -> None:
    is_one = COMMENT.id.in_(comment_ids)
    await session.run(update(table_of(Comment)).where(is_one).values(**changes))


def _part_id(source: Head, target: Head) -> Any:
    """Which part a comment is about: none, once it is said below something else."""
    return COMMENT.part_id if source.thread_id == target.thread_id else None


def _said_in(source: Head, target: Head) -> Any:
    """In which conversation a comment was said, if not in that of the target."""
    said_in = func.coalesce(COMMENT.said_in, source.conversation)
    return func.nullif(said_in, target.conversation)


def _stub(comment: Row[Any]) -> dict[str, Any]:
    """What keeps the place of a comment that is moved away."""
    return row_of(
        Comment,
        thread_id=comment.thread_id,
        parent_id=comment.parent_id,
        anchor_id=comment.anchor_id,
        path=comment.path,
        depth=comment.depth,
        seq=comment.seq,
        is_shown=bool(comment.is_shown),
        state=State.MOVED.value,
        moved_to=comment.public_id,
        created_at=comment.created_at,
    )
