"""Lists of discussions are walked along an index, however many there are on a board."""

from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select, text

from app.boards.models import BOARD
from app.core.tables import row_of, table_of
from app.discussions.models import Discussion
from app.threads.models import ThreadKind
from app.threads.service import open_threads
from tests.people import Person, Town
from tests.statements import statements
from tests.works.test_plans import explained, nodes, runs

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

KINDS = ("general", "ask_a_mod", "friending", "announcement")
PAGE = 25


async def put_discussions(service: FastAPI, slug: str, how_many: int) -> None:
    """Put discussions of all kinds on a board, of which every fourth is deleted."""
    async with service.state.site.database.writing() as session:
        board_id = await session.scalar(select(BOARD.id).where(BOARD.slug == slug))
        heads = [(ThreadKind.DISCUSSION, f"{place:016}") for place in range(how_many)]
        threads = await open_threads(session, board_id, heads)
        rows = [
            row_of(
                Discussion,
                board_id=board_id,
                thread_id=thread_id,
                kind=KINDS[place % 3],
                title=str(place),
                body="",
                body_html="",
                is_pinned=place % 100 == 0,
                state="deleted" if place % 4 == 1 else "visible",
            )
            for place, thread_id in enumerate(threads)
        ]
        await session.put(table_of(Discussion), rows)
        if session.dialect == "postgresql":
            # As the server does by itself, a while after: of the tables that are joined, too.
            await session.execute(text("ANALYZE"))


def is_walked(rows: list[Any], *, is_sqlite: bool) -> bool:
    """Whether a plan reads discussions in the order of an index and looks at few of them."""
    if is_sqlite:
        steps = [row.detail for row in rows]
        return "USING INDEX ix_discussion_board_id_state" in " ".join(steps) and not any(
            "TEMP B-TREE" in each or each.startswith("SCAN") for each in steps
        )
    plan = rows[0][0][0]["Plan"]
    own = [each for each in nodes(plan) if each.get("Relation Name") == "discussion"]
    looked_at = sum(each["Actual Rows"] + each.get("Rows Removed by Filter", 0) for each in own)
    return bool(PAGE < looked_at <= 4 * PAGE)


async def test_a_list_walks_an_index_and_takes_two_statements(
    town: Town, service: FastAPI, stranger: Person
) -> None:
    await put_discussions(service, town.slug, 4000)
    is_sqlite = service.state.site.database.name == "SQLite"
    for query in ("", "&sort=active", "&kind=friending"):
        following = f"/boards/{town.slug}/discussions?limit={PAGE}{query}"
        for _page in range(3):
            with statements(service) as seen, runs(service) as run:
                page = await stranger.read(following)
            assert len(seen) == 2
            plan = await explained(service, run[0])
            assert is_walked(plan, is_sqlite=is_sqlite), plan
            assert len(page["items"]) == PAGE
            following = page["next"]
