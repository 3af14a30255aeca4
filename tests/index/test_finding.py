"""The same corpus and the same queries give the same hits on both databases: those that looking at
every word gives.
"""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.index.asked import Asked, read_query
from app.index.models import Look
from app.index.queries import Where, newest, quotable
from app.threads.models import ThreadKind
from tests.index.conftest import Shelf
from tests.index.corpus import QUERIES, WORDS
from tests.index.oracle import Work, has, matches
from tests.texts import acceptable_texts

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

LOOKS = [Look.TITLE, Look.HEAD, Look.EVERYWHERE]


def expected(works: list[Work], query: str, where: Where) -> set[int]:
    asked = read_query(query)
    return {each.thread_id for each in works if matches(each, asked, where)}


@pytest.mark.parametrize("look", LOOKS)
async def test_a_query_finds_what_looking_at_every_word_finds(shelf: Shelf, look: Look) -> None:
    found_any = 0
    for query in QUERIES:
        for board_id in (None, shelf.boards[0]):
            for kind in (None, ThreadKind.PROMPT, ThreadKind.FILL):
                where = Where(board_id, kind, look)
                hits = expected(shelf.works, query, where)
                assert await shelf.find(query, where) == hits, (query, where)
                found_any += bool(hits)
    assert found_any > len(QUERIES)


pieces = st.sampled_from(
    [
        *WORDS,
        "-",
        '"',
        " ",
        " ",
        " or ",
        "|",
        "again",
        "step0 step1",
        "雨晴",
        "three",
        "-rain",
        "{",
        "'",
    ]
)
queries = st.one_of(
    st.lists(pieces, max_size=12).map("".join),
    st.lists(pieces, max_size=12).map(" ".join),
    acceptable_texts.map(lambda text: text[:500]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60),
)


async def test_any_text_finds_what_looking_finds(shelf: Shelf) -> None:
    drawn: list[tuple[str, Where]] = []

    @given(queries, st.sampled_from(LOOKS), st.booleans(), st.sampled_from([None, *ThreadKind]))
    @settings(max_examples=200, deadline=None, database=None)
    def draw(query: str, look: Look, is_on_board: bool, kind: ThreadKind | None) -> None:
        drawn.append((query, Where(shelf.boards[1] if is_on_board else None, kind, look)))

    draw()
    for query, where in drawn:
        assert await shelf.find(query, where) == expected(shelf.works, query, where), query


async def test_the_newest_come_first_and_go_on_where_they_ended(shelf: Shelf) -> None:
    for query in QUERIES:
        for where in (Where(), Where(shelf.boards[0], ThreadKind.FILL)):
            hits = sorted(expected(shelf.works, query, where), reverse=True)
            found: list[int] = []
            below = None
            async with shelf.database.reading() as session:
                while True:
                    statement = newest(read_query(query), where, 20, below)
                    page = [row.thread_id for row in await session.all(statement)]
                    found += page
                    if len(page) < 20:
                        break
                    below = page[-1]
            assert found == hits, query
            assert all(one > other for one, other in pairwise(found))


def has_any(text: str, asked: Asked) -> bool:
    """Whether anything that was asked for stands in a text."""
    work = Work(0, ThreadKind.PROMPT, text)
    phrases = (phrase for choice in asked.wanted for phrase in choice)
    return any(has(work, Look.TITLE, phrase) for phrase in phrases)


async def test_what_is_to_be_quoted_has_what_was_asked_for(shelf: Shelf) -> None:
    quoted = 0
    by_thread = {each.thread_id: each for each in shelf.works}
    for query in ("rain", "rain kettle", '"again again"', "東京 or 雨晴れ", "step99", "-rain"):
        asked = read_query(query)
        found = sorted(await shelf.find(query))[:100]
        async with shelf.database.reading() as session:
            rows = {row.thread_id: row for row in await session.all(quotable(asked, found))}
        assert set(rows) <= set(found)
        for thread_id in found:
            work = by_thread[thread_id]
            texts: dict[int | None, str] = {
                None: work.body or "",
                **dict(zip(work.part_ids, work.parts, strict=True)),
            }
            assert (thread_id in rows) == any(has_any(each, asked) for each in texts.values())
            if thread_id in rows:
                row = rows[thread_id]
                assert has_any(texts[row.part_id][row.start : row.stop], asked)
                quoted += 1
    assert quoted > 20
