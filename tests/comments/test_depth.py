"""Threads of great depth: nothing is refused, nothing is lost, and the order is right."""

from collections import Counter
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import insert, select, text, update

from app.comments.models import Comment
from app.kit.clock import now
from app.kit.ids import new_id
from app.kit.paths import LONGEST_SEGMENT, MAX_LENGTH, segment
from app.prompts.models import PROMPT
from app.threads.models import THREAD, Thread
from tests.comments.ledger import check_books, freeze
from tests.people import JSON, Person, Town, path_of

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]


async def dig(service: FastAPI, prompt: JSON, levels: int) -> list[JSON]:
    """Put a chain of replies below a prompt, as the service would have, but all at once."""
    async with service.state.site.database.writing() as session:
        row = await session.first(select(*PROMPT).where(PROMPT.public_id == prompt["id"]))
        first_id = (await session.scalar(text("SELECT coalesce(max(id), 0) FROM comment"))) + 1
        chain: list[dict[str, Any]] = [
            {
                "id": first_id + level,
                "public_id": new_id(),
                "thread_id": row.thread_id,
                "parent_id": first_id + level - 1 if level else None,
                "anchor_id": first_id + level - 1 if level else None,
                "path": segment(0) * (level + 1),
                "depth": level,
                "seq": level + 1,
                "children_count": int(level < levels - 1),
                "replies_count": int(level < levels - 1),
                "is_shown": True,
                "body": f"level {level}",
                "body_html": f"<p>level {level}</p>\n",
                "state": "visible",
                "is_frozen": False,
                "created_at": now(),
                "edits": 0,
                "is_moderator": False,
            }
            for level in range(levels)
        ]
        await session.execute_for_each(insert(Comment), chain)
        await session.run(
            update(Thread)
            .where(THREAD.id == row.thread_id)
            .values(latest_seq=levels, comments_count=levels, children_count=1)
        )
        await session.run(
            text(
                "UPDATE round SET comments_count = comments_count + :more WHERE id = :round"
            ).bindparams(more=levels, round=row.round_id)
        )
        if service.state.site.database.name == "PostgreSQL":
            await session.execute(
                text("SELECT setval(pg_get_serial_sequence('comment', 'id'), max(id)) FROM comment")
            )
    return [{"id": each["public_id"]} for each in chain]


def expected_preorder(items: list[JSON]) -> list[str]:
    """The ids of comments in reading order, worked out from their parents and ``seq`` alone."""
    replies: dict[str | None, list[JSON]] = {}
    for each in sorted(items, key=lambda item: item["seq"], reverse=True):
        replies.setdefault(each["parent_id"], []).append(each)
    order, waiting = [], list(replies.get(None, []))
    while waiting:
        each = waiting.pop()
        order.append(each["id"])
        waiting += replies.get(each["id"], [])
    return order


