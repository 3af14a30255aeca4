"""A board that was filled by a program is as one on which people have posted."""

from collections import Counter
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from sqlalchemy import select, text

from app.core.database import Session
from app.fills.filing import file_part_text, refile
from app.fills.models import FILL, PART
from app.kit.chunks import stretches
from app.prompts.models import PROMPT
from app.seed import BoardIsFilledError
from app.threads.models import ThreadKind
from app.works.filing import file_tags, file_text
from tests.people import JSON, Town, path_of
from tests.recount import recount
from tests.seed.conftest import PLAN, fill
from tests.stories.drift import drifted_counters
from tests.tables import connected
from tests.tagged import drifted_tags, filed

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]


async def prompts_of(town: Town, query: str = "") -> list[JSON]:
    return await town.somebody().every_page(f"/boards/{town.slug}/prompts?adult=true{query}")


async def test_everything_is_counted_rightly(filled_town: Town, filled_url: str) -> None:
    await recount(filled_town)
    assert drifted_counters(filled_url) == {}
    assert drifted_tags(filled_url) == 0


async def test_as_much_is_posted_as_was_asked_for(
    filled_town: Town, filled_url: str, told: list[int]
) -> None:
    board = await filled_town.somebody().read(f"/boards/{PLAN.slug}")
    assert (board["prompts_count"], board["fills_count"]) == (PLAN.prompts, PLAN.fills)
    with connected(filled_url) as connection:
        query = (
            "SELECT comments_count FROM thread JOIN board ON board.id = board_id WHERE slug = :slug"
        )
        counts = connection.execute(text(query), {"slug": PLAN.slug}).scalars().all()
    assert sum(counts) == PLAN.comments
    assert max(counts) == PLAN.deep
    assert sum(told) == PLAN.total
    assert len(told) > 5


async def test_works_are_filed_as_if_they_had_been_posted(
    filled_service: FastAPI, filled_url: str
) -> None:
    before = filed(filled_url)
    assert len(before["tagging"]) > 5 * PLAN.prompts
    async with filled_service.state.site.database.writing() as session:
        await _file_one_by_one(session)
    assert filed(filled_url) == before


async def _file_one_by_one(session: Session) -> None:
    for prompt in await session.all(select(*PROMPT)):
        body = stretches(prompt.body)
        await file_text(session, prompt, ThreadKind.PROMPT, prompt.do_not_want, body=body)
        await file_tags(session, prompt, ThreadKind.PROMPT, is_shown=True)
    for work in await session.all(select(*FILL)):
        await refile(session, work.id)
        for part in await session.all(select(*PART).where(PART.fill_id == work.id)):
            await file_part_text(session, work, part, stretches(part.body))


async def test_works_are_found_by_words_and_by_tags(filled_town: Town) -> None:
    prompts = await prompts_of(filled_town)
    for prompt in prompts[:5]:
        words = quote(f'"{prompt["title"].rstrip("…")}"')
        assert prompt["id"] in {each["id"] for each in await prompts_of(filled_town, f"&q={words}")}
    fandom, many = Counter(name for each in prompts for name in each["fandoms"]).most_common(1)[0]
    found = await prompts_of(filled_town, f"&fandom={quote(fandom)}")
    assert len(found) >= many > 1


async def test_a_synonym_finds_what_it_stands_for(filled_town: Town) -> None:
    reader = filled_town.somebody()
    (alias,) = [
        each
        for each in (await reader.read(f"/boards/{PLAN.slug}/tag-aliases?limit=100"))["items"]
        if each["alias"] == "fluffy"
    ]
    tagged = [
        await prompts_of(filled_town, f"&tag={alias[name]}") for name in ("alias", "canonical")
    ]
    assert tagged[0] == tagged[1] != []


async def test_posts_stand_in_the_order_of_their_time(filled_town: Town) -> None:
    reader = filled_town.somebody()
    for works in ("prompts", "fills"):
        listed = await reader.every_page(f"/boards/{PLAN.slug}/{works}?adult=true")
        times = [each["created_at"] for each in listed]
        assert times == sorted(times, reverse=True)
        assert len(set(times)) > len(times) / 2
    heads = [*await prompts_of(filled_town), *listed]
    longest = max(heads, key=lambda head: int(head["comments_count"]))
    assert longest["comments_count"] == PLAN.deep
    below = f"{path_of(longest)}/comments?adult=true&limit=100"
    said = await reader.every_page(below)
    assert max(each["depth"] for each in said) > 3
    assert [each["id"] for each in said] == [each["id"] for each in in_order(said)]
    newest = await reader.every_page(f"{below}&sort=newest")
    times = [each["created_at"] for each in newest]
    assert times == sorted(times, reverse=True)


