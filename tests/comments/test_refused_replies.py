"""Where nothing can be said any more, and that a refusal changes nothing."""

import pytest
from fastapi import FastAPI

from tests.backstage import set_state
from tests.comments.ledger import check_books, check_round, freeze
from tests.people import JSON, Person, Town, code_of, path_of

pytestmark = pytest.mark.anyio


async def standing(who: Person, *heads: JSON) -> list[str]:
    """All that is shown of some heads and their threads, byte for byte."""
    answers = [
        await who.get(path)
        for head in heads
        for path in (path_of(head), f"{path_of(head)}/comments")
    ]
    return [each.text if each.is_success else code_of(each) for each in answers]


async def check_refused(
    who: Person, head: JSON, body: JSON, expected: tuple[int, str], *, watched: tuple[JSON, ...]
) -> JSON:
    """Post a comment that must be refused, and see that nothing has changed."""
    before = await standing(who, *watched)
    refused = await who.post(f"{path_of(head)}/comments", body)
    assert (refused.status_code, code_of(refused)) == expected
    assert "edit_token" not in refused.text
    assert await standing(who, *watched) == before
    content: JSON = refused.json()
    return content


async def test_a_reply_to_a_tombstone_is_refused(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    for head in (prompt := await town.prompt(), await town.fill(prompt)):
        author = town.somebody()
        top = await town.comment(head, author)
        reply = await town.comment(head, reply_to=top)
        assert (await author.delete(path_of(top))).status_code == 204
        body = {"body": "Wait!", "parent_id": top["id"]}
        await check_refused(stranger, head, body, (409, "reply-to-deleted"), watched=(prompt, head))
        below = await town.comment(head, reply_to=reply)
        assert below["depth"] == 2, "what stands below a tombstone is still answered"
        await check_books(service, head)
    await check_round(service, prompt)


async def test_a_reply_to_what_disappeared_is_refused(town: Town, stranger: Person) -> None:
    prompt, author = await town.prompt(), town.somebody()
    comment = await town.comment(prompt, author)
    assert (await author.delete(path_of(comment))).status_code == 204
    body = {"body": "Wait!", "parent_id": comment["id"]}
    await check_refused(stranger, prompt, body, (409, "reply-to-deleted"), watched=(prompt,))


async def test_a_reply_to_a_comment_of_another_thread_is_refused(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    prompt, other = await town.prompt(), await town.prompt()
    fill, other_fill = await town.fill(prompt), await town.fill(prompt)
    comments = {head["id"]: await town.comment(head) for head in (prompt, other, fill)}
    for head, elsewhere in (
        (prompt, other),
        (prompt, fill),
        (fill, prompt),
        (other_fill, fill),
        (other, fill),
    ):
        body = {"body": "Hm?", "parent_id": comments[elsewhere["id"]]["id"]}
        watched = (prompt, other, fill, other_fill)
        problem = await check_refused(stranger, head, body, (422, "invalid"), watched=watched)
        assert [each["pointer"] for each in problem["errors"]] == ["/parent_id"]
    for head in (prompt, other, fill, other_fill):
        await check_books(service, head)


async def test_below_a_deleted_prompt_nothing_more_is_said_and_what_was_said_stays(
    town: Town, stranger: Person
) -> None:
    op, author = town.somebody(), town.somebody()
    prompt = await town.prompt(op, title="Two rivals, one umbrella")
    comment = await town.comment(prompt, author, body="Yes!")
    assert (await op.delete(path_of(prompt))).status_code == 204
    for body in ({"body": "Late"}, {"body": "Late", "parent_id": comment["id"]}):
        await check_refused(stranger, prompt, body, (410, "gone"), watched=(prompt,))
    page = await stranger.get(f"{path_of(prompt)}/comments")
    (left,) = page.json()["items"]
    assert left["body"] == "Yes!"
    assert left["thread"]["title"] is None
    assert "umbrella" not in page.text
    assert (await stranger.read(path_of(comment)))["body"] == "Yes!"
    edited = await author.patch(path_of(comment), {"body": "Yes, still!"})
    assert edited.status_code == 200
    assert (await author.delete(path_of(comment))).status_code == 204
    assert (await stranger.read(f"{path_of(prompt)}/comments"))["items"] == []


async def test_below_a_deleted_fill_nothing_more_is_said_and_what_was_said_stays(
    town: Town, stranger: Person
) -> None:
    filler, prompt = town.somebody(), await town.prompt()
    fill = await town.fill(prompt, filler, title="Kettle weather")
    comment = await town.comment(fill, body="More?")
    assert (await filler.delete(path_of(fill))).status_code == 204
    for body in ({"body": "Late"}, {"body": "Late", "parent_id": comment["id"]}):
        await check_refused(stranger, fill, body, (410, "gone"), watched=(prompt, fill))
    page = await stranger.get(f"{path_of(fill)}/comments")
    assert [each["body"] for each in page.json()["items"]] == ["More?"]
    assert "Kettle" not in page.text
    assert (await town.comment(prompt))["seq"] == 1, "the prompt itself is still talked about"


async def test_a_frozen_prompt_takes_no_comments(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    op = town.somebody()
    prompt, other = await town.prompt(op), await town.prompt()
    comment = await town.comment(prompt, op)
    await freeze(service, prompt)
    assert (await stranger.read(path_of(prompt)))["is_frozen"]
    for who in (stranger, op):
        for body in ({"body": "Late"}, {"body": "Late", "parent_id": comment["id"]}):
            await check_refused(who, prompt, body, (409, "frozen"), watched=(prompt,))
    assert (await town.comment(other))["seq"] == 1
    await check_books(service, prompt)


async def test_a_frozen_fill_takes_no_comments_and_its_prompt_still_does(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    prompt = await town.prompt()
    fill, other = await town.fill(prompt), await town.fill(prompt)
    await freeze(service, fill)
    await check_refused(stranger, fill, {"body": "Late"}, (409, "frozen"), watched=(prompt, fill))
    for head in (prompt, other):
        assert (await town.comment(head))["seq"] == 1


async def test_a_frozen_prompt_freezes_the_talk_below_its_fills(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    prompt = await town.prompt()
    fill = await town.fill(prompt)
    await freeze(service, prompt)
    await check_refused(stranger, fill, {"body": "Late"}, (409, "frozen"), watched=(prompt, fill))


async def test_below_a_frozen_comment_nothing_is_said_at_any_depth(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    prompt = await town.prompt()
    chain = [await town.comment(prompt)]
    for _ in range(5):
        chain.append(await town.comment(prompt, reply_to=chain[-1]))
    sibling = await town.comment(prompt, reply_to=chain[1])
    frozen = chain[2]
    await freeze(service, frozen)
    assert (await stranger.read(path_of(frozen)))["is_frozen"]
    for parent in chain[2:]:
        body = {"body": "Late", "parent_id": parent["id"]}
        await check_refused(stranger, prompt, body, (409, "frozen"), watched=(prompt,))
    for parent in (*chain[:2], sibling):
        await town.comment(prompt, reply_to=parent)
    await town.comment(prompt)
    await check_books(service, prompt)


async def test_a_frozen_comment_can_still_be_edited_and_deleted_by_its_author(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    prompt, author = await town.prompt(), town.somebody()
    comment = await town.comment(prompt, author)
    await freeze(service, comment)
    assert (await author.patch(path_of(comment), {"body": "Sorry."})).status_code == 200
    assert (await author.delete(path_of(comment))).status_code == 204
    assert (await stranger.read(f"{path_of(prompt)}/comments"))["items"] == []


async def test_what_is_out_of_sight_takes_its_talk_along(
    town: Town, stranger: Person, service: FastAPI
) -> None:
    author = town.somebody()
    prompt = await town.prompt()
    fill = await town.fill(prompt)
    on_prompt = await town.comment(prompt, author)
    on_fill = await town.comment(fill, author)
    await set_state(service, prompt, "hidden")
    for comment, head in ((on_prompt, prompt), (on_fill, fill)):
        for path in (
            path_of(comment),
            f"{path_of(comment)}/thread",
            f"{path_of(head)}/comments",
        ):
            assert code_of(await stranger.get(path)) == "not-found"
        assert code_of(await author.patch(path_of(comment), {"body": "x"})) == "not-found"
        assert code_of(await author.delete(path_of(comment))) == "not-found"
        posted = await author.post(f"{path_of(head)}/comments", {"body": "Hello?"})
        assert code_of(posted) == "not-found"
