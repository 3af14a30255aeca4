"""Nobody can tell from the API whether two anonymous posts have one author.

The same evening happens twice, in two empty installations: once the posts in different
conversations are one person's, once they are two people's. Then everything that can be read is
read, and must be the same, once what is random is masked. Random values are numbered by their first
appearance, so that a value which turns up in a second place is noticed.
"""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.accounts.service import register_administrator
from app.core.site import Site
from app.discussions import views as discussion_views
from app.identity.service import enrol
from app.kit.ids import ALPHABET, LENGTH
from tests.conftest import migrated_database, new_app, new_client, settings_for
from tests.moderation.keeping import act, target
from tests.people import JSON, Person, Town, path_of

pytestmark = [pytest.mark.anyio, pytest.mark.thorough]

#: What stands under these keys is random, and so are ids wherever they stand. In a feed it is the
#: face of an author that stands as their name.
RANDOM_KEYS = {"face", "instance", "cursor", "{http://www.w3.org/2005/Atom}name"}
RANDOM_HEADERS = {"etag", "x-request-id"}
HEX = re.compile(r"[0-9a-f]{12,}")
RANDOM = re.compile(
    rf"(?<![0-9a-z])[{ALPHABET}]{{{LENGTH}}}(?![0-9a-z])"
    r"|(?:(?<=cursor=)|(?<=reading=)|(?<=since=))[\w-]+"
    r"|(?<=urn:uuid:)[0-9a-f-]{36}"
)
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")

READINGS = {
    "/v1/boards": ["", "?limit=1"],
    "/v1/boards/{board}/prompts": [
        "",
        "?sort=oldest",
        "?sort=active",
        "?limit=1",
        "?status=filled",
    ],
    "/v1/boards/{board}/fills": ["", "?sort=oldest", "?sort=active", "?limit=1"],
    "/v1/boards/{board}/prompts.atom": ["", "?sort=oldest", "?sort=active", "?status=filled"],
    "/v1/boards/{board}/fills.atom": ["", "?sort=oldest", "?sort=active"],
    "/v1/prompts/{prompt}": ["", "?embed=fills"],
    "/v1/prompts/{prompt}/claims": ["", "?limit=1"],
    "/v1/prompts/{prompt}/comments": ["", "?sort=newest", "?limit=1", "?depth=0", "?since=1"],
    "/v1/fills/{fill}/comments": ["", "?sort=newest", "?limit=1", "?depth=0", "?since=1"],
    "/v1/boards/{board}/discussions": ["", "?sort=active", "?limit=1", "?kind=friending"],
    "/v1/discussions/{discussion}/comments": ["", "?sort=newest", "?limit=1"],
    "/v1/comments/{comment}": ["", "?embed=ancestors"],
    "/v1/boards/{board}/events": ["?limit=1", "?limit=100&adult=true"],
}


