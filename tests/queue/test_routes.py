"""What waits for a moderator, each thing once, the most urgent first."""

import uuid
from typing import Any

import pytest
from fastapi import FastAPI

from tests.backstage import new_account
from tests.conftest import new_client
from tests.moderation.keeping import act, target
from tests.people import JSON, Person, Town, code_of, path_of
from tests.statements import statements


@pytest.fixture
def visitor(service: FastAPI) -> Any:
    def come() -> Person:
        net = f"2001:db8:{uuid.uuid4().hex[:4]}:{uuid.uuid4().hex[:4]}::1"
        return Person(new_client(service, net))

    return come


async def queue(town: Town, query: str = "", by: Person | None = None) -> list[JSON]:
    keeper = by or town.administrator
    return await keeper.every_page(f"/boards/{town.slug}/queue{query}")


async def complain(visitor: Any, thing: JSON, category: str, **more: Any) -> JSON:
    sent = {"target": target(thing), "category": category, **more}
    receipt: JSON = await visitor().make("/reports", sent)
    return receipt


async def test_the_most_urgent_comes_first_and_each_thing_once(town: Town, visitor: Any) -> None:
    board = f"/boards/{town.slug}"
    author = town.somebody()
    spam, threat, outing, hidden = [await town.prompt(author) for _ in range(4)]
    entry = await act(town, "hide", hidden)
    await author.make(f"/mod-log/{entry['id']}/appeals", {"note": "Why?"})
    await town.administrator.change(board, {"settings": {"screening": "all"}})
    waiting = [
        await town.somebody().hand_in(f"{board}/prompts", {"body": "A lantern"}),
        await town.somebody().hand_in(f"{path_of(spam)}/comments", {"body": "A moth"}),
    ]
    await complain(visitor, spam, "spam")
    await complain(visitor, threat, "spam")
    await complain(visitor, threat, "threat", note="Look at the end.")
    await complain(visitor, outing, "outing")
    items = await queue(town)
    assert [each["target"]["id"] for each in items] == [
        *(outing["id"], threat["id"], hidden["id"], spam["id"]),
        *(each["id"] for each in waiting),
    ]
    assert [each["kind"] for each in items] == [
        *("report", "report", "appeal", "report", "screened", "screened"),
    ]
    first, second, third, *_, last = items
    assert (first["state"], first["held_because"]) == ("hidden", "report")
    assert [each["category"] for each in second["reports"]] == ["threat", "spam"]
    assert second["reports"][0]["note"] == "Look at the end."
    assert second["body"] == threat["body"]
    assert third["appeals"][0]["note"] == "Why?"
    assert (last["state"], last["held_because"], last["body"]) == (
        *("screened", "screening", "A moth"),
    )
    assert await queue(town, "?limit=1") == items
    for kind in ("screened", "report", "appeal"):
        assert {each["kind"] for each in await queue(town, f"?kind={kind}")} == {kind}
    await act(town, "unscreen", *waiting)
    for each in second["reports"]:
        await town.administrator.change(f"/reports/{each['id']}", {"status": "dismissed"})
    left = [each["target"]["id"] for each in await queue(town)]
    assert left == [outing["id"], hidden["id"], spam["id"]]


async def test_only_the_boards_moderators_see_it(
    town: Town, visitor: Any, service: FastAPI
) -> None:
    moderator, _ = await new_account(service, town.client, moderates=town.slug)
    member, _ = await new_account(service, town.client)
    elsewhere = await town.found_board(f"{town.slug[:30]}-b")
    other, _ = await new_account(service, town.client, moderates=elsewhere["slug"])
    prompt = await town.prompt(town.somebody())
    await complain(visitor, prompt, "spam")
    assert len(await queue(town, by=moderator)) == 1
    path = f"/boards/{town.slug}/queue"
    for who in (member, other):
        assert code_of(await who.get(path)) == "not-moderator"
    assert (await town.somebody().get(path)).status_code == 401
    assert await other.every_page(f"/boards/{elsewhere['slug']}/queue") == []
    assert (await moderator.get(path)).headers["cache-control"] == "private, no-store"


async def test_who_reports_and_who_wrote_is_told_by_words_of_that_board_alone(
    town: Town, service: FastAPI
) -> None:
    author, gossip = town.somebody(), Person(new_client(service, "2001:db8:7:7::1"))
    elsewhere = await town.found_board(f"{town.slug[:30]}-b")
    here = [await town.prompt(author) for _ in range(2)]
    path = f"/boards/{elsewhere['slug']}/prompts"
    there = await author.make(path, {"body": "A lantern"})
    others = await town.prompt(town.somebody())
    for thing in (*here, there, others):
        await gossip.make("/reports", {"target": target(thing), "category": "spam"})
    items = {each["target"]["id"]: each for each in await queue(town)}
    away = (await town.administrator.every_page(f"/boards/{elsewhere['slug']}/queue"))[0]
    refs = [items[each["id"]]["author_ref"] for each in here]
    assert refs[0] == refs[1]
    assert len({refs[0], items[others["id"]]["author_ref"], away["author_ref"]}) == 3
    aliases = {each["reports"][0]["reporter"] for each in items.values()}
    assert len(aliases) == 1
    assert away["reports"][0]["reporter"] not in aliases


async def test_a_page_takes_as_many_statements_however_much_waits(
    town: Town, visitor: Any, service: FastAPI
) -> None:
    _ = service
    for _ in range(6):
        await complain(visitor, await town.prompt(town.somebody()), "spam")
    counts = set()
    for limit in (1, 6):
        with statements(service) as seen:
            await town.administrator.read(f"/boards/{town.slug}/queue?limit={limit}")
        counts.add(len(seen))
    assert len(counts) == 1
    assert counts.pop() <= 7
