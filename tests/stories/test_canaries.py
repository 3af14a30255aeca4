"""What is out of sight is read by nobody whom it does not concern, under no address whatever.

A word stands in every text of something in each state. Then everything that can be read is read, by
everybody who should not read it: the word is nowhere, and what counts and lists things does so as
if there had never been any.
"""

import io
import re
import uuid
import zipfile
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.moderation import views as moderation_views
from tests.events.following import brief_streams
from tests.moderation.keeping import act, target
from tests.people import JSON, Person, Town, path_of
from tests.stories.roles import gather, stage

pytestmark = [pytest.mark.anyio, pytest.mark.thorough, pytest.mark.timeout(300)]

KINDS = ("fandoms", "characters", "relationships", "tags", "content_notes")
READERS = ("stranger", "other", "member", "key", "keeper of another", "former keeper")
#: What is asked for besides: every way to look for a word, and to have more shown.
QUERIES = {
    "/v1/search": ["q={word}", "q={word}&board={board}"],
    "/v1/tags": ["q={word}", "q={word}&kind=tag"],
    "/v1/boards/{board}/tags": ["", "q={word}"],
    "/v1/boards/{board}/facets": ["of=tag&of=fandom&of=character&of=content_note", "q={word}"],
    "/v1/boards/{board}/prompts": ["", "q={word}", "tag={word}", "sort=active", "limit=1"],
    "/v1/boards/{board}/fills": ["", "q={word}", "tag={word}", "sort=active", "limit=1"],
    "/v1/boards/{board}/discussions": ["", "sort=active", "limit=1"],
    "/v1/boards/{board}/prompts/random": ["q={word}"],
    "/v1/boards/{board}/prompts.atom": ["", "q={word}", "tag={word}", "sort=active"],
    "/v1/boards/{board}/fills.atom": ["", "q={word}", "tag={word}", "sort=active"],
    "/v1/prompts/{prompt}": ["", "embed=fills"],
    "/v1/prompts/{prompt}/comments": ["", "sort=newest", "limit=1", "depth=0", "since=0"],
    "/v1/fills/{fill}/comments": ["", "sort=newest"],
    "/v1/discussions/{discussion}/comments": ["", "sort=newest"],
    "/v1/comments/{comment}": ["", "embed=ancestors"],
    "/v1/boards/{board}/events": ["limit=100", "tag={word}"],
    "/v1/boards/{board}/events/stream": ["since="],
}


async def full_of(
    town: Town, author: Person, word: str, *, note: str | None = None, **more: Any
) -> dict[str, JSON]:
    """Something of each kind, with a word in every text; what it warns about may be another."""
    labels = labels_of(word, note)
    prompt = await town.prompt(
        author, title=word, body=f"{word} asks", do_not_want=word, **labels, **more
    )
    fill = await full_fill(prompt, author, word, note)
    return {
        "prompt": prompt,
        "fill": fill,
        "comment": await town.comment(fill, author, body=f"{word} says"),
        "discussion": await town.discussion(author, title=word, body=f"{word} asks all"),
    }


def labels_of(word: str, note: str | None) -> JSON:
    return {
        **{name: [f"{word} {name}"] for name in ("fandoms", "characters", "tags")},
        "relationships": [f"{word}/Lamplighter"],
        "content_notes": [note or f"{word} note"],
    }


async def full_fill(prompt: JSON, author: Person, word: str, note: str | None = None) -> JSON:
    """A fill of two parts, with a word in every text."""
    fill = await author.make(
        f"{path_of(prompt)}/fills",
        {
            "title": word,
            "summary": word,
            "body": f"{word} tells",
            "parts_expected": None,
            "external_url": f"https://{word}.example/lamp",
            **labels_of(word, note),
        },
    )
    part = {"title": word, "body": f"{word} goes on", "content_notes": [note or f"{word} part"]}
    await author.make(f"{path_of(fill)}/parts", part)
    return fill