async def an_evening(town: Town, first: Person, second: Person) -> dict[str, list[str]]:
    """What happens: ``first`` and ``second`` never meet in one conversation. Returns the ids."""
    other = town.somebody()
    await town.found_board("lanterns", claims=True)
    await town.found_board("umbrellas", claims=True)

    async def prompt(board: str, author: Person, body: str) -> JSON:
        return await author.make(f"/boards/{board}/prompts", {"body": body})

    asked = await prompt("lanterns", first, "A rescue in the snow.")
    asked_again = await prompt("lanterns", second, "A rescue at sea.")
    asked_elsewhere = await prompt("umbrellas", second, "One umbrella, two rivals.")
    others = await prompt("umbrellas", other, "A kettle that never boils.")
    claims = [
        await town.claim(asked, first),
        await town.claim(asked_again, second),
        await town.claim(asked_elsewhere, other),
    ]
    await town.claim(others, first)
    for prompt_, who in ((asked, other), (asked_again, second), (others, first)):
        assert (await who.put(f"{path_of(prompt_)}/second")).status_code == 200
    fills = [
        await town.fill(asked, other, body="It snowed. They came."),
        await town.fill(asked_again, other, status="wip"),
        await town.fill(asked_elsewhere, second),
        await town.fill(others, first, body="It boiled."),
    ]
    await first.make(f"{path_of(fills[3])}/parts", {"body": "And boiled again."})
    comments = [
        await town.comment(asked, first),
        await town.comment(asked_again, second),
        await town.comment(fills[1], second),
        await town.comment(fills[2], other),
        await town.comment(fills[0], first),
    ]
    comments.append(await town.comment(fills[0], other, comments[-1]))
    comments.append(await town.comment(fills[1], other, comments[2]))
    discussions = [
        await first.make("/boards/lanterns/discussions", {"body": "Who reads by lantern light?"}),
        await second.make("/boards/lanterns/discussions", {"body": "Hello!", "kind": "friending"}),
        await other.make("/boards/umbrellas/discussions", {"body": "Are kettles on topic?"}),
    ]
    comments.append(await town.comment(discussions[0], other))
    comments.append(await town.comment(discussions[0], first, comments[-1]))
    comments.append(await town.comment(discussions[1], second))
    comments.append(await town.comment(discussions[2], first))
    await second.change(path_of(discussions[1]), {"title": "Hello there", "is_closed": True})
    edited = await first.patch(path_of(asked), {"title": "Snow"})
    assert edited.status_code == 200
    assert (await second.delete(path_of(comments[1]))).status_code == 204
    keeper = Town(town.client, town.administrator, "lanterns")
    entries = [
        await act(keeper, "freeze", comments[4]),
        # Said by one in the other's conversation, and the other way round.
        await act(keeper, "move", comments[4], to=target(asked_again), reason="misfire"),
        await act(keeper, "move", comments[2], to=target(asked), reason="misfire"),
        await act(keeper, "hide", comments[0], fills[1], reason="spam"),
        await act(keeper, "relabel", asked, changes={"content_notes": ["snow"]}, reason="labels"),
    ]
    misposted = await town.comment(asked_again, second, body="It rained, and they came.")
    to = {"type": "prompt", "id": asked_again["id"]}
    entries.append(await act(keeper, "convert", misposted, to=to, reason="misfire"))
    for who, thing in ((first, fills[3]), (second, asked_elsewhere)):
        assert (await who.delete(f"{path_of(thing)}/author")).status_code == 204
    for thing in (asked, asked_again):
        about = {"target": target(thing), "category": "spam", "note": "Both of them."}
        assert (await town.somebody().post("/reports", about)).status_code in (200, 201)
    appeal = await first.make(f"/mod-log/{entries[4]['id']}/appeals", {})
    entries.append(await act(keeper, "ban", asked, reach="mask", reason="spam"))
    hooks = "/boards/lanterns/webhooks"
    webhook = await keeper.administrator.make(hooks, {"url": "https://bot.example/"})
    ping = await keeper.administrator.post(f"{hooks}/{webhook['id']}/pings")
    return {
        "webhook": [webhook["id"]],
        "delivery": [ping.json()["id"]],
        "entry": [each["id"] for each in entries],
        "appeal": [appeal["id"]],
        "board": ["lanterns", "umbrellas"],
        "prompt": [each["id"] for each in (asked, asked_again, asked_elsewhere, others)],
        "claim": [each["id"] for each in claims],
        "fill": [each["id"] for each in fills],
        "discussion": [each["id"] for each in discussions],
        "comment": [each["id"] for each in comments],
        "number": ["1", "2", "3"],
    }


def addresses(app: FastAPI, ids: dict[str, list[str]]) -> list[str]:
    """Every address under every GET of the description, with every id that there is."""
    found = []
    for template, operations in app.openapi()["paths"].items():
        # A stream says what pages of events do.
        if "get" not in operations or template.endswith(("/random", "/stream")):
            continue
        paths = [template]
        for name, values in ids.items():
            paths = [path.replace(f"{{{name}}}", value) for path in paths for value in values]
        found += [
            path + query for path in dict.fromkeys(paths) for query in READINGS.get(template, [""])
        ]
    return found


