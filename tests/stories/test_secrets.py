"""A stolen database, a log and an error hold nothing that opens a door or names a visitor."""

import asyncio
import base64
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from app.kit.tokens import TokenKind, kind_of, new_token
from tests.conftest import fresh_database
from tests.people import JSON, Person, Town, code_of, path_of
from tests.servers import serving
from tests.stories.conftest import VISITORS_ADDRESS, keeper_of, visitors
from tests.tables import rows, stored_bytes
from tests.webhooks.receivers import Receiver, receiving

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

#: What any token looks like, whole or cut off.
TOKEN_LIKE = rb"fb[a-z]_[0-9A-Za-z]{16}"
#: A word that visitors do write, to show that the search finds what is there.
CANARY = "marmalade-lighthouse"
PROXYS_CLAIM = "203.0.113.9"


@dataclass
class Night:
    """Everything that happened in one busy run."""

    url: str
    tokens: list[str] = field(default_factory=list)
    errors: list[httpx.Response] = field(default_factory=list)
    #: What a thief of the database gets while the service runs, and once it has stopped.
    stolen: list[bytes] = field(default_factory=list)
    log: str = ""
    #: What was sent to a webhook, with its headers.
    sent: bytes = b""

    async def refused(self, response: httpx.Response) -> None:
        assert 400 <= response.status_code < 500, f"{response.request.url} {response.text}"
        self.errors.append(response)


@pytest.fixture(scope="session")
async def night(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Night]:
    """A busy run, and what it has left behind."""
    folder = tmp_path_factory.mktemp("night")
    with fresh_database(kind, request, folder) as database_url:
        with serving(folder, database_url=database_url, webhook_allow_local="true") as service:
            keeper = await keeper_of(database_url)
            night = Night(service.url, [keeper])
            async with visitors(service.url) as client, receiving() as receiver:
                client.headers["X-Forwarded-For"] = PROXYS_CLAIM
                town = Town(client, Person(client, keeper))
                # Where prompts are counted, those without a token have to be told apart.
                await town.found_board(claims=True, prompts_per_day=100)
                await listen(town, night, receiver)
                prompt = await be_busy(town, night)
                await blunder(client, night, town, prompt)
                while len(receiver.hits) < 10:  # noqa: ASYNC110 - another process sends them
                    await asyncio.sleep(0.1)
                night.sent = b"\n".join(
                    hit.body + repr(hit.headers).encode() for hit in receiver.hits
                )
            for kept in ("source_mark", "post_source", "report", "ban", "replay", "delivery"):
                assert rows(database_url)[kept], kept
            night.stolen.append(stored_bytes(database_url))
            service.stop()
            night.stolen.append(stored_bytes(database_url))
            night.log = service.log + service.printed
        yield night


async def listen(town: Town, night: Night, receiver: Receiver) -> None:
    """Have all that happens sent, and the secret changed that it is signed with."""
    path = f"/boards/{town.slug}/webhooks"
    webhook = await town.administrator.make(path, {"url": receiver.url, "adult": True})
    other = await town.administrator.make(f"{path}/{webhook['id']}/secrets", {})
    night.tokens += [webhook["secret"], other["secret"]]


async def be_busy(town: Town, night: Night) -> JSON:
    """Have people do all that gets them a token; return a prompt."""
    asker, writer, reader, masked = [town.somebody() for _ in range(4)]
    await masked.make("/masks", {})
    prompt = await town.prompt(asker, body=f"A {CANARY}, please.")
    fill = await town.fill(prompt, writer, status="wip")
    comment = await town.comment(prompt, reader)
    await town.comment(prompt, masked, comment)
    claimant = town.somebody()
    await town.claim(prompt, claimant)
    for person in (town.somebody(), claimant):
        assert (await person.put(f"{path_of(prompt)}/second")).status_code == 200
    night.tokens.append(str(claimant.token))
    for path, author in [(path_of(prompt), asker), (path_of(fill), writer)]:
        assert (await author.patch(path, {"tags": ["found family"]})).status_code == 200
    assert (await reader.delete(path_of(comment))).status_code == 204
    for _ in range(5):
        await town.prompt(town.somebody())
        passer_by = town.somebody()
        await town.comment(fill, passer_by)
        night.tokens.append(str(passer_by.token))
    for person in (asker, writer):
        feed = (await person.make("/me/feed-tokens", {}))["url"]
        assert (await town.client.get(feed)).status_code == 200
        night.tokens.append(feed.rpartition("/")[2].removesuffix(".atom"))
    gone = await reader.make("/me/feed-tokens", {})
    await reader.take_away(f"/me/feed-tokens/{gone['id']}")
    await night.refused(await town.client.get(gone["url"]))
    night.tokens.append(gone["url"].rpartition("/")[2].removesuffix(".atom"))
    await sign_in(town, night, prompt)
    night.tokens += [str(each.token) for each in (asker, writer, reader, masked)]
    return prompt


