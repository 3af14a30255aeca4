"""Many prompts at once, as a board gets them that is filled for a benchmark.

A row stands as :func:`app.prompts.service.post_prompt` would have left it, with all that has
followed since: whoever brings it has counted what comes with it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import bindparam, case, func, update

from app.boards.service import count
from app.core.database import Session
from app.core.tables import table_of
from app.kit.chunks import Stretch
from app.prompts.models import PROMPT, Prompt
from app.threads.models import ThreadKind
from app.works.filing import ToFile, file_many


@dataclass(frozen=True)
class FillNews:
    """What a prompt learns of visible fills of it that have come."""

    prompt_id: int
    fills: int
    wip: int
    complete: int
    own: int
    filled_at: datetime
    active_at: datetime


async def put_prompts(
    session: Session, prompts: Sequence[tuple[dict[str, Any], Sequence[Stretch]]]
) -> list[int]:
    """Put visible prompts on their board: all columns of each, and its body as it is filed. Returns
    the numbers of their rows.
    """
    rows = [row for row, _ in prompts]
    numbers = await session.put_numbered(table_of(Prompt), rows)
    for (board_id, round_id), many in Counter(map(_place, rows)).items():
        await count(session, board_id, round_id, prompts=many)
    await file_many(
        session,
        [
            ToFile(
                SimpleNamespace(**row),
                ThreadKind.PROMPT,
                is_shown=True,
                body=body,
                more=[row["do_not_want"]],
            )
            for row, body in prompts
        ],
        is_new=True,
    )
    return numbers


async def tell_of_fills(session: Session, news: Sequence[FillNews]) -> None:
    """Have prompts count fills that have come."""
    if not news:
        return
    wip = PROMPT.wip_fills_count + bindparam("wip")
    complete = PROMPT.complete_fills_count + bindparam("complete")
    statement = (
        update(table_of(Prompt))
        .where(PROMPT.id == bindparam("prompt_id"))
        .values(
            fills_count=PROMPT.fills_count + bindparam("fills"),
            wip_fills_count=wip,
            complete_fills_count=complete,
            own_fills_count=PROMPT.own_fills_count + bindparam("own"),
            status=case((complete > 0, "filled"), (wip > 0, "in_progress"), else_="open"),
            last_filled_at=_later(
                func.coalesce(PROMPT.last_filled_at, bindparam("filled_at")), "filled_at"
            ),
            last_activity_at=_later(PROMPT.last_activity_at, "active_at"),
        )
    )
    await session.execute_for_each(statement, [vars(each) for each in _in_order(news)])


async def tell_of_talk(session: Session, latest: dict[int, datetime]) -> None:
    """Have prompts know when something was last said below them."""
    if not latest:
        return
    statement = (
        update(table_of(Prompt))
        .where(PROMPT.id == bindparam("prompt_id"))
        .values(last_activity_at=_later(PROMPT.last_activity_at, "active_at"))
    )
    rows = [{"prompt_id": number, "active_at": at} for number, at in sorted(latest.items())]
    await session.execute_for_each(statement, rows)


def _place(row: dict[str, Any]) -> tuple[int, int]:
    return row["board_id"], row["round_id"]


def _in_order(news: Sequence[FillNews]) -> list[FillNews]:
    # In one order for all, so that two never wait for each other.
    return sorted(news, key=lambda each: each.prompt_id)


def _later(instant: Any, name: str) -> Any:
    """The later one of an instant and a parameter."""
    other = bindparam(name, type_=PROMPT.last_activity_at.type)
    return case((instant < other, other), else_=instant)
