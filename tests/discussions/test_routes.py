"""Discussions over HTTP: beginning, reading, listing them."""

import asyncio

import pytest

from tests.backstage import new_account, set_state
from tests.comments.ledger import check_books
from tests.discussions.conftest import Place
from tests.people import JSON, Person, code_of, faults_of, path_of
from tests.recount import recount

pytestmark = pytest.mark.anyio


async def test_an_evening_of_talk_that_belongs_to_no_prompt(place: Place, stranger: Person) -> None:
    town, op, other = place.town, place.town.somebody(), place.town.somebody()
    prompt = await town.prompt(op)
    response = await stranger.post(place.path, {"body": "Who reads by *lantern* light?\nMe!"})
    assert response.status_code == 201
    receipt = response.json()
    op.token = receipt["edit_token"]
    assert op.token.startswith("fbe_")
    assert response.headers["location"] == receipt["url"]
    assert response.headers["cache-control"] == "private, no-store"
    assert receipt["notices"] == []
    shown = await stranger.get(path_of(receipt))
    assert shown.headers["cache-control"] == "public, no-cache"
    assert shown.json() == {
        "id": receipt["id"],
        "board": town.slug,
        "kind": "general",
        "title": receipt["title"],
        "body": "Who reads by *lantern* light?\nMe!",
        "body_html": "<p>Who reads by <em>lantern</em> light?\nMe!</p>\n",
        "is_pinned": False,
        "is_closed": False,
        "state": "visible",
        "is_frozen": False,
        "comments_count": 0,
        "latest_seq": 0,
        "last_activity_at": receipt["created_at"],
        "author": {**receipt["author"], "is_op": True, "is_filler": False, "name": None},
        "created_at": receipt["created_at"],
        "edited_at": None,
        "url": f"http://board.test/v1/discussions/{receipt['id']}",
    }
    assert receipt["title"].startswith("Who reads by")

    first = await town.comment(receipt, other, body="I do.")
    answer = await town.comment(receipt, op, first, body="Hello!")
    await town.comment(receipt, place.moderator, body="On topic.", as_moderator=True)
    page = (await stranger.read(f"{path_of(receipt)}/comments"))["items"]
    assert [(each["body"], each["depth"], each["seq"]) for each in page] == [
        ("I do.", 0, 1),
        ("Hello!", 1, 2),
        ("On topic.", 0, 3),
    ]
    assert [each["author"]["is_op"] for each in page] == [False, True, False]
    assert [each["author"]["is_moderator"] for each in page] == [False, False, True]
    assert page[1]["author"]["face"] == receipt["author"]["face"]
    assert page[0]["author"]["face"] != receipt["author"]["face"]
    permalink = await stranger.read(f"{path_of(answer)}?embed=ancestors&adult=true")
    assert [each["body"] for each in permalink["ancestors"]] == ["I do."]
    below = await stranger.read(f"{path_of(first)}/thread?depth=0")
    assert [each["body"] for each in below["items"]] == ["I do."]
    behind = await stranger.read(below["items"][0]["more_url"])
    assert [each["body"] for each in behind["items"]] == ["I do.", "Hello!"]
    newest = await stranger.read(f"{path_of(receipt)}/comments?sort=newest&limit=1&adult=true")
    assert newest["items"][0]["body"] == "On topic."
    shown_again = await stranger.read(path_of(receipt))
    assert (shown_again["comments_count"], shown_again["latest_seq"]) == (3, 3)
    await check_books(place.service, receipt)
    # Nobody is known elsewhere for what they said here, and no round has heard of it.
    assert (await town.comment(prompt, other))["author"]["face"] != page[0]["author"]["face"]
    assert (await stranger.read(f"/boards/{town.slug}/rounds/1"))["comments_count"] == 1
    await recount(town)