async def sign_in(town: Town, night: Night, prompt: JSON) -> None:
    """Have somebody make an account and a bot, guess passwords, report, be banned, and retry."""
    name, password = "lamplighter", f"{new_token(TokenKind.EDIT)[4:30]} on the pier"
    credentials = {"name": name, "password": password}
    named = Person(town.client, (await town.somebody().make("/accounts", credentials))["token"])
    second = await named.make("/me/tokens", {"label": "the old laptop"})
    bot = await named.make("/me/api-keys", {"name": "a bot", "scopes": ["prompts:write"]})
    posts = f"/boards/{town.slug}/prompts"
    await Person(town.client, bot["key"]).make(posts, {"body": "Prompt of the day"})
    for wrong in ({**credentials, "password": f"{password}!"}, {"name": name, "pasword": password}):
        await night.refused(await town.client.post("/v1/sessions", json=wrong))
    await night.refused(await named.patch("/me", {"password": "?", "new_password": password[:3]}))
    begun = await town.client.post("/v1/sessions", json=credentials)
    about = {"target": {"type": "prompt", "id": prompt["id"]}, "category": "spam"}
    receipt = await town.somebody().make("/reports", about)
    ban = {"action": "ban", "reach": "network", "reason": "spam", "target": about["target"]}
    elsewhere = await town.prompt(town.somebody())
    ban["target"] = {"type": "prompt", "id": elsewhere["id"]}
    await town.administrator.make(f"/boards/{town.slug}/mod-actions", ban)
    await night.refused(await town.somebody().post(posts, {"body": "Nobody comes in."}))
    (banned,) = (await town.administrator.read(f"/boards/{town.slug}/bans"))["items"]
    await town.administrator.take_away(f"/boards/{town.slug}/bans/{banned['id']}")
    night.tokens += [str(named.token), second["token"], bot["key"], begun.json()["token"]]
    night.tokens += [receipt["receipt_token"], f"xxxx{password}xxxxxx"]
    key = f"{new_token(TokenKind.EDIT)[4:40]} for a retry"
    for body in ({"body": "Once, please."}, {"body": "Once, please."}, {"body": "And this?"}):
        sent = await town.somebody().post(posts, body, Idempotency_Key=key)
        if sent.status_code == 201:
            night.tokens.append(sent.json()["edit_token"])
        else:
            await night.refused(sent)
    night.tokens.append(f"xxxx{key}xxxxxx")


