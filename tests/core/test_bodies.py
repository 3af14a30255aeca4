"""A body that an operation takes no notice of is refused, since somebody meant something by it."""

from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import Message, Scope

from tests.people import Town, faults_of, path_of

pytestmark = pytest.mark.anyio

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("body", [b"", b"{}", b" { } "])
async def test_no_body_and_an_empty_object_say_the_same(
    client: httpx.AsyncClient, body: bytes
) -> None:
    assert (await client.post("/v1/masks", content=body, headers=JSON)).status_code == 201


@pytest.mark.parametrize("body", [b'{"name":"me"}', b"null", b"[]", b"0", b'""'])
async def test_a_body_where_none_is_taken_is_refused(
    client: httpx.AsyncClient, body: bytes
) -> None:
    response = await client.post("/v1/masks", content=body, headers=JSON)
    assert faults_of(response) == {("", "unexpected_body")}


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"name=me", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b"{", "application/json", 400),
        (b'{"a":1,"a":1}', "application/json", 400),
    ],
)
async def test_what_is_no_json_is_refused_even_where_nothing_is_taken(
    client: httpx.AsyncClient, body: bytes, media_type: str, status: int
) -> None:
    sent = {"Content-Type": media_type}
    response = await client.post("/v1/masks", content=body, headers=sent)
    assert response.status_code == status


async def test_a_deletion_with_a_body_deletes_nothing(town: Town) -> None:
    author = town.somebody()
    prompt = await town.prompt(author)
    refused = await author.send("DELETE", path_of(prompt), {"only": "the title"})
    assert faults_of(refused) == {("", "unexpected_body")}
    assert (await author.read(path_of(prompt)))["id"] == prompt["id"]
    await author.take_away(path_of(prompt))


async def test_the_commonest_mistakes_are_told_in_plain_words(town: Town) -> None:
    prompts = f"/boards/{town.slug}/prompts"
    for body, words in (
        ({"body": "x", "colour": 1}, "No such field here."),
        ({"title": "x"}, "This field is required."),
        ({"body": 5}, "Must be a string."),
        ([], "Must be a JSON object."),
    ):
        refused = await town.somebody().send("POST", prompts, body)
        assert refused.status_code == 422
        assert [each["message"] for each in refused.json()["errors"]] == [words]
    nothing = await town.somebody().send("POST", prompts)
    assert nothing.json()["detail"] == "A JSON object is required as the body."


async def test_a_parameter_stands_a_hundred_times_at_most(town: Town) -> None:
    path = f"/boards/{town.slug}/prompts?"
    reader = town.somebody()
    await reader.read(path + "&".join(["language=en"] * 100))
    response = await reader.get(path + "&".join(["language=en"] * 101))
    assert faults_of(response) == {("/language", "repeated")}


async def test_whoever_goes_away_while_sending_is_no_fault_of_the_service(
    service: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    messages: Iterator[Message] = iter(
        [
            {"type": "http.request", "body": b"{", "more_body": True},
            {"type": "http.disconnect"},
        ]
    )
    sent: list[Message] = []

    async def receive() -> Message:
        return next(messages)

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/masks",
        "raw_path": b"/v1/masks",
        "root_path": "",
        "scheme": "http",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json"), (b"content-length", b"9")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 1),
        "http_version": "1.1",
    }
    await service(scope, receive, send)
    assert sent == []
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
