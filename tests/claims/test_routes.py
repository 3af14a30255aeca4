"""Claiming prompts over HTTP."""

from datetime import datetime
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI

from app.prompts.models import Prompt
from tests.backstage import set_columns, set_state
from tests.clocks import later
from tests.people import JSON, Person, Town, code_of, path_of
from tests.recount import recount

pytestmark = pytest.mark.anyio


@pytest.fixture
async def town(town: Town) -> Town:
    """A place to meet whose board takes claims."""
    await set_board(town, claims=True)
    return town


async def set_board(town: Town, **settings: object) -> None:
    await town.administrator.change(f"/boards/{town.slug}", {"settings": settings})


def claims_of(prompt: JSON) -> str:
    return f"{path_of(prompt)}/claims"


async def count(town: Town, prompt: JSON) -> int:
    """How many claims a prompt shows, alone as in the list."""
    reader = town.somebody()
    alone = await reader.read(path_of(prompt))
    listed = (await reader.read(f"/boards/{town.slug}/prompts"))["items"]
    assert alone in listed
    shown: int = alone["claims_count"]
    return shown


def days_left(claim: JSON) -> int:
    return (
        datetime.fromisoformat(claim["expires_at"]) - datetime.fromisoformat(claim["created_at"])
    ).days


async def test_anybody_may_claim_a_prompt_and_gets_a_token(town: Town, stranger: Person) -> None:
    prompt = await town.prompt()
    response = await stranger.post(claims_of(prompt))
    assert response.status_code == 201
    receipt = response.json()
    assert receipt["edit_token"].startswith("fbe_")
    assert receipt["notices"] == []
    assert response.headers["location"] == receipt["url"]
    assert (receipt["is_active"], receipt["is_yours"]) == (True, True)
    assert receipt["prompt"] == {
        name: prompt[name] for name in ("id", "number", "title", "url")
    } | {"board": town.slug}
    assert days_left(receipt) == 14
    assert await count(town, prompt) == 1
    owner = Person(town.client, receipt["edit_token"])
    kept_to_the_receipt = {"edit_token", "notices"}
    same = {name: each for name, each in receipt.items() if name not in kept_to_the_receipt}
    assert await owner.read(receipt["url"]) == same
    await recount(town)


async def test_a_claim_with_a_token_makes_no_mask(town: Town) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    for person in (author, town.administrator):
        assert "edit_token" not in await town.claim(prompt, person)


async def test_claims_are_never_exclusive(town: Town) -> None:
    prompt = await town.prompt()
    claims = [await town.claim(prompt) for _ in range(3)]
    assert await count(town, prompt) == 3
    listed = await town.somebody().every_page(f"{claims_of(prompt)}?limit=2")
    assert [each["id"] for each in listed] == [each["id"] for each in reversed(claims)]
    await town.fill(prompt)
    assert await count(town, prompt) == 3
    await recount(town)


async def test_pages_of_claims_neither_repeat_nor_skip(town: Town, stranger: Person) -> None:
    prompt, owner = await town.prompt(), town.somebody()
    claims = [await town.claim(prompt) for _ in range(2)]
    claims.append(await town.claim(prompt, owner))
    page = await stranger.read(f"{claims_of(prompt)}?limit=1")
    # The row that the cursor points at goes, and a new one comes.
    await owner.take_away(path_of(claims[2]))
    await town.claim(prompt)
    following = await stranger.every_page(page["next"])
    assert [each["id"] for each in following] == [claims[1]["id"], claims[0]["id"]]
    elsewhere = claims_of(await town.prompt())
    query = urlsplit(page["next"]).query
    assert code_of(await stranger.get(f"{elsewhere}?{query}")) == "bad-cursor"


