"""Moderators correct labels: the mildest thing that they can do."""

from fastapi import FastAPI

from tests.moderation.keeping import act, ask, target
from tests.people import Town, code_of, faults_of, path_of
from tests.stories.drift import drifted_counters


async def test_a_prompt_is_rated_and_tagged_as_it_ought_to_be(
    town: Town, database_url: str
) -> None:
    author, reader = town.somebody(), town.somebody()
    prompt = await town.prompt(author, tags=[f"lamp {town.slug}"])
    before = await author.tag_of(path_of(prompt))
    changes = {"rating": "mature", "tags": [f"storm {town.slug}"], "content_notes": ["shipwreck"]}
    entry = await act(town, "relabel", prompt, changes=changes, reason="labels")
    assert entry["target"]["id"] == prompt["id"]
    assert code_of(await reader.get(path_of(prompt))) == "adult-content"
    shown = await reader.read(f"{path_of(prompt)}?adult=true")
    assert {name: shown[name] for name in changes} == changes
    assert (shown["body"], shown["edited_at"]) == (prompt["body"], None)
    found = f"/boards/{town.slug}/prompts?adult=true&tag="
    assert (await reader.read(f"{found}storm {town.slug}"))["items"]
    assert not (await reader.read(f"{found}lamp {town.slug}"))["items"]
    # An author who edits what they had read learns that it is labelled otherwise now.
    stale = await author.patch(path_of(prompt), {"title": "Mine"}, If_Match=before)
    assert stale.status_code == 412
    told = (await author.read(f"{path_of(prompt)}?adult=true"))["moderation"]
    assert (told["action"], told["reason"]) == ("relabel", "labels")
    assert code_of(await ask(town, "relabel", prompt, changes=changes)) == "nothing-to-do"
    assert drifted_counters(database_url) == {}


async def test_a_fill_and_a_part_get_the_notes_that_they_lack(town: Town, service: FastAPI) -> None:
    _ = service
    author, reader = town.somebody(), town.somebody()
    fill = await town.fill(await town.prompt(), author)
    await act(town, "relabel", fill, changes={"rating": "teen", "language": "en"})
    assert (await reader.read(path_of(fill)))["rating"] == "teen"
    part = fill["parts"][0]
    sent = {
        "action": "relabel",
        "reason": "labels",
        "target": {"type": "part", "id": part["id"]},
        "changes": {"content_notes": ["storm at sea"]},
    }
    answer = await town.administrator.post(f"/boards/{town.slug}/mod-actions", sent)
    assert answer.status_code == 201, answer.text
    assert answer.json()["target"]["id"] == fill["id"]
    shown = await reader.read(f"{path_of(fill)}/parts/1")
    assert shown["content_notes"] == ["storm at sea"]
    found = await reader.read(f"/boards/{town.slug}/fills?content_note=storm at sea")
    assert [each["id"] for each in found["items"]] == [fill["id"]]
    assert (await author.read(path_of(fill)))["moderation"]["action"] == "relabel"


async def test_labels_are_what_a_board_takes(town: Town) -> None:
    await town.administrator.change(f"/boards/{town.slug}", {"settings": {"max_rating": "teen"}})
    prompt = await town.prompt(town.somebody())
    refused = await ask(town, "relabel", prompt, changes={"rating": "explicit"})
    assert faults_of(refused) == {("/rating", "rating_above_max")}
    assert (await town.somebody().read(path_of(prompt)))["rating"] == "general"


async def test_what_has_no_labels_is_not_relabelled(town: Town) -> None:
    prompt = await town.prompt()
    comment = await town.comment(prompt)
    fill = await town.fill(prompt)
    part = {"type": "part", "id": fill["parts"][0]["id"]}
    board = f"/boards/{town.slug}/mod-actions"
    for sent in (
        {"action": "relabel", "target": target(comment), "changes": {"rating": "teen"}},
        {"action": "relabel", "target": part, "changes": {"rating": "teen"}},
        {"action": "relabel", "target": target(prompt), "changes": {}},
        {"action": "relabel", "target": target(prompt)},
        {"action": "hide", "target": part},
        {"action": "hide", "target": target(prompt), "changes": {"rating": "teen"}},
    ):
        answer = await town.administrator.post(board, {"reason": "labels", **sent})
        assert answer.status_code == 422, sent