async def test_a_discussion_stands_in_no_round(place: Place, stranger: Person) -> None:
    town = place.town
    await town.change_round(1, closes_at_comments=2)
    standing = await town.discussion()
    for _ in range(3):
        await town.comment(standing)
    assert (await stranger.read(f"/boards/{town.slug}/rounds/1"))["phase"] == "prompting"
    for phase in ("closed", "archived"):
        await town.change_round(1, phase=phase)
        author = town.somebody()
        discussion = await town.discussion(author)
        comment = await town.comment(discussion, author)
        await author.change(path_of(comment), {"body": "Still here."})
        await author.change(path_of(discussion), {"title": phase})
        await author.take_away(path_of(comment))
    assert (await stranger.read(f"/boards/{town.slug}/rounds/1"))["comments_count"] == 0


async def test_the_list_shows_what_is_pinned_and_then_the_newest(
    place: Place, stranger: Person
) -> None:
    town = place.town
    made = {}
    for number, kind in enumerate(["general", "friending", "ask_a_mod", "general", "friending"]):
        made[number] = await town.discussion(kind=kind, title=str(number))
    made[5] = await town.discussion(place.moderator, kind="announcement", title="5")
    for number in (1, 3):
        await place.moderator.change(path_of(made[number]), {"is_pinned": True})
    for limit in (1, 2, 4, 100):
        assert await place.titles(f"?limit={limit}") == ["3", "1", "5", "4", "2", "0"]
    await town.comment(made[0])
    await town.comment(made[1])
    for limit in (1, 3):
        query = f"?sort=active&limit={limit}"
        assert await place.titles(query) == ["1", "3", "0", "5", "4", "2"]
    assert await place.titles("?kind=friending&limit=1") == ["1", "4"]
    assert await place.titles("?kind=friending&kind=ask_a_mod&limit=1") == ["1", "4", "2"]
    assert await place.titles("?kind=friending&kind=friending&sort=active") == ["1", "4"]
    page = await stranger.get(f"{place.path}?limit=2")
    assert page.json()["omitted"] == {"adult": 0, "filtered": 0}
    tag = page.headers["etag"]
    assert (await stranger.get(f"{place.path}?limit=2", If_None_Match=tag)).status_code == 304
    # A cursor goes on where its page ended, whatever has become of what stood there.
    cursor = page.json()["next"].split("cursor=")[1]
    for other in (f"?sort=active&cursor={cursor}", f"?kind=general&cursor={cursor}"):
        assert code_of(await stranger.get(place.path + other)) == "bad-cursor"
    await town.discussion(title="6")
    await set_state(place.service, made[1], "hidden")
    following = await stranger.every_page(page.json()["next"])
    assert [each["title"] for each in following] == ["6", "5", "4", "2", "0"]
    assert (await stranger.get(f"{place.path}?limit=2", If_None_Match=tag)).status_code == 200
    for wrong in ("kind=gossip", "sort=oldest", "kind=", "page=2", "adult=maybe"):
        assert (await stranger.get(f"{place.path}?{wrong}")).status_code == 422
    assert (await stranger.get("/boards/nowhere/discussions")).status_code == 404


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, ("/body", "missing")),
        ({"body": " \n"}, ("/body", "text_unacceptable")),
        ({"body": "x" * 16_001}, ("/body", "text_too_long")),
        ({"body": "x", "title": "y" * 256}, ("/title", "text_too_long")),
        ({"body": "x", "title": "two\nlines"}, ("/title", "text_unacceptable")),
        ({"body": "x", "kind": "gossip"}, ("/kind", "literal_error")),
        ({"body": "x", "kind": None}, ("/kind", "literal_error")),
        ({"body": "x", "is_pinned": True}, ("/is_pinned", "extra_forbidden")),
        ({"body": "x", "rating": "general"}, ("/rating", "extra_forbidden")),
    ],
)
async def test_what_is_not_in_order_is_refused_where_it_errs(
    place: Place, stranger: Person, body: JSON, fault: tuple[str, str]
) -> None:
    assert fault in faults_of(await stranger.post(place.path, body))
    assert await place.titles() == []