def in_order(comments: list[JSON]) -> list[JSON]:
    """Comments in reading order, by what each answers and when it was said."""
    below: dict[str | None, list[JSON]] = {}
    for each in sorted(comments, key=lambda comment: int(comment["seq"])):
        below.setdefault(each["parent_id"], []).append(each)

    def walked(parent: str | None) -> list[JSON]:
        return [one for each in below.get(parent, []) for one in (each, *walked(each["id"]))]

    return walked(None)


async def test_a_board_has_of_everything(filled_town: Town) -> None:
    prompts = await prompts_of(filled_town)
    for name in ("status", "rating", "round", "language"):
        assert len({each[name] for each in prompts}) > 2, name
    assert {each["author"]["kind"] for each in prompts} == {"anonymous", "named"}
    assert any(each["seconds_count"] for each in prompts)
    assert any(each["content_notes"] for each in prompts)
    assert {each["language"] for each in prompts} & {"ja", "zh", "ko"}
    fills = await filled_town.somebody().every_page(f"/boards/{PLAN.slug}/fills?adult=true")
    assert {each["status"] for each in fills} == {"wip", "complete", "abandoned"}
    assert {0, 1, 10} <= {each["parts_count"] for each in fills}


async def test_people_go_on_posting_where_it_ends(filled_town: Town, filled_url: str) -> None:
    few = replace(PLAN, slug="open", prompts=5, fills=5, comments=10, deep=5)
    await fill(filled_url, few)
    town = Town(filled_town.client, filled_town.administrator, few.slug)
    newer = await town.prompt(tags=["found family"])
    assert newer["number"] == few.prompts + 1
    fill_ = await town.fill(newer, status="wip")
    for each in (*await prompts_of(town), fill_):
        below = f"{path_of(each)}/comments?adult=true&limit=100"
        last = max((one["seq"] for one in await town.somebody().every_page(below)), default=0)
        assert (await town.comment(each))["seq"] == last + 1
    assert drifted_counters(filled_url) == {}
    assert drifted_tags(filled_url) == 0


def posted(url: str, slug: str) -> list[list[Any]]:
    """All that stands on a board, but for ids."""
    questions = (
        """SELECT p.number, round.number, p.title, p.body, p.fandoms, p.characters, p.relationships,
        p.tags, p.content_notes, p.notes_choice, p.rating, p.mediums, p.language, p.do_not_want,
        p.status, p.seconds_count, p.fills_count, p.own_fills_count, p.last_activity_at,
        p.last_filled_at, p.claimed_until, p.created_at, thread.comments_count
        FROM prompt AS p JOIN board ON board.id = p.board_id JOIN round ON round.id = p.round_id
        JOIN thread ON thread.id = p.thread_id WHERE slug = :slug ORDER BY p.number""",
        """SELECT fill.title, part.body, fill.status, part.posted_at, thread.comments_count
        FROM fill JOIN board ON board.id = fill.board_id JOIN thread ON thread.id = fill.thread_id
        LEFT JOIN part ON part.fill_id = fill.id WHERE slug = :slug
        ORDER BY fill.thread_id, part.number""",
        """SELECT comment.body, comment.path, comment.created_at, account_id IS NULL FROM comment
        JOIN thread ON thread.id = thread_id JOIN board ON board.id = thread.board_id
        WHERE slug = :slug ORDER BY thread_id, path""",
    )
    with connected(url) as connection:
        return [
            [tuple(row) for row in connection.execute(text(query), {"slug": slug})]
            for query in questions
        ]


async def test_the_same_number_posts_the_same(filled_url: str, told: list[int]) -> None:
    assert told
    few = replace(PLAN, prompts=10, fills=10, comments=60, deep=20, seed=1)
    await fill(filled_url, replace(few, slug="one"))
    await fill(filled_url, replace(few, slug="same"))
    await fill(filled_url, replace(few, slug="other", seed=2))
    assert posted(filled_url, "one") == posted(filled_url, "same")
    assert [len(each) for each in posted(filled_url, "one")[::2]] == [10, 60]
    for one, other in zip(posted(filled_url, "one"), posted(filled_url, "other"), strict=True):
        assert not [row for row in one if row in other]


async def test_a_board_with_prompts_is_filled_further_only_if_that_was_asked(
    filled_url: str, told: list[int]
) -> None:
    assert told
    few = replace(PLAN, slug="more", prompts=5, fills=5, comments=10, deep=0)
    await fill(filled_url, few)
    before = posted(filled_url, "more")
    with pytest.raises(BoardIsFilledError, match="--add"):
        await fill(filled_url, few)
    assert posted(filled_url, "more") == before
    await fill(filled_url, replace(few, is_added=True))
    assert [len(each) for each in posted(filled_url, "more")[::2]] == [10, 20]
    assert drifted_counters(filled_url) == {}
    assert drifted_tags(filled_url) == 0