async def blunder(client: httpx.AsyncClient, night: Night, town: Town, prompt: JSON) -> None:
    """Put tokens wherever they don't belong, and be refused."""
    token, others = night.tokens[-1], night.tokens[1]
    at, posts = f"/v1{path_of(prompt)}", f"/v1/boards/{town.slug}/prompts"
    bearer = {"Authorization": f"Bearer {token}"}

    in_headers = [
        {"Authorization": f"Bearer {token}x"},
        {"Authorization": f"Bearer {token[:-1]}"},
        {"Authorization": f"Bearer {token} {others}"},
        {"Authorization": f"Token {token}"},
        {"Authorization": f"Basic {base64.b64encode(token.encode()).decode()}"},
        {"Authorization": token},
        {"Authorization": f"Bearer {new_token(TokenKind.EDIT)}"},
    ]
    for headers in in_headers:
        await night.refused(await client.patch(at, json={"title": "Mine"}, headers=headers))
        await night.refused(await client.post(posts, json={"body": "Hello."}, headers=headers))
    await night.refused(await client.patch(at, json={"title": "Mine"}, headers=bearer))
    await night.refused(await client.post("/v1/boards", json={}, headers=bearer))
    await night.refused(await client.patch(at, json={}, headers={**bearer, "If-Match": token}))
    await night.refused(await client.post(posts, content=b"x", headers={"Content-Type": token}))

    in_addresses = [
        f"/v1/prompts/{token}",
        f"/v1/fills/{token}/parts/{token}",
        f"/v1/boards/{token}",
        f"/v1/feeds/{token}.atom",
        f"/v1/feeds/{token}",
        f"/v1/feeds/x.atom?token={token}",
        f"/{token}",
        f"{at}/{token}",
        f"{posts}?token={token}",
        f"{posts}?{token}",
        f"{posts}?{token}={token}",
        f"{posts}?limit={token}",
        f"{posts}?sort={token}",
        f"{posts}?status={token}",
        f"{posts}?cursor={token}",
        f"{posts}?adult={token}",
        f"{at}?embed={token}",
        f"{at}/comments?since={token}",
        f"/problems/{token}",
    ]
    for address in in_addresses:
        for headers in ({}, bearer):
            await night.refused(await client.get(address, headers=headers))

    in_bodies: list[Any] = [
        {"body": "Hello.", "edit_token": token},
        {"body": "Hello.", token: token},
        {"body": "Hello.", "rating": token},
        {"body": "Hello.", "mediums": [token]},
        {"body": "Hello.", "notes_choice": token},
        {"body": "Hello.", "tags": [{token: token}]},
        {"body": [token]},
        [token],
        token,
    ]
    for body in in_bodies:
        await night.refused(await client.post(posts, json=body))
        await night.refused(await client.post(posts, json=body, headers=bearer))
    await night.refused(
        await client.post(f"{at}/comments", json={"body": "Hi.", "parent_id": token})
    )
    for raw in (token, f'{{"{token}": 1, "{token}": 2}}', f'{{"body": "{token}'):
        sent = {"Content-Type": "application/json"}
        await night.refused(await client.post(posts, content=raw, headers=sent))
    await speak_other_protocols(night, token)


async def speak_other_protocols(night: Night, token: str) -> None:
    """What is no proper request is refused, too, by whichever layer gets it."""
    url = httpx.URL(night.url)
    upgrade = (
        f"GET /v1/prompts?token={token} HTTP/1.1\r\nHost: {url.host}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        "Sec-WebSocket-Version: 13\r\n\r\n"
    )
    for raw in (upgrade, f"{token}\r\n\r\n", f"GET /{token} HTTP/9.9\r\n\r\n"):
        reader, writer = await asyncio.open_connection(
            url.host, url.port, local_addr=(VISITORS_ADDRESS, 0)
        )
        writer.write(raw.encode())
        await writer.drain()
        answer = await reader.read(1000)
        assert token.encode() not in answer
        writer.close()
        await writer.wait_closed()


def spellings(token: str) -> list[bytes]:
    """A token as it is, without its prefix, and in the usual disguises."""
    plain = token.encode()
    return [plain, plain[4:-6], plain.hex().encode(), base64.b64encode(plain)[:-4]]


def tokens_in(haystack: bytes, tokens: list[str]) -> list[bytes]:
    """Every token in the haystack, with what stands around it."""
    wanted = [re.escape(spelling) for token in tokens for spelling in spellings(token)]
    found = re.finditer(b"|".join([TOKEN_LIKE, *wanted]), haystack)
    return [haystack[max(0, each.start() - 60) : each.end() + 60] for each in found]


