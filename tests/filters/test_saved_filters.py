"""What somebody saved to be left out, or to be warned about."""

import asyncio

import pytest
from fastapi import FastAPI

from tests.backstage import new_account
from tests.people import JSON, Person, Town, code_of, faults_of, path_of

pytestmark = pytest.mark.anyio


@pytest.fixture
async def reader(town: Town, service: FastAPI) -> Person:
    person, _ = await new_account(service, town.client)
    return person


def tag(name: str, kind: str = "tag") -> JSON:
    return {"kind": kind, "name": name}


def _work(item: JSON) -> JSON:
    """An item of a list, or what was found as one of a search."""
    work: JSON = item[item["type"]] if "type" in item else item
    return work


async def save(reader: Person, **filters: list[JSON]) -> JSON:
    response = await reader.send("PUT", "/me/filters", filters)
    assert response.status_code == 200, response.text
    saved: JSON = response.json()
    return saved


async def test_what_is_saved_is_read_again_and_replaced(reader: Person) -> None:
    assert await reader.read("/me/filters") == {"hide": [], "warn": []}
    hide = [tag("Banter"), tag("banter"), tag("Storms at Sea", "content_note")]
    saved = await save(reader, hide=hide, warn=[tag("cliffhanger")])
    assert saved == {
        "hide": [tag("Storms at Sea", "content_note"), tag("Banter")],
        "warn": [tag("cliffhanger")],
    }
    response = await reader.get("/me/filters")
    assert response.json() == saved
    assert response.headers["cache-control"] == "private, no-store"
    assert await save(reader, warn=[tag("banter")]) == {"hide": [], "warn": [tag("banter")]}
    assert await save(reader) == {"hide": [], "warn": []}


async def test_only_an_account_has_filters(town: Town, stranger: Person) -> None:
    mask = town.somebody()
    await mask.make("/masks", {})
    for method in ("GET", "PUT"):
        sent: JSON | None = {} if method == "PUT" else None
        response = await stranger.send(method, "/me/filters", sent)
        assert response.status_code == 401
        response = await mask.send(method, "/me/filters", sent)
        assert (response.status_code, code_of(response)) == (403, "account-required")


async def test_what_can_not_be_saved_is_refused(reader: Person) -> None:
    both = {"hide": [tag("Banter")], "warn": [tag("banter")]}
    response = await reader.send("PUT", "/me/filters", both)
    assert {code for _, code in faults_of(response)} == {"hidden_and_warned"}
    refused: list[JSON] = [
        {"hide": [tag("banter", "colour")]},
        {"hide": [tag("")]},
        {"hide": [tag("a" * 151)]},
        {"warn": [tag(str(place)) for place in range(201)]},
        {"mute": []},
    ]
    for wrong in refused:
        assert faults_of(await reader.send("PUT", "/me/filters", wrong)), wrong
    assert await reader.read("/me/filters") == {"hide": [], "warn": []}


async def test_two_devices_that_save_at_once_are_both_answered(reader: Person) -> None:
    wanted = [{"hide": [tag("banter"), tag(f"own {place}")]} for place in range(6)]
    answers = await asyncio.gather(*(reader.send("PUT", "/me/filters", sent) for sent in wanted))
    assert {each.status_code for each in answers} == {200}
    assert len((await reader.read("/me/filters"))["hide"]) == 2


