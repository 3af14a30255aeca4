"""What holds for every POST: sent twice with one key it is done once, for whoever sent it."""

import pytest
from fastapi import FastAPI

from tests.conftest import new_client
from tests.core.replays.sending import NOT_REPLAYED, is_replayed, new_key, posts, sizes, twice
from tests.people import Person, Town, code_of
from tests.stories.roles import Cast, gather, stage

pytestmark = pytest.mark.anyio

#: Who does what nobody else may; all else is done by somebody with a mask.
DOERS = {
    "found_board": "administrator",
    "add_round": "administrator",
    "add_tag_alias": "administrator",
    "add_tag_parent": "administrator",
    "act_as_moderator": "administrator",
    "make_webhook": "administrator",
    "ping_webhook": "administrator",
    "replay_deliveries": "administrator",
    "rotate_secret": "administrator",
    "make_api_key": "member",
    "add_part": "author",
    "appeal_against_decision": "author",
}
#: What a receipt tells once.
SECRETS = {"edit_token", "token", "key", "receipt_token", "secret"}
#: What is not 201 at the first time. From this network something was reported already.
STATUSES = {"report_something": 200, "ping_webhook": 202, "replay_deliveries": 202}
#: What strangers may do, and the tokens that they get for it.
FOR_STRANGERS = {
    *("comment_on_prompt", "comment_on_fill", "comment_in_discussion", "post_prompt", "post_fill"),
    *("claim_prompt", "begin_discussion", "mint_mask", "report_something"),
}


@pytest.fixture
async def cast(town: Town, service: FastAPI) -> Cast:
    await town.administrator.change(f"/boards/{town.slug}", {"settings": {"claims": True}})
    people = await gather(town, service)
    return await stage(town, service, people)


async def test_the_operations_are_all_there(service: FastAPI) -> None:
    names = set(posts(service))
    assert len(names) > 15
    assert set(DOERS) | FOR_STRANGERS <= names
    for operations in service.openapi()["paths"].values():
        for method, operation in operations.items():
            sent = {each["name"] for each in operation.get("parameters", [])}
            takes_key = method == "post" and operation["operationId"] not in NOT_REPLAYED
            assert ("Idempotency-Key" in sent) == takes_key


async def test_what_is_sent_twice_is_done_once(cast: Cast, service: FastAPI) -> None:
    for name, template in posts(service).items():
        doer = cast.people[DOERS.get(name, "other")]
        path, body = cast.request(name, template)
        key = new_key()
        before = await sizes(service)
        first = await doer.send("POST", path, body, Idempotency_Key=key)
        between = await sizes(service)
        assert first.status_code == STATUSES.get(name, 201), first.text
        assert not is_replayed(first)
        assert between["replay"] == before["replay"] + 1, name
        second = await doer.send("POST", path, body, Idempotency_Key=key)
        assert is_replayed(second), name
        assert second.status_code == first.status_code, (name, second.text)
        assert second.headers.get("location") == first.headers.get("location"), name
        assert second.headers["cache-control"] == "private, no-store"
        assert second.json() == first.json(), name
        assert await sizes(service) == between, name
        assert ("etag" in second.headers) == ("etag" in first.headers)


async def test_a_stranger_gets_the_token_again(cast: Cast, service: FastAPI) -> None:
    async with new_client(service, "198.51.100.7") as elsewhere:
        for name in FOR_STRANGERS:
            path, body = cast.request(name, posts(service)[name])
            first, second = await twice(Person(elsewhere), path, body)
            assert first.status_code == 201, (name, first.text)
            assert (is_replayed(first), is_replayed(second)) == (False, True), name
            assert second.json() == first.json(), name
            assert SECRETS & set(second.json()), name


async def test_nobody_else_gets_an_answer_by_the_same_key(cast: Cast, service: FastAPI) -> None:
    async with new_client(service, "198.51.100.7") as elsewhere:
        others = (Person(elsewhere), cast.people["stranger"], cast.people["keeper of another"])
        for name, template in posts(service).items():
            path, body = cast.request(name, template)
            key = new_key()
            doer = cast.people[DOERS.get(name, "other")]
            first = await doer.send("POST", path, body, Idempotency_Key=key)
            assert first.status_code in (200, 201, 202), (name, first.text)
            told = [first.json()]
            for other in others:
                answer = await other.send("POST", path, body, Idempotency_Key=key)
                assert not is_replayed(answer), name
                told.append(answer.json())
            given = [each[one] for each in told for one in SECRETS & set(each) if each[one]]
            assert len(set(given)) == len(given), name


async def test_another_body_is_refused_and_changes_nothing(cast: Cast, service: FastAPI) -> None:
    for name, template in posts(service).items():
        doer = cast.people[DOERS.get(name, "other")]
        path, body = cast.request(name, template)
        if body is None:
            continue
        key = new_key()
        first = await doer.send("POST", path, body, Idempotency_Key=key)
        assert first.status_code in (200, 201, 202), (name, first.text)
        between = await sizes(service)
        for other in ({**body, "unheard_of": 1}, {}, {**body, "body": "Something else."}):
            if other == body:
                continue
            refused = await doer.send("POST", path, other, Idempotency_Key=key)
            assert (refused.status_code, code_of(refused)) == (422, "idempotency-key-reused"), name
        assert await sizes(service) == between, name
        again = await doer.send("POST", path, body, Idempotency_Key=key)
        assert is_replayed(again), name


async def test_whoever_has_no_token_any_more_gets_no_answer(cast: Cast, service: FastAPI) -> None:
    told = {}
    keepers = {"other", "administrator", "member", "author"}
    for name, template in posts(service).items():
        if name == "mint_mask":
            # It looks at no token.
            continue
        path, body = cast.request(name, template)
        key = new_key()
        doer = cast.people[DOERS.get(name, "other")]
        first = await doer.send("POST", path, body, Idempotency_Key=key)
        assert first.status_code in (200, 201, 202), (name, first.text)
        told[name] = (doer, path, body, key)
    for role in keepers:
        person = cast.people[role]
        tokens = await person.every_page("/me/tokens")
        current = [each["id"] for each in tokens if each["is_current"]]
        others = [each["id"] for each in tokens if not each["is_current"]]
        for each in (*others, *current):
            await person.take_away(f"/me/tokens/{each}")
    for name, (doer, path, body, key) in told.items():
        refused = await doer.send("POST", path, body, Idempotency_Key=key)
        assert (refused.status_code, code_of(refused)) == (401, "unknown-token"), name
        assert not is_replayed(refused)


@pytest.mark.parametrize("path", ["/accounts", "/sessions"])
async def test_accounts_and_sessions_take_no_key(town: Town, path: str) -> None:
    body = {"name": f"w{new_key()[:10]}", "password": "nine lanterns on the pier"}
    first, second = await twice(town.somebody(), path, body)
    assert not is_replayed(first)
    assert not is_replayed(second)
    assert second.status_code == {"/accounts": 409, "/sessions": 401}[path]