async def test_whose_a_claim_is_only_its_owner_sees(town: Town) -> None:
    prompt, owner, other = await town.prompt(), town.somebody(), town.somebody()
    claim = await town.claim(prompt, owner)
    await town.claim(prompt, other)
    await town.claim(prompt, town.administrator)

    async def yours(person: Person) -> list[bool]:
        items = (await person.read(claims_of(prompt)))["items"]
        shape = {"id", "prompt", "created_at", "expires_at", "is_active", "is_yours", "url"}
        assert all(set(item) == shape for item in items)
        return [item["is_yours"] for item in items]

    assert await yours(owner) == [False, False, True]
    assert await yours(other) == [False, True, False]
    assert await yours(town.administrator) == [True, False, False]
    assert await yours(town.somebody()) == [False, False, False]
    assert (await owner.read(path_of(claim)))["is_yours"]
    assert not (await other.read(path_of(claim)))["is_yours"]


async def test_what_is_asked_with_a_token_nobody_keeps(town: Town, stranger: Person) -> None:
    prompt, owner = await town.prompt(), town.somebody()
    claim = await town.claim(prompt, owner)
    for path in (claims_of(prompt), path_of(claim)):
        for person, cached in ((owner, "private, no-store"), (stranger, "public, no-cache")):
            answer = await person.get(path)
            assert answer.headers["cache-control"] == cached
            assert answer.headers["vary"] == "Authorization"
            tag = answer.headers["etag"]
            unchanged = await person.get(path, If_None_Match=tag)
            assert (unchanged.status_code, unchanged.content) == (304, b"")
            assert unchanged.headers["cache-control"] == cached
        assert await owner.tag_of(path) != await stranger.tag_of(path)


async def test_claiming_again_renews_the_claim(town: Town) -> None:
    prompt, owner = await town.prompt(), town.somebody()
    claim = await town.claim(prompt, owner)
    with later(days=5):
        response = await owner.post(claims_of(prompt))
        assert response.status_code == 200
        assert "location" not in response.headers
        again = response.json()
    assert "edit_token" not in again
    assert (again["id"], again["created_at"]) == (claim["id"], claim["created_at"])
    assert (days_left(claim), days_left(again)) == (14, 19)
    assert await count(town, prompt) == 1


async def test_a_claim_runs_out_and_can_be_renewed(town: Town, stranger: Person) -> None:
    await set_board(town, claim_days=3)
    prompt, owner = await town.prompt(), town.somebody()
    claim = await town.claim(prompt, owner)
    tag = await stranger.tag_of(path_of(prompt))
    with later(days=2, hours=23):
        assert await count(town, prompt) == 1
    with later(days=3, minutes=1):
        assert await count(town, prompt) == 0
        assert await stranger.tag_of(path_of(prompt)) != tag
        (listed,) = (await stranger.read(claims_of(prompt)))["items"]
        assert (listed["id"], listed["is_active"]) == (claim["id"], False)
        await recount(town)
        response = await owner.send("PUT", path_of(claim))
        assert response.status_code == 200
        assert (response.json()["is_active"], response.json()["is_yours"]) == (True, True)
        assert days_left(response.json()) == 6
        assert await count(town, prompt) == 1
    with later(days=5):
        assert await count(town, prompt) == 1
    with later(days=7):
        assert (await owner.post(claims_of(prompt))).json()["id"] == claim["id"]
        assert await count(town, prompt) == 1


async def test_claims_run_out_one_by_one(town: Town) -> None:
    prompt = await town.prompt()
    await set_board(town, claim_days=10)
    await town.claim(prompt)
    await set_board(town, claim_days=5)
    await town.claim(prompt)
    seen = []
    for days in (4, 6, 11):
        with later(days=days):
            seen.append(await count(town, prompt))
            await recount(town)
    assert seen == [2, 1, 0]