async def in_each_state(town: Town, author: Person, word: str) -> list[dict[str, JSON]]:
    """Something of each kind in each state in which others must not read it."""
    made = []
    for action in ("hide", "screen", "hold"):
        things = await full_of(town, author, worded(word, action))
        for kind in ("comment", "fill", "prompt", "discussion"):
            await act(town, action, things[kind])
        made += [things, *await alone(town, author, word, action)]
    below = await full_of(town, author, word)
    await act(town, "hide", below["prompt"], below["discussion"])
    gone = await full_of(town, author, word)
    for kind in ("comment", "fill", "prompt", "discussion"):
        await author.take_away(path_of(gone[kind]))
    # What it warns about is told to whoever did not ask for it, too.
    adult = await full_of(town, author, word, rating="explicit", note="storm")
    await author.take_away(path_of(adult["discussion"]))
    return [*made, below, gone, adult, await reworded(town, author, word)]


def withheld(word: str) -> str:
    """The word as it stands in what the law wants withheld, from its author and moderators too."""
    return f"{word}withheld"


def worded(word: str, action: str) -> str:
    """The word as it stands in what an action took out of sight."""
    return withheld(word) if action == "hold" else word


async def alone(town: Town, author: Person, word: str, action: str) -> list[dict[str, JSON]]:
    """What is out of sight by its own state alone: everybody reads what it stands below, and what
    was said beside it.
    """
    hidden_word = worded(word, action)
    prompt, discussion = await town.prompt(), await town.discussion()
    above = (prompt, await town.fill(prompt), discussion)
    said = [await town.comment(head, author, body=f"{hidden_word} says") for head in above]
    said.append(await town.comment(prompt, author, await town.comment(prompt), body=hidden_word))
    for comment in said:
        await act(town, action, comment)
    # An answer keeps the place of what it answers, and nothing more.
    answered = await town.comment(prompt, author, body=hidden_word)
    await town.comment(prompt, reply_to=answered)
    told = await full_fill(prompt, author, hidden_word)
    # What was said about it is not withheld itself: whoever said it finds it among their own posts.
    about = await town.comment(told, author, body=word)
    await act(town, action, answered, told)
    return [{"fill": told}, *({"comment": each} for each in (*said, answered, about))]


async def reworded(town: Town, author: Person, word: str) -> dict[str, JSON]:
    """Something that once held the word, and holds it no more."""
    things = await full_of(town, author, word)
    plain: JSON = {name: [] for name in KINDS}
    words = {"title": "Lamps", "body": "A lamp."}
    await author.change(path_of(things["prompt"]), {**plain, **words, "do_not_want": None})
    fill = path_of(things["fill"])
    nothing = {"summary": None, "external_url": None, "title": "Lamps"}
    await author.change(fill, {**plain, **nothing})
    for number in (1, 2):
        part = f"{fill}/parts/{number}"
        changes = {**words, "content_notes": []}
        await author.change(part, changes, If_Match=await author.tag_of(part))
    await author.change(path_of(things["comment"]), {"body": "A lamp."})
    await author.change(path_of(things["discussion"]), words)
    return things


async def whisper(town: Town, people: dict[str, Person], word: str) -> None:
    """What only moderators, or its owner, are meant to read."""
    author, prompt = people["author"], await town.prompt()
    about = {"target": target(prompt), "category": "harassment", "note": word}
    assert (await people["other"].post("/reports", about)).status_code == 201
    own = await town.prompt(author)
    entry = await act(town, "freeze", own)
    await author.make(f"/mod-log/{entry['id']}/appeals", {"note": word})
    await author.make("/me/tokens", {"label": word})
    await people["moderator"].make("/me/api-keys", {"name": word, "scopes": ["moderate"]})


def read_whole(response: httpx.Response) -> str:
    """All that an answer says, unpacked, with its headers."""
    said = [str(response.headers)]
    kind = response.headers.get("content-type", "")
    if "zip" in kind:
        with zipfile.ZipFile(io.BytesIO(response.content)) as whole:
            said += [whole.read(name).decode() for name in whole.namelist()]
    else:
        said.append(response.text)
    return "\n".join(said)


