"""What stood before there were tags and an index is found after an upgrade."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from app.core.database import Database, Session, open_database
from app.core.migrations import migrate
from app.fills import service as fills
from app.fills.models import FILL
from app.fills.queries import fill
from app.prompts import service as prompts
from app.prompts.models import PROMPT
from app.prompts.queries import prompt
from app.reindex import count_to_file, file_works
from app.seed import Plan, fill_board
from app.tags.models import TAGGING
from app.tags.schemas import AliasCreate
from app.tags.service import add_alias
from app.threads.states import State
from tests.conftest import new_app, new_client, settings_for
from tests.migrations import old_boards
from tests.migrations.old_boards import FILLS, PROMPTS, SLUG, put_old_board
from tests.people import JSON, Person
from tests.servers import fillboard
from tests.tables import connected, parsed
from tests.tagged import drifted_tags, filed

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

STANDING = PROMPTS - 1


@pytest.fixture
def old_url(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with a board as the first tables held it."""
    put_old_board(empty_database_url, monkeypatch)
    return empty_database_url


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = open_database(parsed(url), is_server=False)
    await database.start()
    try:
        yield database
    finally:
        await database.stop()


async def every(reader: Person, works: str, query: str) -> list[JSON]:
    return await reader.every_page(f"/boards/{SLUG}/{works}?limit=100&{query}")


async def check_all_is_found(url: str) -> None:
    """Fail unless everything on the old board is found by whatever finds works."""
    app = new_app(settings_for(url))
    async with app.router.lifespan_context(app), new_client(app) as client:
        reader = Person(client)
        for works, count in (("prompts", STANDING), ("fills", FILLS)):
            assert len(await every(reader, works, "fandom=original+work")) == count
            assert len(await every(reader, works, "tag=found+family&q=waits")) == count
        assert len(await every(reader, "prompts", "tag=even")) == PROMPTS // 2
        assert len(await every(reader, "prompts", "medium=art")) == PROMPTS // 5
        assert len(await every(reader, "prompts", "medium=podfic")) == STANDING - PROMPTS // 5
        assert len(await every(reader, "fills", "content_note=storms+at+sea")) == FILLS // 10
        for place in (0, 199, 200, STANDING - 1):
            (found,) = await every(reader, "prompts", f"q=mooring{place}")
            assert found["number"] == place + 1
        for place in (0, FILLS, 2 * FILLS - 1):
            (found,) = await every(reader, "fills", f"q=anchor{place}")
            assert found["title"] == f"Berth {place // 2}"
        assert await every(reader, "prompts", f"q=mooring{STANDING}") == []
        tags = (await reader.read(f"/boards/{SLUG}/tags?limit=100"))["items"]
        counts = {(each["kind"], each["name"]): each["count"] for each in tags}
        assert counts["fandom", "Original Work"] == STANDING + FILLS
        assert counts["content_note", "storms at sea"] == FILLS // 10
    assert drifted_tags(url) == 0


async def test_migrating_files_what_stood_before(old_url: str, tmp_path: Path) -> None:
    migrated = fillboard("migrate", folder=tmp_path, database_url=old_url)
    assert migrated.returncode == 0, migrated.stderr
    first, last = migrated.stdout.splitlines()
    assert first == f"Filed {STANDING + FILLS} works that stood before there was an index."
    assert " is up to date: applied 0002, " in last
    assert f"{STANDING + FILLS} to do" in migrated.stderr
    await check_all_is_found(old_url)
    again = fillboard("migrate", folder=tmp_path, database_url=old_url)
    assert again.stdout.endswith(" is up to date: nothing to do.\n")
    assert again.stderr == ""


def file_until_killed(url: str) -> None:
    """Have a process file what nobody has filed, and kill it in its third transaction."""
    with subprocess.Popen(
        [sys.executable, old_boards.__file__, url], stdout=subprocess.PIPE, text=True
    ) as doomed:
        assert doomed.stdout is not None
        assert doomed.stdout.readline() == "stopped\n"
        doomed.kill()


async def test_filing_that_is_killed_goes_on_where_it_was(old_url: str) -> None:
    migrate(parsed(old_url))
    await asyncio.to_thread(file_until_killed, old_url)
    with connected(old_url) as connection:
        count = "SELECT count(DISTINCT thread_id) FROM {}"
        done = [connection.scalar(text(count.format(name))) for name in ("search_chunk", "tagging")]
    assert done == [400, 400]
    async with opened(old_url) as database:
        assert await count_to_file(database) == STANDING + FILLS - 400
        told: list[int] = []
        assert await file_works(database, told.append) == STANDING + FILLS - 400 == sum(told)
        assert await count_to_file(database) == 0
    await check_all_is_found(old_url)


async def change_states(session: Session) -> None:
    """Hide a prompt that was filled, delete another, screen a fill and delete one."""
    filled = [row.prompt_id for row in await session.all(select(FILL.prompt_id).distinct())]
    ids = await session.all(select(PROMPT.public_id).where(PROMPT.id.in_(filled[:2])))
    for each, change in zip(ids, (hide_prompt, prompts.delete_prompt), strict=True):
        row = await session.first(prompt(each.public_id))
        assert row is not None
        await change(session, row)
    ids = await session.all(select(FILL.public_id).where(FILL.prompt_id.in_(filled[2:])))
    for each, change in zip(ids[:2], (screen_fill, fills.delete_fill), strict=True):
        row = await session.first(fill(each.public_id))
        assert row is not None
        await change(session, row)


async def out_of_sight(database: Database) -> set[int]:
    """The threads of works that are filed, though not everybody may see them."""
    async with database.reading() as session:
        rows = await session.all(select(TAGGING.thread_id).where(~TAGGING.is_shown))
    return {row.thread_id for row in rows}


async def hide_prompt(session: Session, row: Any) -> None:
    await prompts.set_state(session, row, State.HIDDEN)


async def screen_fill(session: Session, row: Any) -> None:
    await fills.set_state(session, row, State.SCREENED)


async def test_filing_anew_changes_nothing_of_what_is_filed_rightly(
    empty_database_url: str,
) -> None:
    url = empty_database_url
    migrate(parsed(url))
    async with opened(url) as database:
        plan = Plan("lanterns", prompts=12, fills=30, comments=0, deep=0, seed=3)
        await fill_board(database, plan, lambda _some: None)
        async with database.writing() as session:
            await change_states(session)
            sent = AliasCreate(kind="tag", alias="rescue", canonical="found family")
            await add_alias(session, 1, sent)
        before = filed(url)
        assert len(await out_of_sight(database)) > 1
        filed_anew = await file_works(database, lambda _some: None, is_all=True)
    assert filed_anew == 12 + 30 - 2
    assert filed(url) == before
    assert drifted_tags(url) == 0


async def test_filing_anew_mends_what_was_filed_in_another_way(old_url: str) -> None:
    migrate(parsed(old_url))
    async with opened(old_url) as database:
        await file_works(database, lambda _some: None)
        right = filed(old_url)
        async with database.writing() as session:
            await session.execute(text("DELETE FROM tagging WHERE thread_id % 3 = 0"))
            await session.execute(text("UPDATE tag_count SET count = 0"))
            await session.execute(text("DELETE FROM search_chunk WHERE part_id IS NOT NULL"))
            await session.execute(
                text("UPDATE prompt SET mediums_bits = 64 WHERE state = 'visible'")
            )
        assert filed(old_url) != right
        assert await file_works(database, lambda _some: None, is_all=True) == STANDING + FILLS
    assert filed(old_url) == right