async def test_a_claim_is_withdrawn(town: Town, stranger: Person) -> None:
    prompt, owner = await town.prompt(), town.somebody()
    tag = await stranger.tag_of(path_of(prompt))
    claim = await town.claim(prompt, owner)
    assert await stranger.tag_of(path_of(prompt)) != tag
    await owner.take_away(path_of(claim))
    assert await count(town, prompt) == 0
    assert await stranger.tag_of(path_of(prompt)) == tag
    assert code_of(await owner.delete(path_of(claim))) == "not-found"
    assert code_of(await stranger.get(path_of(claim))) == "not-found"
    assert (await town.claim(prompt, owner))["id"] != claim["id"]


async def test_a_claim_belongs_to_its_owner_alone(town: Town, stranger: Person) -> None:
    prompt, other = await town.prompt(), town.somebody()
    claim = await town.claim(prompt)
    await town.claim(prompt, other)
    for method in ("PUT", "DELETE"):
        for person, status, code in (
            (other, 403, "not-allowed"),
            (town.administrator, 403, "not-allowed"),
            (stranger, 401, "token-required"),
        ):
            response = await person.send(method, path_of(claim))
            assert (response.status_code, code_of(response)) == (status, code)
    assert await count(town, prompt) == 2


async def test_a_claim_ends_when_its_owner_fills_the_prompt(town: Town) -> None:
    prompt, other = await town.prompt(), await town.prompt()
    owner, rival = town.somebody(), town.somebody()
    claim = await town.claim(prompt, owner)
    await town.claim(prompt, rival)
    await town.claim(other, owner)
    await town.fill(prompt, town.somebody())
    assert await count(town, prompt) == 2
    await town.fill(prompt, owner, status="wip")
    assert code_of(await owner.get(path_of(claim))) == "not-found"
    assert (await count(town, prompt), await count(town, other)) == (1, 1)
    await town.fill(prompt, rival)
    assert await count(town, prompt) == 0
    await recount(town)


async def test_a_board_without_claims_takes_none_and_lets_go_of_those_there_are(
    town: Town, stranger: Person
) -> None:
    prompt, owner = await town.prompt(), town.somebody()
    claim = await town.claim(prompt, owner)
    await set_board(town, claims=False)
    for response in (
        await owner.post(claims_of(prompt)),
        await stranger.post(claims_of(prompt)),
        await owner.send("PUT", path_of(claim)),
    ):
        assert (response.status_code, code_of(response)) == (409, "claims-off")
    assert [each["id"] for each in await stranger.every_page(claims_of(prompt))] == [claim["id"]]
    assert await count(town, prompt) == 1
    await owner.take_away(path_of(claim))
    assert await count(town, prompt) == 0


async def test_a_new_board_takes_no_claims(town: Town, stranger: Person) -> None:
    slug = f"{town.slug}-2"
    await town.found_board(slug)
    prompt = await town.somebody().make(f"/boards/{slug}/prompts", {"body": "A rescue."})
    assert code_of(await stranger.post(claims_of(prompt))) == "claims-off"


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("visible", "list 200, claim 201, read 200, renew 200, withdraw 204"),
        ("deleted", "list 410, claim 410, read 410, renew 410, withdraw 204"),
        ("hidden", "list 404, claim 404, read 404, renew 404, withdraw 404"),
        ("screened", "list 404, claim 404, read 404, renew 404, withdraw 404"),
        ("frozen", "list 200, claim 409, read 200, renew 409, withdraw 204"),
        ("closed", "list 200, claim 201, read 200, renew 200, withdraw 204"),
        ("archived", "list 200, claim 409, read 200, renew 409, withdraw 204"),
    ],
)
async def test_what_can_be_done_in_each_state(
    town: Town, service: FastAPI, state: str, expected: str
) -> None:
    author, owner = town.somebody(), town.somebody()
    prompt = await town.prompt(author)
    claim = await town.claim(prompt, owner)
    if state == "deleted":
        await author.take_away(path_of(prompt))
    elif state in ("closed", "archived"):
        await town.change_round(1, phase=state)
    elif state == "frozen":
        await set_columns(service, Prompt, prompt["id"], is_frozen=True)
    else:
        await set_state(service, prompt, state)
    answers = {
        "list": await owner.get(claims_of(prompt)),
        "claim": await town.somebody().post(claims_of(prompt)),
        "read": await owner.get(path_of(claim)),
        "renew": await owner.send("PUT", path_of(claim)),
        "withdraw": await owner.delete(path_of(claim)),
    }
    assert ", ".join(f"{name} {each.status_code}" for name, each in answers.items()) == expected
    closed = "frozen" if state == "frozen" else "round-closed"
    codes = {404: "not-found", 409: closed, 410: "gone"}
    for answer in answers.values():
        if answer.status_code in codes:
            assert code_of(answer) == codes[answer.status_code]


