"""A comment that was misplaced is moved, with all that is below it."""

from typing import Any

import pytest
from fastapi import FastAPI

from tests.comments.ledger import check_books, check_round
from tests.moderation.keeping import ask, log_of, move, moved
from tests.people import JSON, Person, Town, code_of, faults_of, path_of
from tests.recount import recount
from tests.stories.drift import drifted_counters

pytestmark = pytest.mark.anyio


async def shown(who: Person, head: JSON, query: str = "") -> list[tuple[int, Any, str]]:
    """Depth, words and state of what a thread shows."""
    items = await who.every_page(f"{path_of(head)}/comments{query}")
    return [(each["depth"], each["body"], each["state"]) for each in items]


async def some_talk(town: Town, head: JSON) -> dict[str, JSON]:
    """A comment with talk below it, between two others."""
    talk: dict[str, JSON] = {}
    for name, above in (
        *(("before", None), ("misfire", "before"), ("first", "misfire"), ("after", "before")),
        *(("second", "misfire"), ("deep", "first"), ("late", "misfire"), ("deepest", "deep")),
    ):
        reply_to = talk[above] if above else None
        talk[name] = await town.comment(head, reply_to=reply_to, body=name)
    return talk


async def test_what_is_moved_keeps_its_order_and_its_links_and_the_old_place_says_where_it_went(
    town: Town, stranger: Person, service: FastAPI, database_url: str
) -> None:
    prompt, other = await town.prompt(), await town.prompt()
    fill = await town.fill(other)
    talk = await some_talk(town, prompt)
    standing = await town.comment(fill, body="standing")
    newest_seq = (await stranger.read(path_of(fill)))["latest_seq"]
    comment = await moved(town, talk["misfire"], fill, standing)
    assert (comment["id"], comment["parent_id"]) == (talk["misfire"]["id"], standing["id"])
    assert comment["thread"]["id"] == fill["id"]
    assert comment["created_at"] == talk["misfire"]["created_at"]
    assert comment["author"] == talk["misfire"]["author"]
    assert await shown(stranger, prompt) == [
        *((0, "before", "visible"), (1, None, "moved"), (1, "after", "visible")),
    ]
    assert await shown(stranger, fill) == [
        *((0, "standing", "visible"), (1, "misfire", "visible"), (2, "first", "visible")),
        *((3, "deep", "visible"), (4, "deepest", "visible"), (2, "second", "visible")),
        (2, "late", "visible"),
    ]
    # Whoever follows the thread misses nothing, and meets what answers before what is answered.
    news = await stranger.every_page(f"{path_of(fill)}/comments?since={newest_seq}&sort=newest")
    assert [each["body"] for each in news[::-1]] == [
        *("misfire", "first", "second", "deep", "late", "deepest"),
    ]
    assert [each["seq"] for each in news] == list(range(newest_seq + 6, newest_seq, -1))
    below = {each["id"]: each["parent_id"] for each in news}
    assert below[talk["deepest"]["id"]] == talk["deep"]["id"]
    assert below[talk["deep"]["id"]] == talk["first"]["id"]

    stub = (await stranger.every_page(f"{path_of(prompt)}/comments"))[1]
    assert stub["id"] != talk["misfire"]["id"]
    assert stub["moved_to"] == {"type": "comment", "id": comment["id"], "url": comment["url"]}
    assert (stub["seq"], stub["parent_id"]) == (talk["misfire"]["seq"], talk["before"]["id"])
    assert (stub["author"], stub["body_html"], stub["replies_count"]) == (None, None, 0)
    assert await stranger.read(path_of(stub)) == stub
    assert (await stranger.read(f"{path_of(stub)}/thread"))["items"] == [stub]
    reply = {"body": "To you", "parent_id": stub["id"]}
    assert code_of(await stranger.post(f"{path_of(prompt)}/comments", reply)) == "reply-to-deleted"
    assert code_of(await town.administrator.delete(path_of(stub))) == "not-allowed"

    answer = await town.comment(fill, reply_to=talk["first"], body="an answer")
    assert (answer["depth"], answer["seq"]) == (3, newest_seq + 7)
    for head in (prompt, fill):
        await check_books(service, head)
    await check_round(service, prompt)
    await recount(town)
    assert drifted_counters(database_url) == {}
    (entry,) = await log_of(town)
    assert (entry["action"], entry["target"]["url"]) == ("move", comment["url"])


