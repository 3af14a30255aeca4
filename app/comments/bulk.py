"""Many comments at once, as :mod:`app.prompts.bulk` does it with prompts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, select, update

from app.boards.service import count
from app.comments.models import Comment
from app.core.database import Session
from app.core.tables import row_of, table_of
from app.fills.bulk import tell_of_talk as tell_fills
from app.kit.paths import has_room, segment
from app.prompts.bulk import tell_of_talk as tell_prompts
from app.threads.models import THREAD, Thread


@dataclass(frozen=True)
class Said:
    """A comment. ``reply_to`` is the place in its talk of an earlier one."""

    body: str
    body_html: str
    created_at: datetime
    mask_id: int
    account_id: int | None = None
    reply_to: int | None = None
    part_id: int | None = None


@dataclass(frozen=True)
class Talk:
    """What is said in a thread, in the order in which it is, and where the thread stands."""

    thread_id: int
    board_id: int
    round_id: int
    prompt_id: int
    fill_id: int | None
    said: Sequence[Said]


@dataclass
class _Placed:
    """A comment on its place. ``number`` is that of its row."""

    said: Said
    seq: int
    path: str
    parent: "_Placed | None" = None
    anchor: "_Placed | None" = None
    depth: int = 0
    replies: int = 0
    children: int = 0
    number: int | None = None


async def put_talks(session: Session, talks: Sequence[Talk]) -> None:
    """Put visible comments in threads whose heads are in sight, behind what stands there."""
    await _tell(session, talks)
    threads = await _hold(session, talks)
    placed = [(talk, list(_places(talk, threads[talk.thread_id]))) for talk in talks]
    await _count(session, placed)
    await _put(session, placed)
    in_rounds: Counter[tuple[int, int]] = Counter()
    for talk in talks:
        in_rounds[talk.board_id, talk.round_id] += len(talk.said)
    for (board_id, round_id), many in sorted(in_rounds.items()):
        await count(session, board_id, round_id, comments=many)


async def _tell(session: Session, talks: Sequence[Talk]) -> None:
    """Something is said below some fills and prompts."""
    fills: dict[int, datetime] = {}
    prompts: dict[int, datetime] = {}
    for talk in talks:
        at = max(each.created_at for each in talk.said)
        prompts[talk.prompt_id] = max(at, prompts.get(talk.prompt_id, at))
        if talk.fill_id is not None:
            fills[talk.fill_id] = at
    await tell_fills(session, fills)
    await tell_prompts(session, prompts)


async def _hold(session: Session, talks: Sequence[Talk]) -> dict[int, Any]:
    held = await session.all(
        select(*THREAD)
        .where(THREAD.id.in_([talk.thread_id for talk in talks]))
        .order_by(THREAD.id)
        .with_for_update(key_share=True)
    )
    return {thread.id: thread for thread in held}


def _places(talk: Talk, thread: Any) -> Iterator[_Placed]:
    """Give each comment its place, as :func:`app.comments.service.post_comment` does."""
    placed: list[_Placed] = []
    tops = thread.children_count
    for seq, said in enumerate(talk.said, thread.latest_seq + 1):
        if said.reply_to is None:
            comment = _Placed(said, seq, segment(tops))
            tops += 1
        else:
            parent = placed[said.reply_to]
            anchor = parent if has_room(parent.path) or not parent.anchor else parent.anchor
            path = anchor.path + segment(anchor.children)
            comment = _Placed(said, seq, path, parent, anchor, parent.depth + 1)
            anchor.children += 1
            parent.replies += 1
        placed.append(comment)
        yield comment


async def _count(session: Session, placed: Sequence[tuple[Talk, Sequence[_Placed]]]) -> None:
    """Have threads count what is said in them."""
    said: BindParameter[int] = bindparam("said")
    tops: BindParameter[int] = bindparam("tops")
    statement = (
        update(table_of(Thread))
        .where(THREAD.id == bindparam("thread_id"))
        .values(
            latest_seq=THREAD.latest_seq + said,
            comments_count=THREAD.comments_count + said,
            children_count=THREAD.children_count + tops,
        )
    )
    rows = [
        {
            "thread_id": talk.thread_id,
            "said": len(comments),
            "tops": sum(each.parent is None for each in comments),
        }
        for talk, comments in placed
    ]
    await session.execute_for_each(statement, rows)


async def _put(session: Session, placed: Sequence[tuple[Talk, Sequence[_Placed]]]) -> None:
    """Insert the rows. Each is numbered first: a reply names the rows of what it stands below."""
    every = [(talk, each) for talk, comments in placed for each in comments]
    table = table_of(Comment)
    numbers = await session.numbers(table, len(every))
    for (_, each), number in zip(every, numbers, strict=True):
        each.number = number
    await session.put(table, [_row(talk, each) for talk, each in every])


def _row(talk: Talk, comment: _Placed) -> dict[str, Any]:
    said = comment.said
    return row_of(
        Comment,
        id=comment.number,
        thread_id=talk.thread_id,
        parent_id=comment.parent.number if comment.parent else None,
        anchor_id=comment.anchor.number if comment.anchor else None,
        path=comment.path,
        depth=comment.depth,
        seq=comment.seq,
        children_count=comment.children,
        replies_count=comment.replies,
        body=said.body,
        body_html=said.body_html,
        part_id=said.part_id,
        mask_id=said.mask_id,
        account_id=said.account_id,
        created_at=said.created_at,
    )
