"""The log is only ever added to, whoever is at the database."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.core.migrations import migrating_engine
from tests.moderation.keeping import act, log_of
from tests.people import Town
from tests.tables import connected, parsed

_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'mod_log'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = 'mod_log'::regclass "
    "AND NOT tgisinternal",
}


@pytest.mark.anyio
async def test_the_database_itself_refuses_to_change_or_delete_an_entry(
    town: Town, database_url: str
) -> None:
    prompt = await town.prompt()
    entry = await act(town, "hide", prompt, note="Somebody's name stood here.")
    engine = migrating_engine(parsed(database_url))
    try:
        for change in (
            "UPDATE mod_log SET reason = 'other'",
            f"UPDATE mod_log SET action = 'unhide' WHERE public_id = '{entry['id']}'",
            f"DELETE FROM mod_log WHERE public_id = '{entry['id']}'",
        ):
            with pytest.raises(DatabaseError, match="only ever added to"), engine.begin() as doomed:
                doomed.execute(text(change))
        assert await log_of(town) == [entry]
        # What stands beside it can go.
        with engine.begin() as connection:
            connection.execute(text("UPDATE mod_margin SET note = NULL, account_id = NULL"))
        assert await log_of(town) == [{**entry, "note": None}]
    finally:
        engine.dispose()


def test_what_refuses_is_there_after_all_migrations(kind: str, database_url: str) -> None:
    """On SQLite, altering a table in a batch drops its triggers."""
    with connected(database_url) as connection:
        names = set(connection.execute(text(_TRIGGERS[kind])).scalars())
    assert names >= {"mod_log_no_update", "mod_log_no_delete"}
    assert ("mod_log_no_truncate" in names) == (kind == "postgresql")