class Masking:
    """Numbers random values in the order in which they appear."""

    def __init__(self) -> None:
        self._numbers: dict[str, str] = {}

    def name(self, value: str) -> str:
        return self._numbers.setdefault(value, f"random {len(self._numbers)}")

    def text(self, text: str) -> str:
        masked = RANDOM.sub(lambda found: self.name(found[0]), text)
        return TIME.sub("TIME", masked)

    def value(self, value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {self.text(name): self.value(each, name) for name, each in value.items()}
        if isinstance(value, list):
            return [self.value(each) for each in value]
        if isinstance(value, str):
            return self.name(value) if key in RANDOM_KEYS else self.text(value)
        return value

    def header(self, name: str, value: str) -> str:
        if name in RANDOM_HEADERS:
            return HEX.sub(lambda found: self.name(found[0]), value)
        return self.text(value)

    def answer(self, response: httpx.Response) -> list[str]:
        """The masked answer. A length says no more than the bytes, so it only has to be right."""
        assert response.headers.get("content-length") == str(len(response.content))
        headers = [
            f"{name}: {self.header(name, value)}"
            for name, value in response.headers.items()
            if name != "content-length"
        ]
        address = self.text(str(response.request.url))
        body = json.dumps(self.value(content_of(response)), ensure_ascii=False)
        return [f"{response.status_code} {address}", *headers, body]


async def all_that_can_be_read(app: FastAPI, town: Town, ids: dict[str, list[str]]) -> list[str]:
    masking = Masking()
    transcript = []
    reader = town.somebody()
    for address in addresses(app, ids):
        if "/download." in address:
            # A whole work as a file says nothing that the fill and its parts don't.
            continue
        following: str | None = f"http://board.test{address}"
        while following is not None:
            response = await reader.get(following)
            transcript += masking.answer(response)
            following = content_of(response).get("next")
    return transcript


def content_of(response: httpx.Response) -> JSON:
    """What an answer says: JSON as it is, and a feed as an object of what stands in it."""
    if not response.headers["content-type"].startswith("application/atom+xml"):
        content: JSON = response.json()
        return content
    return unfolded(ET.fromstring(response.content))


def unfolded(element: ET.Element) -> JSON:
    """An element by its name: its text, or its attributes and what stands in it."""
    if not len(element) and not element.attrib:
        return {element.tag: element.text}
    inner = [unfolded(each) for each in element]
    return {element.tag: [dict(element.attrib), element.text, *inner]}


@asynccontextmanager
async def installation(
    kind: str, request: pytest.FixtureRequest, folder: Path
) -> AsyncIterator[tuple[FastAPI, Town]]:
    with migrated_database(kind, request, folder) as url:
        app = new_app(settings_for(url))
        async with app.router.lifespan_context(app), new_client(app) as client:
            async with app.state.site.database.writing() as session:
                keeper = await enrol(session, await register_administrator(session, "keeper"))
            yield app, Town(client, Person(client, keeper))


async def twins(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> list[list[str]]:
    """What can be read of the evening of one person, and of that of two."""
    transcripts = []
    for count in (1, 2):
        async with installation(kind, request, tmp_path_factory.mktemp("twins")) as (app, town):
            people = [town.somebody() for _ in range(count)]
            ids = await an_evening(town, people[0], people[-1])
            transcripts.append(await all_that_can_be_read(app, town, ids))
    return transcripts


async def test_two_posts_of_one_person_look_like_those_of_two(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ones, twos = await twins(kind, request, tmp_path_factory)
    assert len(ones) > 500
    assert ones == twos


@pytest.mark.parametrize("leak", ["a face that is the same everywhere", "a number"])
async def test_a_leak_that_is_planted_is_seen(
    kind: str,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    leak: str,
) -> None:
    if leak == "a number":
        shown = discussion_views.discussion

        def telling(site: Site, row: Any) -> JSON:
            return {**shown(site, row), "kind_of_author": row.mask_id}

        monkeypatch.setattr(discussion_views, "discussion", telling)
    else:
        true_face = Site.face
        monkeypatch.setattr(Site, "face", lambda site, _talk, mask: true_face(site, "", mask))
    ones, twos = await twins(kind, request, tmp_path_factory)
    assert ones != twos


async def test_faces_of_one_person_differ_between_conversations_and_not_within(
    town: Town,
) -> None:
    person, other = town.somebody(), town.somebody()
    mine = [await town.prompt(person), await town.prompt(person)]
    others = await town.prompt(other)
    fill = await town.fill(others, person)
    things = (*mine, fill, await town.discussion(person), await town.discussion(person))
    seen = [each["author"]["face"] for each in things]
    assert len(set(seen)) == len(things)
    for thing, face in zip(things, seen, strict=True):
        assert (await town.comment(thing, person))["author"]["face"] == face


def test_a_value_that_turns_up_twice_is_noticed() -> None:
    def transcript(first: str, second: str) -> list[Any]:
        masking = Masking()
        return [masking.value({"id": first}), masking.value({"author": {"face": second}})]

    apart = transcript("4k7t9x2m0p3r8s1w", "gentle amber otter")
    assert apart == transcript("9q2w4e6r8t0y1p3s", "merry teal heron")
    assert apart != transcript("4k7t9x2m0p3r8s1w", "4k7t9x2m0p3r8s1w")
