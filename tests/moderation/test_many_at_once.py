"""Moderators, authors and readers who are busy with the same things at the same time."""

import asyncio

import pytest
from fastapi import FastAPI

from tests.comments.ledger import check_books, check_round
from tests.moderation.keeping import ask, log_of, move
from tests.people import Town, path_of
from tests.recount import recount
from tests.stories.drift import drifted_counters

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]


async def test_of_two_who_move_the_same_one_does_and_whoever_replies_or_deletes_meanwhile_is_heard(
    town: Town, service: FastAPI, database_url: str
) -> None:
    for _ in range(2):
        author, other = town.somebody(), town.somebody()
        prompt, another = await town.prompt(), await town.prompt()
        fill = await town.fill(another)
        top = await town.comment(prompt, author)
        below = [await town.comment(prompt, author, top) for _ in range(4)]
        aside = await town.comment(prompt, author)
        entries = len(await log_of(town))
        reply = {"body": "!", "parent_id": top["id"]}
        answers = await asyncio.gather(
            *(move(town, top, to) for to in (fill, fill, another)),
            *(other.post(f"{path_of(prompt)}/comments", reply) for _ in range(4)),
            *(author.delete(path_of(each)) for each in (below[0], aside)),
            *(author.patch(path_of(each), {"body": "Edited."}) for each in below[1:3]),
            move(town, aside, fill),
            ask(town, "hide", below[3]),
        )
        moves = [each.status_code for each in answers[:3]]
        assert set(moves) <= {201, 409}
        assert 201 in moves
        # Whoever came too late is told that there is no such comment in that thread any more.
        assert {each.status_code for each in answers[3:7]} <= {201, 409, 422}
        assert [each.status_code for each in answers[7:11]] == [204, 204, 200, 200]
        assert (answers[11].status_code, answers[12].status_code) == (201, 201)
        written = [*moves, answers[11].status_code, answers[12].status_code].count(201)
        assert len(await log_of(town)) == entries + written
        for head in (prompt, another, fill):
            await check_books(service, head)
        await check_round(service, prompt)
        assert drifted_counters(database_url) == {}
    await recount(town)


async def test_moves_there_and_back_at_once_wait_for_each_other(
    town: Town, service: FastAPI, database_url: str
) -> None:
    heads = [await town.prompt() for _ in range(2)]
    heads.append(await town.fill(heads[0]))
    comments = [await town.comment(head) for head in heads for _ in range(3)]
    for comment, head in zip(comments[::3], heads, strict=True):
        await town.comment(head, reply_to=comment)
    for turn in range(1, 3):
        answers = await asyncio.gather(
            *(
                move(town, comment, heads[(number + turn) % 3])
                for number, comment in enumerate(comments)
            ),
            *(ask(town, "freeze" if turn % 2 else "unfreeze", head) for head in heads),
        )
        assert {each.status_code for each in answers} <= {201, 409}
        for head in heads:
            await check_books(service, head)
    await check_round(service, heads[0])
    await recount(town)
    assert drifted_counters(database_url) == {}


async def test_whoever_posts_and_a_moderator_who_clears_a_thread_never_wait_for_each_other(
    town: Town, database_url: str
) -> None:
    prompt = await town.prompt()
    comments = [await town.comment(prompt) for _ in range(8)]
    fill = await town.fill(prompt)

    async def ask_for(turn: int) -> int:
        await asyncio.sleep(turn / 50)
        asked = await town.somebody().post(f"/boards/{town.slug}/prompts", {"body": "A rescue?"})
        return asked.status_code

    for action in ("hide", "unhide", "screen", "unscreen"):
        acting = asyncio.create_task(ask(town, action, *comments, fill))
        assert set(await asyncio.gather(*map(ask_for, range(10)))) == {201}
        assert (await acting).status_code == 201
    await recount(town)
    assert drifted_counters(database_url) == {}


async def test_many_things_taken_away_at_once_by_several_moderators(
    town: Town, service: FastAPI, database_url: str
) -> None:
    author, stranger = town.somebody(), town.somebody()
    prompts = [await town.prompt(tags=["steady", f"t{number}"]) for number in range(3)]
    fills = [await town.fill(each, tags=["steady"], status="wip") for each in prompts]
    comments = [await town.comment(each, author) for each in (*prompts, *fills)]
    everything = [*comments, *fills, *prompts]
    for action, back in (("hide", "unhide"), ("screen", "unscreen")):
        answers = await asyncio.gather(
            ask(town, action, *everything),
            ask(town, action, *everything[::-1]),
            *(ask(town, action, each) for each in prompts),
            *(stranger.post(f"{path_of(each)}/comments", {"body": "!"}) for each in fills),
            *(stranger.post(f"{path_of(each)}/fills", {"body": "!"}) for each in prompts),
            move(town, comments[0], fills[1]),
            *(author.patch(path_of(each), {"body": "Edited."}) for each in comments),
        )
        assert {each.status_code for each in answers} <= {200, 201, 404, 409, 422}
        assert drifted_counters(database_url) == {}
        answers = await asyncio.gather(
            *(ask(town, back, *some) for some in (everything, everything[3:], everything[::-1]))
        )
        assert {each.status_code for each in answers} <= {201, 409}
        assert drifted_counters(database_url) == {}
        for head in (*prompts, *fills):
            await check_books(service, head)
    await recount(town)
