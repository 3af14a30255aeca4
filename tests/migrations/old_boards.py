"""A board as the first tables held it, before there were tags, an index and mediums as numbers.

As a program it files, in the database named by its argument, what nobody has filed, and stops dead
before it writes the taggings of its third transaction.
"""

import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, event, text

from app.core.database import open_database
from app.core.migrations import migrating_engine
from app.reindex import file_works
from tests.tables import ROOT, parsed

SLUG = "old-harbour"
PROMPTS, FILLS = 450, 120
_BEGAN = datetime(2026, 10, 1, 18, tzinfo=UTC)
_LABELS = {
    "rating": "general",
    "notes_choice": "unset",
    "language": "en",
    "characters": [],
    "relationships": [],
    "content_notes": [],
    "is_named": False,
    "is_moderator": False,
    "is_frozen": False,
    "edits": 0,
}
_SETTINGS = {"default_rating": "general"}


def put_old_board(url: str, monkeypatch: Any) -> None:
    """Have a database stand as it did after the first migration, with a board on it."""
    monkeypatch.setenv("FILLBOARD_DATABASE_URL", url)
    monkeypatch.chdir(ROOT)
    command.upgrade(Config("alembic.ini", toml_file="pyproject.toml"), "0001")
    engine = migrating_engine(parsed(url))
    try:
        with engine.begin() as connection:
            _fill(connection)
    finally:
        engine.dispose()


def _fill(connection: Connection) -> None:
    tables = MetaData()
    tables.reflect(connection)

    def put(name: str, *rows: dict[str, Any]) -> None:
        table = tables.tables[name]
        for number, row in enumerate(rows, 1):
            connection.execute(table.insert().values(id=number, **row))
        if connection.dialect.name == "postgresql":
            sequence = f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {len(rows)})"
            connection.execute(text(sequence))

    counts = {"prompts_count": PROMPTS, "fills_count": FILLS}
    put(
        "board",
        {
            "slug": SLUG,
            "name": "Old Harbour",
            "description": "",
            "rules": [],
            "settings": _SETTINGS,
            "last_number": PROMPTS,
            "current_round": 1,
            "edits": 0,
            "created_at": _BEGAN,
            **counts,
        },
    )
    put(
        "round",
        {
            "board_id": 1,
            "number": 1,
            "title": "Round 1",
            "phase": "prompting",
            "comments_count": 0,
            "created_at": _BEGAN,
            **counts,
        },
    )
    put("mask", {"public_id": "0" * 16, "created_at": _BEGAN})
    put("thread", *map(_thread, range(PROMPTS + FILLS)))
    put("prompt", *map(_prompt, range(PROMPTS)))
    put("fill", *map(_fill_row, range(FILLS)))
    put("part", *map(_part, range(2 * FILLS)))


def _thread(place: int) -> dict[str, Any]:
    is_prompt = place < PROMPTS
    return {
        "board_id": 1,
        "kind": "prompt" if is_prompt else "fill",
        "conversation": f"{place if is_prompt else place - PROMPTS:016}",
        **dict.fromkeys(("children_count", "latest_seq", "comments_count"), 0),
    }


def _prompt(place: int) -> dict[str, Any]:
    is_filled = place < FILLS
    at = _BEGAN + timedelta(minutes=place)
    return {
        **_LABELS,
        "public_id": f"p{place:015}",
        "board_id": 1,
        "round_id": 1,
        "thread_id": place + 1,
        "mask_id": 1,
        "number": place + 1,
        "title": f"The kettle of pier{place}",
        "is_title_made": False,
        "body": f"A lamplighter waits for a boat at mooring{place}.",
        "body_html": "",
        "fandoms": ["Original Work"],
        "tags": ["found family", "Even" if place % 2 == 0 else "odd"],
        "mediums": ["art"] if place % 5 == 0 else ["fic", "podfic"],
        "do_not_want": "no shipwrecks",
        # Its author has taken the last one away.
        "state": "visible" if place < PROMPTS - 1 else "deleted",
        "status": "filled" if is_filled else "open",
        **dict.fromkeys(("seconds_count", "claims_count", "own_fills_count"), 0),
        "fills_count": int(is_filled),
        "wip_fills_count": 0,
        "complete_fills_count": int(is_filled),
        "last_activity_at": at,
        "created_at": at,
    }


def _fill_row(place: int) -> dict[str, Any]:
    at = _BEGAN + timedelta(days=1, minutes=place)
    return {
        **_LABELS,
        "public_id": f"f{place:015}",
        "board_id": 1,
        "round_id": 1,
        "prompt_id": place + 1,
        "thread_id": PROMPTS + place + 1,
        "mask_id": 1,
        "title": f"Berth {place}",
        "is_title_made": False,
        "summary": "Somebody waits.",
        "fandoms": ["Original Work"],
        "tags": ["found family"],
        "medium": "fic",
        "status": "complete",
        "state": "visible",
        "parts_count": 2,
        "parts_expected": 2,
        "words_count": 6,
        **dict.fromkeys(("filled_at", "last_activity_at", "created_at", "updated_at"), at),
    }


def _part(place: int) -> dict[str, Any]:
    fill, number = divmod(place, 2)
    return {
        "public_id": f"a{place:015}",
        "fill_id": fill + 1,
        "number": number + 1,
        "body": f"Chapter of anchor{place}.",
        "body_html": "",
        "content_notes": ["storms at sea"] if place % 20 == 0 else [],
        "words_count": 3,
        "posted_at": _BEGAN + timedelta(days=1),
        "edits": 0,
    }


async def _file_and_stop(url: str) -> None:
    taggings = 0

    def stop(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        nonlocal taggings
        taggings += statement.startswith("INSERT INTO tagging")
        if taggings == 3:
            sys.stdout.write("stopped\n")
            sys.stdout.flush()
            time.sleep(600)

    event.listen(sqlalchemy.Engine, "before_cursor_execute", stop)
    database = open_database(parsed(url), is_server=False)
    await database.start()
    await file_works(database, lambda _some: None)


if __name__ == "__main__":
    asyncio.run(_file_and_stop(sys.argv[1]))
