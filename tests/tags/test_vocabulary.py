"""The shared vocabulary: which names are one tag, what completes them, who is counted."""

from urllib.parse import quote

import pytest
from fastapi import FastAPI

from app.labels.names import fold
from app.tags import lists
from tests.backstage import new_account, set_state
from tests.people import JSON, Person, Town, code_of, faults_of, path_of

pytestmark = pytest.mark.anyio


async def offered(town: Town, query: str = "", *, reader: Person | None = None) -> dict[str, int]:
    """The tags in use on the board by their folded names, since other boards may have spelled them
    first, with their counts.
    """
    path = f"/boards/{town.slug}/tags?{query}"
    items = await (reader or town.somebody()).every_page(path)
    return {fold(item["name"]): item["count"] for item in items}


async def merge(town: Town, alias: str, canonical: str, kind: str = "tag") -> JSON:
    sent = {"kind": kind, "alias": alias, "canonical": canonical}
    return await town.administrator.make(f"/boards/{town.slug}/tag-aliases", sent)


async def part(town: Town, alias: JSON) -> None:
    await town.administrator.take_away(f"/boards/{town.slug}/tag-aliases/{alias['id']}")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Found Orchestra", "found  orchestra"),
        ("Café", "CAFE\u0301"),
        ("Straße", "STRASSE"),
        ("\u0130zmir", "i\u0307zmir"),
        ("Οδυσσεύς", "ΟΔΥΣΣΕΎΣ"),
        ("ﬁnally", "Finally"),
    ],
)
async def test_spellings_of_one_tag_are_one(town: Town, first: str, second: str) -> None:
    reader = town.somebody()
    for name in (first, second):
        await town.prompt(tags=[name])
    assert await offered(town) == {fold(first): 2}
    for name in (first, second):
        page = await reader.read(f"/boards/{town.slug}/prompts?tag={quote(name)}")
        assert [each["tags"] for each in page["items"]] == [[second], [first]]
        assert await offered(town, f"q={quote(name)}") == {fold(first): 2}


@pytest.mark.parametrize(
    ("first", "second"), [("Cafe", "Café"), ("Otter", "Ｏｔｔｅｒ"), ("i", "ı"), ("a b", "a-b")]
)
async def test_what_folding_keeps_apart_is_two_tags(town: Town, first: str, second: str) -> None:
    for name in (first, second):
        await town.prompt(tags=[name])
    assert await offered(town) == {fold(first): 1, fold(second): 1}


async def test_names_are_completed_by_how_they_begin(town: Town, stranger: Person) -> None:
    mark = town.slug.removeprefix("board-")
    names = [f"{mark} Banter", f"{mark} band", f"{mark} ban%", f"{mark}_ban"]
    await town.prompt(tags=names, characters=[f"{mark} Banter"])
    page = await stranger.read(f"/tags?q={mark}+BAN&limit=2")
    found = [(each["kind"], each["name"]) for each in page["items"]]
    found += [(each["kind"], each["name"]) for each in await stranger.every_page(page["next"])]
    assert found == [
        ("tag", f"{mark} ban%"),
        ("tag", f"{mark} band"),
        ("character", f"{mark} Banter"),
        ("tag", f"{mark} Banter"),
    ]
    for query, count in ((f"q={mark}+ban%25", 1), (f"q={mark}_", 1), (f"q={mark}%25", 0)):
        assert len((await stranger.read(f"/tags?{query}"))["items"]) == count, query
    kinds = await stranger.read(f"/tags?q={mark}&kind=character")
    assert [each["name"] for each in kinds["items"]] == [f"{mark} Banter"]
    assert len((await stranger.read("/tags?q=+&limit=1"))["items"]) == 1