async def test_the_longest_discussion_is_taken_and_comes_back_whole(
    place: Place, stranger: Person
) -> None:
    longest, title = "Ünder one roof. " * 1000, "ü" * 255
    author = place.town.somebody()
    made = await place.town.discussion(author, body=longest, title=title)
    shown = await stranger.read(path_of(made))
    assert (shown["body"], shown["title"]) == (longest, title)
    await author.change(path_of(made), {"title": None})
    assert (await stranger.read(path_of(made)))["title"].startswith("Ünder one roof.")
    for change, fault in (
        ({}, ("", "nothing_sent")),
        ({"body": None}, ("/body", "string_type")),
        ({"is_pinned": None}, ("/is_pinned", "bool_type")),
        ({"is_closed": "true"}, ("/is_closed", "bool_type")),
        ({"kind": "general"}, ("/kind", "extra_forbidden")),
    ):
        assert fault in faults_of(await author.patch(path_of(made), change))


async def test_only_moderators_announce(place: Place, stranger: Person) -> None:
    named, _ = await new_account(place.service, place.town.client)
    elsewhere = f"{place.town.slug}-2"
    keeper_of_another, _ = await new_account(place.service, named.client, moderates=elsewhere)
    body = {"kind": "announcement", "body": "Round two opens on Friday."}
    for who in (stranger, named, keeper_of_another):
        response = await who.post(place.path, body)
        assert (response.status_code, code_of(response)) == (403, "not-moderator")
        badge = await who.post(place.path, {"body": "I rule.", "as_moderator": True})
        assert (badge.status_code, code_of(badge)) == (403, "not-moderator")
    assert await place.titles() == []
    for who in (place.moderator, place.town.administrator):
        made = await who.make(place.path, {**body, "as_moderator": True})
        assert made["author"]["kind"] == "named"
        assert made["author"]["is_moderator"]
    # Whatever its kind, anybody answers.
    assert (await place.town.comment(made))["seq"] == 1


async def test_while_a_board_is_paused_only_moderators_begin_and_edit(place: Place) -> None:
    author = place.town.somebody()
    made = await place.town.discussion(author)
    path = f"/boards/{place.town.slug}"
    await place.town.administrator.change(path, {"settings": {"posting": "paused"}})
    for response in (
        await place.town.somebody().post(place.path, {"body": "Flood!"}),
        await author.post(f"{path_of(made)}/comments", {"body": "Flood!"}),
        await author.patch(path_of(made), {"body": "Flood!"}),
        await author.patch(path_of(made), {"body": "Flood!", "is_closed": True}),
    ):
        assert (response.status_code, code_of(response)) == (409, "posting-paused")
    # Closing and deleting bring no words.
    assert (await author.change(path_of(made), {"is_closed": True}))["title"] == made["title"]
    await author.take_away(path_of(made))
    await place.moderator.make(place.path, {"kind": "announcement", "body": "Back in an hour."})


async def test_discussions_are_closed_pinned_and_talked_in_at_once(
    place: Place, stranger: Person
) -> None:
    author = place.town.somebody()
    made = await place.town.discussion(author)
    talk = f"{path_of(made)}/comments"
    answers = await asyncio.gather(
        *(stranger.post(talk, {"body": str(at)}) for at in range(6)),
        *(place.town.somebody().post(place.path, {"body": str(at)}) for at in range(4)),
        *(place.moderator.patch(path_of(made), {"is_pinned": at % 2 == 0}) for at in range(4)),
        author.patch(path_of(made), {"body": "Edited."}),
        author.patch(path_of(made), {"is_closed": True}),
    )
    statuses = [each.status_code for each in answers]
    assert set(statuses[:6]) <= {201, 409}
    assert set(statuses[6:10]) == {201}
    assert set(statuses[10:]) == {200}
    shown = await stranger.read(path_of(made))
    assert (shown["body"], shown["is_closed"]) == ("Edited.", True)
    assert shown["comments_count"] == statuses[:6].count(201)
    assert len(await stranger.every_page(f"{place.path}?limit=2")) == 5
    await check_books(place.service, made)