async def test_replies_fifteen_hundred_levels_deep_stand_in_their_exact_order(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    prompt, author = await town.prompt(), town.somebody()
    chain = await dig(service, prompt, 1500)
    await town.comment(prompt, author, body="a second beginning")
    for level in (1499, 1200, 1000, 999, 47, 1, 1200, 1499):
        reply = await town.comment(prompt, author, reply_to=chain[level])
        assert (reply["depth"], reply["parent_id"]) == (level + 1, chain[level]["id"])
        nested = await town.comment(prompt, author, reply_to=reply)
        assert nested["depth"] == level + 2
    items = await stranger.every_page(f"{path_of(prompt)}/comments?limit=100")
    assert len(items) == 1500 + 1 + 16
    assert [each["id"] for each in items] == expected_preorder(items)
    depths = {each["id"]: each["depth"] for each in items}
    for each in items:
        assert each["depth"] == (depths[each["parent_id"]] + 1 if each["parent_id"] else 0)
    await check_books(service, prompt)


async def test_a_permalink_into_the_deep_finds_everything_above_and_below(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    prompt, author = await town.prompt(), town.somebody()
    chain = await dig(service, prompt, 1450)
    reply = await town.comment(prompt, author, reply_to=chain[1200])
    embedded = await stranger.read(f"{path_of(chain[1200])}?embed=ancestors")
    assert [each["depth"] for each in embedded["ancestors"]] == list(range(1200))
    assert embedded["ancestors"][-1]["id"] == chain[1199]["id"]
    below = await stranger.every_page(f"{path_of(chain[1200])}/thread?limit=100")
    assert [each["id"] for each in below] == [*(each["id"] for each in chain[1200:]), reply["id"]]
    top = (await stranger.read(f"{path_of(prompt)}/comments?depth=0"))["items"]
    assert [each["id"] for each in top] == [chain[0]["id"]]


async def test_beyond_the_longest_path_nothing_is_refused_and_nothing_is_lost(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    prompt, author = await town.prompt(), town.somebody()
    levels = MAX_LENGTH - 10
    chain = await dig(service, prompt, levels)
    last = chain[-1]
    for level in range(levels, levels + 20):
        reply = await town.comment(prompt, author, reply_to=last, body=f"level {level}")
        assert (reply["depth"], reply["parent_id"]) == (level, last["id"])
        last = reply
        chain.append(reply)
    aside = await town.comment(prompt, author, reply_to=chain[-5], body="aside")
    items = await stranger.every_page(f"{path_of(prompt)}/comments?limit=100")
    ids = [each["id"] for each in items]
    assert sorted(ids) == sorted(each["id"] for each in (*chain, aside))
    assert ids[: len(chain)] == [each["id"] for each in chain], "each stands behind its parent"
    embedded = await stranger.read(f"{path_of(last)}?embed=ancestors")
    assert [each["id"] for each in embedded["ancestors"]] == ids[: len(chain) - 1]
    assert (await author.delete(path_of(chain[-2]))).status_code == 204
    tail = (await stranger.every_page(f"{path_of(prompt)}/comments?limit=100"))[-3:]
    assert [each["state"] for each in tail] == ["deleted", "visible", "visible"]
    await check_books(service, prompt)


async def test_beyond_the_longest_path_a_comments_thread_still_holds_its_replies(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    prompt, author = await town.prompt(), town.somebody()
    last = (await dig(service, prompt, MAX_LENGTH - 2))[-1]
    deep = [await town.comment(prompt, author, reply_to=last)]
    deep.append(await town.comment(prompt, author, reply_to=deep[-1]))
    deep.append(await town.comment(prompt, author, reply_to=deep[-1]))
    items = await stranger.every_page(f"{path_of(deep[0])}/thread")
    assert [each["id"] for each in items] == [each["id"] for each in deep]


async def test_beyond_the_longest_path_the_first_replies_lead_to_all_others(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    prompt, author = await town.prompt(), town.somebody()
    chain = await dig(service, prompt, MAX_LENGTH - LONGEST_SEGMENT)
    said = chain[-1:]
    for answers in (0, 1, 1, 0, 3, 1, 4, 6):
        said.append(await town.comment(prompt, author, reply_to=said[answers]))
    for replies in (1, 2, 3):
        shown = await stranger.read(f"{path_of(chain[-2])}/thread?replies={replies}&limit=100")
        items = shown["items"]
        counts = Counter(each["parent_id"] for each in items)
        assert max(counts.values()) <= replies
        found = {each["id"] for each in items}
        for each in items:
            if each["more_url"] is not None:
                found |= {one["id"] for one in await stranger.every_page(each["more_url"])}
        assert found == {chain[-2]["id"], *(each["id"] for each in said)}
        below = await stranger.every_page(f"{path_of(said[1])}/thread?replies={replies}&limit=1")
        counts = Counter(each["parent_id"] for each in below[1:])
        assert max(counts.values()) <= replies
        assert below[0]["id"] == said[1]["id"]


async def test_beyond_the_longest_path_a_frozen_comment_freezes_what_is_below_it(
    town: Town, service: FastAPI
) -> None:
    prompt, author = await town.prompt(), town.somebody()
    last = (await dig(service, prompt, MAX_LENGTH - 2))[-1]
    deep = [await town.comment(prompt, author, reply_to=last)]
    deep.append(await town.comment(prompt, author, reply_to=deep[-1]))
    await freeze(service, deep[0])
    body = {"body": "Late", "parent_id": deep[1]["id"]}
    assert (await author.post(f"{path_of(prompt)}/comments", body)).status_code == 409


async def test_paths_compare_bytewise_whatever_the_locale(service: FastAPI) -> None:
    database = service.state.site.database
    async with database.reading() as session:
        if database.name == "PostgreSQL":
            collation = await session.scalar(
                text(
                    "SELECT collation_name FROM information_schema.columns "
                    "WHERE table_name = 'comment' AND column_name = 'path'"
                )
            )
            assert collation == "C"
        else:
            sql = await session.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'comment'"))
            assert "COLLATE" not in sql, "SQLite compares bytewise where nothing else is said"
