"""Queries go through the index of the database, also where there are many works."""

from typing import Any

import pytest
from sqlalchemy import Executable, Select, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ClauseElement

from app.index.asked import read_query
from app.index.queries import Where, matching
from tests.index.conftest import Shelf

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

#: Rows as the service makes them, in one statement: in each a word of its own, and one of all.
_ROWS = {
    "sqlite": (
        """WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 20000)
        INSERT INTO search_terms (rowid, body, scope)
        SELECT -n, 'common rare' || n, '·b0 ·kprompt ·whole' FROM n""",
    ),
    "postgresql": (
        "ALTER TABLE search_terms DROP CONSTRAINT fk_search_terms_rowid",
        """INSERT INTO search_terms (rowid, search_terms) SELECT -n,
        CAST('''common'' ''·b0'' ''·whole'' ''rare' || n || '''' AS tsvector)
        FROM generate_series(1, 20000) AS n""",
        "ANALYZE search_terms",
    ),
}
_INDEX = {"sqlite": "VIRTUAL TABLE INDEX", "postgresql": "ix_search_terms_search_terms"}
_SCAN = {"sqlite": "SCAN search_chunk", "postgresql": "Seq Scan"}


class explain(Executable, ClauseElement):  # noqa: N801 - it is called as a verb of SQL
    """How a statement would be run."""

    inherit_cache = False

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement


@compiles(explain)
def _explain(element: explain, compiler: SQLCompiler, **options: Any) -> str:
    verb = "EXPLAIN QUERY PLAN" if compiler.dialect.name == "sqlite" else "EXPLAIN"
    return f"{verb} {compiler.process(element.statement, literal_binds=True, **options)}"


@pytest.mark.parametrize("query", ["rare77", '"common rare77"', "rare77 -rare78", "rare7 or rare8"])
async def test_a_query_goes_through_the_index(empty_shelf: Shelf, kind: str, query: str) -> None:
    plan = ""

    async def look() -> None:
        nonlocal plan
        async with empty_shelf.database.writing() as session:
            for statement in _ROWS[kind]:
                await session.execute(text(statement.replace(":", "\\:")))
            rows = await session.all(explain(matching(read_query(query), Where())))
            plan = "\n".join(str(row[-1]) for row in rows)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        await look()
    assert _INDEX[kind] in plan
    assert _SCAN[kind] not in plan
