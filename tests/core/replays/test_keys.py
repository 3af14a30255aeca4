"""What is a key, and whose: which requests are the same one."""

import pytest
from fastapi import FastAPI

from tests.conftest import new_client
from tests.core.replays.sending import is_replayed, new_key, prompts_of, twice
from tests.people import Person, Town, code_of, faults_of, path_of

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "key",
    [
        *("k" * 15, "k" * 256, "", '"', '""', '"' + "k" * 16, "k" * 16 + '"', '"' + "k" * 15 + '"'),
        *("kkkkkkkk\tkkkkkkkk", "kkkkkkkk\x7fkkkkkkkk", "kkkkkkkk\xe9kkkkkkkk"),
    ],
)
async def test_a_key_that_is_none_is_refused(town: Town, path: str, key: str) -> None:
    sent = {b"Idempotency-Key": key.encode("latin-1")}
    refused = await town.client.post(f"/v1{path}", json={"body": "A lamp."}, headers=sent)
    assert faults_of(refused) == {("/Idempotency-Key", "idempotency_key")}
    assert refused.json()["errors"][0]["in"] == "header"
    assert await prompts_of(town) == []


@pytest.mark.parametrize(
    "key", ["k" * 16, "k" * 255, "lamp lamp lamp #7 ~!", '"' + "k" * 255 + '"']
)
async def test_a_key_has_16_to_255_characters_and_quotes_are_optional(
    town: Town, path: str, key: str
) -> None:
    author = town.somebody()
    bare = key.strip('"')
    first = await author.post(path, {"body": "A lamp."}, Idempotency_Key=key)
    assert first.status_code == 201
    for spelling in (bare, f'"{bare}"'):
        again = await author.post(path, {"body": "A lamp."}, Idempotency_Key=spelling)
        assert is_replayed(again)
        assert again.json() == first.json()


async def test_two_keys_are_none(town: Town, path: str) -> None:
    headers = [("Idempotency-Key", new_key()), ("Idempotency-Key", new_key())]
    refused = await town.client.post(f"/v1{path}", json={"body": "A lamp."}, headers=headers)
    assert faults_of(refused) == {("/Idempotency-Key", "repeated")}


async def test_keys_differ_in_case(town: Town, path: str) -> None:
    for key in ("lantern-lantern-1", "Lantern-lantern-1"):
        made = await town.somebody().post(path, {"body": "A lamp."}, Idempotency_Key=key)
        assert not is_replayed(made)
    assert len(await prompts_of(town)) == 2


async def test_a_key_means_nothing_where_nothing_is_posted(town: Town) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    for _ in range(2):
        read = await author.get(path_of(prompt), Idempotency_Key="short")
        assert (read.status_code, is_replayed(read)) == (200, False)
        changed = await author.patch(path_of(prompt), {"title": "A"}, Idempotency_Key="short")
        assert (changed.status_code, is_replayed(changed)) == (200, False)


async def test_how_a_body_is_written_does_not_matter(town: Town, path: str) -> None:
    bodies = (b'{"body": "A l\\u0061mp.", "tags": ["x"]}', b'{"tags":["x"],"body":"A lamp."}')
    headers = {"Content-Type": "application/json", "Idempotency-Key": new_key()}
    answers = [
        await town.client.post(f"/v1{path}", content=body, headers=headers) for body in bodies
    ]
    assert [is_replayed(each) for each in answers] == [False, True]
    other = b'{"tags":["y"],"body":"A lamp."}'
    refused = await town.client.post(f"/v1{path}", content=other, headers=headers)
    assert code_of(refused) == "idempotency-key-reused"


async def test_the_same_key_elsewhere_is_another_request(town: Town, path: str) -> None:
    author, key = town.somebody(), new_key()
    prompt = (await author.post(path, {"body": "A lamp."}, Idempotency_Key=key)).json()
    author.token = prompt["edit_token"]
    for where in (f"{path_of(prompt)}/comments", f"{path_of(prompt)}/fills"):
        first, second = await twice(author, where, {"body": "A lamp."}, key)
        assert (is_replayed(first), is_replayed(second)) == (False, True)
        assert second.json() == first.json()


async def test_whoever_posted_without_a_token_is_known_by_the_network(
    service: FastAPI, path: str
) -> None:
    key, body = new_key(), {"body": "A lamp."}
    addresses = ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1")
    told = []
    for address in addresses:
        async with new_client(service, address) as client:
            told.append(await Person(client).post(path, body, Idempotency_Key=key))
    assert [is_replayed(each) for each in told] == [False, True, False]
    assert told[1].json() == told[0].json()
    assert told[2].json()["id"] != told[0].json()["id"]
