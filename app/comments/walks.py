"""Walking a thread in reading order, past what a page leaves out.

A page that shows all it comes to is one range of the index on (thread, path). A page that shows
only some levels, or only the first replies of each comment, would have to look at everything in
between. So it is walked: each step is one look into that index, for the first comment behind the
last one or, where something is left out, behind all of it. After a step over what is left out there
is hardly ever another one, so that a page costs about two steps for each comment that it shows.

What ``replies`` means: of the shown replies of each comment, the first so many, by their place, are
shown with what is below them; the others are left out with what is below them. The top level is no
reply to anything. Replies deeper than a path can be stand side by side (see ``kit/paths.py``). What
they leave out ends where their level does: fewer may be shown of them, but never more.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    case,
    cast,
    literal,
    null,
    select,
)

from app.comments.models import Comment
from app.comments.queries import last_reply
from app.core.tables import BYTEWISE, table_of
from app.kit.paths import END

#: Steps after which a walk stops, wherever it is.
MAX_STEPS = 1000

_HERE = table_of(Comment).alias("here")
_NEXT = table_of(Comment).alias("next")
_PARENT = table_of(Comment).alias("parent")
_ANCHOR = table_of(Comment).alias("anchor")

#: Where a walk goes on: at what is below a comment, or behind all of that, showing it; or behind
#: all that is below the comment above it, or at the next one in order, leaving it out.
_ON, _BEHIND, _OUT, _PAST = range(4)


@dataclass(frozen=True)
class Walk:
    """A walk through a thread, ``after`` a path and ``until`` another.

    ``top`` is the path of the comment that the page is about, which is always shown. ``depth`` is
    the deepest level that is shown, ``replies`` how many of each comment's, ``since`` the ``seq``
    above which they are.
    """

    thread_id: int
    after: str
    until: str | None = None
    top: str | None = None
    depth: int | None = None
    replies: int | None = None
    since: int | None = None

    def steps(self, shown: int) -> Select[Any]:
        """The comments that the walk comes to, until so many are shown: ``id``, ``is_shown``,
        ``step``, from 1, and ``behind``, after which a walk goes on, in their order.
        """
        walk = select(
            literal(0).label("step"),
            cast(null(), BigInteger).label("id"),
            cast(literal(self.after), BYTEWISE).label("path"),
            cast(literal(""), BYTEWISE).label("above"),
            literal(0).label("seq"),
            literal(_PAST).label("course"),
            literal(0).label("shown"),
        ).cte("walk", recursive=True)
        count = walk.c.shown + case((self._is_shown(walk.c), 1), else_=0)
        walk = walk.union_all(
            select(
                walk.c.step + 1,
                _HERE.c.id,
                cast(_HERE.c.path, BYTEWISE),
                cast(_ANCHOR.c.path, BYTEWISE),
                _HERE.c.seq,
                self._course(),
                count,
            )
            .join_from(walk, _HERE, _HERE.c.id == self._next(walk.c))
            .outerjoin(_PARENT, _PARENT.c.id == _HERE.c.parent_id)
            .outerjoin(_ANCHOR, _ANCHOR.c.id == _HERE.c.anchor_id)
            .where(walk.c.step < MAX_STEPS, count < shown)
        )
        return (
            select(
                walk.c.id,
                self._is_shown(walk.c).label("is_shown"),
                walk.c.step,
                _behind(walk.c).label("behind"),
            )
            .where(walk.c.step > 0)
            .order_by(walk.c.step)
        )

    def _next(self, walk: Any) -> ColumnElement[int]:
        """The comment to which the walk comes next."""
        following = select(_NEXT.c.id).where(
            _NEXT.c.thread_id == self.thread_id,
            _NEXT.c.is_shown,
            _NEXT.c.path > cast(_behind(walk), BYTEWISE),
        )
        if self.until is not None:
            following = following.where(_NEXT.c.path < self.until)
        return following.order_by(_NEXT.c.path).limit(1).scalar_subquery()

    def _course(self) -> ColumnElement[int]:
        """Where the walk goes on from a comment."""
        courses: list[tuple[ColumnElement[bool], Any]] = []
        if self.top is not None:
            is_alone = self.replies == 0
            below = (
                _ON
                if self.depth is None
                else case((_HERE.c.depth < self.depth, _ON), else_=_BEHIND)
            )
            courses.append((_HERE.c.path == self.top, _BEHIND if is_alone else below))
        if self.replies is not None:
            courses.append((self._is_further_reply(self.replies), _OUT))
        if self.depth is not None:
            is_below_parent = _HERE.c.anchor_id == _HERE.c.parent_id
            courses += [
                (and_(_HERE.c.depth > self.depth, is_below_parent), _OUT),
                (_HERE.c.depth > self.depth, _PAST),
                (_HERE.c.depth == self.depth, _BEHIND),
            ]
        return case(*courses, else_=_ON) if courses else literal(_ON)

    def _is_further_reply(self, replies: int) -> ColumnElement[bool]:
        """Whether a comment comes behind the first so many replies to its parent."""
        is_reply = _HERE.c.parent_id.is_not(None)
        if not replies:
            return is_reply
        last = last_reply(_HERE.c.parent_id, replies)
        return and_(_PARENT.c.replies_count > replies, _HERE.c.seq > last)

    def _is_shown(self, walk: Any) -> ColumnElement[bool]:
        is_shown = walk.course.in_((_ON, _BEHIND))
        return is_shown if self.since is None else and_(is_shown, walk.seq > self.since)


def _behind(walk: Any) -> ColumnElement[str]:
    """The path after which a walk goes on."""
    return case(
        (walk.course == _BEHIND, walk.path + END),
        (walk.course == _OUT, walk.above + END),
        else_=walk.path,
    )
