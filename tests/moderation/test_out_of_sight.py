"""What moderators take out of sight is seen by nobody it should not be, on any way."""

import pytest
from fastapi import FastAPI

from tests.backstage import new_account
from tests.moderation.keeping import act, moved
from tests.people import Town, code_of, path_of
from tests.stories.test_twins import addresses
from tests.threads.test_out_of_sight import CANARY, all_that_is_read

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]


@pytest.mark.parametrize("action", ["hide", "screen"])
async def test_what_is_taken_out_of_sight_leaves_no_word_anywhere(
    town: Town, service: FastAPI, action: str
) -> None:
    author, other = town.somebody(), town.somebody()
    bystander, _ = await new_account(service, town.client)
    words = {"body": f"{CANARY} https://lamps.example", "title": CANARY}
    standing = await town.prompt()
    fill = await town.fill(standing)
    talk = await town.comment(standing)
    prompt = await town.prompt(author, **words, tags=[CANARY])
    story = await town.fill(standing, author, **words, summary=CANARY, tags=[CANARY])
    below = await town.comment(story, town.somebody(), body=CANARY)
    comments = [
        await town.comment(standing, author, body=CANARY),
        await town.comment(fill, author, body=CANARY, part_number=1),
        await town.comment(standing, author, talk, body=CANARY),
    ]
    answered = await town.comment(standing, author, body=CANARY)
    await town.comment(standing, other, answered, body="Hm.")
    await moved(town, comments[2], fill)
    tags = {path_of(each): await other.tag_of(path_of(each)) for each in (prompt, *comments)}
    entries = [
        await act(town, action, prompt, note="Not like this."),
        await act(town, action, story, *comments, answered),
    ]
    ids = {
        "board": [town.slug],
        "prompt": [standing["id"], prompt["id"]],
        "fill": [fill["id"], story["id"]],
        "comment": [each["id"] for each in (talk, below, answered, *comments)],
        "number": ["1", "2"],
        "entry": [each["id"] for each in entries],
    }
    gone = [each["id"] for each in (prompt, story, below, *comments)]
    own = {key for key in addresses(service, ids) if any(each in key for each in gone)}
    assert len(own) > len(gone)
    for who in (town.somebody(), other, bystander):
        answers = await all_that_is_read(service, who, ids)
        unknown = {404} if who.token else {401, 404}
        assert {answers[address][0] for address in own} <= unknown
        found = await who.read(f"/search?q={CANARY}&adult=true")
        assert found["items"] == []
        for path, tag in tags.items():
            assert code_of(await who.get(path, If_None_Match=tag)) == "not-found"
    for thing in (prompt, story, comments[0]):
        assert CANARY in (await author.get(path_of(thing))).text