async def test_claims_on_an_adult_prompt_are_read_with_a_flag(town: Town, stranger: Person) -> None:
    prompt = await town.prompt(rating="mature", title="Storm")
    claim = await town.claim(prompt)
    assert claim["prompt"]["title"] is None
    for path in (claims_of(prompt), path_of(claim)):
        assert code_of(await stranger.get(path)) == "adult-content"
    (listed,) = (await stranger.read(f"{claims_of(prompt)}?adult=true"))["items"]
    assert listed == await stranger.read(f"{path_of(claim)}?adult=true")
    assert listed["prompt"]["title"] == "Storm"


async def test_where_no_counts_are_shown_nobody_counts_the_claims_of_others(
    town: Town, stranger: Person
) -> None:
    await set_board(town, show_counts=False)
    prompt, owner = await town.prompt(), town.somebody()
    claim = await town.claim(prompt, owner)
    await town.claim(prompt)
    assert [each["id"] for each in await owner.every_page(claims_of(prompt))] == [claim["id"]]
    for person in (stranger, town.administrator):
        assert await person.every_page(claims_of(prompt)) == []
        assert code_of(await person.get(path_of(claim))) == "not-found"
    assert (await owner.read(path_of(claim)))["is_yours"] is True


async def test_a_condition_on_a_claim_is_honoured(town: Town) -> None:
    prompt, owner = await town.prompt(), town.somebody()
    claim = await town.claim(prompt, owner)
    first = await owner.tag_of(path_of(claim))
    renewed = await owner.send("PUT", path_of(claim), If_Match=first)
    assert renewed.status_code == 200
    for method in ("PUT", "DELETE"):
        response = await owner.send(method, path_of(claim), If_Match=first)
        assert code_of(response) == "precondition-failed"
    done = await owner.delete(path_of(claim), If_Match=renewed.headers["etag"])
    assert done.status_code == 204


async def test_a_claim_is_no_news_and_no_edit(town: Town) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    before = await author.get(path_of(prompt))
    await town.claim(prompt)
    assert await author.read(path_of(prompt)) == {**before.json(), "claims_count": 1}
    edited = await author.patch(path_of(prompt), {"title": "Rain"}, If_Match=before.headers["etag"])
    assert edited.status_code == 200
    assert edited.json()["claims_count"] == 1


async def test_there_is_nothing_to_claim_where_nothing_is(stranger: Person) -> None:
    nowhere = "0000000000000000"
    assert code_of(await stranger.post(f"/prompts/{nowhere}/claims")) == "not-found"
    assert code_of(await stranger.get(f"/prompts/{nowhere}/claims")) == "not-found"
    assert code_of(await stranger.get(f"/claims/{nowhere}")) == "not-found"
    assert code_of(await stranger.get("/claims/no-id")) == "not-found"


async def test_a_claim_says_nothing_but_that(town: Town, stranger: Person) -> None:
    prompt = await town.prompt()
    response = await stranger.post(claims_of(prompt), {"days": 100})
    assert (response.status_code, code_of(response)) == (422, "invalid")
    assert await count(town, prompt) == 0
