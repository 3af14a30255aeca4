"""Whatever happens on a board is told, once, as it is."""

import pytest
from fastapi import FastAPI

from app.mine import deleting
from tests.backstage import new_account, set_state
from tests.events.following import reader_of
from tests.moderation.keeping import act
from tests.people import JSON, Town, code_of, path_of

pytestmark = pytest.mark.anyio


async def test_an_evening_is_told_in_its_order(town: Town) -> None:
    reader = await reader_of(town)
    asker, writer = town.somebody(), town.somebody()
    prompt = await town.prompt(asker)
    fill = await town.fill(prompt, writer, parts_expected=None)
    await town.part(fill, writer)
    comment = await town.comment(fill, asker)
    reply = await town.comment(fill, writer, comment)
    await writer.patch(f"{path_of(fill)}/parts/2", {"body": "And then it stopped."}, If_Match="*")
    await writer.change(path_of(fill), {"status": "complete"})
    await asker.change(path_of(prompt), {"title": "Umbrellas"})
    await asker.change(path_of(comment), {"body": "Oh, lovelier!"})
    await writer.take_away(path_of(reply))
    discussion = await town.discussion()
    events = await reader.read_on()
    assert [each["type"] for each in events] == [
        "prompt.created",
        "fill.created",
        "fill.part_added",
        "comment.created",
        "comment.created",
        "fill.part_updated",
        "fill.completed",
        "prompt.updated",
        "comment.updated",
        "comment.deleted",
        "discussion.created",
    ]
    assert len({each["id"] for each in events}) == len(events)
    assert {each["board"] for each in events} == {town.slug}
    assert events[0]["data"] == {"prompt": await asker.read(path_of(prompt))}
    (listed,) = (await asker.read(f"{path_of(prompt)}/fills"))["items"]
    assert events[1]["data"] == {"fill": listed}
    assert events[2]["data"] == {"fill": listed, "part": listed["parts"][1]}
    assert events[3]["data"]["comment"]["body"] == "Oh, lovelier!"
    gone = {"comment": {"id": reply["id"], "type": "comment", "state": "deleted"}}
    assert events[4]["data"] == events[9]["data"] == gone
    assert events[10]["data"]["discussion"]["id"] == discussion["id"]
    assert await reader.read_on() == []


async def test_what_changes_nothing_is_no_event(town: Town) -> None:
    asker = town.somebody()
    prompt = await town.prompt(asker, title="Umbrellas")
    comment = await town.comment(prompt, asker)
    reader = await reader_of(town)
    await asker.change(path_of(prompt), {"title": "Umbrellas"})
    await asker.change(path_of(comment), {"body": comment["body"]})
    assert (await asker.patch(path_of(prompt), {"title": 5})).status_code == 422
    assert (await town.somebody().put(f"{path_of(prompt)}/second")).status_code == 200
    assert await reader.read_on() == []


@pytest.mark.parametrize("what", ["prompt", "fill", "comment", "discussion"])
@pytest.mark.parametrize("state", ["hidden", "screened"])
async def test_what_goes_out_of_sight_is_withdrawn_and_comes_back(
    town: Town, service: FastAPI, what: str, state: str
) -> None:
    thing = await _some(town, what)
    reader = await reader_of(town)
    await set_state(service, thing, state)
    (event,) = await reader.read_on()
    assert event["type"] == f"{what}.withdrawn"
    assert event["data"] == {what: {"id": thing["id"], "type": what, "state": "hidden"}}
    await set_state(service, thing, "visible")
    (event,) = await reader.read_on()
    assert event["type"] == f"{what}.restored"
    assert event["data"][what]["id"] == thing["id"]
    assert event["data"][what]["state"] == "visible"


@pytest.mark.parametrize("what", ["prompt", "fill", "comment", "discussion"])
async def test_what_waits_is_told_of_when_it_is_released_and_not_before(
    town: Town, service: FastAPI, what: str
) -> None:
    prompt = await town.prompt()
    await town.administrator.change(f"/boards/{town.slug}", {"settings": {"screening": "all"}})
    reader = await reader_of(town)
    author = town.somebody()
    path, body = {
        "prompt": (f"/boards/{town.slug}/prompts", {"body": "A lantern that waits."}),
        "fill": (f"{path_of(prompt)}/fills", {"body": "It waited."}),
        "comment": (f"{path_of(prompt)}/comments", {"body": "Waiting."}),
        "discussion": (f"/boards/{town.slug}/discussions", {"body": "Who waits?"}),
    }[what]
    thing = await author.hand_in(path, body)
    await author.change(path_of(thing), {"title" if what == "fill" else "body": "It still waits."})
    assert await reader.read_on() == []
    await set_state(service, thing, "visible")
    assert await reader.types() == [f"{what}.created"]
    await author.take_away(path_of(thing))
    (event,) = await reader.read_on()
    assert event["type"] == f"{what}.deleted"
    assert event["data"] == {what: {"id": thing["id"], "type": what, "state": "deleted"}}


