"""Who may change a discussion, and what becomes of the talk in it."""

import pytest

from tests.backstage import freeze_discussion, set_state
from tests.comments.ledger import check_books
from tests.discussions.conftest import Place
from tests.people import Person, code_of, path_of
from tests.recount import recount

pytestmark = pytest.mark.anyio


async def test_who_may_change_what(place: Place, stranger: Person) -> None:
    author, other = place.town.somebody(), place.town.somebody()
    await place.town.discussion(other)
    made = await place.town.discussion(author)
    path = path_of(made)
    words, pin, close = {"title": "Mine"}, {"is_pinned": True}, {"is_closed": True}
    reopen = {"is_closed": False}
    for who, changes, status, code in (
        (stranger, words, 401, "token-required"),
        (stranger, pin, 401, "token-required"),
        (other, words, 403, "not-allowed"),
        (other, close, 403, "not-allowed"),
        (other, pin, 403, "not-moderator"),
        (author, pin, 403, "not-moderator"),
        (author, {**words, "is_pinned": False}, 403, "not-moderator"),
        (place.moderator, words, 403, "not-allowed"),
        (place.moderator, {**words, **pin}, 403, "not-allowed"),
        (place.town.administrator, {"body": "Mine"}, 403, "not-allowed"),
    ):
        response = await who.patch(path, changes)
        assert (response.status_code, code_of(response)) == (status, code), changes
    untouched = {name: made[name] for name in made if name not in ("edit_token", "notices")}
    assert await stranger.read(path) == untouched
    # Its author closes it and opens it; what a moderator has closed, or closed once more, stays so.
    assert (await author.change(path, close))["is_closed"]
    assert not (await author.change(path, reopen))["is_closed"]
    await author.change(path, close)
    await place.moderator.change(path, close)
    for changes in (reopen, {**reopen, **words}):
        assert code_of(await author.patch(path, changes)) == "not-moderator"
    assert (await author.change(path, close))["is_closed"]
    assert code_of(await author.patch(path, reopen)) == "not-moderator"
    assert not (await place.moderator.change(path, {**reopen, **pin}))["is_closed"]
    await author.change(path, close)
    await author.change(path, reopen)
    assert (await stranger.read(path))["is_pinned"]
    # A moderator may do all of it to their own.
    own = await place.moderator.make(place.path, {"body": "Rules."})
    changed = await place.moderator.change(path_of(own), {**words, **pin, **close})
    assert (changed["title"], changed["is_pinned"], changed["is_closed"]) == ("Mine", True, True)
    for who, status, code in (
        (stranger, 401, "token-required"),
        (other, 403, "not-allowed"),
        (place.moderator, 403, "not-allowed"),
    ):
        response = await who.delete(path)
        assert (response.status_code, code_of(response)) == (status, code)


async def test_an_edit_counts_and_what_moderators_and_talkers_do_stops_no_author(
    place: Place,
) -> None:
    author = place.town.somebody()
    made = await place.town.discussion(author, body="First words.")
    path = path_of(made)
    tag = await author.tag_of(path)
    await place.town.comment(made)
    await place.moderator.change(path, {"is_pinned": True, "is_closed": True}, If_Match=tag)
    assert (await author.read(path))["edited_at"] is None
    response = await author.patch(path, {"body": "Second *words*."}, If_Match=tag)
    edited = response.json()
    assert (edited["title"], edited["body_html"]) == (
        "Second words.",
        "<p>Second <em>words</em>.</p>\n",
    )
    assert edited["edited_at"] is not None
    assert await author.read(path) == edited
    # A title that was chosen stays.
    await author.change(path, {"title": "Chosen"})
    assert (await author.change(path, {"body": "Third words."}))["title"] == "Chosen"
    for late in (
        await author.patch(path, {"body": "Lost"}, If_Match=tag),
        await author.delete(path, If_Match=tag),
        await place.moderator.patch(path, {"is_closed": False}, If_Match=tag),
    ):
        assert (late.status_code, code_of(late)) == (412, "precondition-failed")
    version = await author.tag_of(path)
    same = {"body": "Third words.", "title": "Chosen"}
    assert (await author.patch(path, same)).headers["etag"] == version
    assert (await author.delete(path, If_Match=version)).status_code == 204