class Walk:
    """Reads everything under every GET of the description."""

    def __init__(self, service: FastAPI, ids: dict[str, list[str]], word: str) -> None:
        self._templates = [
            template
            for template, operations in service.openapi()["paths"].items()
            if "get" in operations
        ]
        self._service, self._ids, self._word = service, ids, word

    async def told(self, reader: Person, word: str | None = None) -> list[str]:
        """The addresses under which a reader reads the word, or another."""
        found, wanted = [], word or self._word
        async for address, response in self._answers(reader):
            # What was looked for stands in the address of the next page.
            said = read_whole(response).replace(f"={self._word}", "=")
            if wanted in said.lower():
                found.append(address)
        return found

    async def _answers(self, reader: Person) -> AsyncIterator[tuple[str, httpx.Response]]:
        for template in self._templates:
            for path in self._paths(template):
                for query in QUERIES.get(template, [""]):
                    board = self._ids["board"][0]
                    asked = query.format(word=self._word, board=board)
                    address = f"{path}?{asked}" if asked else path
                    with brief_streams(self._service):
                        response = await reader.get(f"http://board.test{address}")
                    assert response.status_code < 500, address
                    yield address, response

    def _paths(self, template: str) -> list[str]:
        paths = [template]
        for name in re.findall(r"\{(\w+)\}", template):
            # A new operation must say what it is about: name the parameter in `ids`.
            of_prompts = template.endswith("/prompts/{number}")
            values = self._ids["number of a prompt" if of_prompts else name]
            paths = [path.replace(f"{{{name}}}", value) for path in paths for value in values]
        return paths


async def set_the_stage(town: Town, service: FastAPI, word: str) -> tuple[dict[str, Person], Walk]:
    await town.administrator.change(f"/boards/{town.slug}", {"settings": {"claims": True}})
    people = await gather(town, service)
    cast = await stage(town, service, people)
    made = await in_each_state(town, people["author"], word)
    await whisper(town, people, word)
    ids = {name: [value] for name, value in cast.ids.items()}
    for kind in ("prompt", "fill", "comment", "discussion"):
        ids[kind] += [things[kind]["id"] for things in made if kind in things]
    ids["number"] = ["1", "2"]
    ids["number of a prompt"] = [
        str(things["prompt"]["number"]) for things in made if "prompt" in things
    ]
    entries = await town.administrator.every_page(f"/boards/{town.slug}/mod-log?limit=100")
    ids["entry"] = [each["id"] for each in entries[:5]]
    return people, Walk(service, ids, word)


async def test_nobody_reads_what_is_out_of_sight(town: Town, service: FastAPI) -> None:
    word = f"canary{uuid.uuid4().hex[:12]}"
    people, walk = await set_the_stage(town, service, word)
    for role in READERS:
        assert await walk.told(people[role]) == [], role
    # The walk is no idle one: its author and the moderators do read the word.
    assert len(await walk.told(people["author"])) > 10
    assert len(await walk.told(people["moderator"])) > 10
    for role in ("author", "moderator", "owner"):
        assert await walk.told(people[role], withheld(word)) == [], role
    assert len(await walk.told(people["administrator"], withheld(word))) > 10


async def test_lists_and_counts_are_as_if_it_had_never_been(town: Town, service: FastAPI) -> None:
    word = f"canary{uuid.uuid4().hex[:12]}"
    reader, author, board = town.somebody(), town.somebody(), f"/boards/{town.slug}"
    assert service
    await town.prompt(author)

    async def seen() -> list[Any]:
        paths = (
            *(board, f"{board}/prompts", f"{board}/fills", f"{board}/tags", f"{board}/rounds"),
            f"{board}/facets?of=tag&of=status&of=fandom",
            *(f"{board}/discussions", f"/search?q={word}", f"/tags?q={word}"),
        )
        return [await reader.read(path) for path in paths]

    before = await seen()
    for action in ("hide", "screen", "hold"):
        things = await full_of(town, author, word)
        for kind in ("comment", "fill", "prompt", "discussion"):
            await act(town, action, things[kind])
    below = await full_of(town, author, word)
    await act(town, "hide", below["prompt"], below["discussion"])
    assert await seen() == before


async def test_a_leak_that_is_planted_is_found(
    town: Town, service: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = f"canary{uuid.uuid4().hex[:12]}"
    people, walk = await set_the_stage(town, service, word)
    shown = moderation_views.entry

    def telling(site: Any, row: Any) -> JSON:
        return {**shown(site, row), "note": f"about {word}"}

    monkeypatch.setattr(moderation_views, "entry", telling)
    told = await walk.told(people["stranger"])
    assert f"/v1/boards/{town.slug}/mod-log" in told
    assert all("mod-log" in address for address in told)