async def test_who_types_a_synonym_is_offered_what_it_is_filed_under(
    town: Town, stranger: Person
) -> None:
    mark = town.slug.removeprefix("board-")
    names = [f"{mark} found family", f"{mark} foundling", f"{mark} kin"]
    await town.prompt(tags=names, characters=[f"{mark} found"])
    for synonym in (f"{mark} we choose", f"{mark} found kin", f"{mark} Foundation"):
        await merge(town, synonym, names[0])
    await merge(town, f"{mark} we met", names[2])
    await town.found_board(f"{town.slug}-2")
    await town.administrator.make(f"/boards/{town.slug}-2/prompts", {"body": "x", "tags": names})
    here, elsewhere = (f"/boards/{slug}/tags" for slug in (town.slug, f"{town.slug}-2"))
    for path, typed, offers in (
        (here, "WE+C", ["found family"]),
        (here, "we", ["found family", "kin"]),
        (here, "we+choose+this", []),
        (here, "found", ["found", "found family", "foundling"]),
        (here, "found+k", ["found family"]),
        (elsewhere, "we", []),
        (elsewhere, "found+k", []),
        ("/tags", "we", ["found family", "kin"]),
        ("/tags", "found", ["found", "found family", "foundling"]),
    ):
        found = await stranger.every_page(f"{path}?q={mark}+{typed}&limit=1")
        assert [each["name"] for each in found] == [f"{mark} {name}" for name in offers], typed
    only = await stranger.read(f"{here}?q={mark}+we&kind=tag&kind=fandom")
    assert [each["count"] for each in only["items"]] == [1, 1]
    assert (await stranger.read(f"{here}?q={mark}+we&kind=character"))["items"] == []


async def test_of_a_large_vocabulary_so_much_is_looked_at_and_the_list_leads_on(
    town: Town, stranger: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MAX_EXAMINED", 3)
    mark = town.slug.removeprefix("board-")
    hushed = [f"{mark} {place}" for place in range(8)]
    await town.prompt(tags=hushed, rating="explicit")
    await town.prompt(tags=[f"{mark} 4", f"{mark} 9"])
    await merge(town, f"{mark} 6 o'clock", f"{mark} 9")
    for path in ("/tags", f"/boards/{town.slug}/tags"):
        first = await stranger.read(f"{path}?q={mark}")
        assert first["items"] == []
        found = await stranger.every_page(f"{path}?q={mark}")
        assert [each["name"] for each in found] == [f"{mark} 4", f"{mark} 9"]
        found = await stranger.every_page(f"{path}?q={mark}&adult=true&kind=tag")
        assert len(found) == 9


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("kind=colour", "/kind/0"),
        ("q=%00", "/q"),
        ("fandom=%00", "/fandom"),
        ("q=" + "a" * 151, "/q"),
        ("q=a&q=b", "/q"),
        ("limit=101", "/limit"),
    ],
)
async def test_what_can_not_be_asked_of_tags_is_refused(
    town: Town, stranger: Person, query: str, pointer: str
) -> None:
    for path in ("/tags", f"/boards/{town.slug}/tags"):
        assert {each for each, _ in faults_of(await stranger.get(f"{path}?{query}"))} == {pointer}


async def test_relationships_are_one_in_either_order(town: Town) -> None:
    await town.prompt(relationships=["Otter/Keeper"])
    await town.prompt(relationships=["Keeper / Otter", "Keeper & Otter"])
    assert await offered(town) == {"keeper/otter": 2, "keeper & otter": 1}
    await merge(town, "Keeper/Lamplighter", "Lantern/Keeper", "relationship")
    await town.prompt(relationships=["Lamplighter/Keeper"])
    assert (await offered(town))["keeper/lantern"] == 1