async def test_hidden_tags_are_left_out_wherever_works_are_listed(
    town: Town, reader: Person, stranger: Person
) -> None:
    shown = await town.prompt(title="A kettle", tags=["rescue"])
    await town.prompt(title="A kettle, too", tags=["Kin"])
    await town.prompt(title="A kettle for adults", tags=["banter"], rating="mature")
    for tags in (["rescue"], ["banter"]):
        await town.fill(shown, tags=tags, title="A kettle sings")
    board = f"/boards/{town.slug}"
    places = [
        f"{board}/prompts",
        f"{board}/fills",
        f"{path_of(shown)}/fills",
        f"/search?q=kettle&board={town.slug}",
        f"{board}/facets?of=tag",
        f"{board}/facets?of=tag&type=fill",
    ]
    await town.administrator.make(
        f"{board}/tag-aliases", {"kind": "tag", "alias": "kin", "canonical": "found family"}
    )
    before = {path: (await stranger.get(path)).content for path in places}
    await save(reader, hide=[tag("banter"), tag("kin")])
    for path, filtered in zip(places, (1, 1, 1, 2, 1, 1), strict=True):
        response = await reader.get(path)
        assert response.headers["cache-control"] == "private, no-store", path
        assert response.headers["vary"] == "Authorization", path
        content = response.json()
        assert content["omitted"] == {"adult": 0, "filtered": filtered}, path
        if "facets" in content:
            names = [each["value"] for each in content["facets"]["tag"]]
            assert names == ["rescue"], path
        else:
            works = [_work(each) for each in content["items"]]
            assert works
            assert all(work["tags"] == ["rescue"] for work in works), path
    for path in places:
        response = await stranger.get(path)
        assert response.content == before[path]
        assert response.headers["cache-control"] == "public, no-cache"
    for _ in range(10):
        picked = await reader.read(f"{board}/prompts/random?adult=true")
        assert picked["id"] == shown["id"]
    page = await reader.read(f"{board}/prompts?adult=true")
    assert page["omitted"] == {"adult": 0, "filtered": 2}
    nothing = await reader.get(f"{board}/prompts/random?tag=found+family")
    assert nothing.status_code == 404
    response = await reader.get(f"{path_of(shown)}?embed=fills")
    assert response.headers["cache-control"] == "private, no-store"
    brought = response.json()["fills"]
    assert brought == await reader.read(f"{path_of(shown)}/fills")
    assert brought["omitted"]["filtered"] == 1
    response = await stranger.get(f"{path_of(shown)}?embed=fills")
    assert response.headers["cache-control"] == "public, no-cache"
    assert len(response.json()["fills"]["items"]) == 2
    # A direct look shows what lists leave out.
    for work in (await stranger.read(f"{board}/prompts"))["items"]:
        assert (await reader.get(path_of(work))).status_code == 200


async def test_warnings_are_shown_with_the_work(town: Town, reader: Person) -> None:
    await town.prompt(title="A kettle", tags=["cliffhanger", "kin"])
    await town.prompt(title="Another kettle", tags=["rescue"])
    board = f"/boards/{town.slug}"
    await town.administrator.make(
        f"{board}/tag-aliases", {"kind": "tag", "alias": "kin", "canonical": "found family"}
    )
    await save(reader, warn=[tag("Cliffhanger"), tag("found family")])
    for path in (f"{board}/prompts", f"/search?q=kettle&board={town.slug}&sort=newest"):
        items = (await reader.read(path))["items"]
        works = [_work(item) for item in items]
        assert "warned_about" not in works[0]
        warned = sorted(each["name"] for each in works[1]["warned_about"])
        assert warned == ["Cliffhanger", "found family"]
        items = (await town.somebody().read(path))["items"]
        assert all("warned_about" not in _work(item) for item in items)
    for name, warned in (("kin", ["Cliffhanger", "found family"]), ("rescue", [])):
        picked = await reader.read(f"{board}/prompts/random?tag={name}")
        assert sorted(each["name"] for each in picked.get("warned_about", ())) == warned
    assert "warned_about" not in await town.somebody().read(f"{board}/prompts/random?tag=kin")


async def test_synonyms_that_were_both_saved_are_both_told(town: Town, reader: Person) -> None:
    await town.prompt(tags=["kin"])
    board = f"/boards/{town.slug}"
    await town.administrator.make(
        f"{board}/tag-aliases", {"kind": "tag", "alias": "kin", "canonical": "found family"}
    )
    # To hide one of two names of a tag hides it; to be warned about the other changes nothing.
    await save(reader, hide=[tag("found family")], warn=[tag("kin")])
    page = await reader.read(f"{board}/prompts")
    assert (page["items"], page["omitted"]["filtered"]) == ([], 1)
