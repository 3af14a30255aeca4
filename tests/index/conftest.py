"""A shelf of works that are filed once on each database."""

from collections.abc import AsyncIterator
from itertools import count

import pytest
from sqlalchemy import delete, select

from app.boards.models import BOARD
from app.boards.schemas import BoardCreate
from app.boards.service import found_board
from app.core.database import Database, Session
from app.core.tables import table_of
from app.demo import put_demo_board
from app.fills.models import FILL, Part
from app.index.asked import read_query
from app.index.models import SearchChunk
from app.index.queries import Where, matching
from app.index.service import file_part, file_work
from app.kit.chunks import stretches
from app.threads.models import ThreadKind
from app.threads.service import open_thread
from tests.conftest import migrated_database, new_app, settings_for
from tests.index.corpus import corpus
from tests.index.oracle import Work


class Shelf:
    """A database, and what has been filed in it."""

    def __init__(self, database: Database, boards: list[int], fill_id: int) -> None:
        self.database = database
        self.boards = boards
        self.works: list[Work] = []
        self._fill_id = fill_id
        self._numbers = count(100)

    async def put(self, session: Session, work: Work) -> None:
        """Give a work its thread and its parts, and file it."""
        work.thread_id = (await open_thread(session, work.board_id, ThreadKind(work.kind))).id
        await self.file(session, work)
        for body in work.parts:
            await self.add_part(session, work, body)
        self.works.append(work)

    async def file(self, session: Session, work: Work) -> None:
        """File a work without its parts, or file it anew."""
        body = None if work.body is None else stretches(work.body)
        place = (session, work.thread_id, work.board_id, work.kind)
        await file_work(*place, title=work.title, head=work.head, body=body)

    async def add_part(self, session: Session, work: Work, body: str) -> None:
        """Make a part and file it. All are parts of one fill, which the index doesn't ask for."""
        part = Part(
            fill_id=self._fill_id,
            number=next(self._numbers),
            body=body,
            body_html="",
            words_count=0,
        )
        await session.add(part)
        work.part_ids.append(part.id)
        await self.file_part(session, work, part.id, body)

    async def file_part(self, session: Session, work: Work, part_id: int, body: str) -> None:
        """File a part, or file it anew."""
        place = (session, work.thread_id, work.board_id, work.kind)
        await file_part(*place, part_id, stretches(body))

    async def find(self, query: str, where: Where | None = None) -> set[int]:
        """The threads of what a query finds among the works of this shelf."""
        statement = matching(read_query(query), where or Where())
        async with self.database.reading() as session:
            found = [row.thread_id for row in await session.all(statement)]
        assert len(found) == len(set(found))
        return set(found)


@pytest.fixture(scope="session")
async def empty_shelf(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Shelf]:
    """A database with two boards, for the tests of this folder."""
    with migrated_database(kind, request, tmp_path_factory.mktemp("index")) as url:
        app = new_app(settings_for(url))
        async with app.router.lifespan_context(app):
            site = app.state.site
            await put_demo_board(site.database, site)
            second = BoardCreate.model_validate(
                {"slug": "lanterns", "name": "Lanterns", "settings": {"default_rating": "general"}}
            )
            async with site.database.writing() as session:
                await found_board(session, second, None)
                # What the demo board filed is not what these tests look for.
                await session.run(delete(table_of(SearchChunk)))
            async with site.database.reading() as session:
                boards = [row.id for row in await session.all(select(BOARD.id))]
                fill_id = await session.scalar(select(FILL.id))
            yield Shelf(site.database, boards, fill_id)


@pytest.fixture(scope="session")
async def shelf(empty_shelf: Shelf) -> Shelf:
    """The shelf with the whole corpus on it."""
    async with empty_shelf.database.writing() as session:
        for work in corpus(empty_shelf.boards):
            await empty_shelf.put(session, work)
    return empty_shelf