async def test_a_merge_moves_what_stands_and_what_comes_and_parting_undoes_it(town: Town) -> None:
    reader = town.somebody()
    await town.prompt(tags=["families we choose"])
    await town.prompt(tags=["found family", "families we choose"])
    await town.prompt(tags=["found family"], rating="mature")
    assert await offered(town) == {"families we choose": 2, "found family": 1}
    alias = await merge(town, "families we choose", "found family")
    await town.prompt(tags=["Families We Choose"])
    assert await offered(town) == {"found family": 3}
    assert await offered(town, "adult=true") == {"found family": 4}
    assert await offered(town, "q=families") == {"found family": 3}
    for name in ("found+family", "families+we+choose"):
        page = await reader.read(f"/boards/{town.slug}/prompts?tag={name}")
        assert [each["number"] for each in page["items"]] == [4, 2, 1]
        assert page["omitted"]["adult"] == 1
        assert (await reader.read(f"/boards/{town.slug}/prompts?not_tag={name}"))["items"] == []
    assert page["items"][0]["tags"] == ["Families We Choose"]
    assert page["items"][1]["tags"] == ["found family", "families we choose"]
    facets = await reader.read(f"/boards/{town.slug}/facets?of=tag")
    (value,) = facets["facets"]["tag"]
    assert (fold(value["value"]), value["count"]) == ("found family", 3)
    await part(town, alias)
    assert await offered(town) == {"families we choose": 3, "found family": 1}
    assert await offered(town, "adult=true") == {"families we choose": 3, "found family": 2}


async def test_chains_are_flat_and_circles_are_refused(town: Town) -> None:
    path = f"/boards/{town.slug}/tag-aliases"
    await town.prompt(tags=["one"])
    await town.prompt(tags=["two", "one"])
    first = await merge(town, "one", "two")
    await merge(town, "two", "three")
    assert await offered(town) == {"three": 2}
    listed = await town.somebody().every_page(path)
    assert [(each["alias"], each["canonical"]) for each in listed] == [
        ("two", "three"),
        ("one", "three"),
    ]
    for alias, canonical in (("three", "one"), ("three", "two")):
        sent = {"kind": "tag", "alias": alias, "canonical": canonical}
        response = await town.administrator.post(path, sent)
        assert (response.status_code, code_of(response)) == (409, "alias-circle")
    sent = {"kind": "tag", "alias": "one", "canonical": "four"}
    response = await town.administrator.post(path, sent)
    assert (response.status_code, code_of(response)) == (409, "alias-taken")
    assert response.json()["canonical"] == "three"
    # What one stands for already is no news, even by way of a synonym.
    for canonical in ("three", "two", "TWO"):
        sent = {"kind": "tag", "alias": "One", "canonical": canonical}
        response = await town.administrator.post(path, sent)
        assert (response.status_code, response.json()["id"]) == (200, first["id"])
    sent = {"kind": "tag", "alias": "four", "canonical": "FOUR"}
    assert faults_of(await town.administrator.post(path, sent)) == {("/canonical", "same_tag")}
    # A synonym of a synonym stands for the same tag.
    await merge(town, "zero", "one")
    await town.prompt(tags=["zero"])
    assert await offered(town) == {"three": 3}
    await part(town, first)
    assert await offered(town) == {"one": 2, "three": 2}


async def test_only_moderators_keep_a_boards_vocabulary(
    town: Town, service: FastAPI, stranger: Person
) -> None:
    moderator, _ = await new_account(service, town.client, moderates=town.slug)
    other, _ = await new_account(service, town.client)
    path = f"/boards/{town.slug}/tag-aliases"
    sent = {"kind": "tag", "alias": "kin", "canonical": "family"}
    assert (await stranger.post(path, sent)).status_code == 401
    assert (await other.post(path, sent)).status_code == 403
    made = await moderator.make(path, sent)
    assert (await stranger.delete(f"{path}/{made['id']}")).status_code == 401
    assert (await other.delete(f"{path}/{made['id']}")).status_code == 403
    await town.found_board(f"{town.slug}-2")
    elsewhere = f"/boards/{town.slug}-2/tag-aliases/{made['id']}"
    assert (await town.administrator.delete(elsewhere)).status_code == 404
    assert (await moderator.post(f"/boards/{town.slug}-2/tag-aliases", sent)).status_code == 403
    # Other boards keep the two apart.
    for slug in (town.slug, f"{town.slug}-2"):
        await town.somebody().make(f"/boards/{slug}/prompts", {"body": "Hm.", "tags": ["kin"]})
    assert await offered(town) == {"family": 1}
    assert await offered(Town(town.client, town.administrator, f"{town.slug}-2")) == {"kin": 1}
    await moderator.take_away(f"{path}/{made['id']}")
    assert (await moderator.delete(f"{path}/{made['id']}")).status_code == 404