async def test_what_comes_back_takes_its_stub_away(
    town: Town, stranger: Person, service: FastAPI, database_url: str
) -> None:
    prompt, other = await town.prompt(), await town.prompt()
    talk = await some_talk(town, prompt)
    for _ in range(2):
        await moved(town, talk["misfire"], other)
        assert (1, None, "moved") in await shown(stranger, prompt)
        await moved(town, talk["misfire"], prompt, talk["before"])
        assert [body for _, body, _ in await shown(stranger, prompt)] == [
            *("before", "after", "misfire", "first", "deep", "deepest", "second", "late"),
        ]
        assert await shown(stranger, other) == [(0, None, "moved")]
    # Within its own thread, too, the old place says where it went.
    await moved(town, talk["deep"], prompt)
    assert [each[:2] for each in await shown(stranger, prompt)][-4:] == [
        *((2, "second"), (2, "late"), (0, "deep"), (1, "deepest")),
    ]
    for head in (prompt, other):
        await check_books(service, head)
    assert drifted_counters(database_url) == {}


async def test_whatever_its_state_it_moves_with_what_is_below_it(
    town: Town, stranger: Person, service: FastAPI, database_url: str
) -> None:
    keeper, author = town.administrator, town.somebody()
    prompt, other = await town.prompt(), await town.prompt()
    fill = await town.fill(prompt, author)
    talk = await some_talk(town, fill)
    about = await town.comment(fill, author, talk["misfire"], body="about it", part_number=1)
    await keeper.change(f"/boards/{town.slug}", {"settings": {"screening": "all"}})
    waiting = await author.hand_in(
        f"{path_of(fill)}/comments", {"body": "waits", "parent_id": talk["first"]["id"]}
    )
    await ask(town, "hide", talk["second"])
    await ask(town, "hide", talk["deep"])
    await ask(town, "freeze", talk["first"])
    await ask(town, "screen", talk["misfire"])
    assert (await move(town, talk["misfire"], other)).status_code == 201
    assert await shown(stranger, other) == [
        *((0, None, "hidden"), (1, "first", "visible"), (2, None, "hidden")),
        *((3, "deepest", "visible"), (1, "late", "visible"), (1, "about it", "visible")),
    ]
    assert (await stranger.read(path_of(about)))["part_number"] is None
    seen = await author.read(path_of(waiting))
    assert (seen["thread"]["id"], seen["depth"], seen["seq"]) == (other["id"], 2, None)
    await ask(town, "unscreen", waiting)
    await ask(town, "unhide", talk["second"])
    await ask(town, "unscreen", talk["misfire"])
    assert await shown(stranger, other) == [
        *((0, "misfire", "visible"), (1, "first", "visible"), (2, None, "hidden")),
        *((3, "deepest", "visible"), (2, "waits", "visible"), (1, "second", "visible")),
        *((1, "late", "visible"), (1, "about it", "visible")),
    ]
    reply = {"body": "Late", "parent_id": talk["deepest"]["id"]}
    assert code_of(await keeper.post(f"{path_of(other)}/comments", reply)) == "frozen"
    # What nobody had seen leaves nothing behind, and neither does what nobody sees any more.
    unseen = await author.hand_in(f"{path_of(fill)}/comments", {"body": "unseen"})
    gone = await town.comment(fill, keeper, body="gone")
    await ask(town, "hide", gone)
    before = await shown(stranger, fill)
    for each in (unseen, gone):
        assert (await move(town, each, other)).status_code == 201
    assert await shown(stranger, fill) == before
    assert (await log_of(town))[1]["target"] is None
    for head in (prompt, fill, other):
        await check_books(service, head)
    await check_round(service, prompt)
    await recount(town)
    assert drifted_counters(database_url) == {}


async def test_a_move_that_can_not_be_is_refused_and_changes_nothing(
    town: Town, stranger: Person, database_url: str
) -> None:
    prompt, other = await town.prompt(), await town.prompt()
    adult = await town.prompt(rating="mature")
    hidden = await town.prompt()
    elsewhere = Town(town.client, town.administrator)
    await elsewhere.found_board()
    far = await elsewhere.prompt()
    talk = await some_talk(town, prompt)
    spicy = await town.comment(adult)
    await ask(town, "hide", hidden)
    before = await shown(stranger, prompt)
    entries = len(await log_of(town))
    misfire = talk["misfire"]
    for wrong, pointer, code in (
        (await move(town, misfire, far), "/to/id", "no_such_thread"),
        (await move(town, misfire, hidden), "/to/id", "out_of_sight"),
        (await move(town, misfire, prompt, talk["deep"]), "/to/parent_id", "below_itself"),
        (await move(town, misfire, prompt, misfire), "/to/parent_id", "below_itself"),
        (await move(town, misfire, other, talk["before"]), "/to/parent_id", "no_such_parent"),
        (await move(elsewhere, misfire, far), "/target/id", "no_such_target"),
        (await ask(town, "move", misfire), "", "goes_with"),
    ):
        assert faults_of(wrong) == {(pointer, code)}
    assert code_of(await move(town, misfire, prompt, talk["before"])) == "nothing-to-do"
    assert code_of(await move(town, spicy, other)) == "leaves-adult-thread"
    assert await shown(stranger, prompt) == before
    assert len(await log_of(town)) == entries
    assert drifted_counters(database_url) == {}
    # The other way it is gated by what it stands below from then on.
    assert (await move(town, misfire, adult)).status_code == 201
    assert code_of(await stranger.get(path_of(misfire))) == "adult-content"
    assert (await move(town, spicy, other, from_adult=True)).status_code == 201
    assert (await stranger.read(path_of(spicy)))["body"] == "Oh, lovely!"
    await recount(town)


