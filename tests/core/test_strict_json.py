"""Bodies are read strictly, and nothing that can be sent breaks the service."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.people import Person, Town, code_of

pytestmark = pytest.mark.anyio

JSON_TYPE = {"Content-Type": "application/json"}
LIMIT = 3 * 1024 * 1024


async def post(town: Town, raw: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
    """Send bytes as a prompt to the town's board."""
    return await town.client.post(
        f"/v1/boards/{town.slug}/prompts", content=raw, headers=JSON_TYPE | (headers or {})
    )


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"}",
        b"nonsense",
        b'{"body": "a"} {"body": "b"}',
        b'{"body": "a",}',
        b"{'body': 'a'}",
        b'{"body": NaN}',
        b'{"body": "a", "anonymous": Infinity}',
        b'{"body": "a", "anonymous": -Infinity}',
        b'{"body": "a", "body": "b"}',
        b'{"body": "a", "tags": [{"x": 1, "x": 1}]}',
        b'{"body": "half a pair: \\ud83d"}',
        b'{"body": "half a pair: \\udc36\\ud83d"}',
        b'{"\\ud83d": "a key"}',
        b'{"body": "\xff\xfe"}',
        b'{"body": "\xed\xa0\xbd"}',
        '{"body": "a"}'.encode("utf-16"),
        b'\xef\xbb\xbf{"body": "a"}',
        b'{"body": "raw \n line"}',
        b'{"body": "\\x41"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"body": ' + b"9" * 100_000 + b"}",
        b"\x00",
    ],
)
async def test_what_is_not_proper_json_is_refused(town: Town, stranger: Person, raw: bytes) -> None:
    refused = await post(town, raw)
    assert (refused.status_code, code_of(refused)) == (400, "malformed-json")
    assert (await stranger.read(f"/boards/{town.slug}"))["prompts_count"] == 0


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"5",
        b'"text"',
        b"[]",
        b"true",
        b"{}",
        b'{"body": 12345678901234567890123456789012345678901234567890}',
        b'{"body": ' + b"9" * 4000 + b"}",
        b'{"body": 1e999}',
        b'{"body": "a", "anonymous": 1e999}',
        b'{"body": "a", "anonymous": 1}',
        b'{"body": "a", "anonymous": "true"}',
        b'{"body": ["a"]}',
        b'{"body": {"a": "b"}}',
        b'{"body": "a", "extra": ' + b"[" * 400 + b"]" * 400 + b"}",
        b'{"body": "a", "tags": ' + b"[" * 400 + b"]" * 400 + b"}",
        b'{"body": "a", "tags": "b"}',
        b'{"body": "a", "tags": [1]}',
        b'{"body": "a", "tags": {"0": "b"}}',
        b'{"body": "a\\u0000b"}',
        b'{"Body": "a"}',
    ],
)
async def test_json_of_another_shape_is_refused_and_never_coerced(
    town: Town, stranger: Person, raw: bytes
) -> None:
    refused = await post(town, raw)
    assert (refused.status_code, code_of(refused)) == (422, "invalid")
    for each in refused.json()["errors"]:
        assert each["in"] == "body"
        assert each["code"]
        assert each["message"]
    assert (await stranger.read(f"/boards/{town.slug}"))["prompts_count"] == 0


async def test_whole_surrogate_pairs_and_every_other_escape_are_taken(town: Town) -> None:
    raw = b'{"body": "\\ud83d\\udc36 \\u00e9 \\/ \\t \\"quoted\\" \\\\ud83d"}'
    taken = await post(town, raw)
    assert taken.status_code == 201
    assert taken.json()["body"] == '\U0001f436 é / \t "quoted" \\ud83d'


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/problem+json",
        "application/jsonp",
        "application/json-seq",
    ],
)
async def test_another_media_type_is_refused(town: Town, content_type: str) -> None:
    refused = await post(town, b'{"body": "a"}', {"Content-Type": content_type})
    assert (refused.status_code, code_of(refused)) == (415, "unsupported-media-type")


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON", "application/json; charset=utf-8"],
)
async def test_json_by_any_spelling_of_its_name_is_taken(town: Town, content_type: str) -> None:
    taken = await post(town, b'{"body": "a"}', {"Content-Type": content_type})
    assert taken.status_code == 201


async def test_a_body_that_declares_to_be_too_large_is_refused_unread(town: Town) -> None:
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        read += 1
        yield b"{"

    refused = await town.client.post(
        f"/v1/boards/{town.slug}/prompts",
        content=body(),
        headers={**JSON_TYPE, "Content-Length": str(LIMIT + 1)},
    )
    assert (refused.status_code, code_of(refused)) == (413, "body-too-large")
    assert read == 0


async def test_a_body_that_turns_out_too_large_is_refused_and_not_read_to_its_end(
    town: Town,
) -> None:
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(100):
            read += 1
            yield b" " * (LIMIT // 4)

    refused = await town.client.post(
        f"/v1/boards/{town.slug}/prompts", content=body(), headers=JSON_TYPE
    )
    assert (refused.status_code, code_of(refused)) == (413, "body-too-large")
    assert read == 5


async def test_a_body_of_exactly_the_limit_is_read(town: Town) -> None:
    raw = b'{"body": "a"}'.ljust(LIMIT)
    assert (await post(town, raw)).status_code == 201
    assert (await post(town, raw + b" ")).status_code == 413


@pytest.mark.parametrize("length", ["-1", "nonsense", "1_0", "\u0661"])
async def test_a_length_that_is_no_number_breaks_nothing(town: Town, length: str) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield b'{"body": "a"}'

    headers = [(b"content-type", b"application/json"), (b"content-length", length.encode())]
    refused = await town.client.post(
        f"/v1/boards/{town.slug}/prompts", content=body(), headers=headers
    )
    assert 400 <= refused.status_code < 500


async def test_a_body_where_none_belongs_changes_nothing(town: Town, stranger: Person) -> None:
    raw = b"{not json"
    response = await town.client.request("GET", f"/v1/boards/{town.slug}", content=raw)
    assert response.status_code == 200
    assert response.json() == await stranger.read(f"/boards/{town.slug}")


async def test_a_body_too_large_where_none_belongs_is_refused_all_the_same(
    client: httpx.AsyncClient,
) -> None:
    refused = await client.post("/v1/masks", content=b" " * (LIMIT + 1))
    assert (refused.status_code, code_of(refused)) == (413, "body-too-large")
