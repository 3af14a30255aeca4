"""The reading order of comments does not depend on the language of the database."""

from collections.abc import Iterator
from contextlib import ExitStack

import psycopg
import pytest
from sqlalchemy import text

from app.accounts.service import register_administrator
from app.core.migrations import migrate
from app.identity.service import enrol
from tests.conftest import new_app, new_client, settings_for
from tests.people import JSON, Person, Town, path_of
from tests.servers import new_postgresql_database
from tests.tables import connected, parsed

pytestmark = pytest.mark.anyio

#: Languages in which "a" comes before "B"; which of them there are depends on how the server and
#: the machine were built.
LANGUAGES = (
    "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'",
    "TEMPLATE template0 LC_COLLATE 'en_US.UTF-8' LC_CTYPE 'en_US.UTF-8'",
    "TEMPLATE template0 LC_COLLATE 'en_GB.UTF-8' LC_CTYPE 'en_GB.UTF-8'",
    "TEMPLATE template0 LC_COLLATE 'de_DE.UTF-8' LC_CTYPE 'de_DE.UTF-8'",
)


@pytest.fixture
def english_database_url(postgresql: str) -> Iterator[str]:
    """An empty database whose own order is not that of bytes, where the server can make one."""
    with ExitStack() as stack:
        for options in LANGUAGES:
            try:
                url = stack.enter_context(new_postgresql_database(postgresql, options))
            except psycopg.Error:
                continue
            with connected(url) as connection:
                assert connection.scalar(text("SELECT 'a' < 'B'"))
            yield url
            return
    # A server that knows no language but C, as the bundled one, has no other order to offer.
    with new_postgresql_database(postgresql) as url:
        yield url


def test_paths_of_comments_compare_bytewise(postgresql: str) -> None:
    with new_postgresql_database(postgresql) as url:
        migrate(parsed(url))
        with connected(url) as connection:
            collation = connection.scalar(
                text(
                    "SELECT collation_name FROM information_schema.columns "
                    "WHERE table_name = 'comment' AND column_name = 'path'"
                )
            )
        assert collation == "C"


@pytest.mark.thorough
async def test_comments_keep_their_order_in_an_english_database(english_database_url: str) -> None:
    migrate(parsed(english_database_url))
    app = new_app(settings_for(english_database_url))
    async with app.router.lifespan_context(app), new_client(app) as client:
        async with app.state.site.database.writing() as session:
            keeper = await enrol(session, await register_administrator(session, "keeper"))
        town = Town(client, Person(client, keeper))
        await town.found_board()
        prompt = await town.prompt()
        reader = town.somebody()
        # Enough that their ordinals go through digits, capitals and small letters, and into the
        # ordinals of two characters.
        posted = [await town.comment(prompt, reader, body=f"Comment {n}.") for n in range(50)]
        replies = [await town.comment(prompt, reader, posted[11], body=f"{n}.") for n in range(40)]
        expected = names([*posted[:12], *replies, *posted[12:]])
        below = f"{path_of(prompt)}/comments"
        assert names((await reader.read(f"{below}?limit=100"))["items"]) == expected
        assert names(await reader.every_page(f"{below}?limit=7")) == expected
        thread = await reader.every_page(f"/comments/{posted[11]['id']}/thread?limit=7")
        assert names(thread) == names([posted[11], *replies])


def names(comments: list[JSON]) -> list[str]:
    return [each["id"] for each in comments]