async def test_a_move_ties_no_face_of_one_conversation_to_one_of_another(
    town: Town, stranger: Person
) -> None:
    person, other = town.somebody(), town.somebody()
    mine, elsewhere = await town.prompt(person), await town.prompt()
    fill = await town.fill(mine, person)
    said = await town.comment(elsewhere, person, body="Said elsewhere.")
    await town.comment(elsewhere, person, said)
    own = await town.comment(mine, other, body="Asked here.")
    assert said["author"]["face"] != mine["author"]["face"]
    comment = await moved(town, said, mine)
    assert comment["author"] == said["author"]
    assert (comment["author"]["is_op"], comment["author"]["is_filler"]) == (False, False)
    listed = await stranger.every_page(f"{path_of(mine)}/comments")
    assert {each["author"]["face"] for each in listed if each["depth"] == 1} == {
        said["author"]["face"]
    }
    # Within a conversation everybody is who they were, and so is who comes back to it.
    assert (await moved(town, own, fill))["author"] == own["author"]
    answer = await town.comment(mine, person, said, body="Here it is.")
    assert (answer["author"]["face"], answer["author"]["is_op"]) == (mine["author"]["face"], True)
    await moved(town, said, elsewhere)
    faces = [each["author"] for each in await stranger.every_page(f"{path_of(said)}/thread")]
    assert faces[:2] == [said["author"], said["author"]]
    assert faces[2] == {**answer["author"], "is_op": False, "is_filler": False}
    assert (await moved(town, answer, mine))["author"] == answer["author"]


async def test_discussions_are_kept_in_order_like_everything_else(
    town: Town, stranger: Person, service: FastAPI, database_url: str
) -> None:
    author = town.somebody()
    talk = await author.make(
        f"/boards/{town.slug}/discussions", {"kind": "general", "body": "Which tea?"}
    )
    prompt = await town.prompt()
    said = await town.comment(prompt, author, body="Mint tea.")
    below = await town.comment(prompt, reply_to=said, body="Never.")
    assert (await moved(town, said, talk))["thread"]["id"] == talk["id"]
    assert [body for _, body, _ in await shown(stranger, talk)] == ["Mint tea.", "Never."]
    await check_round(service, prompt)
    assert drifted_counters(database_url) == {}
    for action, back in (("freeze", "unfreeze"), ("hide", "unhide"), ("screen", "unscreen")):
        assert (await ask(town, action, talk)).status_code == 201
        reply = {"body": "!", "parent_id": below["id"]}
        refused = await stranger.post(f"{path_of(talk)}/comments", reply)
        assert code_of(refused) == ("frozen" if action == "freeze" else "not-found")
        assert (await author.read(path_of(talk)))["moderation"]["action"] == action
        assert (await ask(town, back, talk)).status_code == 201
        assert "moderation" not in await stranger.read(path_of(talk))
    assert (await moved(town, below, prompt))["depth"] == 0
    # Once it is closed it takes no comments, posted or moved, and gives those up that stray.
    await author.change(path_of(talk), {"is_closed": True})
    assert code_of(await move(town, below, talk)) == "discussion-closed"
    assert (await stranger.read(path_of(below)))["thread"]["id"] == prompt["id"]
    await moved(town, said, prompt)
    await town.administrator.change(path_of(talk), {"is_closed": False})
    await moved(town, said, talk)
    await moved(town, below, talk)
    await moved(town, below, prompt)
    assert (await log_of(town))[0]["target"]["id"] == below["id"]
    await check_round(service, prompt)
    await recount(town)
    assert drifted_counters(database_url) == {}
