"""Reading and bending what is stored of threads, where no route does."""

from collections import Counter
from typing import Any

from fastapi import FastAPI
from sqlalchemy import func, select, union_all, update
from sqlmodel import SQLModel

from app.boards.models import ROUND
from app.comments.models import COMMENT, Comment
from app.core.tables import columns_of
from app.discussions.models import DISCUSSION
from app.fills.models import FILL, Fill
from app.prompts.models import PROMPT, Prompt
from app.threads.models import THREAD
from tests.people import JSON

_KINDS: dict[str, type[SQLModel]] = {"prompts": Prompt, "fills": Fill, "comments": Comment}


async def freeze(service: FastAPI, thing: JSON) -> None:
    """Freeze a prompt, a fill or a comment, as a moderator would."""
    kind = str(thing["url"]).split("/")[-2] if "url" in thing else "comments"
    table = _KINDS[kind]
    async with service.state.site.database.writing() as session:
        touched = await session.run(
            update(table).where(columns_of(table).public_id == thing["id"]).values(is_frozen=True)
        )
        assert touched == 1


async def rows_of(service: FastAPI, head: JSON) -> list[Any]:
    """Every row of the thread of a head, the dead included, in reading order."""
    async with service.state.site.database.reading() as session:
        thread_id = await session.scalar(_thread_id(head))
        return list(
            await session.all(
                select(*COMMENT).where(COMMENT.thread_id == thread_id).order_by(COMMENT.path)
            )
        )


async def check_books(service: FastAPI, head: JSON) -> None:
    """Fail where a stored counter differs from what counting the rows of a thread says."""
    every = await rows_of(service, head)
    assert all((row.seq is None) == (row.path is None) for row in every)
    assert all(row.state != "visible" and not row.is_shown for row in every if row.seq is None)
    # What nobody has seen yet has no place.
    rows = [row for row in every if row.seq is not None]
    async with service.state.site.database.reading() as session:
        thread_id = await session.scalar(_thread_id(head))
        thread = await session.first(select(*THREAD).where(THREAD.id == thread_id))
    seqs = sorted(row.seq for row in rows)
    if any(row.state == "moved" for row in rows):
        # What was below a comment that moved away is read there, under other numbers.
        assert len(set(seqs)) == len(seqs)
        assert seqs[-1] <= thread.latest_seq
    else:
        assert seqs == list(range(1, len(rows) + 1))
        assert thread.latest_seq == len(rows)
    assert thread.comments_count == sum(row.state == "visible" for row in rows)
    assert thread.children_count == sum(row.anchor_id is None for row in rows)
    assert len({row.path for row in rows}) == len(rows)
    shown_replies = Counter(row.parent_id for row in rows if row.is_shown)
    anchored = Counter(row.anchor_id for row in rows)
    for row in rows:
        assert row.replies_count == shown_replies[row.id]
        assert row.children_count == anchored[row.id]
        is_stub = row.state == "moved"
        assert is_stub or row.is_shown == (row.state == "visible" or shown_replies[row.id] > 0)
        assert (row.body is None) == (row.body_html is None) == (row.state in ("deleted", "moved"))


async def check_round(service: FastAPI, prompt: JSON) -> None:
    """Fail where a round's counter of comments differs from what it holds."""
    async with service.state.site.database.reading() as session:
        round_id = await session.scalar(
            select(PROMPT.round_id).where(PROMPT.public_id == prompt["id"])
        )
        threads = union_all(
            *(select(each.thread_id).where(each.round_id == round_id) for each in (PROMPT, FILL))
        )
        counted = await session.scalar(
            select(func.count()).where(COMMENT.thread_id.in_(threads), COMMENT.state == "visible")
        )
        stored = await session.scalar(select(ROUND.comments_count).where(ROUND.id == round_id))
    assert stored == counted


def _thread_id(head: JSON) -> Any:
    tables = {"prompts": PROMPT, "fills": FILL, "discussions": DISCUSSION}
    table = tables[head["url"].split("/")[-2]]
    return select(table.thread_id).where(table.public_id == head["id"])
