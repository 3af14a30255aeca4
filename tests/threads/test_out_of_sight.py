"""What is out of sight leaves no trace, and comes back as if it had only just been said."""

import asyncio
import io
import zipfile
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.backstage import set_state
from tests.comments.ledger import check_books, check_round
from tests.people import JSON, Person, Town, code_of, path_of
from tests.recount import recount
from tests.stories.drift import drifted_counters
from tests.stories.test_twins import addresses

pytestmark = pytest.mark.anyio

CANARY = "marmaladelighthouse"


@pytest.fixture
async def screening(town: Town) -> Town:
    """A board on which everything waits but what its keeper posts."""
    await screen(town, "all")
    return town


async def screen(town: Town, which: str, **more: Any) -> None:
    settings = {"settings": {"screening": which, **more}}
    await town.administrator.change(f"/boards/{town.slug}", settings)


async def all_that_is_read(
    service: FastAPI, who: Person, ids: dict[str, list[str]]
) -> dict[str, tuple[int, str | None, Any]]:
    """Status, ETag and body of everything that can be read under some ids."""
    found = {}
    for address in addresses(service, ids):
        response = await who.get(f"http://board.test{address}")
        said = _said(response)
        assert CANARY not in str(said)
        # A copy of one's own things is one of its own moment, and so is its tag.
        is_copy = response.headers["content-type"] == "application/zip"
        tag = None if is_copy else response.headers.get("etag")
        found[address] = (response.status_code, tag, said)
    return found


def _said(response: httpx.Response) -> Any:
    """What an answer says: JSON without the id of the request, or the text of a whole work. Of an
    archive that is what its files say: they bear the time at which it was asked for.
    """
    if response.headers["content-type"].endswith("json"):
        return {**response.json(), "instance": None}
    if not response.headers["content-type"].endswith("zip"):
        return response.text
    with zipfile.ZipFile(io.BytesIO(response.content)) as book:
        return {name: book.read(name).decode() for name in book.namelist()}


def something_for(thing: JSON) -> JSON:
    """A change that a thing takes."""
    return {"body": "Mine."} if "body" in thing else {"title": "Mine"}


async def some_evening(town: Town) -> tuple[JSON, JSON, JSON]:
    """A prompt, a fill, and a comment on each, of which one is returned, all in sight."""
    prompt = await town.prompt(town.administrator)
    fill = await town.fill(prompt, town.administrator, status="wip")
    await town.comment(fill, town.administrator)
    return prompt, fill, await town.comment(prompt, town.administrator)