async def test_below_what_is_out_of_sight_nothing_is_told(town: Town, service: FastAPI) -> None:
    prompt, author = await town.prompt(), town.somebody()
    fill = await town.fill(prompt, author)
    comment = await town.comment(fill, author)
    reader = await reader_of(town)
    await set_state(service, prompt, "hidden")
    assert await reader.types() == ["prompt.withdrawn"]
    await set_state(service, fill, "hidden")
    await set_state(service, comment, "hidden")
    await set_state(service, fill, "visible")
    await set_state(service, comment, "visible")
    assert await reader.read_on() == []
    reader.cursor = ""
    for event in await reader.read_on():
        for kind in ("prompt", "fill", "comment"):
            if kind in event["data"]:
                (shape,) = event["data"].values()
                assert shape == {"id": shape["id"], "type": kind, "state": "hidden"}
    await set_state(service, prompt, "visible")
    assert await reader.types() == ["prompt.restored"]


async def test_an_old_event_never_shows_what_has_been_hidden_or_edited_since(
    town: Town, service: FastAPI
) -> None:
    author = town.somebody()
    reader = await reader_of(town)
    beginning = reader.cursor
    prompt = await town.prompt(author, title="A secret lantern", tags=["secret lantern"])
    fill = await town.fill(prompt, author, title="A secret answer")
    comment = await town.comment(fill, author, body="A secret word")
    assert len(await reader.read_on()) == 3
    await author.change(path_of(comment), {"body": "A plain word"})
    again = await reader_of(town)
    again.cursor = beginning
    assert "secret word" not in str(await again.read_on())
    for thing in (comment, fill, prompt):
        await set_state(service, thing, "hidden")
        again.cursor = beginning
        told = str(await again.read_on())
        assert thing.get("title", "A plain word") not in told
    assert "secret" not in told


async def test_what_moderators_do_to_a_post_that_everybody_sees_is_told(town: Town) -> None:
    prompt = await town.prompt()
    fill = await town.fill(prompt)
    comment = await town.comment(prompt)
    reader = await reader_of(town)
    await act(town, "relabel", prompt, changes={"content_notes": ["rain"]})
    await act(town, "freeze", fill)
    await act(town, "unfreeze", fill)
    to = {"type": "fill", "id": fill["id"]}
    await act(town, "move", comment, to=to, reason="misfire")
    events = await reader.read_on()
    assert [each["type"] for each in events] == [
        "prompt.updated",
        "fill.updated",
        "fill.updated",
        "comment.moved",
    ]
    assert events[3]["data"]["comment"]["thread"]["id"] == fill["id"]
    misfire = await town.comment(prompt, body="It rained, as a fill should.")
    await reader.read_on()
    to = {"type": "prompt", "id": prompt["id"]}
    await act(town, "convert", misfire, to=to, reason="misfire")
    created, moved = sorted(await reader.read_on(), key=lambda each: str(each["type"]))[::-1]
    assert (created["type"], moved["type"]) == ("fill.created", "comment.moved")
    assert moved["data"]["comment"]["body"] is None
    assert moved["data"]["comment"]["moved_to"]["id"] == created["data"]["fill"]["id"]


async def test_a_name_under_a_fill_is_told(town: Town, service: FastAPI) -> None:
    author = town.somebody()
    fill = await town.fill(await town.prompt(), author)
    named, name = await new_account(service, town.client)
    reader = await reader_of(town)
    sent = {"edit_token": author.token}
    assert (await named.put(f"{path_of(fill)}/author", sent)).status_code == 200
    (event,) = await reader.read_on()
    assert event["type"] == "fill.revealed"
    assert event["data"]["fill"]["author"]["name"] == name
    assert (await named.delete(f"{path_of(fill)}/author")).status_code in (200, 204)
    assert await reader.types() == ["fill.updated"]


