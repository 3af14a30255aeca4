"""Telling of what happens, and forgetting it."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import Insert

from app.core.database import LastWords, Prepared, Session, parameter
from app.core.tables import row_of, table_of
from app.kit.clock import now
from app.outbox.models import EVENT, OUTBOX, Event, EventType, Outbox

#: How long events are kept.
KEPT = timedelta(days=90)
#: How many are forgotten before others get their turn.
_SLICE = 5000


def tell(
    session: Session, board_id: int, type_: EventType, subject: str, *, part: str | None = None
) -> None:
    """Tell whoever follows a board of a change that this transaction makes: the event is written
    with it, or neither is. It is told only of what everybody may see, or could until now.

    :param subject: the public id of what changed, or the number of a round.
    :param part: the public id of the part of a fill that was added or changed.
    """
    session.last_words(_News).add(board_id, _Told(type_, subject, part))


def tell_shown(session: Session, board_id: int, kind: str, subject: str, *, is_back: bool) -> None:
    """Tell that a post (a ``prompt``, a ``fill``, a ``discussion`` or a ``comment``) came into
    sight: for the first time, or again (``is_back``).
    """
    tell(session, board_id, EventType(f"{kind}.{'restored' if is_back else 'created'}"), subject)


def tell_gone(
    session: Session, board_id: int, kind: str, subject: str, *, is_deleted: bool
) -> None:
    """Tell that a post went out of sight: its author deleted it, or it was taken away."""
    tell(
        session, board_id, EventType(f"{kind}.{'deleted' if is_deleted else 'withdrawn'}"), subject
    )


def tell_as_one(session: Session, board_id: int) -> None:
    """Have whatever this transaction does to posts of a board be told as one event that names none.

    What is done to many posts at once is mostly done to those of one author. Events of each, side
    by side, would tie them together for everybody, and for as long as events are kept. The board's
    public log names none of them for the same reason.
    """
    session.last_words(_News).hush(board_id)


class _Told(NamedTuple):
    type: EventType
    subject: str
    part: str | None


class _News(LastWords):
    """The events of a transaction.

    Each takes the next number of its board, and so holds the row that counts them until the commit:
    the numbers come into sight in their order, and whoever has read up to one of them has missed
    none before it. That is why they are written last. A sequence of the database would not do: what
    takes a number first may be committed last.
    """

    def __init__(self) -> None:
        self._by_board: dict[int, list[_Told]] = {}
        self._hushed: set[int] = set()

    def add(self, board_id: int, told: _Told) -> None:
        """Add an event. One that says the same as another of the transaction is told once."""
        of_board = self._by_board.setdefault(board_id, [])
        if told not in of_board:
            of_board.append(told)

    def hush(self, board_id: int) -> None:
        """Name no post of a board."""
        self._hushed.add(board_id)

    @property
    def topics(self) -> Collection[int]:
        return self._by_board.keys()

    async def write(self, session: Session) -> None:
        # Rows that count are held in one order, so that two transactions never wait for each other.
        for board_id in sorted(self._by_board):
            of_board = self._told_of(board_id)
            if session.dialect == "postgresql" and len(of_board) == 1:
                await _tell_at_once(session, board_id, of_board[0])
                continue
            ((latest,),) = await session.fetch(_TAKE, board_id=board_id, many=len(of_board))
            first = latest - len(of_board) + 1
            for number, told in enumerate(of_board, first):
                await session.insert_unnumbered(
                    Event,
                    board_id=board_id,
                    number=number,
                    type=told.type.value,
                    subject=told.subject,
                    part=told.part,
                )

    def _told_of(self, board_id: int) -> list[_Told]:
        told = self._by_board[board_id]
        if board_id not in self._hushed:
            return told
        named = [each for each in told if each.type.kind in ("board", "round")]
        swept = _Told(EventType.BOARD_SWEPT, "", None)
        return named if len(named) == len(told) else [*named, swept]


def _taken() -> Any:
    many = parameter("many", OUTBOX.latest.type)
    board_id = parameter("board_id", OUTBOX.board_id.type)
    first = Insert(table_of(Outbox)).values(board_id=board_id, latest=many, forgotten=0)
    further = first.on_conflict_do_update(
        index_elements=[OUTBOX.board_id], set_={"latest": OUTBOX.latest + many}
    )
    return further.returning(OUTBOX.latest)


#: The number of the last of so many new events of a board. SQLite has taken ``ON CONFLICT`` over
#: from PostgreSQL.
_TAKE = Prepared(_taken())


def _telling() -> Prepared:
    taken = _taken().cte("taken")
    row = {
        name: parameter(name, EVENT[name].type)
        for name in ("board_id", "public_id", "type", "subject", "part", "created_at")
    }
    told = select(*row.values(), taken.c.latest)
    return Prepared(insert(table_of(Event)).from_select([*row, "number"], told))


#: One event with its number, in one statement: whoever else has something to tell waits from here
#: to the commit. SQLite has no INSERT within another, and only one writer.
_TELL = _telling()


async def _tell_at_once(session: Session, board_id: int, told: _Told) -> None:
    values = row_of(
        Event,
        board_id=board_id,
        type=told.type.value,
        subject=told.subject,
        part=told.part,
    )
    await session.fetch(_TELL, **values, many=1)


async def forget_old_events(session: Session) -> int:
    """Delete some of the events that are kept no longer, and note up to which number; say how many
    they were. Call it until there are none.
    """
    old = (
        select(EVENT.board_id, EVENT.number)
        .where(EVENT.created_at < now() - KEPT)
        .order_by(EVENT.created_at)
        .limit(_SLICE)
        .subquery()
    )
    last = select(old.c.board_id, func.max(old.c.number).label("number")).group_by(old.c.board_id)
    forgotten = 0
    for row in await session.all(last.order_by(old.c.board_id)):
        is_its = OUTBOX.board_id == row.board_id
        await session.run(update(table_of(Outbox)).where(is_its).values(forgotten=row.number))
        of_board: Any = (EVENT.board_id == row.board_id, EVENT.number <= row.number)
        forgotten += await session.run(delete(table_of(Event)).where(*of_board))
    return forgotten