@pytest.mark.thorough
async def test_what_waits_leaves_no_trace_in_anything_that_others_read(
    screening: Town, service: FastAPI, stranger: Person
) -> None:
    town, author, other = screening, screening.somebody(), screening.somebody()
    prompt, fill, comment = await some_evening(town)
    discussion = await town.discussion(town.administrator)
    await other.make("/masks", {})
    ids = {
        "board": [town.slug],
        "prompt": [prompt["id"]],
        "fill": [fill["id"]],
        "discussion": [discussion["id"]],
        "comment": [comment["id"]],
        "number": ["1", "2", "3"],
    }
    before = [await all_that_is_read(service, each, ids) for each in (stranger, other)]
    words = {"body": f"{CANARY} https://lamps.example", "title": CANARY}
    waiting = [
        await author.hand_in(f"/boards/{town.slug}/prompts", {**words, "tags": [CANARY]}),
        await author.hand_in(f"{path_of(prompt)}/fills", {**words, "summary": CANARY}),
        await author.hand_in(f"/boards/{town.slug}/discussions", words),
        await author.hand_in(f"{path_of(prompt)}/comments", {"body": CANARY}),
        await author.hand_in(
            f"{path_of(prompt)}/comments", {"body": CANARY, "parent_id": comment["id"]}
        ),
        await author.hand_in(f"{path_of(fill)}/comments", {"body": CANARY, "part_number": 1}),
        await author.hand_in(f"{path_of(discussion)}/comments", {"body": CANARY}),
    ]
    await author.make(f"{path_of(waiting[1])}/parts", {"body": CANARY})
    await author.change(path_of(waiting[1]), {"status": "complete"})
    await author.change(path_of(waiting[0]), {"body": f"{CANARY} again"})
    await author.change(path_of(waiting[2]), {"body": f"{CANARY} again", "is_closed": True})
    await town.administrator.change(path_of(waiting[2]), {"is_pinned": True, "is_closed": False})
    await author.change(path_of(waiting[3]), {"body": f"{CANARY} again"})
    after = [await all_that_is_read(service, each, ids) for each in (stranger, other)]
    # What a keeper did is on record, and the record does not say what it was done to.
    log = f"/v1/boards/{town.slug}/mod-log"
    for was, now in zip(before, after, strict=True):
        assert was.pop(log)[2]["items"] == []
        told = [(entry["action"], entry["target"]) for entry in now.pop(log)[2]["items"]]
        assert told == [("open", None)]
    assert after == before
    unseen = {
        "board": [town.slug],
        "prompt": [waiting[0]["id"]],
        "fill": [waiting[1]["id"]],
        "discussion": [waiting[2]["id"]],
        "comment": [each["id"] for each in waiting[3:]],
        "number": [str(waiting[0]["number"])],
    }
    ids_of_waiting = [each["id"] for each in waiting]
    own = {key for key in addresses(service, unseen) if any(each in key for each in ids_of_waiting)}
    assert len(own) > len(waiting)
    for who in (stranger, other):
        answers = await all_that_is_read(service, who, unseen)
        # Some things only authors read, and without a token nobody is looked for.
        unknown = {404} if who.token else {401, 404}
        assert {answers[address][0] for address in own} <= unknown
    for thing in waiting:
        for refused in (
            await other.patch(path_of(thing), something_for(thing)),
            await other.delete(path_of(thing)),
        ):
            assert (refused.status_code, code_of(refused)) == (404, "not-found")
    for head in waiting[:3]:
        reply = await author.post(f"{path_of(head)}/comments", {"body": "Hello?"})
        assert code_of(reply) == "not-found"
    said = {"body": "Hello?", "parent_id": waiting[3]["id"]}
    answer = await other.post(f"{path_of(prompt)}/comments", said)
    nothing = await other.post(f"{path_of(prompt)}/comments", {**said, "parent_id": "0" * 16})
    assert answer.json()["errors"] == nothing.json()["errors"]
    # Deleted before anybody saw it, it never was; its author is told that it is gone.
    for thing in waiting:
        await author.take_away(path_of(thing))
        assert code_of(await author.get(path_of(thing))) == "gone"
        assert code_of(await stranger.get(path_of(thing))) == "not-found"
    finally_read = await all_that_is_read(service, stranger, ids)
    del finally_read[log]
    assert finally_read == before[0]


async def test_an_author_sees_what_waits_with_the_token_and_nobody_keeps_it(
    screening: Town, stranger: Person
) -> None:
    author = screening.somebody()
    prompt, fill, _ = await some_evening(screening)
    story = await author.hand_in(f"{path_of(prompt)}/fills", {"body": "Once."})
    assert [each["code"] for each in story["notices"]] == ["waits-for-moderator"]
    talk = await author.hand_in(f"{path_of(fill)}/comments", {"body": "I like it."})
    assert (talk["seq"], talk["body"]) == (None, "I like it.")
    asked = await author.hand_in(f"/boards/{screening.slug}/prompts", {"body": "A rescue."})
    paths = [
        *(path_of(each) for each in (story, talk, asked)),
        *(f"{path_of(story)}/parts", f"{path_of(story)}/parts/1"),
        f"/boards/{screening.slug}/prompts/{asked['number']}",
    ]
    for path in paths:
        response = await author.get(path)
        assert response.status_code == 200
        assert response.headers["cache-control"] == "private, no-store"
        assert response.headers["vary"] == "Authorization"
        tag = response.headers["etag"]
        assert (await author.get(path, If_None_Match=tag)).status_code == 304
        assert (await stranger.get(path, If_None_Match=tag)).status_code == 404
    part = f"{path_of(story)}/parts/1"
    await author.change(part, {"body": "Twice."}, If_Match=await author.tag_of(part))
    assert (await author.read(path_of(story)))["parts_count"] == 1
    public = await stranger.get(path_of(prompt))
    assert public.headers["cache-control"] == "public, no-cache"
    assert public.headers["vary"] == "Authorization"
    listed = await stranger.get(f"/boards/{screening.slug}/prompts")
    assert listed.headers["cache-control"] == "public, no-cache"