async def test_a_closed_discussion_is_read_and_takes_no_comments(
    place: Place, stranger: Person
) -> None:
    author, talker = place.town.somebody(), place.town.somebody()
    made = await place.town.discussion(author)
    comment = await place.town.comment(made, talker)
    await author.change(path_of(made), {"is_closed": True})
    talk = f"{path_of(made)}/comments"
    before = (await stranger.get(talk)).content
    for who in (stranger, author, talker, place.moderator):
        for body in ({"body": "One more."}, {"body": "To you.", "parent_id": comment["id"]}):
            response = await who.post(talk, body)
            assert (response.status_code, code_of(response)) == (409, "discussion-closed")
            assert "edit_token" not in response.text
    assert (await stranger.get(talk)).content == before
    assert "is_closed" in (await place.town.client.get("/problems/discussion-closed")).text
    await talker.change(path_of(comment), {"body": "Better said."})
    assert (await stranger.read(path_of(comment)))["body"] == "Better said."
    await author.change(path_of(made), {"is_closed": False})
    assert (await place.town.comment(made, reply_to=comment))["seq"] == 2
    await talker.take_away(path_of(comment))
    await check_books(place.service, made)


async def test_below_a_deleted_discussion_what_others_said_stays(
    place: Place, stranger: Person
) -> None:
    author, talker = place.town.somebody(), place.town.somebody()
    made = await place.town.discussion(author, title="Lanterns", body="I say too much.")
    kept = await place.town.discussion()
    comments = [await place.town.comment(made, talker, body=f"said {at}") for at in range(3)]
    await author.take_away(path_of(made))
    for who in (stranger, author, place.moderator):
        assert code_of(await who.get(path_of(made))) == "gone"
    for refusal in (
        await author.patch(path_of(made), {"body": "Back."}),
        await author.delete(path_of(made)),
        await place.moderator.patch(path_of(made), {"is_pinned": True}),
        await stranger.post(f"{path_of(made)}/comments", {"body": "Late."}),
        await stranger.post(
            f"{path_of(made)}/comments", {"body": "Late.", "parent_id": comments[0]["id"]}
        ),
    ):
        assert (refusal.status_code, code_of(refusal)) == (410, "gone")
    assert [each["id"] for each in await stranger.every_page(place.path)] == [kept["id"]]
    first = await stranger.get(f"{path_of(made)}/comments?limit=2")
    assert "Lanterns" not in first.text
    left = first.json()["items"] + await stranger.every_page(first.json()["next"])
    assert [each["body"] for each in left] == ["said 0", "said 1", "said 2"]
    assert {each["thread"]["title"] for each in left} == {None}
    assert (await stranger.read(path_of(comments[0])))["thread"]["type"] == "discussion"
    await talker.change(path_of(comments[0]), {"body": "said well"})
    await talker.take_away(path_of(comments[1]))
    assert len(await stranger.every_page(f"{path_of(made)}/comments")) == 2
    await check_books(place.service, made)


async def test_what_is_out_of_sight_takes_its_talk_along_and_comes_back(
    place: Place, stranger: Person
) -> None:
    author = place.town.somebody()
    made = await place.town.discussion(author, title="gone")
    comment = await place.town.comment(made, author)
    other = place.town.somebody()
    await place.town.discussion(other, title="stays")
    await set_state(place.service, made, "hidden")
    assert await place.titles() == ["stays"]
    for who in (stranger, author):
        for path in (
            f"{path_of(made)}/comments",
            path_of(comment),
            f"{path_of(comment)}/thread",
        ):
            assert code_of(await who.get(path)) == "not-found"
    assert code_of(await stranger.get(path_of(made))) == "not-found"
    assert (await author.read(path_of(made)))["state"] == "hidden"
    for refusal in (
        await stranger.delete(path_of(made), Authorization=f"Bearer {other.token}"),
        await author.delete(path_of(comment)),
        await author.post(f"{path_of(made)}/comments", {"body": "x"}),
    ):
        assert (refusal.status_code, code_of(refusal)) == (404, "not-found")
    await place.moderator.change(path_of(made), {"is_closed": True})
    await set_state(place.service, made, "visible")
    assert await place.titles() == ["stays", "gone"]
    assert (await stranger.read(path_of(made)))["is_closed"]
    assert (await stranger.read(path_of(comment)))["body"] == comment["body"]
    await recount(place.town)


async def test_a_frozen_discussion_takes_no_comments_until_it_thaws(
    place: Place, stranger: Person
) -> None:
    author = place.town.somebody()
    made = await place.town.discussion(author)
    comment = await place.town.comment(made, author)
    await freeze_discussion(place.service, made)
    assert (await stranger.read(path_of(made)))["is_frozen"]
    response = await author.post(f"{path_of(made)}/comments", {"body": "x"})
    assert (response.status_code, code_of(response)) == (409, "frozen")
    await author.change(path_of(comment), {"body": "Sorry."})
    await freeze_discussion(place.service, made, is_frozen=False)
    await place.town.comment(made, author)