async def test_rounds_and_the_board_are_told_of(town: Town) -> None:
    reader = await reader_of(town)
    await town.round(title="Autumn", phase="prompting")
    events = await reader.read_on()
    assert [each["type"] for each in events] == ["round.phase_changed", "round.phase_changed"]
    phases = {each["data"]["round"]["number"]: each["data"]["round"]["phase"] for each in events}
    assert phases == {1: "fill_only", 2: "prompting"}
    await town.change_round(2, title="Late autumn")
    assert await reader.read_on() == []
    await town.change_round(2, phase="closed")
    assert await reader.types() == ["round.phase_changed"]
    await town.administrator.change(f"/boards/{town.slug}", {"name": "Late lanterns"})
    (event,) = await reader.read_on()
    assert (event["type"], event["data"]["board"]["name"]) == ("board.updated", "Late lanterns")


async def test_a_round_that_comments_fill_up_is_told_of_once(town: Town) -> None:
    await town.administrator.change(
        f"/boards/{town.slug}", {"settings": {"close_round_at_comments": 3}}
    )
    prompt = await town.prompt()
    reader = await reader_of(town)
    for _ in range(4):
        last = await town.comment(prompt)
    assert (await reader.types()).count("round.phase_changed") == 1
    assert last["seq"] == 4
    other = await town.administrator.read(f"/boards/{town.slug}/rounds/1")
    assert other["phase"] == "closed"


async def test_what_is_refused_is_not_told(town: Town) -> None:
    prompt = await town.prompt()
    reader = await reader_of(town)
    refused = await town.somebody().post(
        f"{path_of(prompt)}/comments", {"body": "Oh!", "parent_id": prompt["id"]}
    )
    assert code_of(refused) == "invalid"
    assert await reader.read_on() == []


async def _some(town: Town, kind: str) -> JSON:
    if kind == "prompt":
        return await town.prompt()
    if kind == "discussion":
        return await town.discussion()
    prompt = await town.prompt()
    return await (town.fill(prompt) if kind == "fill" else town.comment(prompt))


async def test_what_is_done_to_many_posts_at_once_is_told_without_naming_them(town: Town) -> None:
    author, other = town.somebody(), town.somebody()
    prompts = [await town.prompt(author), await town.prompt(author)]
    comment = await town.comment(prompts[0], author)
    reader = await reader_of(town)
    about = {"type": "author_of", "id": comment["id"], "within_hours": 24}
    body = {"action": "hide", "reason": "spam", "target": {**about}}
    answer = await town.administrator.post(f"/boards/{town.slug}/mod-actions", body)
    assert answer.status_code == 201, answer.text
    (event,) = await reader.read_on()
    assert event["type"] == "board.swept"
    assert event["data"]["board"]["slug"] == town.slug
    # What they showed is gone from the events that told of them.
    reader.cursor = ""
    for told in await reader.read_on():
        for kind, shape in told["data"].items():
            assert kind == "board" or shape["state"] == "hidden"

    things = [await town.prompt(other), await town.prompt(other)]
    await reader.read_on()
    await act(town, "hide", *things)
    assert await reader.types() == ["board.swept"]
    await act(town, "unhide", *things)
    assert await reader.types() == ["board.swept"]
    await act(town, "hide", things[0])
    assert await reader.types() == ["prompt.withdrawn"]
    await act(town, "unhide", things[0])
    assert await reader.types() == ["prompt.restored"]
    assert (await other.delete("/me/posts")).status_code == 200
    assert set(await reader.types()) == {"board.swept"}


async def test_the_last_of_many_that_an_author_deletes_is_not_named_either(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request that was cut off by its time leaves some, perhaps one, to the next."""
    author = town.somebody()
    for _ in range(3):
        await town.prompt(author)
    reader = await reader_of(town)
    told = []
    while True:
        with monkeypatch.context() as patch:
            # The time is up after the first of each request.
            patch.setattr(deleting, "time", Ticking())
            answer = (await author.delete("/me/posts")).json()
        told.append((answer["deleted_count"], await reader.types()))
        if answer["is_done"]:
            break
    assert told == [(1, ["board.swept"])] * 3


class Ticking:
    """A clock on which a minute passes with every second look, for whoever measures with it."""

    def __init__(self) -> None:
        self._looks = 0

    def monotonic(self) -> float:
        self._looks += 1
        return 60.0 * ((self._looks - 1) // 2)