@pytest.mark.parametrize("state", ["screened", "hidden"])
async def test_moderators_see_what_is_out_of_sight_and_its_state(
    town: Town, service: FastAPI, stranger: Person, state: str
) -> None:
    author = town.somebody()
    prompt = await town.prompt()
    comment = await town.comment(prompt, author, body="Grumble.")
    fill = await town.fill(prompt, author, body="A story.")
    discussion = await town.discussion()
    said = await town.comment(discussion, author, body="Grumble.")
    things = (comment, fill, prompt, said, discussion)
    for thing in things:
        await set_state(service, thing, state)
    for thing in things:
        shown = await town.administrator.get(path_of(thing))
        assert (shown.status_code, shown.json()["state"]) == (200, state)
        assert shown.headers["cache-control"] == "private, no-store"
        assert code_of(await stranger.get(path_of(thing))) == "not-found"
        assert code_of(await author.get(path_of(thing))) == "not-found"
    assert (await town.administrator.read(path_of(comment)))["body"] == "Grumble."
    assert "A story" in (await town.administrator.get(f"{path_of(fill)}/parts/1")).text
    for thing in (comment, fill, said, discussion):
        answer = await town.administrator.patch(path_of(thing), something_for(thing))
        assert code_of(answer) == "not-allowed"


async def test_what_is_released_is_the_newest_and_leaves_no_gap(
    screening: Town, service: FastAPI, stranger: Person
) -> None:
    prompt, _, first = await some_evening(screening)
    author, keeper = screening.somebody(), screening.administrator
    path = f"{path_of(prompt)}/comments"
    waiting = await author.hand_in(path, {"body": "waited"})
    reply = await author.hand_in(path, {"body": "waited too", "parent_id": first["id"]})
    second = await screening.comment(prompt, keeper, body="second")
    answer = await screening.comment(prompt, keeper, reply_to=first, body="answer")
    assert [each["seq"] for each in (first, second, answer)] == [1, 2, 3]
    await set_state(service, reply, "visible")
    await set_state(service, waiting, "visible")
    new = (await stranger.read(f"{path}?since=3&sort=newest"))["items"]
    assert [(each["seq"], each["body"]) for each in new] == [(5, "waited"), (4, "waited too")]
    in_order = [each["body"] for each in (await stranger.read(path))["items"]]
    assert in_order == ["Oh, lovely!", "answer", "waited too", "second", "waited"]
    assert (await stranger.read(path_of(prompt)))["latest_seq"] == 5
    # What goes and comes again is no news: it comes back to where it was.
    for state in ("hidden", "visible", "screened", "hidden", "visible"):
        await set_state(service, reply, state)
    assert [each["body"] for each in (await stranger.read(path))["items"]] == in_order
    assert (await stranger.read(path_of(reply)))["seq"] == 4
    assert (await screening.comment(prompt, keeper))["seq"] == 6
    await check_books(service, prompt)


@pytest.mark.parametrize("sort", ["thread", "newest"])
async def test_a_page_that_was_read_never_shifts(
    screening: Town, service: FastAPI, stranger: Person, sort: str
) -> None:
    author, keeper = screening.somebody(), screening.administrator
    prompt = await screening.prompt(keeper)
    path = f"{path_of(prompt)}/comments"
    said = []
    waiting = []
    for number in range(6):
        said.append(await screening.comment(prompt, keeper, body=str(number)))
        waiting.append(await author.hand_in(path, {"body": f"waited {number}"}))
    page = await stranger.read(f"{path}?sort={sort}&limit=3")
    seen = [each["id"] for each in page["items"]]
    for each in waiting:
        await set_state(service, each, "visible")
    seen += [each["id"] for each in await stranger.every_page(page["next"])]
    # By time, what came into sight since stands before the first page; in the thread, at its end.
    expected = [each["id"] for each in said]
    if sort == "newest":
        assert seen == expected[::-1]
    else:
        assert seen == [*expected, *(each["id"] for each in waiting)]


