"""Questions to the index: which works match, which of them are the newest, what to quote of them.

All that is asked for has to be in a work, though not in one chunk of it. What stands in one chunk
altogether is decided by one match, the rest by sets of works: those that have this, and that, and
not the other.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    case,
    except_,
    exists,
    func,
    intersect,
    literal,
    literal_column,
    select,
    true,
    union,
    union_all,
)

from app.core.tables import table_of
from app.index.asked import Asked, Choice, Phrase
from app.index.matches import Match, matches
from app.index.models import (
    SEARCH_CHUNK,
    SEARCH_TERMS,
    THREAD_SHIFT,
    Look,
    Scope,
    SearchChunk,
    board_scope,
    kind_scope,
)
from app.threads.models import THREAD, ThreadKind

_ROW = SEARCH_TERMS.rowid
_THREAD = _ROW.bitwise_rshift(literal_column(str(THREAD_SHIFT))).label("thread_id")
_NOBODY = select(THREAD.id.label("thread_id")).where(~true())


def is_filed(thread_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a work is in the index. Every work is from the moment in which it is posted, with one
    row at least, but for those that were there before the index.
    """
    return exists().where(SEARCH_CHUNK.thread_id == thread_id)


class Where(NamedTuple):
    """Where words are looked for: on one board or on all, in prompts or in fills or in both, and in
    which words of theirs.
    """

    board_id: int | None = None
    kind: ThreadKind | None = None
    look: Look = Look.EVERYWHERE

    def scope(self, *more: Scope) -> tuple[str, ...]:
        """What a chunk has to say of its work."""
        board = [] if self.board_id is None else [board_scope(self.board_id)]
        kind = [] if self.kind is None else [kind_scope(self.kind)]
        return (*more, *kind, *board)


def matching(asked: Asked, where: Where) -> Select[Any]:
    """The ``thread_id`` of all works that match, each once."""
    if asked.is_nothing():
        return _NOBODY
    if _is_one_match(asked):
        return _having(asked.wanted, where, where.scope()).distinct()
    parts = union_all(_whole(asked, where), _in_pieces(asked, where)).subquery()
    return select(parts.c.thread_id)


def newest(asked: Asked, where: Where, limit: int, below: int | None = None) -> Select[Any]:
    """The ``thread_id`` of the newest works that match, newest first; ``below`` says where to go
    on. If one word or phrase is looked for, no more is read of the index than is returned.
    """
    if asked.is_nothing():
        return _NOBODY
    if _is_one_match(asked):
        return _streamed(_below(_having(asked.wanted, where, where.scope()), below), limit)
    whole = _below(_whole(asked, where), below).order_by(_ROW.desc()).limit(limit).subquery()
    pieces = _in_pieces(asked, where, below).subquery()
    both = union_all(select(whole.c.thread_id), select(pieces.c.thread_id)).subquery()
    return select(both.c.thread_id).order_by(both.c.thread_id.desc()).limit(limit)


def relevance(asked: Asked, where: Where, thread_id: ColumnElement[int]) -> ColumnElement[int]:
    """How near to its title a work has what was asked for: 2 if the title alone matches, 1 with the
    head of the work, 0 otherwise. It is the same on both databases, and stays as it is while
    somebody pages through a list.
    """
    in_title, in_head = (
        thread_id.in_(matching(asked, where._replace(look=look)))
        for look in (Look.TITLE, Look.HEAD)
    )
    return case((in_title, 2), (in_head, 1), else_=0)


def quotable(asked: Asked, thread_ids: Iterable[int]) -> Select[Any]:
    """Which chunk to quote of each of a page of works: ``thread_id``, ``part_id``, ``start`` and
    ``stop`` of the first chunk in whose body all that is asked for stands, else any of it. Works
    that don't have it in a body are left out; one quotes their beginning.
    """
    choices = asked.wanted
    any_of = tuple(dict.fromkeys(phrase for choice in choices for phrase in choice))
    tries = [Match(Look.BODY, wanted=choices), Match(Look.BODY, wanted=(any_of,))]
    if not choices:
        return select(*_quoted()).where(~true())
    best = func.coalesce(*(_first_chunk(each) for each in tries[len(choices) == 1 :]), -1)
    return (
        select(*_quoted())
        .select_from(THREAD.id.table)
        .join(table_of(SearchChunk), SEARCH_CHUNK.id == best)
        .where(THREAD.id.in_(list(thread_ids)))
    )


def _quoted() -> Sequence[ColumnElement[Any]]:
    return (
        SEARCH_CHUNK.thread_id,
        SEARCH_CHUNK.part_id,
        SEARCH_CHUNK.start,
        SEARCH_CHUNK.stop,
    )


def _first_chunk(match: Match) -> ColumnElement[int]:
    first = THREAD.id.bitwise_lshift(literal_column(str(THREAD_SHIFT)))
    return (
        select(_ROW)
        .where(matches(match), first <= _ROW, first + (1 << THREAD_SHIFT) > _ROW)
        .order_by(_ROW)
        .limit(1)
        .correlate(THREAD.id.table)
        .scalar_subquery()
    )


def _is_one_match(asked: Asked) -> bool:
    """Whether any chunk decides by itself that its work matches."""
    return not asked.unwanted and len(asked.wanted) == 1 and _is_short(asked.wanted[0])


def _is_short(choice: Choice) -> bool:
    return all(len(phrase) == 1 for phrase in choice)


def _hits(match: Match) -> Select[Any]:
    return select(_THREAD).where(matches(match))


def _having(choices: Sequence[Choice], where: Where, scope: tuple[str, ...]) -> Select[Any]:
    return _hits(Match(where.look, scope, choices))


def _below(hits: Select[Any], below: int | None) -> Select[Any]:
    return hits if below is None else hits.where(literal(below << THREAD_SHIFT) > _ROW)


def _streamed(hits: Select[Any], limit: int) -> Select[Any]:
    """The first works of hits, read from the newest on. Both databases hand out the rows of a
    window as they come: sorting them again would make them read all of them first.
    """
    before = func.lag(_THREAD.element).over(order_by=_ROW.desc()).label("before")
    rows = hits.add_columns(before).subquery()
    is_new = rows.c.before.is_distinct_from(rows.c.thread_id)
    return select(rows.c.thread_id).where(is_new).limit(limit)


def _whole(asked: Asked, where: Where) -> Select[Any]:
    """Works of one chunk, which decides."""
    scope = where.scope(Scope.WHOLE)
    return _hits(Match(where.look, scope, asked.wanted, asked.unwanted))


def _in_pieces(asked: Asked, where: Where, below: int | None = None) -> Select[Any]:
    """Works of several chunks: each choice may be met in another."""
    scope = where.scope(Scope.PIECE)

    def having(choice: Choice) -> Any:
        if _is_short(choice):
            return _below(_having([choice], where, scope), below)
        return _combined(union, [both(phrase) for phrase in choice])

    def both(phrase: Phrase) -> Any:
        return _combined(intersect, [having(((run,),)) for run in phrase])

    wanted = [having(each) for each in asked.wanted]
    found = _combined(intersect, wanted or [_below(_having([], where, scope), below)])
    if asked.unwanted:
        found = _combined(except_, [found, having(asked.unwanted)])
    return select(found.subquery().c.thread_id).distinct()


def _combined(verb: Any, sets: Sequence[Any]) -> Any:
    """Unite, intersect or subtract sets of works, which may themselves be made of sets."""
    if len(sets) == 1:
        return sets[0]
    return verb(*(select(each.subquery().c.thread_id) for each in sets))