async def test_a_tag_belongs_to_a_fandom_and_synonyms_follow(town: Town) -> None:
    path = f"/boards/{town.slug}/tag-parents"
    sent = {"kind": "character", "name": "The Keeper", "fandom": "Lighthouses"}
    made = await town.administrator.make(path, sent)
    again = await town.administrator.post(path, {**sent, "fandom": "LIGHTHOUSES"})
    assert (again.status_code, again.json()["id"]) == (200, made["id"])
    await town.prompt(characters=["The Keeper", "Otter"], fandoms=["Lighthouses"])
    assert await offered(town, "fandom=lighthouses") == {"the keeper": 1}
    await merge(town, "Lighthouses", "Lamps by the Sea", "fandom")
    await merge(town, "The Keeper", "Lamplighter", "character")
    for fandom in ("Lighthouses", "lamps+by+the+sea"):
        assert await offered(town, f"fandom={fandom}") == {"lamplighter": 1}
    items = (await town.somebody().read(f"/boards/{town.slug}/tags?kind=character"))["items"]
    assert {each["name"]: each["fandoms"] for each in items} == {
        "Lamplighter": ["Lamps by the Sea"],
        "Otter": [],
    }
    await town.administrator.take_away(f"{path}/{made['id']}")
    assert await offered(town, "fandom=lighthouses") == {}


async def test_what_is_out_of_sight_is_in_no_list_of_tags(
    town: Town, service: FastAPI, stranger: Person
) -> None:
    canary = f"canary {town.slug}"
    author = town.somebody()
    prompt = await town.prompt(author)
    fill = await town.fill(prompt, author, tags=[canary])
    paths = [
        f"/tags?q={canary}",
        f"/boards/{town.slug}/tags",
        f"/boards/{town.slug}/facets?type=fill",
        f"/boards/{town.slug}/fills",
        f"/boards/{town.slug}/tag-aliases",
    ]

    async def told() -> list[bool]:
        return [canary in (await stranger.get(path)).text for path in paths]

    everywhere = [True, True, True, True, False]
    assert await told() == everywhere
    for thing in (fill, prompt):
        for state in ("hidden", "screened"):
            await set_state(service, thing, state)
            assert await told() == [False] * 5
            await set_state(service, thing, "visible")
            assert await told() == everywhere
    await author.change(path_of(fill), {"rating": "mature"})
    assert await told() == [False] * 5
    for path in paths[:4]:
        asked = path + ("&" if "?" in path else "?") + "adult=true"
        assert canary in (await stranger.get(asked)).text
    await author.change(path_of(fill), {"rating": "general"})
    assert await told() == everywhere
    await author.take_away(path_of(prompt))
    assert await told() == everywhere
    await author.take_away(path_of(fill))
    assert await told() == [False] * 5


async def test_what_parts_warn_about_counts_for_their_fill(town: Town) -> None:
    author, reader = town.somebody(), town.somebody()
    fill = await town.fill(await town.prompt(), author)
    made = await town.part(fill, author, content_notes=["storms at sea"])
    await town.part(fill, author, content_notes=["Storms at Sea"])
    assert await offered(town) == {"storms at sea": 1}
    path = f"/boards/{town.slug}/fills?not_content_note=storms+at+sea"
    assert (await reader.read(path))["items"] == []
    for number in (made["number"] + 1, made["number"]):
        assert await offered(town) == {"storms at sea": 1}
        part_path = f"{path_of(fill)}/parts/{number}"
        tag = await author.tag_of(part_path)
        changed: JSON = {"content_notes": []}
        response = await author.patch(part_path, changed, If_Match=tag)
        assert response.status_code == 200
    assert await offered(town) == {}
    assert len((await reader.read(path))["items"]) == 1