async def test_a_hidden_comment_stays_as_a_tombstone_while_others_hang_below_it(
    town: Town, service: FastAPI, stranger: Person
) -> None:
    prompt = await town.prompt()
    top = await town.comment(prompt, body="top")
    middle = await town.comment(prompt, reply_to=top, body="middle")
    await set_state(service, top, "hidden")
    shown = (await stranger.read(f"{path_of(prompt)}/comments"))["items"]
    assert [(each["state"], each["body"], each["author"] is None) for each in shown] == [
        ("hidden", None, True),
        ("visible", "middle", False),
    ]
    answer = await stranger.post(
        f"{path_of(prompt)}/comments", {"body": "To you", "parent_id": top["id"]}
    )
    assert code_of(answer) == "reply-to-deleted"
    await set_state(service, middle, "hidden")
    assert (await stranger.read(f"{path_of(prompt)}/comments"))["items"] == []
    await check_books(service, prompt)
    await set_state(service, middle, "visible")
    await set_state(service, top, "visible")
    shown = (await stranger.read(f"{path_of(prompt)}/comments"))["items"]
    assert [each["body"] for each in shown] == ["top", "middle"]
    await check_books(service, prompt)
    await check_round(service, prompt)


async def test_releases_and_replies_at_once_all_get_a_place_of_their_own(
    screening: Town, service: FastAPI, stranger: Person
) -> None:
    keeper = screening.administrator
    prompt = await screening.prompt(keeper)
    fill = await screening.fill(prompt, keeper)
    for head in (prompt, fill):
        top = await screening.comment(head, keeper)
        path = f"{path_of(head)}/comments"
        waiting = [
            await screening.somebody().hand_in(path, {"body": "w", "parent_id": top["id"]})
            for _ in range(8)
        ]
        reply = {"body": "r", "parent_id": top["id"]}
        answers = await asyncio.gather(
            *(keeper.post(path, reply) for _ in range(8)),
            *(set_state(service, each, "visible") for each in waiting),
            *(set_state(service, each, "visible") for each in waiting[:4]),
            *(set_state(service, top, state) for state in ("hidden", "visible")),
        )
        # Whoever replied while the comment was hidden was refused; it may be hidden or not by now.
        statuses = [each.status_code for each in answers[:8] if each is not None]
        assert set(statuses) <= {201, 409}
        await set_state(service, top, "visible")
        shown = await stranger.every_page(f"{path}?limit=5&sort=newest")
        assert [each["seq"] for each in shown] == list(range(9 + statuses.count(201), 0, -1))
        await check_books(service, head)
    await check_round(service, prompt)


@pytest.mark.thorough
async def test_what_goes_while_people_talk_takes_all_of_it_along(
    town: Town, service: FastAPI, stranger: Person, database_url: str
) -> None:
    for _ in range(4):
        author = town.somebody()
        prompt = await town.prompt()
        fill, discussion = await town.fill(prompt, author), await town.discussion()
        heads = (prompt, fill, discussion)
        gone = [await town.comment(head, author) for head in heads for _ in range(3)]
        answers = await asyncio.gather(
            *(
                stranger.post(f"{path_of(head)}/comments", {"body": "!"})
                for head in heads
                for _ in range(4)
            ),
            *(author.delete(path_of(each)) for each in gone),
            *(stranger.post(f"{path_of(prompt)}/fills", {"body": "!"}) for _ in range(3)),
            set_state(service, prompt, "hidden"),
            set_state(service, fill, "hidden"),
            set_state(service, discussion, "hidden"),
        )
        statuses = {each.status_code for each in answers if each is not None}
        assert statuses <= {201, 204, 404}
        assert drifted_counters(database_url) == {}
        await set_state(service, prompt, "visible")
        await set_state(service, discussion, "visible")
        assert drifted_counters(database_url) == {}


async def test_prompts_come_and_go_while_others_are_posted(
    town: Town, service: FastAPI, stranger: Person
) -> None:
    standing = [await town.prompt(tags=["steady"]) for _ in range(3)]
    for prompt in standing:
        await town.comment(prompt)
    new = {"body": "Another.", "tags": ["steady", "new"]}
    for state in ("hidden", "visible") * 3:
        answers = await asyncio.gather(
            *(set_state(service, prompt, state) for prompt in standing),
            *(stranger.post(f"/boards/{town.slug}/prompts", new) for _ in range(4)),
        )
        assert [each.status_code for each in answers[3:] if each is not None] == [201] * 4
    await recount(town)