def test_tokens_are_found_where_there_are_any() -> None:
    token = new_token(TokenKind.EDIT)
    for disguise in (token, token[4:], token.encode().hex(), "fbs_" + "x" * 49):
        assert tokens_in(f'{{"said": "{disguise}"}}'.encode(), [token])
    assert not tokens_in(b"fbe_ and 4k7t9x2m0p3r8s1w are no tokens", [token])


async def test_a_stolen_database_holds_no_token_and_no_address(night: Night) -> None:
    for stolen in night.stolen:
        assert CANARY.encode() in stolen
        assert tokens_in(stolen, night.tokens) == []
        assert VISITORS_ADDRESS.encode() not in stolen
        assert PROXYS_CLAIM.encode() not in stolen


async def test_what_is_sent_to_a_webhook_holds_no_token_and_no_address(night: Night) -> None:
    assert CANARY.encode() in night.sent
    assert tokens_in(night.sent, night.tokens) == []
    assert VISITORS_ADDRESS.encode() not in night.sent
    assert PROXYS_CLAIM.encode() not in night.sent


async def test_a_log_holds_no_token(night: Night) -> None:
    assert night.log.count('"event":"request"') > len(night.errors)
    assert tokens_in(night.log.encode(), night.tokens) == []


async def test_a_log_holds_no_address_and_nobodys_words(night: Night) -> None:
    named = (VISITORS_ADDRESS, PROXYS_CLAIM, CANARY)
    assert [line for line in night.log.splitlines() if any(name in line for name in named)] == []
    requests = [line for line in night.log.splitlines() if '"event":"request"' in line]
    assert [line for line in requests if "127.0.0." in line] == []


async def test_an_error_holds_no_token_whatever_provoked_it(night: Night) -> None:
    assert {each.status_code for each in night.errors} >= {400, 401, 403, 404, 415, 422}
    leaks = []
    for response in night.errors:
        said = response.content + repr(sorted(response.headers.items())).encode()
        leaks += tokens_in(said, night.tokens)
        assert VISITORS_ADDRESS.encode() not in said
    assert leaks == []


def near_misses(token: str) -> list[str]:
    """Tokens that are almost the right one."""
    other = "y" if token[10] == "x" else "x"
    own = new_token(TokenKind.EDIT)
    return [
        token[:10] + other + token[11:],
        token[:-1],
        token[:-1] + ("0" if token[-1] != "0" else "1"),
        token + "0",
        token[4:],
        token.swapcase(),
        "fbs_" + token[4:],
        own[: len(own) // 2] + token[len(own) // 2 :],
        own,
    ]


async def test_a_near_miss_of_a_token_changes_nothing(evening: Town) -> None:
    author = evening.somebody()
    prompt = await evening.prompt(author)
    fill = await evening.fill(prompt, author, status="wip")
    comment = await evening.comment(prompt, author)
    discussion = await evening.discussion(author)
    reader = evening.somebody()
    paths = [path_of(each) for each in (prompt, fill, comment, discussion)]
    before = [(await reader.get(path)).content for path in paths]
    for miss in near_misses(str(author.token)):
        impostor = Person(evening.client, miss)
        for path in paths:
            for answer in (
                await impostor.patch(path, {"body": "Taken over."}),
                await impostor.delete(path),
                await impostor.post(f"{path_of(prompt)}/comments", {"body": "I am OP."}),
            ):
                assert (answer.status_code, code_of(answer)) == (401, "unknown-token")
    assert [(await reader.get(path)).content for path in paths] == before
    assert kind_of(near_misses(str(author.token))[-1]) is TokenKind.EDIT


async def test_another_ones_token_changes_nothing(evening: Town) -> None:
    author, other = evening.somebody(), evening.somebody()
    prompt = await evening.prompt(author)
    await evening.prompt(other)
    before = (await evening.somebody().get(path_of(prompt))).content
    for answer in (
        await other.patch(path_of(prompt), {"body": "Taken over."}),
        await other.delete(path_of(prompt)),
    ):
        assert (answer.status_code, code_of(answer)) == (403, "not-allowed")
    assert (await evening.somebody().get(path_of(prompt))).content == before
    assert (await author.patch(path_of(prompt), {"body": "Mine still."})).status_code == 200
